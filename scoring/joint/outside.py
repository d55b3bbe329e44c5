"""Headlines of outlets in the order of their time, with what readers put together; none of their words is here.

`happenings.tsv` holds a line a headline: its digest, the stretch of time that was read as one, and the number of its
happening in it. The headlines themselves stay outside (`--outside`), as those of tuning do.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

READ = Path(__file__).with_name("happenings.tsv")
TEXT = 400  # characters of a text that are kept
EVENING = timedelta(hours=11)  # UTC, when the evening news begin; its items follow by the minute
LAST = 29  # minutes after that
CUT = " --- "  # what follows it in a text is another's

Row = dict[str, Any]


def read_outside(folder: Path) -> list[list[Row]]:
    """The stretches that were read, each in the order of time, as `read_told` gives told happenings."""
    with READ.open(encoding="utf-8", newline="") as lines:
        said = {digest: (stretch, number) for digest, stretch, number in csv.reader(lines, delimiter="\t")}
    stretches: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in _headlines(folder):
        key = digest_of(row)
        if key in said:
            stretch, number = said[key]
            stretches[stretch][key] = row | {"event": f"{stretch}-{number}"}
    return [
        sorted(rows.values(), key=lambda row: (row["published"], row["title"])) for _, rows in sorted(stretches.items())
    ]


def digest_of(row: Row) -> str:
    """How a headline is named in what was read: by outlet, time and title."""
    named = f"{row['source']} {row['published']} {row['title']}"
    return hashlib.blake2b(named.encode(), digest_size=8).hexdigest()


def _headlines(folder: Path) -> Iterator[Row]:
    for row in _table(folder / "history" / "bbc_home_headlines.csv"):
        when = datetime.fromisoformat(row["first_seen"])
        yield _row("BBC", "en", when, row["title"], row["summary"])
    for row in _table(folder / "history" / "cctv_xwlb_items.csv"):
        when = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + EVENING
        yield _row("CCTV", "zh", when + timedelta(minutes=min(int(row["n"]), LAST)), row["title"], row["lead"])
    with (folder / "corpora" / "pool.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["source_dataset"] == "fwd-news-reddit":
                when = datetime.strptime(row["date"], "%B %d, %Y %I:%M %p").replace(tzinfo=UTC)
                yield _row("RDT", "en", when, row["title"], row["text"])


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _row(source: str, language: str, when: datetime, title: str, text: str) -> Row:
    published = when.astimezone(UTC).isoformat()
    told = text[:TEXT].split(CUT)[0]
    return {"id": title, "source": source, "lang": language, "title": title, "text": told, "published": published}
