"""Feed documents made from the project's own corpus: real lengths and languages, nobody's text."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import cycle, islice
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "scoring" / "corpus"
LANGUAGES = ("en", "zh")
LEDE = 40  # characters of the text that an item carries


def documents(entries: int, a_feed: int, now: datetime) -> list[bytes]:
    """RSS documents with `a_feed` items each, English and Chinese in turn."""
    rows = [row for pair in zip(_rows("en"), _rows("zh"), strict=False) for row in pair]
    chosen = list(islice(cycle(rows), entries))
    return [
        _document(number, chosen[start : start + a_feed], now) for number, start in enumerate(range(0, entries, a_feed))
    ]


def stories(count: int) -> list[tuple[str, str, str]]:
    """Title, text and language, English and Chinese in turn."""
    pairs = zip(_rows("en"), _rows("zh"), strict=False)
    told = [(row["title"], row["text"], lang) for pair in pairs for row, lang in zip(pair, LANGUAGES, strict=True)]
    return list(islice(cycle(told), count))


def _rows(language: str) -> list[dict[str, str]]:
    files = sorted(CORPUS.glob(f"{language}-*.jsonl"))
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    # Interleave the files, so that a feed holds a mixture and not one category.
    rows = [json.loads(line) for line in lines]
    return sorted(rows, key=lambda row: hash_of(row["id"]))


def hash_of(key: str) -> int:
    """A stable order that has nothing to do with the name."""
    return sum((place + 7) * ord(letter) * 2_654_435_761 for place, letter in enumerate(key)) % 4_294_967_291


def _document(number: int, rows: list[dict[str, str]], now: datetime) -> bytes:
    items = "".join(
        f"<item><title>{escape(row['title'])}</title><description>{escape(row['text'][:LEDE])}</description>"
        f"<guid isPermaLink='false'>bench:{number}:{place}</guid><link>https://bench.example/{number}/{place}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=place))}</pubDate></item>"
        for place, row in enumerate(rows)
    )
    head = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Bench {number}</title>"
    return f"{head}{items}</channel></rss>".encode()
