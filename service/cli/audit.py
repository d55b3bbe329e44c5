"""`watchfire audit`: who did what. The same lines as the page of the audit."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from service.cli.office import Row, open_office, show
from service.cli.tongue import tongue
from service.desk.audit import read_log
from service.locale.catalogue import Catalogue
from service.store.audit import AuditFilter
from service.store.pages import MOST
from service.store.tables import LogLine

Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
When = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Day or moment, in UTC.")]


def audit(
    by: Annotated[str, typer.Option(help="Who did it: a name, key:NAME or operator.")] = "",
    thing: Annotated[str, typer.Option(help="Kind of thing: alert, person, key, source …")] = "",
    number: Annotated[str, typer.Option(help="Number or key of one of them.")] = "",
    action: Annotated[str, typer.Option(help="What was done, such as key.revoke.")] = "",
    since: When = None,
    until: When = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most so many.")] = 30,
    cursor: Annotated[str | None, typer.Option(help="Where the answer before ended, with --json: `next`.")] = None,
    as_json: Json = False,
) -> None:
    """Show the log, the newest first."""
    wanted = AuditFilter(by, thing, number, action, since=_utc(since), until=_utc(until))
    with open_office() as office:
        found = read_log(office, office.scope(), wanted, limit=limit, cursor=cursor)
    if as_json:
        items = [_plain(line) for line in found.items]
        print(json.dumps({"items": items, "next": found.next}, ensure_ascii=False, indent=2, default=str))
        return
    words = Catalogue()
    show([_told(line, words) for line in found.items], False, "No line fits.")


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None


def _plain(line: LogLine) -> Row:
    about = {"id": line.id, "at": line.at.isoformat(), "actor": line.actor, "action": line.action}
    return {**about, "subject": line.subject, "subject_id": line.subject_id, "detail": line.detail}


def _told(line: LogLine, words: Catalogue) -> Row:
    key = f"audit.do.{line.action}"
    return {
        "at": line.at,
        "who": line.actor,
        "did": words.say(key, tongue()) if words.has(key) else line.action,
        "thing": f"{line.subject} {line.subject_id}".strip(),
        "more": ", ".join(f"{name} {value}" for name, value in line.detail.items() if value not in (None, "", [], {})),
    }
