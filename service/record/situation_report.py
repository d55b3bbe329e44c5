"""Situation reports of a crisis: sent in the rhythm of the guideline, and asked for when due."""

from datetime import datetime, timedelta

from sqlmodel import Session

from rules.guideline import Guideline
from rules.posture import CRISIS, RULES, countries_of
from rules.respond import remind
from rules.rhythm import Reporting, line_of_report
from service.notify.message import stamp
from service.record.audience import read_audience
from service.record.notices import Addressee
from service.record.posture import Asking, log_deed
from service.record.posture_notice import ask_for_report
from service.store.postures import open_rows
from service.store.tables import Channel, PostureRow, SituationReport


def reporting_of(row: PostureRow) -> Reporting:
    """Where the reports of a crisis stand, as the rules look at it."""
    return Reporting(row.since, row.reported_at, row.report_stage, row.report_look_at)


def report_due(row: PostureRow, guideline: Guideline) -> datetime | None:
    """When the next report is due; None where the guideline sets no rhythm."""
    return reporting_of(row).due(guideline.crisis.report_every)


def send_report(
    session: Session, row: PostureRow, guideline: Guideline, actor: str, text: str, now: datetime
) -> SituationReport:
    """Keep a report; the next is counted from it, and nobody is reminded of this one any more."""
    report = SituationReport(posture_id=row.id or 0, at=now, due_at=report_due(row, guideline), author=actor, text=text)
    row.reported_at, row.report_stage, row.report_look_at = now, 0, None
    session.add_all((report, row))
    log_deed(session, row, "report", actor, now, text=text, due=stamp(report.due_at))
    session.flush()
    return report


def remind_of_reports(session: Session, asking: Asking, wait: timedelta, now: datetime) -> list[tuple[str, str]]:
    """Remind of the reports that are due, each time the next in line; answers the places and what was done."""
    every = asking.guideline.crisis.report_every
    late = [row for row in open_rows(session, asking.organisation_id) if reporting_of(row).presses(every, now)]
    return [(row.place, _remind(session, asking, row, wait, now)) for row in late]


def _remind(session: Session, asking: Asking, row: PostureRow, wait: timedelta, now: datetime) -> str:
    due = report_due(row, asking.guideline)
    assert due is not None
    found = remind(report_line(asking, row.place, now), row.report_stage, wait, now)
    session.add(row)
    if found is None:
        row.report_look_at = None
        log_deed(session, row, "report_missing", RULES, now, due=stamp(due))
        return "report missing"
    row.report_stage, row.report_look_at = found.stage, found.next_look
    audience = read_audience(session, asking.organisation_id, now)
    channels: list[Channel | None] = list(audience.owners.get(found.owner, ())) or [None]
    to = [Addressee(audience.home, channel, owner=found.owner) for channel in channels]
    ask_for_report(session, row, due, to, asking.public_url, now, demo=asking.demo)
    log_deed(session, row, "report_due", RULES, now, owner=found.owner, due=stamp(due), stage=found.stage)
    return "report due"


def report_line(asking: Asking, place: str, now: datetime) -> tuple[str, ...]:
    """Who is reminded, one after the other; of a region its own central lead, for no one country leads there."""
    here = sorted(countries_of(place))
    roster = asking.guideline.posture(CRISIS).roster
    return line_of_report(
        *(asking.owners, here[:1] if len(here) == 1 else (), now),
        routes=asking.routes,
        organisation=asking.organisation,
        roster=roster,
    )
