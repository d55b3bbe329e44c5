"""Entries in the order of their time → the event that each belongs to.

An event is known by its members, not by a middle of them: a new entry must be alike to the members on the whole, so
that a chain of neighbours (a fire, its inquest, the minister, her speech) does not become one event. Candidates come
from inverted indexes (countries named, rare words and names) and from one product of short vectors; only the best of
them are compared member by member.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.joint.closer import Closer
from scoring.joint.crowd import Crowd, crowd_keys
from scoring.joint.index import Index
from scoring.joint.pair import features
from scoring.joint.traits import Traits
from scoring.joint.weights import LIMIT, Joint

WINDOW = timedelta(hours=84)  # since the event was last told of
MEMBERS = 6  # that are compared: the first ones, and the latest
FIRST = 2
COMPARED = 5  # events of its countries that are looked at member by member
BY_WORDS = 3  # and events that share rare words
POSTED = 200  # events; a word that more of them have is not rare
VOICE = 6.0  # of log-odds: no member says more for or against its event
BLEND = 0.25  # of the nearest member; the rest is the mean of all
# Of log-odds, where entry and event tell of something that a country has one of at a time (`SINGLE`): the first rumour
# of a coup and its announcement share few words.
ALONE = 2.5
SINGLE = frozenset(("coup", "regime_change"))
# Where the likeliest events' log-odds lie between these, they are looked at more closely.
UNLIKELY, SURE = -2.0, 3.0
LOOKED, NEAREST = 2, 3  # events, and members of each
WEIGHT = 0.6  # of the closer look; the rest is the features'
EASY = 0.75  # of its log-odds: it learnt from pairs of which more are of one happening than of those it is asked about


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
    short: NDArray[np.float32]
    posted: set[object] = field(default_factory=set)


class _Scored(NamedTuple):
    """An event's log-odds, and which members said what."""

    score: float
    event: str
    members: Sequence[Traits]
    odds: Sequence[float]


class Joiner:
    """The open events of a stream. Pure memory: whoever keeps events elsewhere puts them in with `add`."""

    def __init__(self, joint: Joint, window: timedelta = WINDOW, closer: Closer | None = None) -> None:
        self._joint, self._window, self._closer = joint, window.total_seconds(), closer
        self._slots: dict[str, int] = {}
        self._open: list[_Open] = []
        self._index = Index(joint.axes.shape[1])
        self._crowd = Crowd()
        self._postings: dict[int, array[int]] = defaultdict(lambda: array("i"))

    def __len__(self) -> int:
        return len(self._open)

    def find(
        self,
        entry: Traits,
        barred: Collection[str] = (),
        now: datetime | None = None,
        crowd: Crowd | None = None,
    ) -> Match | None:
        """The event that the entry belongs to, None when it begins one. `barred` events are left out; `crowd` counts
        events where the joiner does not know all of them."""
        scored = self.ranked(entry, barred, now, crowd)
        if not scored or scored[0][0] < self._joint.bar:
            return None
        second = scored[1][0] if len(scored) > 1 else -LIMIT
        return Match(scored[0][1], scored[0][0] - self._joint.bar, scored[0][0] - second)

    def ranked(
        self,
        entry: Traits,
        barred: Collection[str] = (),
        now: datetime | None = None,
        crowd: Crowd | None = None,
    ) -> list[tuple[float, str]]:
        """The likeliest events with their log-odds, best first."""
        moment = (now or entry.at).timestamp()
        self._crowd.forget(moment)
        held = [self._open[slot] for slot in self._candidates(entry, moment)]
        held = [one for one in held if one.event not in barred]
        scored = _ranked(self._scores(entry, held, crowd or self._crowd))
        if self._closer is not None:
            scored = _ranked(_looked(entry, self._closer, scored))
        return [(one.score, one.event) for one in scored]

    def closest(self, entry: Traits, events: Collection[str]) -> str:
        """Which of these events has the likest single member."""
        held = [self._open[self._slots[event]] for event in sorted(events) if event in self._slots]
        return max(held, key=lambda one: max(self._odds(entry, one.members, self._crowd), default=-LIMIT)).event

    def add(self, event: str, entry: Traits) -> None:
        """Put an entry into an event, which begins with it if it is not known."""
        slot = self._slots.get(event)
        if slot is None:
            slot = self._begin(event)
        held = self._open[slot]
        held.members.append(entry)
        held.last = max(held.last, entry.at.timestamp())
        held.short += entry.vector @ self._joint.axes
        self._index.put(slot, entry.lands, held.short, held.last)
        self._post(slot, held, entry)

    def drop(self, event: str) -> None:
        """Forget an event: it was merged, split or is told anew."""
        slot = self._slots.pop(event, None)
        if slot is not None:
            self._open[slot].members.clear()
            self._open[slot].last = -np.inf
            self._index.drop(slot)

    def prune(self, now: datetime) -> None:
        """Forget what is over; worth it when half of the events are."""
        floor = now.timestamp() - self._window
        kept = [held for held in self._open if held.members and held.last >= floor]
        fresh = Joiner(self._joint, timedelta(seconds=self._window), self._closer)
        for held in kept:
            for member in held.members:
                fresh.add(held.event, member)
        self.__dict__.update(fresh.__dict__)

    def _begin(self, event: str) -> int:
        slot = len(self._open)
        self._open.append(_Open(event, [], -np.inf, np.zeros(self._joint.axes.shape[1], dtype=np.float32)))
        self._slots[event] = slot
        return slot

    def _post(self, slot: int, held: _Open, entry: Traits) -> None:
        for rare in entry.leads:
            if rare not in held.posted:
                held.posted.add(rare)
                self._postings[rare].append(slot)
        until = entry.at.timestamp() + self._window
        for key in crowd_keys(entry):
            if key not in held.posted:
                held.posted.add(key)
                self._crowd.add(key, until)

    def _candidates(self, entry: Traits, moment: float) -> list[int]:
        """The slots of the events that are worth comparing."""
        counts: Counter[int] = Counter()
        for key in entry.leads:
            posted = self._postings.get(key)
            if posted is not None and len(posted) <= POSTED:
                counts.update(posted)
        by_words = [slot for slot, _ in counts.most_common(2 * COMPARED) if self._is_open(slot, moment)]
        short = entry.vector @ self._joint.axes
        by_place = self._index.nearest(entry.lands, short, moment, self._window, COMPARED)
        return list(dict.fromkeys([*by_place, *by_words[:BY_WORDS]]))

    def _is_open(self, slot: int, moment: float) -> bool:
        return abs(moment - self._open[slot].last) <= self._window

    def _scores(self, entry: Traits, held: Sequence[_Open], crowd: Crowd) -> list[_Scored]:
        """Log-odds of each event: its members' mean, in part its nearest member's."""
        compared = [_compared(one.members) for one in held]
        odds = self._odds(entry, [member for some in compared for member in some], crowd)
        scores, at = [], 0
        for one, some in zip(held, compared, strict=True):
            own = odds[at : at + len(some)]
            at += len(some)
            score = _of_members(own) + (ALONE if _alone(entry, one.members) else 0.0)
            scores.append(_Scored(score, one.event, some, own))
        return scores

    def _odds(self, entry: Traits, members: Sequence[Traits], crowd: Crowd) -> list[float]:
        """Log-odds of each pair, all asked together."""
        if not members:
            return []
        cosines = (np.array([member.vector for member in members]) @ entry.vector).tolist()
        rows = [features(entry, member, cosine, crowd) for member, cosine in zip(members, cosines, strict=True)]
        odds = self._joint.odds(np.array(rows, dtype=np.float32))
        return [float(one) for one in np.clip(odds, -LIMIT, LIMIT)]


def _looked(entry: Traits, closer: Closer, scored: Sequence[_Scored]) -> list[_Scored]:
    """What is doubtful among the likeliest events looked at more closely, one after the other until one is sure."""
    looked: list[_Scored] = []
    for one in scored[:LOOKED]:
        if not UNLIKELY < one.score < SURE or (looked and looked[-1].score >= SURE):
            break
        looked.append(_nearer(entry, closer, one))
    return [*looked, *scored[len(looked) :]]


def _nearer(entry: Traits, closer: Closer, one: _Scored) -> _Scored:
    """An event after a look at its nearest members: what is likest counts, beside all that features say."""
    told = [i for i, member in enumerate(one.members) if member.text] if entry.text else []
    near = sorted(told, key=lambda i: -one.odds[i])[:NEAREST]
    said = closer.odds([(one.members[i].text, entry.text) for i in near])
    if not said:
        return one
    return one._replace(score=WEIGHT * _voice(max(said) - EASY) + (1 - WEIGHT) * one.score)


def _voice(odds: float) -> float:
    return min(max(odds, -VOICE), VOICE)


def _ranked(scored: Iterable[_Scored]) -> list[_Scored]:
    return sorted(scored, key=lambda one: (-one.score, one.event))


def _of_members(odds: Sequence[float]) -> float:
    """What the members say together."""
    voices = [_voice(one) for one in odds]
    return BLEND * max(voices) + (1 - BLEND) * sum(voices) / len(voices)


def _alone(entry: Traits, members: Iterable[Traits]) -> bool:
    """Whether entry and event tell of something that a country has one of at a time."""
    kinds = entry.subtypes & SINGLE
    return bool(kinds) and any(kinds & member.subtypes and entry.where & member.where for member in members)


def _compared(members: list[Traits]) -> Sequence[Traits]:
    if len(members) <= MEMBERS:
        return members
    return [*members[:FIRST], *members[FIRST - MEMBERS :]]
