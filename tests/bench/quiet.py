"""`python -m tests.bench quiet`: what 500 silences and 50 crises cost a decision, on the world of `decide`."""

from datetime import timedelta
from random import Random
from time import process_time

from ingest.place.countries import CODES
from rules.level import Level
from rules.posture import Posture
from rules.quiet import Quiet, Silence
from scoring.category import SUBTYPES
from tests.bench.decide import World, coming, made
from tests.rules.making import NOW

SILENCES, CRISES = 500, 50
ZONES = ("UTC", "Africa/Cairo", "Asia/Shanghai", "America/New_York")
DAY = timedelta(days=1)


def bench_quiet() -> None:
    """Print decisions a second without either, with each, and with both."""
    world, random = made(), Random(13)
    silences, crises = Quiet(silences=silenced(random)), entered(random)
    print(f"\n### Quiet and posture: {SILENCES} silences (half of them weekly windows), {CRISES} places in crisis\n")
    print("| in force | decisions | cpu s | decisions/s |\n|---|---|---|---|")
    _row(world, "neither", None, ())
    _row(world, "silences", silences, ())
    _row(world, "postures", None, crises)
    _row(world, "both", silences, crises)


def _row(world: World, name: str, quiet: Quiet | None, postures: tuple[Posture, ...]) -> None:
    world.quiet, world.postures = quiet, postures
    events = coming(world, Random(11))
    began = process_time()
    count = sum(world.decide_on(event, at, asks=False) for event, at in events)
    spent = process_time() - began
    print(f"| {name} | {count:,} | {spent:.2f} | {count / spent:,.0f} |", flush=True)


def silenced(random: Random) -> tuple[Silence, ...]:
    """Silences of some countries, kinds or levels; every other one is a window that comes back."""
    lands, kinds = sorted(CODES), sorted(SUBTYPES)
    return tuple(
        Silence(
            key=str(number),
            start=NOW - random.uniform(0, 20) * DAY,
            end=NOW + random.uniform(1, 60) * DAY,
            author="li",
            reason="works",
            kind="window" if number % 2 else "silence",
            countries=frozenset(random.sample(lands, random.randint(1, 5))),
            subtypes=frozenset(random.sample(kinds, random.randint(0, 3))),
            levels=frozenset((Level.BLUE,)) if random.random() < 0.5 else frozenset(),
            length=timedelta(hours=8) if number % 2 else None,
            zone=random.choice(ZONES),
        )
        for number in range(SILENCES)
    )


def entered(random: Random) -> tuple[Posture, ...]:
    """Countries in crisis, by a person."""
    return tuple(
        Posture(land, NOW - DAY, NOW + 6 * DAY, "li", "shots") for land in random.sample(sorted(CODES), CRISES)
    )
