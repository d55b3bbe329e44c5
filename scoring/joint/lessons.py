"""What joining learns from, as pairs: told happenings, headlines that were put together by reading, and strangers.

Each stretch is read twice, with its texts and by its titles alone, since half of what feeds bring is a title. Strangers
are texts of the corpus set on one day: they teach what is alike by chance.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.entry import Entry, Item, Sharing
from scoring.assess import assess
from scoring.joint.crowd import Crowd, crowd_keys
from scoring.joint.outside import Row
from scoring.joint.pair import features
from scoring.joint.traits import Rarity, Traits, traits
from scoring.joint.trees import Floats
from scoring.model import Model
from scoring.sample import CORPUS, read_samples

PAIRED = timedelta(days=4)  # between two entries that are held side by side
HEADLINE, TOLD, STRANGE = 1.0, 2.0, 0.1  # what a pair counts
THINNED = 12  # of the corpus one row in so many
CROWDED = 2  # so thinned, strangers are as crowded as a real day
DAY = datetime(2026, 3, 4, tzinfo=UTC)
CHANCE = 0.35  # cosine of entries that could be taken for one another
Bools = NDArray[np.bool_]


class Pairs(NamedTuple):
    """Rows (n, features), whether each is of one happening, what it counts, and whether it was told on purpose."""

    rows: Floats
    same: Bools
    worth: Floats
    told: Bools

    def plain(self) -> "Pairs":
        """Each counting one."""
        return self._replace(worth=np.ones_like(self.worth))


class Beside(NamedTuple):
    """A stretch as it was read: entries, the numbers of each two of them (the later first), their rows of features
    (n, features), and whether they are of one happening."""

    found: Sequence[Traits]
    pairs: Sequence[tuple[int, int]]
    rows: Floats
    same: Bools


def together(parts: Sequence[Pairs]) -> Pairs:
    """All of them, one after the other."""
    return Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def read_told(path: Path) -> list[Row]:
    """The rows of a file, in its order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def of_told(stretches: Iterable[Sequence[Row]], model: Model, rarity: Rarity) -> Iterator[Pairs]:
    """Pairs of told happenings."""
    yield from _read(stretches, model, rarity, TOLD, told=True)


def of_headlines(stretches: Iterable[Sequence[Row]], model: Model, rarity: Rarity) -> Iterator[Pairs]:
    """Pairs of headlines that readers put together."""
    yield from _read(stretches, model, rarity, HEADLINE, told=False)


def strangers(model: Model, rarity: Rarity) -> Pairs:
    """Pairs of the corpus that look alike, some hours apart; none is of one happening."""
    found = _strangers(model, rarity)
    vectors = np.array([one.vector for one in found])
    likeness = vectors @ vectors.T
    crowd = Crowd(key for one in found[::CROWDED] for key in crowd_keys(one))
    rows = []
    for i, one in enumerate(found):
        for j in map(int, np.flatnonzero(likeness[i, :i] > CHANCE)):
            other = replace(found[j], at=one.at - timedelta(hours=(i * 7 + j) % 80))
            rows.append(features(one, other, float(likeness[i, j]), crowd))
    no = np.zeros(len(rows), dtype=np.bool_)
    return Pairs(np.array(rows, dtype=np.float32), no, np.full(len(rows), STRANGE, dtype=np.float32), no)


def _read(
    stretches: Iterable[Sequence[Row]], model: Model, rarity: Rarity, worth: float, *, told: bool
) -> Iterator[Pairs]:
    for one in beside(stretches, model, rarity):
        counts = np.full(len(one.same), worth, dtype=np.float32)
        yield Pairs(one.rows, one.same, counts, np.full(len(one.same), told))


def beside(stretches: Iterable[Sequence[Row]], model: Model, rarity: Rarity) -> Iterator[Beside]:
    """Each stretch twice, with its texts and by its titles alone: all pairs within `PAIRED`."""
    for stretch in stretches:
        for bare in (False, True):
            found = _traits([_entry(row, bare=bare) for row in stretch], model, rarity)
            yield _side_by_side(found, [row["event"] for row in stretch])


def _side_by_side(found: Sequence[Traits], events: Sequence[str]) -> Beside:
    rows, pairs = [], []
    for i, one in enumerate(found):
        near = [j for j in range(i) if abs(one.at - found[j].at) <= PAIRED]
        crowd = Crowd(key for _, key in {(events[j], key) for j in near for key in crowd_keys(found[j])})
        rows += [features(one, found[j], float(one.vector @ found[j].vector), crowd) for j in near]
        pairs += [(i, j) for j in near]
    same = [events[i] == events[j] for i, j in pairs]
    return Beside(found, pairs, np.array(rows, dtype=np.float32), np.array(same))


def _entry(row: Row, *, bare: bool = False) -> Entry:
    """A row as an entry that was seen when it was published; `bare` by its title alone."""
    when = datetime.fromisoformat(row["published"]).astimezone(UTC)
    key, text = str(row["id"]), "" if bare else row.get("text") or ""
    item = Item(key=key, raw_hash=key, title=row["title"], text=text, language=row.get("lang"), published=when)
    return Entry(str(row.get("source") or ""), "F", Sharing.CLEAR, when, item)


def _traits(entries: Sequence[Entry], model: Model, rarity: Rarity) -> list[Traits]:
    """Assessed together and read one by one."""
    assessed = assess(entries, model, max(entry.first_seen for entry in entries))
    return [traits(entry, made, rarity) for entry, made in zip(entries, assessed, strict=True)]


def _strangers(model: Model, rarity: Rarity) -> list[Traits]:
    """Entries of the corpus, none of them of one happening with another, as if told on one day."""
    samples = [sample for sample in read_samples(CORPUS) if not sample.fixed][::THINNED]
    rows = [
        {"id": f"corpus-{at}", "title": one.text.title, "text": one.text.lede, "published": DAY.isoformat()}
        for at, one in enumerate(samples)
    ]
    return _traits([_entry(row) for row in rows], model, rarity)
