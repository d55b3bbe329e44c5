"""Reports from the field: filed as entries, or kept and shown where they cannot be read. Nothing is dropped."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ingest.attachment import judge
from ingest.entry import Entry, Sharing
from ingest.mail import MOST_BYTES, read_mail
from ingest.report import Report, ReportError, fingerprint, item_of, nameless, strictest
from ingest.reporter import Reporter, recognise
from scoring.locate import countries, locate
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.senders import read_senders
from service.errors import Invalid
from service.store.log import write_log
from service.store.reports import (
    Voice,
    answered_report,
    entry_row,
    lock_reports,
    report_by_digest,
    source_of,
    store_entry,
    store_files,
)
from service.store.scope import Scope
from service.store.tables import FieldReport

ANONYMOUS = "anonymous"
UNPROVEN = "Field reports, sender not proven / 现场报告（来源未核实）"
LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a report; `is_new` is false when the very same had come before."""

    row: FieldReport
    is_new: bool = True

    @property
    def entry_id(self) -> int | None:
        """The entry that it became, if any."""
        return self.row.entry_id


@dataclass(frozen=True, slots=True)
class _Coming:
    """A report on its way in: whose it is, by which channel, and the digest by which it is known again."""

    report: Report
    channel: str
    reporter: Reporter | None
    voice: Voice
    sharing: Sharing
    digest: str


def file_report(premises: Premises, scope: Scope, report: Report, *, channel: str) -> Filed:
    """A report by form or API becomes an entry, with its files and a line in the log, in one transaction.

    Who files is known by the scope, unless the report asks that nobody be named: then no trace of them is kept.
    """
    demand(scope, Permission.REPORT)
    if report.is_empty or len(f"{report.subject}{report.body}".strip()) < LEAST_WORDS:
        raise Invalid("The report says nothing.", "Write what happened.")
    return _file(premises, scope, report, channel, None if report.said.anonymous else _reporter(premises, scope))


def file_mail(premises: Premises, scope: Scope, raw: bytes, *, channel: str = "mail", cut: int = 0) -> Filed:
    """A mail becomes an entry; one that cannot be read, or that no person wrote, is kept all the same.

    `cut` is the size of a mail of which only the beginning was fetched, 0 when `raw` is all of it.
    """
    demand(scope, Permission.REPORT)
    senders, trusted = read_senders(premises.settings), premises.settings.imap_trust
    try:
        if cut:
            raise ReportError(f"The mail has {cut / 2**20:.0f} MB, more than the {MOST_BYTES >> 20} MB that are read.")
        report, reporter = recognise(read_mail(raw, premises.clock()), senders, trusted)
    except ReportError as error:
        found = recognise(error.found, senders, trusted)[0] if error.found is not None else None
        return keep_unreadable(premises, scope, raw, ReportError(str(error), found), channel)
    return _file(premises, scope, report, channel, reporter)


def _reporter(premises: Premises, scope: Scope) -> Reporter | None:
    """The known sender that one of the desk's people or keys is: a subscriber names his own as he likes."""
    name = scope.actor.removeprefix("key:")
    is_key = scope.key_id is not None
    known = read_senders(premises.settings) if scope.home and (is_key or scope.person_id is not None) else ()
    return next((one for one in known if name in (one.keys if is_key else one.people)), None)


def _file(premises: Premises, scope: Scope, report: Report, channel: str, reporter: Reporter | None) -> Filed:
    now = premises.clock()
    coming = _coming(premises, scope, report, channel, reporter, now)
    with premises.store.write() as session:
        lock_reports(session)
        known = report_by_digest(session, coming.digest)
        if known is not None:
            return Filed(known, is_new=False)
        row = _row(coming, scope, now)
        if coming.report.machine is None:
            _become_entry(session, coming, row, now)
        session.add(row)
        session.flush()
        store_files(session, row.id or 0, judge(coming.report.files))
        _leave_line(session, scope, now, "report.file", row)
    return Filed(row)


def _coming(
    premises: Premises, scope: Scope, report: Report, channel: str, reporter: Reporter | None, now: datetime
) -> _Coming:
    least = Sharing(premises.settings.report_sharing)
    default = reporter.sharing if reporter is not None and reporter.sharing is not None else least
    sharing = strictest([report.sharing, default], default)
    hidden = report.said.anonymous
    voice = _voice(scope, channel, None if hidden else reporter, sharing, hidden)
    # A mail is known by its own id whoever brings it; what was typed, by who typed it and its token, or else the day.
    apart = () if report.message_id else (voice.key, report.token or now.strftime("%Y-%m-%d"))
    digest = fingerprint(report, *apart)
    kept = nameless(report) if hidden else report
    return _Coming(_placed(kept, voice), channel, None if hidden else reporter, voice, sharing, digest)


def _voice(scope: Scope, channel: str, reporter: Reporter | None, sharing: Sharing, hidden: bool) -> Voice:
    if hidden:
        return Voice("report-anonymous", "Anonymous reports / 匿名报告", "F", sharing.value)
    if reporter is not None:
        return Voice(
            f"report-{reporter.key}", reporter.name, reporter.reliability, sharing.value, country=reporter.country
        )
    if channel in ("form", "api") and scope.person_id is not None:
        return Voice(f"report-person-{scope.person_id}", "Field report / 现场报告", "C", sharing.value)
    if channel == "api" and scope.key_id is not None:
        return Voice(f"report-key-{scope.key_id}", "Field report / 现场报告", "C", sharing.value)
    return Voice(f"report-{channel}", UNPROVEN, "F", sharing.value)


def _placed(report: Report, voice: Voice) -> Report:
    """A known sender that names no place speaks of where it is."""
    if voice.country is None or report.said.countries:
        return report
    if countries(locate(report.subject, report.body, report.language)):
        return report
    return replace(report, said=replace(report.said, countries=(voice.country,)))


def _row(coming: _Coming, scope: Scope, now: datetime) -> FieldReport:
    report, hidden = coming.report, coming.report.said.anonymous
    by_mail = coming.channel in ("mail", "file")
    name = coming.reporter.name if coming.reporter is not None else None
    claimed = " ".join(part for part in (report.sender_name, report.sender and f"<{report.sender}>") if part)
    return FieldReport(
        received_at=now,
        channel=coming.channel,
        state="accepted" if report.machine is None else "no_entry",
        digest=coming.digest,
        sharing=coming.sharing.value,
        sender=None if hidden else name or claimed or (None if by_mail else scope.actor),
        sender_known=coming.reporter is not None or not (hidden or by_mail),
        anonymous=hidden,
        person_id=None if hidden or by_mail else scope.person_id,
        key_id=None if hidden or by_mail else scope.key_id,
        subject=report.subject,
        text=report.text,
        detail=_detail(coming),
    )


def _detail(coming: _Coming) -> dict[str, Any]:
    """What is shown besides; nothing of it says who sent an anonymous report: such a report has lost those fields."""
    report = coming.report
    said = report.said
    detail = {
        "message_id": report.message_id,
        "sender": report.sender,
        "sent": report.sent.isoformat() if report.sent and not said.anonymous else None,
        "language": report.language,
        "countries": list(said.countries),
        "place": said.place,
        "occurred": said.occurred.isoformat() if said.occurred else None,
        "category": said.category,
        "stated": said.sharing.value if said.sharing else None,
        "machine": report.machine.value if report.machine else None,
        "problems": list(report.problems),
    }
    return {name: value for name, value in detail.items() if value}


def _become_entry(session: Session, coming: _Coming, row: FieldReport, now: datetime) -> None:
    source = source_of(session, coming.voice, now)
    answered = answered_report(session, coming.report.replies_to, now)
    before = entry_row(session, answered.entry_id) if answered is not None else None
    # Only who is known may take back what was said before: an address on an envelope is not enough.
    is_own = coming.reporter is not None and before is not None and before.source_id == source.id
    replaces = coming.report.corrects and is_own
    key = before.key if replaces and before is not None else f"report:{coming.digest[:40]}"
    item = item_of(coming.report, key, coming.digest, now)
    entry = Entry(source.key, coming.voice.reliability, coming.sharing, now, item)
    row.entry_id = store_entry(session, source.id or 0, entry)
    if answered is not None:
        row.detail = {**row.detail, "answers": answered.id, **({"replaces": True} if replaces else {})}


def keep_unreadable(premises: Premises, scope: Scope, raw: bytes, error: ReportError, channel: str) -> Filed:
    """Keep a message that is no report, as it came, with the sentence that says why; it stays visible."""
    now, found = premises.clock(), error.found
    least = Sharing(premises.settings.report_sharing)
    with premises.store.write() as session:
        lock_reports(session)
        digest = hashlib.sha256(b"unreadable" + raw).hexdigest()
        known = report_by_digest(session, digest)
        if known is not None:
            return Filed(known, is_new=False)
        row = FieldReport(
            received_at=now,
            channel=channel,
            state="unreadable",
            digest=digest,
            sharing=strictest([least, found.sharing if found else None], least).value,
            sender=found.sender if found else None,
            subject=found.subject if found else "",
            text=found.text if found else "",
            detail={"message_id": found.message_id} if found and found.message_id else {},
            error=str(error),
            raw=raw[:MOST_BYTES],
        )
        session.add(row)
        session.flush()
        store_files(session, row.id or 0, judge(found.files) if found else ())
        _leave_line(session, scope, now, "report.unreadable", row)
    return Filed(row)


def _leave_line(session: Session, scope: Scope, now: datetime, action: str, row: FieldReport) -> None:
    """The audit line; of an anonymous report it says that somebody filed it, and by which channel."""
    write_log(
        session,
        at=now,
        actor=ANONYMOUS if row.anonymous else scope.actor,
        action=action,
        subject="report",
        subject_id=row.id or 0,
        organisation_id=None if row.anonymous else scope.organisation_id,
        detail={"channel": row.channel, "state": row.state, "sharing": row.sharing, "entry": row.entry_id},
    )
