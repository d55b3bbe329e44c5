"""What is learnt from: own text, outside text that may teach, and outside headlines that were read by the guide."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from scoring.category import Category
from scoring.features import Text
from scoring.headlines import Headline, digest, history, pool
from scoring.sample import Sample, read_samples, sample_of

READINGS = Path(__file__).with_name("readings.tsv")
LETTERS = dict(zip("splfr", Category, strict=True))
# Licences that forbid it, or leave it to research: such text measures, it never teaches.
BARRED = ("research", "academic", "non-commercial", "by-nc")
GUIDED, OWN, READ, MAPPED, GUESSED = "guide", "own", "read", "mapped", "guessed"
WEIGHT: Mapping[str, float] = {GUIDED: 2.0, READ: 1.0, OWN: 0.6, MAPPED: 0.3, GUESSED: 0.6}
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
    disputed: frozenset[Category] = frozenset()  # where two readers differ, the text teaches nothing
    guess: tuple[float, ...] | None = None  # of teachers, where nobody read it: five probabilities and a severity

    @property
    def weight(self) -> float:
        """What it counts against the others."""
        return WEIGHT[self.hand] * (DOUBTFUL if self.doubtful else 1.0)


def lessons(corpus: Path, outside: Path | None) -> list[Lesson]:
    """All there is to learn from: `corpus` without its fixed test set; of `outside` what may teach."""
    own = [Lesson(sample, OWN, "corpus", kinds=True) for sample in read_samples(corpus) if not sample.fixed]
    if outside is None:
        return own
    readings = _readings()
    return [*own, *_labelled(outside / "train.jsonl"), *_read(chain(pool(outside), history(outside)), readings)]


def unread(outside: Path) -> list[Lesson]:
    """Headlines that nobody has read, for teachers to guess at: all Chinese ones, of the others one in three. What
    measures (`dev.jsonl`) is left out."""
    seen = {*_readings(), *(digest(row["title"]) for row in _rows(outside / "dev.jsonl"))}
    found: list[Lesson] = []
    for one in chain(pool(outside), history(outside)):
        key = digest(one.title)
        if key in seen or (one.language != "zh" and crc32(key.encode()) % 3):
            continue
        seen.add(key)
        found.append(Lesson(Sample(key, Text(one.title, one.text, one.language), ()), GUESSED, one.source, False))
    return found


def as_they_come(outside: Path) -> list[Text]:
    """All headlines, read or not."""
    return [Text(one.title, one.text, one.language) for one in chain(pool(outside), history(outside))]


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


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _labelled(path: Path) -> Iterator[Lesson]:
    """Rows with labels and a licence."""
    for row in _rows(path):
        if not any(word in row["licence"].lower() for word in BARRED):
            hand = GUIDED if row["label_by"] == "guide" else MAPPED
            yield Lesson(sample_of(row, strict=False), hand, row["source_dataset"], kinds=bool(row.get("subtypes")))


def _read(headlines: Iterable[Headline], readings: Mapping[str, "Reading"]) -> Iterator[Lesson]:
    """Headlines without labels of their own, with what our readers said of them (`readings.tsv`); each once."""
    seen: set[str] = set()
    for one in headlines:
        key = digest(one.title)
        said = readings.get(key)
        if said is None or key in seen:
            continue
        seen.add(key)
        text = Text(one.title, one.text, one.language)
        sample = Sample(key, text, said.labels, severity=said.severity)
        yield Lesson(sample, READ, one.source, False, said.doubtful, said.disputed)


class Reading(NamedTuple):
    """What a reader said of a headline, and what a second one saw otherwise."""

    labels: tuple[Category, ...]
    severity: int
    doubtful: bool
    disputed: frozenset[Category]


def _readings() -> Mapping[str, Reading]:
    """Digest of a headline → its reading. A line: letters of categories, severity, "?" if unsure, letters disputed."""
    with READINGS.open(encoding="utf-8", newline="") as lines:
        return {
            key: Reading(_named(letters), int(severity), bool(doubt), frozenset(_named(disputed)))
            for key, letters, severity, doubt, disputed in csv.reader(lines, delimiter="\t")
        }


def _named(letters: str) -> tuple[Category, ...]:
    return tuple(category for letter, category in LETTERS.items() if letter in letters)
