"""Joining with 20,000 open events on one core: reading an entry (without the encoder), and finding its event."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time

import numpy as np

from ingest.entry import Entry, Item, Sharing
from scoring.assessment import Assessment
from scoring.category import CATEGORIES
from scoring.joint.joiner import Joiner
from scoring.joint.traits import Traits, Word, traits
from scoring.joint.weights import load
from tests.bench.documents import stories

NOW = datetime(2026, 3, 4, tzinfo=UTC)
OPEN, ASKED = 20_000, 2_000
AXES = 512


def bench_joining() -> None:
    """Invented entries over three days, in the countries and with the rare words that the stories have."""
    rng = np.random.default_rng(11)
    joint = load()
    read, reading = _read(rng, 400)
    spread = [_varied(read[n % len(read)], n, rng) for n in range(OPEN + ASKED)]
    joiner = Joiner(joint)
    for number, one in enumerate(spread[:OPEN]):
        joiner.add(str(number), one)
    wall, cpu = perf_counter(), process_time()
    joined = 0
    for number, one in enumerate(spread[OPEN:]):
        found = joiner.find(one)
        joined += found is not None
        joiner.add(found.event if found else f"n{number}", one)
    wall, cpu = perf_counter() - wall, process_time() - cpu
    print(f"\n### Joining, one core, {OPEN:,} open events\n")
    print("| step | entries/s (wall) | entries/s (cpu) |\n|---|---|---|")
    print(f"| read an entry's traits | {1 / reading[0]:,.0f} | {1 / reading[1]:,.0f} |")
    print(f"| find its event and add it | {ASKED / wall:,.0f} | {ASKED / cpu:,.0f} |")
    print(f"| both | {1 / (reading[0] + wall / ASKED):,.0f} | {1 / (reading[1] + cpu / ASKED):,.0f} |")
    print(f"\n{joined} of {ASKED} joined an event")


def _read(rng: np.random.Generator, count: int) -> tuple[list[Traits], tuple[float, float]]:
    joint = load()
    entries = [_entry(number, title, text, language) for number, (title, text, language) in enumerate(stories(count))]
    made = [_assessment(rng) for _ in entries]
    traits(entries[0], made[0], joint.rarity)  # tables are loaded once
    wall, cpu = perf_counter(), process_time()
    read = [traits(entry, one, joint.rarity) for entry, one in zip(entries, made, strict=True)]
    spent = (perf_counter() - wall) / len(read), (process_time() - cpu) / len(read)
    return read, spent


def _entry(number: int, title: str, text: str, language: str) -> Entry:
    item = Item(key=str(number), raw_hash="", title=title, text=text, language=language, published=NOW)
    return Entry("bench", "B", Sharing.CLEAR, NOW, item)


def _assessment(rng: np.random.Generator) -> Assessment:
    chances = dict(zip(CATEGORIES, rng.random(5).tolist(), strict=True))
    vector = rng.normal(size=AXES)
    return Assessment(
        probabilities=chances, labels=CATEGORIES[:1], uncertain=(), subtypes=(), countries=(), severity=0.5,
        urgency=0.5, certainty=0.5, concern=False, hedged=False, denied=False, reasons=(), model="bench",
        vector=(vector / np.linalg.norm(vector)).astype(np.float16).tobytes(),
    )  # fmt: skip


def _varied(one: Traits, number: int, rng: np.random.Generator) -> Traits:
    """Another happening of the kind: its own vector, time and rare words, and one of 180 countries, some told often."""
    vector = rng.normal(size=AXES).astype(np.float32)
    land = f"{min(int(rng.zipf(1.3)), 180):02d}"
    fresh = [int(key) for key in rng.integers(0, 1 << 16, 4)]
    return replace(
        one,
        key=str(number),
        at=one.at + timedelta(hours=float(rng.uniform(0, 72))),
        vector=vector / np.linalg.norm(vector),
        where=frozenset((land,)),
        lands=frozenset((land,)),
        words={**one.words, **{key: Word(0.5, 0.5, 0.9) for key in fresh}},
        leads=(*one.leads, *fresh),
    )
