"""Rosters as a page shows them: days with whoever is on duty, by the clock of each roster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from rules.hours import instant, local_date, zone_of
from rules.level import Level
from rules.roster import Part, Roster, Rosters, Span, on_duty
from rules.roster_check import Fault, Finding
from service.desk.rosters import Calendar
from service.locale.finding import finding_text
from service.notify.text import clean, shorten
from service.store.tables import Alert, EscalationRow, RosterSwap
from service.web.shown.outside import Outside, outside
from service.web.shown.row import Telling
from service.web.shown.times import Moment

DAYS = 14
NAME = 40
TOGETHER = {Fault.UNREACHABLE: "owner", Fault.NO_CHANNEL: "person"}  # told in one line, by what


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's part of a day; `start` and `end` are times of the day, "" at its edges. No person is a gap."""

    person: str
    start: str
    end: str
    swap: bool
    now: bool

    @property
    def gap(self) -> bool:
        """Whether nobody is on duty."""
        return not self.person


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of a roster's calendar."""

    name: str
    iso: str
    today: bool
    past: bool
    weekend: bool
    holiday: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class RosterShown:
    """One owner with its days, and who is asked now, in order."""

    key: str
    name: str
    zone: str
    now: tuple[tuple[str, str], ...]
    gaps: int
    days: tuple[DayShown, ...]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding in words."""

    line: int
    text: str
    grave: bool


@dataclass(frozen=True, slots=True)
class SwapShown:
    """One swap."""

    id: int
    owner: str
    person: str
    instead: str
    start: str
    end: str
    reason: str


@dataclass(frozen=True, slots=True)
class LapsedShown:
    """One line of the morning list."""

    id: int
    level: int
    roman: str
    title: Outside
    lapsed: Moment


def member_name(rosters: Rosters, key: str) -> str:
    """What a person is called."""
    member = rosters.members.get(key)
    return shorten(clean(member.name if member is not None else key), NAME)


def first_day(asked: str, now: datetime) -> date:
    """The Monday from which two weeks are shown; of this week when what was asked for is no day."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = now.astimezone(UTC).date()
    day = min(max(day, date(2000, 1, 3)), date(2200, 1, 1))
    return day - timedelta(days=day.weekday())


def window(first: date) -> tuple[datetime, datetime]:
    """A time that holds these two weeks in every zone."""
    start = datetime.combine(first, time(), UTC)
    return start - timedelta(days=1), start + timedelta(days=DAYS + 1)


def rosters_shown(found: Calendar, first: date, telling: Telling) -> list[RosterShown]:
    """Every owner with a roster, in the order of the file."""
    return [_roster(found.rosters, owner, spans, first, telling) for owner, spans in found.owners]


def _roster(rosters: Rosters, owner: str, spans: Sequence[Span], first: date, telling: Telling) -> RosterShown:
    roster = rosters.rosters[owner]
    days = tuple(_day(rosters, roster, spans, first + timedelta(days=step), telling) for step in range(DAYS))
    stands = on_duty(rosters, owner, telling.now)
    asked = [(member_name(rosters, stand.person), telling.say(f"roster.part.{stand.part.value}")) for stand in stands]
    if not any(stand.part is Part.DUTY for stand in stands):
        asked.insert(0, ("", telling.say("roster.part.duty")))
    gaps = sum(shift.gap for day in days for shift in day.shifts)
    return RosterShown(owner, telling.owner(owner) or owner, roster.zone, tuple(asked), gaps, days)


def _day(rosters: Rosters, roster: Roster, spans: Sequence[Span], day: date, telling: Telling) -> DayShown:
    today = local_date(telling.now, roster.zone)
    holiday = next((days.name or "•" for days in roster.holidays if days.covers(day)), "")
    return DayShown(
        name=telling.words.day(day, telling.lang),
        iso=day.isoformat(),
        today=day == today,
        past=day < today,
        weekend=day.weekday() > 4,
        holiday=_bilingual(holiday, telling.lang),
        shifts=tuple(_shifts(rosters, roster, spans, day, telling)),
    )


def _shifts(rosters: Rosters, roster: Roster, spans: Sequence[Span], day: date, telling: Telling) -> Iterator[Shift]:
    start, end = instant(day, time(), roster.zone), instant(day + timedelta(days=1), time(), roster.zone)
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        yield Shift(
            person=member_name(rosters, span.person) if span.person else "",
            start=_clock(span.start, roster.zone) if span.start > start else "",
            end=_clock(span.end, roster.zone) if span.end < end else "",
            swap=span.by == "swap",
            now=span.start <= telling.now < span.end and start <= telling.now < end,
        )


def _clock(at: datetime, zone: str) -> str:
    return at.astimezone(zone_of(zone)).strftime("%H:%M")


def _bilingual(text: str, lang: str) -> str:
    english, _, chinese = text.partition(" / ")
    return shorten(clean(chinese if chinese and lang == "zh" else english), NAME)


def findings_shown(findings: Sequence[Finding], rosters: Rosters, telling: Telling) -> list[FindingShown]:
    """What the check found; all whom nobody can reach are told in one line."""
    shown: list[FindingShown] = []
    for fault in dict.fromkeys(one.fault for one in findings):
        alike = [_named(one, rosters, telling) for one in findings if one.fault is fault]
        if fault in TOGETHER and len(alike) > 1:
            key = TOGETHER[fault]
            names = telling.say("notify.list_joint").join(one.values[key] for one in alike)
            alike = [Finding(fault, 0, {key: names}, any(one.grave for one in alike))]
        shown += [FindingShown(one.line, finding_text(one, telling.words, telling.lang), one.grave) for one in alike]
    return shown


def _named(finding: Finding, rosters: Rosters, telling: Telling) -> Finding:
    """With owners and people by their names, and times by the clock of the roster."""
    values = dict(finding.values)
    if "owner" in values:
        values["owner"] = telling.owner(values["owner"]) or values["owner"]
    if "person" in values:
        values["person"] = member_name(rosters, values["person"])
    if finding.start is not None and finding.end is not None:
        values["start"] = _when(finding.start, rosters, finding.values["owner"], telling)
        values["end"] = _when(finding.end, rosters, finding.values["owner"], telling)
    return replace(finding, values=values, start=None, end=None)


def swaps_shown(rows: Sequence[RosterSwap], rosters: Rosters, telling: Telling) -> list[SwapShown]:
    """Swaps, the next first."""
    return [
        SwapShown(
            id=row.id or 0,
            owner=telling.owner(row.owner) or row.owner,
            person=member_name(rosters, row.person),
            instead=member_name(rosters, row.instead) if row.instead else telling.say("roster.anybody"),
            start=_when(row.starts_at, rosters, row.owner, telling),
            end=_when(row.ends_at, rosters, row.owner, telling),
            reason=shorten(clean(row.reason), 120),
        )
        for row in sorted(rows, key=lambda row: (row.starts_at, row.id or 0))
        if row.ends_at > telling.now
    ]


def _when(at: datetime, rosters: Rosters, owner: str, telling: Telling) -> str:
    roster = rosters.rosters.get(owner)
    local = at.astimezone(zone_of(roster.zone if roster is not None else "UTC"))
    return f"{telling.words.day(local.date(), telling.lang)} {local:%H:%M}"


def lapsed_shown(rows: Sequence[tuple[Alert, EscalationRow]], telling: Telling) -> list[LapsedShown]:
    """The morning list."""
    return [
        LapsedShown(
            alert.id or 0,
            alert.level,
            Level(alert.level).roman,
            outside(alert.title, alert.language),
            telling.surely(row.lapsed_at or row.due),
        )
        for alert, row in rows
    ]
