"""Decisions a second, one core: `python -m tests.bench decide`.

The situation is built by the doors of the house: a guideline text of 500 clauses that `parse_guideline` lets pass, an
owners file with a routing tree of several hundred routes, holdings of 200 organisations, the shipped plans; and 10,000
open alerts that `decide` itself has opened. Then reports come in, most on events that are known already, and each is
decided on as in the pipeline: for every organisation that it touches or that has an alert of it, then for the desk.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from time import process_time

from ingest.entry import Status
from ingest.place.countries import CODES, country
from rules.clause import Weights
from rules.counterfactual import counterfactuals
from rules.decide import decide
from rules.exposure import touched
from rules.guideline import Guideline, default_guideline, default_text, parse_guideline
from rules.holdings import Holdings
from rules.owners import parse_house
from rules.plan_file import default_plans
from rules.posture import Posture
from rules.quiet import Quiet
from rules.replay import follow
from rules.routing import Route
from rules.situation import Owner, Report, Situation, Standing
from scoring.assessment import Place, Reason, ReasonKind
from scoring.category import SUBTYPES
from tests.bench.exposure import CODES_WITH_POINT, ORGANISATIONS, SITES, _name, _near, _partners, _sites
from tests.rules.making import NOW, assessed

OPEN, CLAUSES, COMING = 10_000, 500, 800
HOME = ORGANISATIONS  # the desk's own number: it has sites, too
ASKED = (
    "sources >= 2 && urgency > 0.6 && '{a}' in countries",
    "indicators.exists(one, one == 'severity.dead') && certainty > 0.55 && '{a}' in countries",
    "countries.exists(one, one in ['{a}', '{b}'])",
    "posture == 'crisis' && severity > 0.3 && '{a}' in countries",
    "concern && '{b}' in countries",
    "best in ['A', 'B'] && reports > 2 && '{b}' in countries",
)


def bench_decide() -> None:
    """Print decisions a second, without and with what would be otherwise."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    if cores:
        os.sched_setaffinity(0, {min(cores)})
    world = made()
    size = (len(world.guideline.clauses), len(world.everybody.sites), world.leaves, len(world.owners))
    print(f"\n### Decisions: {world.alerts:,} open alerts of {len(world.events):,} events, {size[0]} clauses, ", end="")
    print(f"{size[1]:,} sites, {size[2]} routes to {size[3]} owners\n")
    print("| | decisions | cpu s | decisions/s | µs each |\n|---|---|---|---|---|")
    for name, asks in (("decide", False), ("decide, and ask what would be otherwise", True)):
        events = coming(world, Random(11))
        began = process_time()
        count = sum(world.decide_on(event, at, asks=asks) for event, at in events)
        spent = process_time() - began
        print(f"| {name} | {count:,} | {spent:.2f} | {count / spent:,.0f} | {1e6 * spent / count:,.0f} |")
    if cores:
        os.sched_setaffinity(0, cores)


@dataclass
class Happening:
    """One event: its reports, and the alert that each organisation has of it."""

    reports: list[Report]
    standing: dict[int, Standing] = field(default_factory=dict)


@dataclass
class World:
    """Everything that is looked at."""

    guideline: Guideline
    owners: tuple[Owner, ...]
    routes: Route
    everybody: Holdings
    events: list[Happening] = field(default_factory=list)
    quiet: Quiet | None = None
    postures: tuple[Posture, ...] = ()

    @property
    def alerts(self) -> int:
        """How many are open."""
        return sum(len(one.standing) for one in self.events)

    @property
    def leaves(self) -> int:
        """How many routes end in nobody further."""
        return sum(1 for _ in _leaves(self.routes))

    def decide_on(self, event: Happening, at: timedelta, *, asks: bool) -> int:
        """Decide as the pipeline does; answers how many decisions it took."""
        keys = touched(event.reports, self.everybody, self.guideline.exposure) | event.standing.keys() | {HOME}
        for key in sorted(keys):
            situation = Situation(
                standing=event.standing.get(key),
                owners=self.owners if key == HOME else (),
                routes=self.routes,
                organisation=f"organisation-{key}",
                plans=default_plans() if key == HOME else None,
                holdings=self.everybody.of(key),
                quiet=self.quiet,
                postures=self.postures,
            )
            asked = (event.reports, situation, self.guideline, NOW + at)
            made = decide(*asked)
            if asks and made.level is not None:
                counterfactuals(*asked)
            after = follow(situation.standing, made, NOW + at)
            if after is not None:
                event.standing[key] = after
        return len(keys)


def made() -> World:
    """The situation, with its alerts opened."""
    random = Random(5)
    owners, routes = parse_house(_house())
    assert routes is not None
    sites = [replace(one, organisation=one.id % (ORGANISATIONS + 1)) for one in _sites(random, SITES)]
    world = World(parse_guideline(_text(random)), owners, routes, Holdings(sites, _partners(random)))
    while world.alerts < OPEN:
        for _ in range(100):
            event = Happening(_story(random, len(world.events)))
            world.decide_on(event, timedelta(), asks=False)
            world.events.append(event)
    return world


def coming(world: World, random: Random) -> list[tuple[Happening, timedelta]]:
    """Reports that come in, four in five on known events: the events as they then are, and when."""
    found = []
    for number in range(COMING):
        at = timedelta(minutes=number / 10)
        if random.random() < 0.2:
            found.append((Happening(_story(random, 100_000 + number)), at))
            continue
        known = random.choice(world.events)
        more = _again(random, known.reports[0], f"more-{number}", at)
        found.append((Happening([*known.reports, more], dict(known.standing)), at))
    return found


def _leaves(route: Route) -> Iterator[Route]:
    if not route.children:
        yield route
    for child in route.children:
        yield from _leaves(child)


def _house() -> str:
    """An owner for each country, and one at night; a desk of its own for every tenth organisation and some sites."""
    keys = [f"lead-{code.lower()}" for code in sorted(CODES)]
    lines = ["owners:", "  - {key: central-lead, name: Central, central: true}", "  - {key: night, name: Night}"]
    lines += [f"  - {{key: {key}, name: Lead}}" for key in keys]
    lines += ["routes:", "  central: central-lead", "  routes:"]
    for number in range(0, ORGANISATIONS, 10):
        lines.append(
            f"    - {{name: Org {number}, when: {{organisations: [organisation-{number}]}}, local: {keys[number]}}}"
        )
    for number in range(40):
        lines.append(f"    - {{name: Place {number}, when: {{sites: [Site {number * 100}]}}, local: {keys[number]}}}")
    lines.append("    - {name: Law, when: {categories: [legal]}, support: [night]}")
    for code, key in zip(sorted(CODES), keys, strict=True):
        lines += [
            f"    - name: In {code}",
            f"      when: {{countries: [{code}]}}",
            f"      local: {key}",
            "      routes:",
        ]
        lines.append(f"        - {{name: Night {code}, when: {{hours: [daily 20:00-06:00], zone: UTC}}, local: night}}")
    return "\n".join(lines)


def _text(random: Random) -> str:
    """The shipped guideline with conditioned clauses before those of the sub-types."""
    text, shipped = default_text(), default_guideline()
    kinds = [clause for clause in shipped.clauses if clause.subtype and clause.when is None]
    extra, number = CLAUSES - len(shipped.clauses), 0
    found: dict[str, list[str]] = {}
    while number < extra:
        clause = kinds[number % len(kinds)]
        first, second = random.sample(sorted(CODES), 2)
        condition = ASKED[(number // len(kinds)) % len(ASKED)].format(a=first, b=second)
        least = {level: round(value - 1, 2) for level, value in zip((1, 2, 3, 4), clause.thresholds, strict=True)}
        found.setdefault(clause.id, []).append(
            f"  - id: B-{number}\n    category: {clause.category.value}\n    subtype: {clause.subtype}\n"
            f'    when: "{condition}"\n    title: {{en: Bench, zh: 测试}}\n    thresholds: {least}\n'
            + _weights(clause.weights != shipped.weights, clause.weights)
            + "    why: {en: Bench, zh: 测试}\n"
        )
        number += 1
    for key, several in found.items():
        mark = f"  - id: {key}\n"
        assert mark in text
        text = text.replace(mark, "".join(several) + mark, 1)
    return text


def _weights(own: bool, weights: Weights) -> str:
    names = ("severity", "urgency", "certainty", "concern")
    told = ", ".join(f"{name}: {getattr(weights, name):g}" for name in names)
    return f"    weights: {{{told}}}\n" if own else ""


def _story(random: Random, number: int) -> list[Report]:
    """An event of one to forty reports, three on average, some hours apart."""
    code, subtype = random.choice(CODES_WITH_POINT), random.choice(list(SUBTYPES))
    lat, lon = country(code).point or (0.0, 0.0)
    point = (_near(random, lat, 85), _near(random, lon, 179))
    words = " ".join(_name(random) for _ in range(60))
    seen = NOW - timedelta(hours=30)
    first = Report(
        entry=f"{number}-0",
        source=f"source-{random.randrange(60)}",
        origin=f"wire-{random.randrange(90)}",
        reliability=random.choice("ABCDEF"),
        status=Status.ACTUAL,
        published=seen - timedelta(minutes=5),
        seen=seen,
        assessment=assessed(
            labels=(SUBTYPES[subtype],),
            subtypes=(subtype,),
            countries=(code,),
            severity=random.uniform(0.3, 1),
            urgency=random.choice((0.5, 0.7, 0.9)),
            certainty=random.choice((0.3, 0.6, 0.85)),
            places=(Place(code, 0.9, "x", point, True),),
            reasons=tuple(Reason(ReasonKind(kind), f"{kind}.{word}", "12", "12 dead", 0.7) for kind, word in REASONS),
        ),
        title=words[:80],
        text=words,
    )
    found = [first]
    found += [
        _again(random, first, f"{number}-{place + 1}", timedelta(hours=-29 + place / 2))
        for place in range(min(39, int(random.expovariate(1 / 2.5))))
    ]
    return found


REASONS = (
    ("severity", "dead"), ("category", "words"), ("country", "named"),
    ("certainty", "source"), ("subtype", "words"), ("urgency", "now"),
)  # fmt: skip


def _again(random: Random, first: Report, entry: str, at: timedelta) -> Report:
    """Another report of the same event, by another source."""
    made = first.assessment
    severity = min(1.0, max(0.05, made.severity + random.uniform(-0.15, 0.15)))
    words = " ".join(_name(random) for _ in range(60))
    return replace(
        first,
        entry=entry,
        source=f"source-{random.randrange(60)}",
        origin=f"wire-{random.randrange(90)}",
        reliability=random.choice("ABCDEF"),
        published=NOW + at,
        seen=NOW + at,
        assessment=replace(
            made,
            severity=severity,
            denied=random.random() < 0.02,
            hedged=random.random() < 0.2,
            certainty=random.choice((0.3, 0.6, 0.85)),
        ),
        title=words[:80],
        text=words,
    )
