"""Entries in the order of their time → the event that each belongs to.

An event is known by its members, not by a middle of them: a new entry must be alike to the members on the whole, so
that a chain of neighbours (a fire, its inquest, the minister, her speech) does not become one event. Candidates come
from inverted indexes (countries named, rare words and names) and from one product of short vectors; only the best of
them are compared member by member.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from scoring.joint.pair import features
from scoring.joint.traits import Traits
from scoring.joint.weights import Joint
from scoring.same import SINGLE

WINDOW = timedelta(hours=84)  # since the event was last told of
MEMBERS = 6  # that are compared: the first ones, and the latest
FIRST = 2
COMPARED = 6  # events that are looked at member by member
RARE = 0.62  # rarity from which a word or a name leads to candidates
POSTED = 400  # events; a word that more of them have is not rare
LIMIT = 8.0  # of a pair's log-odds
BLEND = 0.25  # of the nearest member; the rest is the mean of all
NOWHERE = ""
# Of log-odds, where entry and event tell of something that a country has one of at a time (`SINGLE`): the first rumour
# of a coup and its announcement share few words.
ALONE = 2.5


@dataclass(frozen=True, slots=True)
class Match:
    """An event that an entry may belong to, how surely (log-odds above the bar), and the margin to the next best."""

    event: str
    score: float
    margin: float


@dataclass(slots=True)
class _Open:
    """An event as it stands."""

    event: str
    members: list[Traits]
    last: float
    posted: set[object] = field(default_factory=set)


class Joiner:
    """The open events of a stream. Pure memory: whoever keeps events elsewhere puts them in with `add`."""

    def __init__(self, joint: Joint, window: timedelta = WINDOW) -> None:
        self._joint, self._window = joint, window.total_seconds()
        self._slots: dict[str, int] = {}
        self._open: list[_Open] = []
        self._short: NDArray[np.float32] = np.zeros((1024, joint.axes.shape[1]), dtype=np.float32)
        self._last: NDArray[np.float64] = np.full(1024, -np.inf)
        self._postings: dict[object, array[int]] = defaultdict(lambda: array("i"))

    def __len__(self) -> int:
        return len(self._open)

    def find(self, entry: Traits, barred: Collection[str] = (), now: datetime | None = None) -> Match | None:
        """The event that the entry belongs to, None when it begins one. `barred` events are left out."""
        scored = self.ranked(entry, barred, now)
        if not scored or scored[0][0] < self._joint.bar:
            return None
        second = scored[1][0] if len(scored) > 1 else -LIMIT
        return Match(scored[0][1], scored[0][0] - self._joint.bar, scored[0][0] - second)

    def ranked(
        self, entry: Traits, barred: Collection[str] = (), now: datetime | None = None
    ) -> list[tuple[float, str]]:
        """The likeliest events with their log-odds, best first."""
        moment = (now or entry.at).timestamp()
        slots = self._candidates(entry, moment)
        scored = [(self._score(entry, self._open[slot]), self._open[slot].event) for slot in slots]
        return sorted((one for one in scored if one[1] not in barred), key=lambda one: (-one[0], one[1]))

    def closest(self, entry: Traits, events: Collection[str]) -> str:
        """Which of these events has the likest single member."""
        held = [self._open[self._slots[event]] for event in sorted(events) if event in self._slots]
        return max(
            held, key=lambda one: max((self._odds(entry, member) for member in one.members), default=-LIMIT)
        ).event

    def add(self, event: str, entry: Traits) -> None:
        """Put an entry into an event, which begins with it if it is not known."""
        slot = self._slots.get(event)
        if slot is None:
            slot = self._begin(event)
        held = self._open[slot]
        held.members.append(entry)
        held.last = max(held.last, entry.at.timestamp())
        self._last[slot] = held.last
        self._short[slot] += entry.vector @ self._joint.axes
        self._post(slot, held, entry)

    def drop(self, event: str) -> None:
        """Forget an event: it was merged, split or is told anew."""
        slot = self._slots.pop(event, None)
        if slot is not None:
            self._open[slot].members.clear()
            self._last[slot] = -np.inf
            self._short[slot] = 0.0

    def prune(self, now: datetime) -> None:
        """Forget what is over; worth it when half of the events are."""
        floor = now.timestamp() - self._window
        kept = [held for held in self._open if held.members and held.last >= floor]
        fresh = Joiner(self._joint, timedelta(seconds=self._window))
        for held in kept:
            for member in held.members:
                fresh.add(held.event, member)
        self.__dict__.update(fresh.__dict__)

    def _begin(self, event: str) -> int:
        slot = len(self._open)
        if slot == len(self._last):
            self._short = np.concatenate([self._short, np.zeros_like(self._short)])
            self._last = np.concatenate([self._last, np.full(slot, -np.inf)])
        self._open.append(_Open(event, [], -np.inf))
        self._slots[event] = slot
        return slot

    def _post(self, slot: int, held: _Open, entry: Traits) -> None:
        for key in (*(entry.lands or (NOWHERE,)), *_rare(entry, self._joint)):
            if key not in held.posted:
                held.posted.add(key)
                self._postings[key].append(slot)

    def _candidates(self, entry: Traits, moment: float) -> list[int]:
        """The slots of the events that are worth comparing."""
        counts: Counter[int] = Counter()
        for key in _rare(entry, self._joint):
            posted = self._postings.get(key)
            if posted is not None and len(posted) <= POSTED:
                counts.update(posted)
        by_words = [slot for slot, _ in counts.most_common(2 * COMPARED) if self._is_open(slot, moment)]
        by_place = self._nearest(entry, moment)
        return list(dict.fromkeys([*by_place, *by_words[:COMPARED]]))

    def _is_open(self, slot: int, moment: float) -> bool:
        return bool(abs(moment - self._last[slot]) <= self._window)

    def _nearest(self, entry: Traits, moment: float) -> list[int]:
        """The likest events that share a country, or name none."""
        parts = [self._postings[land] for land in (*entry.lands, NOWHERE) if land in self._postings]
        if not entry.lands:
            rows = np.arange(len(self._open))
        elif parts:
            rows = np.unique(np.concatenate([np.frombuffer(part, dtype=np.int32) for part in parts]))
        else:
            return []
        rows = rows[np.abs(self._last[rows] - moment) <= self._window]
        if not len(rows):
            return []
        short = self._short[rows]
        likeness = (short @ (entry.vector @ self._joint.axes)) / (np.linalg.norm(short, axis=1) + 1e-6)
        if len(rows) > COMPARED:
            rows = rows[np.argpartition(-likeness, COMPARED)[:COMPARED]]
        return [int(row) for row in rows]

    def _score(self, entry: Traits, held: _Open) -> float:
        odds = [self._odds(entry, member) for member in _compared(held.members)]
        score = BLEND * max(odds) + (1 - BLEND) * sum(odds) / len(odds)
        kinds = entry.subtypes & SINGLE
        alone = kinds and any(kinds & member.subtypes and entry.where & member.where for member in held.members)
        return score + (ALONE if alone else 0.0)

    def _odds(self, a: Traits, b: Traits) -> float:
        row = features(a, b, float(a.vector @ b.vector))
        odds = self._joint.bias + float(self._joint.weights @ np.array(row, dtype=np.float32))
        return min(max(odds, -LIMIT), LIMIT)


def _compared(members: list[Traits]) -> Iterable[Traits]:
    if len(members) <= MEMBERS:
        return members
    return [*members[:FIRST], *members[FIRST - MEMBERS :]]


def _rare(entry: Traits, joint: Joint) -> Iterable[int]:
    for some in (entry.title, entry.title_sounds):
        for key in some:
            if joint.rarity.of(key) >= RARE:
                yield key
