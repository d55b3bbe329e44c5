"""The title that tells an event best in one language: informative, from a reliable source, not of yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from scoring.joint.figures import figures
from scoring.words import mostly_dense

RELIABILITY = {letter: (5 - rank) / 5 for rank, letter in enumerate("ABCDEF")}
FULL = 60.0  # letters of a title that says enough, half of that where a character is about a token
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Told:
    """A title with who told it when, and how surely (0–1)."""

    title: str
    language: str | None
    reliability: str
    certainty: float
    at: datetime


def best_title(told: Sequence[Told], language: str) -> Told | None:
    """The best title in a language (`en`, `zh`: any script of it); None where nobody told it in that language."""
    fit = [one for one in told if one.title.strip() and _base(one.language) == language]
    if not fit:
        return None
    newest = max(one.at for one in fit)
    return max(fit, key=lambda one: (_worth(one, newest), one.at, one.title))


def _worth(one: Told, newest: datetime) -> float:
    full = FULL / 2 if mostly_dense(one.title) else FULL
    length = min(len(one.title) / full, 1.0) - max(len(one.title) / (2.5 * full) - 1.0, 0.0)
    age = min((newest - one.at).total_seconds() / DAY, 4.0)
    said = 0.25 * min(_figures_in(one.title), 2)
    doubt = 0.3 if one.title.rstrip().endswith(("?", "？")) else 0.0
    return length + RELIABILITY.get(one.reliability, 0.0) + 0.5 * one.certainty + said - 0.25 * age - doubt


@lru_cache(maxsize=4096)
def _figures_in(title: str) -> int:
    """How many different values a title tells; an event that people look at is weighed again and again."""
    return len(set(figures(title)))


def _base(language: str | None) -> str:
    return (language or "").lower().replace("_", "-").partition("-")[0]
