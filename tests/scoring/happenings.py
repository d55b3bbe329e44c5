"""Invented happenings told in up to six languages (`happenings.jsonl`): each row as an entry and its assessment."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.entry import Entry, Item, Sharing
from scoring.assessment import Assessment
from scoring.category import CATEGORIES, Category
from scoring.encoder import universal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS = [json.loads(line) for line in Path(__file__).with_name("happenings.jsonl").read_text().splitlines()]
FIRST = {row["event"]: number for number, row in reversed(list(enumerate(ROWS)))}  # event → its first telling


def vectors_of(titles: list[str]) -> list[bytes]:
    """As assessments hold them."""
    return [row.astype(np.float16).tobytes() for row in universal().encode(titles)]


VECTORS = vectors_of([row["title"] for row in ROWS])


def assessment(number: int) -> Assessment:
    """A row read without a fault."""
    row = ROWS[number]
    return Assessment(
        probabilities={category: 0.9 if category in row["categories"] else 0.05 for category in CATEGORIES},
        labels=tuple(Category(key) for key in row["categories"]),
        uncertain=(),
        subtypes=tuple(row["subtypes"]),
        countries=tuple(row["countries"]),
        severity=0.5,
        urgency=0.5,
        certainty=0.5,
        concern=False,
        hedged=False,
        denied=False,
        reasons=(),
        model="test",
        vector=VECTORS[number],
    )


def entry(number: int) -> Entry:
    """A row as a title that a wire brings now."""
    row = ROWS[number]
    item = Item(key=str(number), raw_hash="", title=row["title"], language=row["lang"])
    return Entry("source", "B", Sharing.CLEAR, NOW, item)
