"""`watchfire parse`: what a feed document holds, without storing it."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.encoding import MAX_BYTES
from ingest.entry import Item
from ingest.parse import Parsed, ParseError, parse_document

SHOWN = 50


def parse(
    files: Annotated[list[str], typer.Argument(help="Documents to read: RSS, Atom, JSON Feed, CAP, GeoJSON, lists …")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a document, for machines.")] = False,
) -> None:
    """Read feed documents and show their entries; the kind is known from the bytes."""
    failed = False
    for file in files:
        parsed = _parsed(file)
        failed = failed or isinstance(parsed, str)
        if jsonl:
            sys.stdout.buffer.write(orjson.dumps(_object(file, parsed), option=orjson.OPT_APPEND_NEWLINE))
            sys.stdout.buffer.flush()
        else:
            _show(file, parsed)
    if failed and not jsonl:
        raise typer.Exit(1)


def _parsed(file: str) -> Parsed | str:
    """What the document holds, or one sentence why it is not known."""
    try:
        with Path(file).open("rb") as handle:
            body = handle.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
    try:
        return parse_document(body, now=datetime.now(UTC))
    except ParseError as error:
        return str(error)
    except Exception as error:  # a fault of ours: the other files must get their answers all the same
        return f"The parser failed ({error!r}); please report this document."


def _object(file: str, parsed: Parsed | str) -> dict[str, Any]:
    file = file.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # names need not be UTF-8
    if isinstance(parsed, str):
        return {"file": file, "format": None, "entries": [], "problems": [], "error": parsed}
    return {
        "file": file,
        "format": parsed.format,
        "title": parsed.title,
        "language": parsed.language,
        "entries": [_entry(item) for item in parsed.items],
        "problems": list(parsed.problems),
        "error": None,
    }


def _entry(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "summary": item.text,
        "link": item.link,
        "id": item.guid,
        "key": item.key,
        "language": item.language,
        "published": _time(item.published),
        "updated": _time(item.updated),
        "occurred": _time(item.occurred),
        "date_quality": item.date_quality,
        "status": item.status,
        "countries": item.countries,
        "point": item.point,
        "extra": dict(item.extra),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _show(file: str, parsed: Parsed | str) -> None:
    console = Console()
    if isinstance(parsed, str):
        Console(stderr=True).print(f"{file}: {parsed}", style="red", markup=False, highlight=False)
        return
    title = Text(f"{file} · {parsed.format} · {len(parsed.items)} entries")
    table = Table(title=title, title_justify="left", expand=True)
    for column in ("Published", "Title", "Link"):
        table.add_column(column, overflow="fold", no_wrap=column == "Published")
    for row in _cells(parsed.items[:SHOWN]):
        table.add_row(*row)
    console.print(table)
    if len(parsed.items) > SHOWN:
        console.print(f"… and {len(parsed.items) - SHOWN} more; --jsonl shows all.", markup=False)
    for problem in parsed.problems:
        console.print(f"! {problem}", style="yellow", markup=False, highlight=False)


def _cells(items: Iterable[Item]) -> Iterable[tuple[Text, Text, Text]]:
    # Text, not str: what a publisher wrote must not be read as markup.
    for item in items:
        yield Text(_time(item.published) or item.date_quality.value), Text(item.title), Text(item.link or "")


if __name__ == "__main__":
    typer.run(parse)
