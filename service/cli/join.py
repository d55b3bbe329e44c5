"""`watchfire join`: which entries of a stream tell of one happening, without database or desk."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from threadpoolctl import threadpool_limits

from ingest.entry import Entry, Item, Sharing, digest
from ingest.place import PlaceTableMissing
from scoring.assess import assess
from scoring.assessment import Assessment
from scoring.joint.closer import load as load_closer
from scoring.joint.joiner import Joiner
from scoring.joint.traits import traits
from scoring.joint.weights import JointError
from scoring.joint.weights import load as load_joint
from scoring.model import Model
from service.cli.model import Line, loaded_model, waiting_batches
from service.errors import SetupError
from service.settings import load as settings

PRUNED = 4096  # events begun between two clearances of what is over


def join(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON lines in and out (the only form so far).")] = True,
) -> None:
    """Read {"id", "source", "lang", "title", "text", "published"} lines in the order of their time from standard input;
    write {"id", "event"} for each, in order. An event bears the id of its first entry.

    What is waiting is read by the model together, at most 64 lines at a time. A line that cannot be used gives {"id",
    "error"}.
    """
    model = loaded_model()
    with threadpool_limits(limits=1):
        stream = Stream(model, closely=settings().closely)
        for batch in waiting_batches(sys.stdin.buffer):
            for answer in stream.answers([read_line(raw) for raw in batch]):
                sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()


class Stream:
    """A stream of entries that are joined as they come. The clock is the entries' own."""

    def __init__(self, model: Model, *, closely: bool = True) -> None:
        try:
            self._joint = load_joint()
        except JointError as error:
            raise SetupError(str(error)) from error
        joiner = Joiner(self._joint, closer=load_closer() if closely else None)
        self._model, self._joiner, self._next = model, joiner, PRUNED

    def answers(self, lines: list[Line]) -> Iterator[dict[str, Any]]:
        """One answer for each line, in order."""
        entries = [line.entry for line in lines if line.entry is not None]
        latest = max((one.first_seen for one in entries), default=datetime.now(UTC))
        try:
            made = iter(assess(entries, self._model, latest))
        except PlaceTableMissing as error:
            raise SetupError(str(error)) from error
        for line in lines:
            if line.entry is None:
                yield {"id": line.key, "error": line.error}
            else:
                yield {"id": line.key, "event": self._event(line, line.entry, next(made))}

    def _event(self, line: Line, entry: Entry, assessment: Assessment) -> str:
        read = traits(entry, assessment, self._joint.rarity, entry.first_seen)
        found = self._joiner.find(read)
        event = found.event if found is not None else str(line.key)
        self._joiner.add(event, read)
        if len(self._joiner) >= self._next:
            self._joiner.prune(entry.first_seen)
            self._next = 2 * len(self._joiner) + PRUNED
        return event


def read_line(raw: bytes) -> Line:
    """A line as an entry, seen when it was published."""
    try:
        row = json.loads(raw)
        if not isinstance(row, dict):
            raise TypeError("The line is not a JSON object.")
    except (ValueError, TypeError) as error:
        return Line(None, None, f"The line cannot be read ({error}).")
    try:
        return Line(row.get("id"), _entry(row))
    except (TypeError, ValueError, AttributeError) as error:
        return Line(row.get("id"), None, str(error))


def _entry(row: dict[str, Any]) -> Entry:
    title, text = (str(row.get(name) or "").encode("utf-8", "replace").decode() for name in ("title", "text"))
    if not (title or text):
        raise ValueError('The line has neither "title" nor "text".')
    when = moment(str(row.get("published") or ""))
    key = str(row.get("id") or digest(title, text))
    language = str(row["lang"]) if row.get("lang") else None
    item = Item(key=key, raw_hash=key, title=title, text=text, language=language, published=when)
    return Entry(str(row.get("source") or ""), "F", Sharing.CLEAR, when, item)


def moment(text: str) -> datetime:
    """An RFC 3339 time or a date, in UTC where no zone is said; ValueError where it is neither."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"published" is no time: {text[:40]!r}.') from None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
