"""Reports that were kept without an entry: read again with a newer program, or made an entry by a person."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from ingest.attachment import judge
from ingest.entry import Entry, Sharing
from ingest.mail import read_mail
from ingest.report import Report, ReportError, item_of, strictest
from ingest.reporter import Reporter, recognise
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.audit import leave_line
from service.desk.reports import UNPROVEN
from service.desk.senders import read_senders
from service.errors import Conflict, Invalid
from service.store.read_reports import attachments_of, get_report
from service.store.reports import Voice, source_of, store_entry, store_files
from service.store.scope import Scope
from service.store.tables import FieldReport


def read_again(premises: Premises, scope: Scope, report_id: int) -> FieldReport:
    """Try once more to read a mail that was kept; its state says whether it is an entry now."""
    demand(scope, Permission.ACT)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_report(session, scope, report_id, raw=True, lock=True)
        _demand_open(row)
        if row.raw is None:
            raise Conflict("The message as it came is not there any more.", "Make the entry by hand.")
        try:
            report, reporter = recognise(
                read_mail(row.raw, now), read_senders(premises.settings), premises.settings.imap_trust
            )
        except ReportError as error:
            row.error = str(error)
        else:
            _take(session, scope, row, report, reporter, now)
        session.add(row)
        leave_line(session, scope, now, "report.read", row.id, state=row.state, entry=row.entry_id)
    return row


def _take(
    session: Session, scope: Scope, row: FieldReport, report: Report, reporter: Reporter | None, now: datetime
) -> None:
    row.subject, row.text, row.error = report.subject, report.text, None
    row.sharing = strictest([Sharing(row.sharing), report.sharing], Sharing(row.sharing)).value
    if not attachments_of(session, scope, row.id or 0):
        store_files(session, row.id or 0, judge(report.files))
    if report.machine is not None:
        row.state = "no_entry"
        row.detail = {**row.detail, "machine": report.machine.value}
        return
    letter = reporter.reliability if reporter is not None else "F"
    name = reporter.name if reporter is not None else UNPROVEN
    voice = Voice(f"report-{reporter.key if reporter else row.channel}", name, letter, row.sharing)
    row.sender_known = reporter is not None
    _enter(session, row, report, voice, now)


def make_entry(premises: Premises, scope: Scope, report_id: int, report: Report, reliability: str) -> FieldReport:
    """Make the entry by hand, from what a person read out of a message that was kept."""
    demand(scope, Permission.ACT)
    if not report.subject or not report.body:
        raise Invalid("An entry needs a title and a text.", "Write what the message reports.")
    if reliability not in ("A", "B", "C", "D", "E", "F"):
        raise Invalid("The reliability is no letter from A to F.", "Use F where it cannot be judged.")
    now = premises.clock()
    with premises.store.write() as session:
        row = get_report(session, scope, report_id, lock=True)
        _demand_open(row)
        row.sharing = strictest([Sharing(row.sharing), report.sharing], Sharing(row.sharing)).value
        row.subject = row.subject or report.subject
        row.text = row.text or report.text
        row.detail = {**row.detail, "by_hand": scope.actor}
        voice = Voice(
            "report-desk", "Field reports, entered by the desk / 现场报告（值班台录入）", reliability, row.sharing
        )
        _enter(session, row, report, voice, now)
        session.add(row)
        leave_line(session, scope, now, "report.entry", row.id, entry=row.entry_id)
    return row


def _demand_open(row: FieldReport) -> None:
    if row.state == "accepted":
        raise Conflict("This report is an entry already.", "Its page shows the entry.")


def _enter(session: Session, row: FieldReport, report: Report, voice: Voice, now: datetime) -> None:
    source = source_of(session, voice, now)
    dated = report if report.sent is not None else replace(report, sent=row.received_at)
    item = item_of(dated, f"report:{row.digest[:40]}", row.digest, row.received_at)
    entry = Entry(source.key, voice.reliability, Sharing(row.sharing), now, item)
    row.entry_id, row.state = store_entry(session, source.id or 0, entry), "accepted"
