"""What is learnt from: own text, outside text that may teach, and outside headlines that were read by the guide."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from scoring.category import Category
from scoring.features import Text
from scoring.sample import Sample, read_samples, sample_of

CORPUS = Path(__file__).parent.parent / "corpus"
READINGS = Path(__file__).with_name("readings.tsv")
LETTERS = dict(zip("splfr", Category, strict=True))
# Licences that forbid it, or leave it to research: such text measures, it never teaches.
BARRED = ("research", "academic", "non-commercial", "by-nc")
GUIDED, OWN, READ, MAPPED = "guide", "own", "read", "mapped"
WEIGHT: Mapping[str, float] = {GUIDED: 2.0, READ: 1.0, OWN: 0.6, MAPPED: 0.3}
DOUBTFUL = 0.7  # what a reading counts that its reader would not swear to
KEPT_BACK = 5  # of rows by the guide two in five calibrate instead of teaching


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled text and whose labels they are: habits of labelling differ, and are learnt apart from the text."""

    sample: Sample
    hand: str
    source: str
    kinds: bool  # whether sub-types were told
    doubtful: bool = False

    @property
    def weight(self) -> float:
        """What it counts against the others."""
        return WEIGHT[self.hand] * (DOUBTFUL if self.doubtful else 1.0)


def lessons(corpus: Path, outside: Path | None) -> list[Lesson]:
    """All there is to learn from: `corpus` without its fixed test set; of `outside` what may teach."""
    own = [Lesson(sample, OWN, "corpus", kinds=True) for sample in read_samples(corpus) if not sample.fixed]
    if outside is None:
        return own
    return [*own, *_labelled(outside / "train.jsonl"), *_read(outside / "pool.jsonl")]


def kept_back(lesson: Lesson) -> bool:
    """Whether a lesson calibrates: two in five of those read by the guide, one in sixteen of our own (sub-types)."""
    number = crc32(lesson.sample.key.encode())
    return (lesson.hand == GUIDED and number % KEPT_BACK < 2) or (lesson.hand == OWN and number % 16 == 1)


def named_sources(found: Sequence[Lesson]) -> Mapping[str, int]:
    """How many lessons came from where, for the model card."""
    counts: dict[str, int] = {}
    for lesson in found:
        counts[f"{lesson.source} ({lesson.hand})"] = counts.get(f"{lesson.source} ({lesson.hand})", 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def digest(title: str) -> str:
    """How a headline is named in the list of readings, which holds none of its words."""
    return hashlib.blake2b(title.encode(), digest_size=8).hexdigest()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _labelled(path: Path) -> Iterator[Lesson]:
    """Rows with labels and a licence."""
    for row in _rows(path):
        if not any(word in row["licence"].lower() for word in BARRED):
            hand = GUIDED if row["label_by"] == "guide" else MAPPED
            yield Lesson(sample_of(row, strict=False), hand, row["source_dataset"], kinds=bool(row.get("subtypes")))


def _read(path: Path) -> Iterator[Lesson]:
    """Headlines without labels of their own, with what our readers said of them (`readings.tsv`)."""
    readings = _readings()
    for row in _rows(path):
        if said := readings.get(key := digest(row["title"])):
            letters, severity, doubtful = said
            text = Text(row["title"], row["text"], row["lang"])
            labels = tuple(LETTERS[letter] for letter in "splfr" if letter in letters)
            yield Lesson(Sample(key, text, labels, severity=severity), READ, row["source_dataset"], False, doubtful)


def _readings() -> Mapping[str, tuple[str, int, bool]]:
    """Digest of a headline → letters of its categories, severity, whether the reader was in doubt."""
    with READINGS.open(encoding="utf-8", newline="") as lines:
        return {row[0]: (row[1], int(row[2]), bool(row[3])) for row in csv.reader(lines, delimiter="\t")}
