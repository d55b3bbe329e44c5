"""Situation reports, as the room shows them: the ring that empties, what was sent, and how late it was."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.desk.postures import Crisis
from service.notify.text import clean
from service.store.tables import SituationReport
from service.web.shown.row import Telling
from service.web.shown.times import Deadline, Moment, deadline, length, time_left

GRACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ReportSent:
    """One that was sent: its lines, and how late it was, "" in time."""

    at: Moment
    author: str
    lines: tuple[str, ...]
    late: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the next report is due, None without a rhythm; `every` is that rhythm in words."""

    deadline: Deadline | None
    every: str
    last: ReportSent | None
    earlier: tuple[ReportSent, ...]


def rhythm_shown(found: Crisis, telling: Telling) -> Rhythm:
    """The reports of a crisis in the reader's language."""
    since = found.row.reported_at or found.row.since
    sent = tuple(_sent(one, telling) for one in found.reports)
    every = found.rule.report_every
    return Rhythm(
        deadline=_due(found.report_due, since, telling),
        every=telling.words.span(every, telling.lang) if every is not None else "",
        last=sent[0] if sent else None,
        earlier=sent[1:],
    )


def _due(by: datetime | None, since: datetime, telling: Telling) -> Deadline | None:
    found = deadline(by, since, telling.now, telling.words, telling.lang)
    if found is None or by is None:
        return None
    return replace(found, text=time_left("report_room", by, telling.now, telling.words, telling.lang))


def _sent(report: SituationReport, telling: Telling) -> ReportSent:
    late = report.at - report.due_at if report.due_at is not None else timedelta()
    return ReportSent(
        at=telling.surely(report.at),
        author=telling.actor(report.author),
        lines=tuple(clean(line) for line in report.text.splitlines()),
        late=length(late, telling.words, telling.lang) if late >= GRACE else "",
    )
