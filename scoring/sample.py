"""Labelled text: what the model learns from and is judged by, one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.features import Text

CORPUS = Path(__file__).parent / "corpus"  # our own labelled text
FIXED = 8  # one row in so many is kept for the fixed test set


class SampleError(Exception):
    """A line of labelled text cannot be used; the message names the file, the line and what is wrong."""


class TrainingError(Exception):
    """The samples cannot make a model; the message says why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled entry. `severity` is 0–4 as people give it, None where nobody did."""

    key: str
    text: Text
    labels: tuple[Category, ...]
    subtypes: tuple[str, ...] = ()
    severity: int | None = None
    countries: tuple[str, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether a row of the corpus belongs to the fixed test set, which nothing ever learns from."""
        return crc32(self.key.encode()) % FIXED == 0

    @property
    def group(self) -> str:
        """Samples of one group tell of the same kind of thing in the same place: they share a fold."""
        return "|".join((*self.subtypes[:1], *self.countries[:1])) or self.key


def read_samples(path: Path, *, strict: bool = True) -> list[Sample]:
    """The samples of a file, or of every `.jsonl` file of a folder in the order of their names.

    `strict` refuses sub-types that are not ours; otherwise they are left out, as text of others may have its own.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise SampleError(f"{path} holds no .jsonl file. Name a folder with labelled text.")
    try:
        return [sample for file in files for sample in _read(file, strict)]
    except OSError as error:
        raise SampleError(f"{error.filename} cannot be read ({error.strerror}). Check the path.") from error


def _read(path: Path, strict: bool) -> Iterator[Sample]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield sample_of(json.loads(line), strict=strict)
                except (ValueError, KeyError, TypeError) as error:
                    raise SampleError(f"{path.name}, line {number}: {error!s}. Correct the line.") from error


def sample_of(row: dict[str, Any], *, strict: bool = True) -> Sample:
    """A row as a sample; "none" among the labels is no label. ValueError for unknown categories or sub-types."""
    labels = {Category(label) for label in row["labels"] if label != "none"}
    subtypes = tuple(row.get("subtypes") or ())
    if strict and (unknown := [key for key in subtypes if key not in SUBTYPES]):
        raise ValueError(f"unknown sub-type {unknown[0]}")
    title, lede = str(row["title"] or ""), str(row.get("text") or "")
    return Sample(
        key=str(row["id"]),
        text=Text(title, lede, row.get("lang") or row.get("language")),
        labels=tuple(category for category in CATEGORIES if category in labels),
        subtypes=tuple(key for key in subtypes if key in SUBTYPES),
        severity=row.get("severity"),
        countries=tuple(row.get("countries") or ()),
    )
