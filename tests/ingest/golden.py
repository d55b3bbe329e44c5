"""Golden pairs: documents in `fixtures/parse` beside what is to be read out of them. As a module, writes them anew."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.entry import Item
from ingest.parse import Parsed, parse_document

FOLDER = Path(__file__).parent / "fixtures" / "parse"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.suffix not in (".md",) and ".expect." not in path.name)
NOW = datetime(2026, 8, 21, tzinfo=UTC)
BASE = "https://feeds.example/list/feed.xml"
LEFT_OUT = ("raw_hash", "mark", "is_known")  # tested by what changes them, not by their value


def read(path: Path) -> Parsed:
    """The document as read with the fixed time and address."""
    return parse_document(path.read_bytes(), base=BASE, now=NOW)


def shown(parsed: Parsed) -> dict[str, Any]:
    """A parsed document as plain JSON values; fields that hold nothing are left out."""
    return {
        "format": parsed.format,
        "title": parsed.title,
        "language": parsed.language,
        "problems": list(parsed.problems),
        "items": [_item(item) for item in parsed.items],
    }


def _item(item: Item) -> dict[str, Any]:
    fields = {key: getattr(item, key) for key in Item.__dataclass_fields__ if key not in LEFT_OUT}
    fields["extra"] = dict(item.extra)
    return {key: _plain(value) for key, value in fields.items() if value not in (None, "", (), {})}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def expectation(path: Path) -> Path:
    """Where the expectation of a document stands."""
    return path.with_name(path.name + ".expect.json")


if __name__ == "__main__":
    for document in DOCUMENTS:
        text = json.dumps(shown(read(document)), ensure_ascii=False, indent=1)
        expectation(document).write_text(text + "\n", encoding="utf-8")
