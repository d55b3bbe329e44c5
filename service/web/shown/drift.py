"""Drift, as the page of models shows it."""

from collections import Counter
from dataclasses import dataclass

from scoring.drift import SHIFTED, Shift
from service.desk.drift import Drifted, word_of
from service.notify.text import clean, shorten
from service.web.shown.models import decimal, language_of
from service.web.shown.row import Telling

SHARES = 8


@dataclass(frozen=True, slots=True)
class Index:
    """One index of drift. `fill` is 0–100, of the width at which it has changed twice over."""

    name: str
    value: str
    word: str
    word_name: str
    fill: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the entries of both windows."""

    name: str
    lately: str
    before: str


@dataclass(frozen=True, slots=True)
class DriftShown:
    """The last seven days against the four weeks before."""

    indices: tuple[Index, ...]
    shares: tuple[Share, ...]
    languages: tuple[Share, ...]
    sources: tuple[Share, ...]
    lately: int
    before: int


def drift_shown(found: Drifted, telling: Telling) -> DriftShown:
    """The drift with its shares, the larger first."""
    lately, before = found.lately, found.before
    return DriftShown(
        indices=tuple(_index(key, value, telling) for key, value in found.indices.items()),
        shares=tuple(
            Share(telling.say(f"learning.share.{key}"), percent(getattr(lately, key)), percent(getattr(before, key)))
            for key in ("open", "corrected")
        ),
        languages=tuple(
            Share(language_of(key, telling), *pair) for key, *pair in _shares(lately.languages, before.languages)
        ),
        sources=tuple(Share(shorten(clean(key), 60), *pair) for key, *pair in _shares(lately.sources, before.sources)),
        lately=lately.entries,
        before=before.entries,
    )


def _index(key: str, value: Shift | None, telling: Telling) -> Index:
    kind, _, category = key.partition("_")
    named = telling.words.category(category, telling.lang) if category else ""
    name = telling.say(f"learning.drift.{kind}", category=named)
    word = word_of(value)
    fill = 0.0 if value is None else min(100.0, 100 * value.psi / (2 * SHIFTED))
    return Index(
        name,
        decimal(value.psi if value is not None else None),
        word,
        telling.say(f"learning.drift_word.{word}"),
        round(fill, 1),
    )


def _shares(lately: Counter[str], before: Counter[str]) -> list[tuple[str, str, str]]:
    both = Counter({key: lately[key] + before[key] for key in lately.keys() | before.keys()})
    return [
        (key, percent(lately[key] / max(1, lately.total())), percent(before[key] / max(1, before.total())))
        for key, _ in both.most_common(SHARES)
    ]


def percent(value: float) -> str:
    """A share."""
    return f"{100 * value:.1f}%"
