"""Field reports as their pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.text import TEXT_LENGTH, fold, headline
from service.notify.text import clean, shorten
from service.store.read_reports import LedTo
from service.store.tables import Attachment, FieldReport
from service.web.shown.outside import Outside, direction, outside
from service.web.shown.row import Telling
from service.web.shown.times import Moment

NAME = 120
ERROR = 400
UNITS = ((1 << 20, "MB"), (1 << 10, "kB"))


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in the list."""

    id: int
    state: str
    state_name: str
    title: Outside
    sender: str
    proven: bool
    channel: str
    sharing: str
    places: tuple[str, ...]
    received: Moment
    error: str


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file; `refused` is why it was not kept, "" where it can be fetched."""

    id: int
    name: str
    size: str
    sha256: str
    refused: str


@dataclass(frozen=True, slots=True)
class BecameShown:
    """What became of a report."""

    title: Outside
    source: str
    letter: str
    stage: str
    event_id: int | None
    alert_id: int | None


@dataclass(frozen=True, slots=True)
class ReportOpen:
    """One report with all that its page shows."""

    row: ReportRow
    lines: tuple[str, ...]
    lang: str | None
    dir: str
    sent: Moment | None
    occurred: Moment | None
    place: str
    category: str
    stated: str
    answers: int | None
    replaces: bool
    machine: str
    by_hand: str
    files: tuple[FileShown, ...]
    became: BecameShown | None


def report_row(row: FieldReport, telling: Telling) -> ReportRow:
    """One report as the list shows it."""
    return ReportRow(
        id=row.id or 0,
        state=row.state,
        state_name=telling.say(f"web.report_state.{row.state}"),
        title=outside(_title(row) or telling.say("web.reports.untitled"), row.detail.get("language")),
        sender=_sender(row, telling),
        proven=row.sender_known or row.anonymous or not row.sender,
        channel=telling.say(f"web.report_channel.{row.channel}"),
        sharing=row.sharing,
        places=tuple(telling.country(code) for code in row.detail.get("countries", [])),
        received=telling.surely(row.received_at),
        error=shorten(clean(row.error), ERROR),
    )


def _title(row: FieldReport) -> str:
    return row.subject or headline(fold(row.text[:TEXT_LENGTH]))


def _sender(row: FieldReport, telling: Telling) -> str:
    if row.anonymous:
        return telling.say("web.reports.anonymous")
    return shorten(clean(row.sender), NAME) or telling.say("web.reports.nobody")


def report_open(row: FieldReport, files: list[Attachment], became: LedTo | None, telling: Telling) -> ReportOpen:
    """One report as its page shows it."""
    detail = row.detail
    language = detail.get("language")
    category, machine = detail.get("category"), detail.get("machine")
    return ReportOpen(
        row=report_row(row, telling),
        lines=tuple(clean(line) for line in row.text.splitlines()),
        lang=outside("", language).lang,
        dir=direction(outside("", language).lang),
        sent=telling.moment(_moment(detail, "sent")),
        occurred=telling.moment(_moment(detail, "occurred")),
        place=shorten(clean(detail.get("place", "")), NAME),
        category=telling.words.category(category, telling.lang) if category else "",
        stated=detail.get("stated", ""),
        answers=detail.get("answers"),
        replaces=bool(detail.get("replaces")),
        machine=telling.say(f"web.one_report.machine.{machine}") if machine else "",
        by_hand=shorten(clean(detail.get("by_hand", "")), NAME),
        files=tuple(_file(file, telling) for file in files),
        became=_became(became, telling) if became is not None else None,
    )


def _moment(detail: dict[str, Any], name: str) -> datetime | None:
    text = detail.get(name)
    return datetime.fromisoformat(text) if text else None


def _file(row: Attachment, telling: Telling) -> FileShown:
    refused = telling.say(f"web.one_report.refused.{row.refused}") if row.refused else ""
    return FileShown(row.id or 0, clean(row.name), size_of(row.size), row.sha256, refused)


def size_of(size: int) -> str:
    """A size in bytes as people say it."""
    return next((f"{size / unit:.1f} {name}" for unit, name in UNITS if size >= unit), f"{size} B")


def _became(found: LedTo, telling: Telling) -> BecameShown:
    entry = found.entry
    return BecameShown(
        title=outside(entry.title, entry.language),
        source=shorten(clean(telling.source(found.source.name)), NAME),
        letter=entry.reliability,
        stage=telling.say(f"web.one_report.stage.{entry.stage}"),
        event_id=found.event_id,
        alert_id=found.alert_id,
    )
