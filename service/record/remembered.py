"""Events as the joiner looks at them: read from the database when first wanted, and what was read of an entry kept."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlmodel import Session

from scoring.joint.closer import load as load_closer
from scoring.joint.joiner import Joiner
from scoring.joint.traits import Traits, traits
from scoring.joint.weights import Joint, load
from service.record.nearby import Nearby
from service.store.events import Waiting, members_of
from service.store.open_events import WINDOW
from service.store.rows import assessment_of, entry_of
from service.store.rulings import parted_from
from service.store.tables import AssessmentRow, EntryRow

BELATED = timedelta(hours=72)  # an entry found later than that was told when it was found, as far as joining goes
KEPT = 20_000  # entries whose traits are remembered, about 10 kB each

_read: OrderedDict[tuple[int, ...], Traits] = OrderedDict()
_lock = Lock()


@dataclass
class Remembered:
    """The part of the open events that a batch may need. One for a transaction."""

    session: Session
    joiner: Joiner
    known: set[str] = field(default_factory=set)
    parted: dict[int, set[int]] = field(default_factory=dict)
    joint: Joint = field(default_factory=load)

    def find(self, one: Waiting, nearby: Nearby, moment: datetime) -> str | None:
        """The event that an entry belongs to, None when it begins one.

        Where a person said that events are different, an entry goes to that of its nearest kin, not of the better mean.
        """
        read = self.traits_of(one.entry, one.assessment, one.source)
        self._learn(nearby.find(one.assessment, moment))
        match = self.joiner.find(read, now=moment, crowd=nearby.crowd)
        if match is None:
            return None
        siblings = {str(number) for number in self.parted.get(int(match.event), ())} & self.known
        return self.joiner.closest(read, {match.event, *siblings}) if siblings else match.event

    def place(self, event: str, one: Waiting) -> None:
        """Let an event know of an entry that was put into it."""
        if event not in self.known:
            self._learn([event])
            return
        self.joiner.add(event, self.traits_of(one.entry, one.assessment, one.source))

    def begin(self, event: str, one: Waiting) -> None:
        """Let an event begin with an entry."""
        self.known.add(event)
        self.joiner.add(event, self.traits_of(one.entry, one.assessment, one.source))

    def traits_of(self, entry: EntryRow, assessment: AssessmentRow, source: str) -> Traits:
        """What was read of an entry; the reading is kept while the process lasts."""
        key = key_of(entry, assessment, source)
        with _lock:
            if key in _read:
                _read.move_to_end(key)
                return _read[key]
        read = traits(entry_of(entry, source), assessment_of(assessment), self.joint.rarity, told_at(entry))
        with _lock:
            _read[key] = read
            while len(_read) > KEPT:
                _read.popitem(last=False)
        return read

    def _learn(self, events: Iterable[str]) -> None:
        missing = [event for event in events if event not in self.known]
        if not missing:
            return
        self.session.flush()
        numbers = [int(event) for event in missing]
        for event_id, entry, assessment, source in members_of(self.session, numbers):
            self.joiner.add(str(event_id), self.traits_of(entry, assessment, source))
        for number, others in parted_from(self.session, numbers).items():
            self.parted.setdefault(number, set()).update(others)
        self.known.update(missing)


def remembered(session: Session, *, closely: bool) -> Remembered:
    """Nothing yet. `closely`: what is doubtful is looked at more closely."""
    return Remembered(session, Joiner(load(), WINDOW, load_closer() if closely else None))


def key_of(entry: EntryRow, assessment: AssessmentRow, source: str) -> tuple[int, ...]:
    """By what the reading of an entry is known: another text or another vector is another reading."""
    said = hash((source, told_at(entry), entry.title, entry.text, assessment.vector))
    return (entry.id or 0, assessment.id or 0, said)


def told_at(entry: EntryRow) -> datetime:
    """When an entry was told: as published, unless it was found long after, or before, that."""
    published, seen = entry.published_at, entry.first_seen_at
    return published if published is not None and timedelta(0) <= seen - published <= BELATED else seen
