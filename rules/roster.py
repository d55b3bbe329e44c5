"""Roster: which person answers for an owner at an instant.

Owners are desks and roles; a roster says who holds one when. Pure: the same rosters, owner and `now` name the same
persons. A gap is said, never filled in silence: where nobody is on duty, `on_duty` names deputies and lead only, and
`spans` marks the time as a gap.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from rules.escalate import Policy
from rules.hours import Hours, instant, local_date
from rules.level import Level

DAY = timedelta(days=1)


class Part(StrEnum):
    """In which part somebody stands for an owner."""

    DUTY = "duty"
    DEPUTY = "deputy"
    LEAD = "lead"


class OnHolidays(StrEnum):
    """What a turn does on holidays."""

    WORK = "work"  # as on every other day
    OFF = "off"  # it rests: the next turn that covers the time takes over
    ONLY = "only"  # it is for holidays alone


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, the last one included, by the calendar of a zone."""

    first: date
    last: date
    name: str = ""

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Member:
    """A person who can be on duty. `key` is the name they sign in with, if they do."""

    key: str
    name: str
    zone: str = "UTC"
    deputy: str | None = None
    away: tuple[Days, ...] = ()
    line: int = 0

    def is_away(self, now: datetime) -> bool:
        """Whether they are off, by their own calendar."""
        return bool(self.away) and any(days.covers(local_date(now, self.zone)) for days in self.away)


@dataclass(frozen=True, slots=True)
class Turn:
    """People who take turns: every `every` days from `anchor` on, at `handover` by the roster's clock.

    With `hours` it holds only then: several turns with hours are shifts.
    """

    name: str
    people: tuple[str, ...]
    every: int
    handover: time
    anchor: date
    hours: tuple[Hours, ...] = ()
    holidays: OnHolidays = OnHolidays.WORK

    def person(self, now: datetime, zone: str) -> str:
        """Whose turn it is, whether or not they are there."""
        return self.people[(self.last_handover(now, zone) - self.anchor).days // self.every % len(self.people)]

    def last_handover(self, now: datetime, zone: str) -> date:
        """The day of the hand-over by which the present turn began; before the anchor turns are counted backwards."""
        day = local_date(now, zone) + DAY
        day -= timedelta(days=(day - self.anchor).days % self.every)
        while instant(day, self.handover, zone) > now:
            day -= timedelta(days=self.every)
        return day


@dataclass(frozen=True, slots=True)
class Roster:
    """Who answers for one owner. The first turn that covers a time holds it; `ends` is its last day, if it has one."""

    owner: str
    zone: str
    turns: tuple[Turn, ...]
    starts: date
    ends: date | None = None
    lead: str | None = None
    deputies: tuple[str, ...] = ()
    holidays: tuple[Days, ...] = ()
    line: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who takes turns in it, each once."""
        return tuple(dict.fromkeys(key for turn in self.turns for key in turn.people))

    def is_holiday(self, day: date) -> bool:
        """Whether it is one by the roster's calendar."""
        return any(days.covers(day) for days in self.holidays)


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody stands in for a while: for `instead`, or with None for whoever would be on duty. Later ones win."""

    owner: str
    person: str
    start: datetime
    end: datetime
    instead: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Rosters:
    """Everything that says who answers when, and how they are pressed to."""

    members: Mapping[str, Member] = field(default_factory=dict)
    rosters: Mapping[str, Roster] = field(default_factory=dict)
    policies: Mapping[Level, Policy] = field(default_factory=dict)
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """A person who stands for an owner, and by what: the name of a turn, `swap`, or whose deputy they are."""

    person: str
    part: Part
    by: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which the same person is on duty; None is a gap."""

    start: datetime
    end: datetime
    person: str | None
    by: str = ""


def on_duty(rosters: Rosters, owner: str, now: datetime) -> tuple[Stand, ...]:
    """Who answers for the owner, in the order in which they are asked; nobody twice.

    Whoever is on duty first (nobody in that part is a gap), then their deputies and the roster's, then its lead.
    """
    roster = rosters.rosters.get(owner)
    if roster is None:
        return ()
    holder = _holder(rosters, roster, now)
    stands = [holder] if holder is not None else []
    asked = holder.person if holder is not None else None
    deputies = (*_deputies(rosters, asked), *roster.deputies)
    stands += [Stand(key, Part.DEPUTY, asked or owner) for key in deputies if not _is_away(rosters, key, now)]
    if roster.lead is not None:
        stands.append(Stand(roster.lead, Part.LEAD, roster.owner))
    seen: dict[str, Stand] = {}
    for stand in stands:
        seen.setdefault(stand.person, stand)
    return tuple(seen.values())


def holder_of(rosters: Rosters, owner: str, now: datetime) -> str | None:
    """Who is on duty; None where nobody is, or where the owner has no roster."""
    roster = rosters.rosters.get(owner)
    found = _holder(rosters, roster, now) if roster is not None else None
    return found.person if found is not None else None


def spans(rosters: Rosters, owner: str, start: datetime, end: datetime) -> tuple[Span, ...]:
    """Who is on duty from `start` to `end` without a hole: gaps are spans without a person."""
    roster = rosters.rosters.get(owner)
    if roster is None or start >= end:
        return ()
    edges = sorted({start, *(edge for edge in _edges(rosters, roster, start, end) if start < edge < end)})
    found: list[Span] = []
    for edge, following in zip(edges, [*edges[1:], end], strict=True):
        stand = _holder(rosters, roster, edge)
        person, by = (stand.person, stand.by) if stand is not None else (None, "")
        if found and (found[-1].person, found[-1].by) == (person, by):
            found[-1] = Span(found[-1].start, following, person, by)
        else:
            found.append(Span(edge, following, person, by))
    return tuple(found)


def gaps(rosters: Rosters, owner: str, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The times in which nobody is on duty."""
    return tuple(span for span in spans(rosters, owner, start, end) if span.person is None)


def _holder(rosters: Rosters, roster: Roster, now: datetime) -> Stand | None:
    planned = _planned(rosters, roster, now)
    for swap in reversed(rosters.swaps):
        fits = swap.owner == roster.owner and swap.start <= now < swap.end
        if fits and (swap.instead is None or (planned is not None and planned.person == swap.instead)):
            return Stand(swap.person, Part.DUTY, "swap")
    return planned


def _planned(rosters: Rosters, roster: Roster, now: datetime) -> Stand | None:
    day = local_date(now, roster.zone)
    if day < roster.starts or (roster.ends is not None and day > roster.ends):
        return None
    holiday = roster.is_holiday(day)
    for turn in roster.turns:
        rests = turn.holidays is (OnHolidays.OFF if holiday else OnHolidays.ONLY)
        if rests or (turn.hours and not any(window.covers(now, roster.zone) for window in turn.hours)):
            continue
        person = turn.person(now, roster.zone)
        if not _is_away(rosters, person, now):
            return Stand(person, Part.DUTY, turn.name)
        return next(
            (
                Stand(key, Part.DUTY, turn.name)
                for key in (*_deputies(rosters, person), *roster.deputies)
                if not _is_away(rosters, key, now)
            ),
            None,
        )
    return None


def _deputies(rosters: Rosters, person: str | None) -> Iterator[str]:
    """Their deputy, the deputy's, and so on; a loop is gone round once."""
    seen = {person}
    while person is not None:
        member = rosters.members.get(person)
        person = member.deputy if member is not None else None
        if person is None or person in seen:
            return
        seen.add(person)
        yield person


def _is_away(rosters: Rosters, person: str, now: datetime) -> bool:
    member = rosters.members.get(person)
    return member is not None and member.is_away(now)


def _edges(rosters: Rosters, roster: Roster, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant at which somebody else may come on duty."""
    yield from _midnights(_calendar(roster), roster.zone)
    for member in rosters.members.values():
        yield from _midnights(member.away, member.zone)
    for swap in rosters.swaps:
        if swap.owner == roster.owner:
            yield from (swap.start.astimezone(UTC), swap.end.astimezone(UTC))
    day, last = local_date(start, roster.zone) - DAY, local_date(end, roster.zone) + DAY
    while day <= last:
        for turn in roster.turns:
            if not (day - turn.anchor).days % turn.every:
                yield instant(day, turn.handover, roster.zone)
            for window in turn.hours:
                yield from window.bounds(day, roster.zone) or ()
        day += DAY


def _calendar(roster: Roster) -> Iterator[Days]:
    yield Days(roster.starts, roster.ends or date(9998, 12, 31))
    yield from roster.holidays


def _midnights(every: Iterable[Days], zone: str) -> Iterator[datetime]:
    for days in every:
        yield instant(days.first, time(), zone)
        yield instant(days.last + DAY, time(), zone)
