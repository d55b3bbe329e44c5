"""Headlines of outlets as they were published. They stay outside this house, and only teach: tuning takes them one by
one, joining in the order of their time. What readers said of them is kept here by digest, without their words.

The folder is the one that `--outside` names: `pool.jsonl` is in it, and beside it `history`.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

EVENING = timedelta(hours=11)  # UTC, when the evening news begin; its items follow by the minute
LAST = 29  # minutes after that
SPOKEN = "%B %d, %Y %I:%M %p"  # how a pool that knows the hour of its headlines writes it


class Headline(NamedTuple):
    """A title, with what follows it; `published` (UTC) where the hour is known."""

    source: str
    language: str
    title: str
    text: str
    published: datetime | None


def pool(folder: Path) -> Iterator[Headline]:
    """Headlines of several outlets, without an order."""
    with (folder / "pool.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Headline(row["source_dataset"], row["lang"], row["title"], row["text"], _hour(row.get("date")))


def history(folder: Path) -> Iterator[Headline]:
    """Headlines of two outlets by the day."""
    beside = folder.parent / "history"
    for row in _table(beside, source := "bbc_home_headlines"):
        first_seen = datetime.fromisoformat(row["first_seen"]).astimezone(UTC)
        yield Headline(source, "en", row["title"], row["summary"], first_seen)
    for row in _table(beside, source := "cctv_xwlb_items"):
        day = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
        minutes = timedelta(minutes=min(int(row["n"]), LAST))
        yield Headline(source, "zh", row["title"], row["lead"], day + EVENING + minutes)


def digest(*words: str) -> str:
    """How a headline is named in what was read: by its title, and where that is not enough, by outlet and time too."""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def _table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _hour(date: str | None) -> datetime | None:
    try:
        return datetime.strptime(date or "", SPOKEN).replace(tzinfo=UTC)
    except ValueError:  # the day alone, or nothing
        return None
