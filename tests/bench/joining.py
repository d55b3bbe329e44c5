"""Joining with 20,000 open events on one core: reading an entry (without the encoder), and finding its event."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from ingest.entry import Entry, Item, Sharing
from scoring.assessment import Assessment
from scoring.category import CATEGORIES
from scoring.joint.closer import Closer
from scoring.joint.closer import load as load_closer
from scoring.joint.joiner import Joiner
from scoring.joint.lessons import beside, read_told
from scoring.joint.traits import Traits, Word, traits
from scoring.joint.weights import load
from scoring.model import load as load_model
from tests.bench.documents import stories

NOW = datetime(2026, 3, 4, tzinfo=UTC)
OPEN, ASKED = 20_000, 2_000
AXES = 512
MONTH = Path(__file__).parents[1] / "scoring/joining/month-q.jsonl"


def bench_joining() -> None:
    """Invented entries over three days, in the countries and with the rare words that the stories have."""
    rng = np.random.default_rng(11)
    joint = load()
    read, reading = _read(rng, 400)
    spread = [_varied(read[n % len(read)], n, rng) for n in range(OPEN + ASKED)]
    print(f"\n### Joining, one core, {OPEN:,} open events\n")
    print("| step | entries/s (wall) | entries/s (cpu) |\n|---|---|---|")
    print(f"| read an entry's traits | {1 / reading[0]:,.0f} | {1 / reading[1]:,.0f} |")
    wall, cpu, joined = _joined(Joiner(joint), spread)
    print(f"| find its event and add it | {1 / wall:,.0f} | {1 / cpu:,.0f} |")
    print(f"| both | {1 / (reading[0] + wall):,.0f} | {1 / (reading[1] + cpu):,.0f} |")
    print(f"\n{joined} of {ASKED} joined an event")
    _looked()


def _joined(joiner: Joiner, spread: Sequence[Traits]) -> tuple[float, float, int]:
    """Seconds an entry (wall, processor), and how many joined an event."""
    for number, one in enumerate(spread[:OPEN]):
        joiner.add(str(number), one)
    return _found(joiner, spread[OPEN:])


def _found(joiner: Joiner, entries: Sequence[Traits]) -> tuple[float, float, int]:
    wall, cpu = perf_counter(), process_time()
    joined = 0
    for number, one in enumerate(entries):
        found = joiner.find(one)
        joined += found is not None
        joiner.add(found.event if found else f"n{number}", one)
    return (perf_counter() - wall) / len(entries), (process_time() - cpu) / len(entries), joined


def _looked() -> None:
    """A told month, of which every entry is a risk's: with the closer look, and without it."""
    closer = _Counted.shipped()
    read = next(beside([read_told(MONTH)], load_model(), load().rarity)).found
    print(f"\n### Joining a told month ({len(read)} entries, six languages), one core\n")
    print("| | entries/s (wall) | entries/s (cpu) | joined |\n|---|---|---|---|")
    for name, joiner in (("features alone", Joiner(load())), ("with the closer look", Joiner(load(), closer=closer))):
        wall, cpu, joined = _found(joiner, read)
        print(f"| {name} | {1 / wall:,.0f} | {1 / cpu:,.0f} | {joined} |")
    each, ms = closer.pairs / len(read), closer.spent / closer.pairs
    print(f"\nlooked at more closely: {each:.2f} pairs an entry, {ms:.2f} ms each")


class _Counted(Closer):
    """Counts the pairs it is asked, and the milliseconds."""

    pairs, spent = 0, 0.0

    @classmethod
    def shipped(cls) -> "_Counted":
        """The shipped one, its first pair already read."""
        plain = load_closer()
        assert plain is not None
        made = cls(plain.graph, plain.second)
        super(_Counted, made).odds([("a", "b")])
        return made

    def odds(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        began = perf_counter()
        said = super().odds(pairs)
        self.spent, self.pairs = self.spent + 1000 * (perf_counter() - began), self.pairs + len(pairs)
        return said


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
