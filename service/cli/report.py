"""`watchfire report`: reports from the field, filed from mails and listed; the mailbox; the link of the form."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.mail import MOST_BYTES
from ingest.mailbox import MailboxError
from service.auth.access import mailbox_scope
from service.cli.office import Office, Row, open_office, show, show_one
from service.desk.mailbox import look
from service.desk.report_link import make_link
from service.desk.reports import file_mail
from service.errors import Invalid, SetupError
from service.store.read_reports import STATES, attachments_of, get_report, led_to, list_reports
from service.store.tables import FieldReport

report_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
MOST_LISTED = 1000


@report_app.command("file")
def file(
    paths: Annotated[list[str], typer.Argument(help="Mails as files (.eml), or - for standard input.")],
) -> None:
    """File mails as reports; one that cannot be read is kept and told."""
    with open_office() as office:
        unreadable = sum(not _filed(office, path) for path in paths)
    if unreadable:
        raise typer.Exit(1)


def _filed(office: Office, path: str) -> bool:
    raw, size = _bytes_of(path)
    with office.store.read() as session:
        scope = mailbox_scope(session)
    filed = file_mail(office, scope, raw, channel="file", cut=size)
    row = filed.row
    before = "" if filed.is_new else " It had come before."
    told = {
        "accepted": f"entry {row.entry_id}, {row.sharing}.",
        "no_entry": f"not an entry, written by a machine ({row.detail.get('machine')}).",
        "unreadable": f"kept, but unreadable: {row.error}",
    }
    print(f"{path}: report {row.id}: {told[row.state]}{before}")
    return row.state != "unreadable"


def _bytes_of(path: str) -> tuple[bytes, int]:
    """The mail, and its size if it is more than is read."""
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as handle:
                raw = handle.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Invalid(f"{path} cannot be read: {why}.", "Check the path.") from error
    return (raw, 0) if len(raw) <= MOST_BYTES else (raw[: 2**18], len(raw))


@report_app.command("list")
def list_(
    as_json: Json = False,
    state: Annotated[str, typer.Option(help="accepted, unreadable or no_entry.")] = "",
) -> None:
    """Show the reports, the newest first."""
    if state and state not in STATES:
        raise Invalid(f"'{state[:20]}' is no state of a report.", f"Use one of {', '.join(STATES)}.")
    with open_office() as office:
        rows: list[FieldReport] = []
        cursor: str | None = None
        scope = office.scope()
        with office.store.read() as session:
            while len(rows) < MOST_LISTED:
                page = list_reports(session, scope, state=state or None, limit=200, cursor=cursor)
                rows, cursor = rows + page.items, page.next
                if cursor is None:
                    break
        show([_line(row) for row in rows], as_json, "There are no reports.")


@report_app.command("show")
def show_(number: Annotated[int, typer.Argument(min=1, help="Number of the report; `list` shows it.")]) -> None:
    """Show everything about one report."""
    with open_office() as office:
        scope = office.scope()
        with office.store.read() as session:
            row = get_report(session, scope, number)
            files = attachments_of(session, scope, number)
            became = led_to(session, scope, row.entry_id)
        show_one(
            {
                **_line(row),
                "sender_known": row.sender_known,
                "error": row.error,
                "event": became.event_id if became else None,
                "alert": became.alert_id if became else None,
                "files": [f"{one.name} ({one.size} bytes{', ' + one.refused if one.refused else ''})" for one in files],
                "text": row.text,
            }
        )


@report_app.command("mailbox")
def mailbox(
    once: Annotated[bool, typer.Option("--once", help="Look now, whether it is time or not.")] = False,
) -> None:
    """Look into the mailbox and file what is new; `serve` and `work` do so by themselves."""
    with open_office() as office:
        if not office.settings.imap_host:
            raise SetupError("There is no mailbox.", "Set WATCHFIRE_IMAP_HOST, _USER and _PASSWORD.")
        try:
            looked = look(office, always=once)
        except MailboxError as error:
            raise SetupError(str(error)) from error
    if looked is None:
        print("It is not time yet; --once looks now.")
    else:
        print(f"{looked.new} new reports, {looked.unreadable} of them unreadable; {looked.known} known already.")


@report_app.command("link")
def link() -> None:
    """Make the link of the form without an account; the one before works no more."""
    with open_office() as office:
        print(f"Whoever has this address may report, shown this once:\n  {make_link(office, office.scope())}")


def _line(row: FieldReport) -> Row:
    return {
        "number": row.id,
        "received": row.received_at,
        "state": row.state,
        "channel": row.channel,
        "sharing": row.sharing,
        "sender": "anonymous" if row.anonymous else row.sender,
        "subject": row.subject,
        "entry": row.entry_id,
    }
