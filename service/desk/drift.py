"""Drift: how the last seven days differ from the four weeks before them, in what comes in and in what is said of it."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from scoring.category import CATEGORIES
from scoring.drift import BINS, Shift, shift
from service.auth.premises import Premises
from service.store.engine import Store
from service.store.learning import Read, readings

LATELY, BEFORE = timedelta(days=7), timedelta(days=28)
LEAST = 100  # entries of a window before its shares mean anything
MOST_SOURCES = 20  # the largest; all others are one
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Window:
    """What was counted in a span of time. `scores` are bins of the machine's probability, by category."""

    entries: int
    languages: Counter[str]
    sources: Counter[str]
    scores: dict[str, Counter[str]]
    open: float
    corrected: float


@dataclass(frozen=True, slots=True)
class Drifted:
    """Two windows and how far they lie apart (None while a window has too few entries)."""

    at: datetime
    lately: Window
    before: Window
    indices: dict[str, Shift | None]


_kept: "WeakKeyDictionary[Store, Drifted]" = WeakKeyDictionary()
_lock = threading.Lock()


def drift_of(premises: Premises) -> Drifted:
    """The drift as of now, counted at most every ten minutes."""
    now = premises.clock()
    with _lock:
        found = _kept.get(premises.store)
        if found is None or not timedelta() <= now - found.at < FRESH:
            found = _kept[premises.store] = measure(premises, now)
        return found


def measure(premises: Premises, now: datetime) -> Drifted:
    """Count both windows anew."""
    with premises.store.read() as session:
        lately = window(readings(session, now - LATELY, now))
        before = window(readings(session, now - LATELY - BEFORE, now - LATELY))
    enough = min(lately.entries, before.entries) >= LEAST
    pairs = {
        "language": (before.languages, lately.languages),
        "source": _largest(before.sources, lately.sources),
        **{f"score_{key}": (before.scores[key], lately.scores[key]) for key in lately.scores},
    }
    return Drifted(now, lately, before, {key: shift(*pair) if enough else None for key, pair in pairs.items()})


def window(read: Iterable[Read]) -> Window:
    """Everything that is counted of some entries."""
    languages: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    scores: dict[str, Counter[str]] = {key.value: Counter() for key in CATEGORIES}
    entries = left = judged = 0
    for one in read:
        entries += 1
        languages[(one.language or "").split("-")[0].lower()] += 1
        sources[one.source] += 1
        left += one.open
        judged += one.corrected
        for key, bins in scores.items():
            bins[str(min(BINS - 1, int(one.probabilities.get(key, 0.0) * BINS)))] += 1
    return Window(entries, languages, sources, scores, left / max(1, entries), judged / max(1, entries))


def _largest(before: Counter[str], lately: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    named = {key for key, _ in (before + lately).most_common(MOST_SOURCES)}

    def folded(counts: Counter[str]) -> Counter[str]:
        kept = Counter({key: count for key, count in counts.items() if key in named})
        kept["…"] = counts.total() - kept.total()
        return kept

    return folded(before), folded(lately)


def word_of(found: Shift | None) -> str:
    """What an index means: unknown, steady, shifting or shifted."""
    return found.state if found is not None else "unknown"
