"""The situation room, as its page shows it."""

from dataclasses import dataclass
from itertools import groupby

from rules.level import Level
from service.desk.situation_room import Room
from service.notify.text import safe_link, shorten
from service.store.tables import EntryRow, ResponseStep, SourceRow
from service.web.shown.detail import HistoryShown
from service.web.shown.outside import Outside, outside
from service.web.shown.posture import CrisisShown, crisis_shown, log_shown, place_name
from service.web.shown.response import kept
from service.web.shown.row import AlertRow, Telling, row_of, titled
from service.web.shown.times import Moment, time_left

FEW = 3  # people named of those who would be asked


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step at work, of which alert."""

    what: str
    owner: str
    alert: int
    due: Moment
    left: str
    late: bool
    doing: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One of the last reports."""

    title: Outside
    source: str
    letter: str
    link: str | None
    seen: Moment


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Who answers: by level, owner and whoever is on duty."""

    level: int
    roman: str
    owner: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomShown:
    """The situation room."""

    place: str
    name: str
    crisis: CrisisShown | None
    levels: tuple[tuple[int, str, str, tuple[AlertRow, ...]], ...]
    count: int
    steps: tuple[StepLine, ...]
    late: int
    reports: tuple[ReportLine, ...]
    duties: tuple[DutyLine, ...]
    log: tuple[HistoryShown, ...]


def room_shown(found: Room, telling: Telling) -> RoomShown:
    """The room in the reader's language."""
    rows = [row_of(alert, found.extras[alert.id or 0], telling, (), own=True) for alert in found.alerts]
    levels = tuple(
        (level, Level(level).roman, telling.say(f"web.level.{level}"), tuple(several))
        for level, several in groupby(rows, key=lambda row: row.level)
    )
    steps = tuple(_step(step, alert.id or 0, telling) for step, alert in found.steps)
    return RoomShown(
        place=found.place,
        name=place_name(found.place, telling),
        crisis=crisis_shown(found.crisis, telling) if found.crisis is not None else None,
        levels=levels,
        count=len(rows),
        steps=steps,
        late=sum(one.late for one in steps),
        reports=tuple(_report(entry, source, telling) for entry, source in found.reports),
        duties=tuple(
            DutyLine(
                int(level),
                level.roman,
                telling.owner(duty.owner) or duty.owner,
                tuple(shorten(telling.actor(stand.person), 40) for stand in duty.people[:FEW]),
            )
            for level, answering in found.answering
            for duty in answering.duties[:1]
        ),
        log=log_shown(found.log, telling),
    )


def _step(step: ResponseStep, alert: int, telling: Telling) -> StepLine:
    return StepLine(
        what=kept(step.said.get("do"), telling),
        owner=telling.owner(step.owner) or "",
        alert=alert,
        due=telling.surely(step.due_at),
        left=time_left("response", step.due_at, telling.now, telling.words, telling.lang),
        late=step.due_at <= telling.now,
        doing=step.state == "doing",
    )


def _report(entry: EntryRow, source: SourceRow, telling: Telling) -> ReportLine:
    return ReportLine(
        title=titled(entry.title, entry.language, telling),
        source=outside(telling.source(source.name), None).text,
        letter=entry.reliability,
        link=safe_link(entry.link),
        seen=telling.surely(entry.first_seen_at),
    )
