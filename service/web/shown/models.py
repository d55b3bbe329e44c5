"""Models, their contests and drift, as the page shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk.drift import CHANGED, Drifted, word_of
from service.desk.models import Overview, Serving
from service.notify.text import clean, shorten
from service.store.tables import LogLine, ModelRow, Training
from service.web.shown.row import Telling
from service.web.shown.times import Moment

WIDTH, HALF = 160.0, 80.0  # of a bar, in its own units
LEAST_REACH = 0.1
SHARES = 8
ALL, MACRO = "all", "macro"


@dataclass(frozen=True, slots=True)
class Bar:
    """A difference on a line with zero in the middle, in units of WIDTH; `told` is the same in words."""

    low: float
    point: float
    high: float
    told: str


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One measure of two models on one text."""

    what: str
    number: int
    old: str
    fresh: str
    bar: Bar | None
    first: bool


@dataclass(frozen=True, slots=True)
class ContestPart:
    """The lines of one text: the fixed test set, or the house's corrections."""

    title: str
    lines: tuple[ContestLine, ...]


@dataclass(frozen=True, slots=True)
class ModelShown:
    """One of the house's models. `stale`: its contest was against another model than the one in use."""

    name: str
    state: str
    state_name: str
    parent: str
    made: Moment
    by: str
    corrections: int
    adopted: Moment | None
    verdict: str
    parts: tuple[ContestPart, ...]
    usable: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How a model did on text held out while it was trained; all languages first."""

    language: str
    samples: int
    f1: str
    precision: str
    recall: str
    first: bool


@dataclass(frozen=True, slots=True)
class InUse:
    """The model in use."""

    name: str
    origin: str
    since: Moment | None
    by: str
    made: str
    samples: int
    figures: tuple[Figures, ...]


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


def in_use_shown(found: Serving, telling: Telling) -> InUse:
    """The card of the model in use."""
    row, card = found.row, found.card
    origin = "learning.origin.fixed" if found.fixed else "learning.origin.house" if row else "learning.origin.shipped"
    told = (card.get("metrics") or {}).get("held_out") or {}
    parts = {ALL: told, **told.get("languages", {})}
    return InUse(
        name=found.name,
        origin=telling.say(origin, parent=row.parent if row else "", count=row.corrections if row else 0),
        since=telling.moment(row.adopted_at) if row else None,
        by=who(row.adopted_by, telling) if row and row.adopted_by else "",
        made=str(card.get("made", "")),
        samples=int((card.get("data") or {}).get("samples", 0)),
        figures=tuple(_figures(key, part, telling) for key, part in parts.items() if part),
    )


def _figures(key: str, part: Mapping[str, Any], telling: Telling) -> Figures:
    def number(name: str) -> str:
        return decimal(part.get(name))

    return Figures(
        language=_language(key, telling),
        samples=int(part.get("samples", 0)),
        f1=number("macro_f1"),
        precision=number("none_precision"),
        recall=number("none_recall"),
        first=key == ALL,
    )


def _language(key: str, telling: Telling) -> str:
    if key == ALL:
        return telling.say("learning.all")
    return telling.words.tongue(key, telling.lang) if key else telling.say("learning.language_unknown")


def decimal(value: Any, form: str = ".2f") -> str:
    """A figure, or a dash where there is none."""
    known = isinstance(value, int | float) and value == value
    return format(value, form) if known else "–"


def models_shown(found: Overview, telling: Telling) -> list[ModelShown]:
    """The house's own models, the newest first."""
    return [_model(row, found, telling) for row in found.models]


def _model(row: ModelRow, found: Overview, telling: Telling) -> ModelShown:
    return ModelShown(
        name=row.name,
        state=row.state,
        state_name=telling.say(f"learning.state.{row.state}"),
        parent=row.parent,
        made=telling.surely(row.made_at),
        by=who(row.made_by, telling),
        corrections=row.corrections,
        adopted=telling.moment(row.adopted_at),
        verdict=verdict(row.contest, telling),
        parts=tuple(contest_parts(row.contest, telling)),
        usable=row.state != "in_use" and not found.serving.fixed,
        stale=row.state == "candidate" and row.parent != found.serving.name,
    )


def verdict(contest: Mapping[str, Any], telling: Telling) -> str:
    """The contest in one sentence."""
    sentence = contest.get("sentence") or {}
    key = f"learning.verdict.{sentence.get('code', '')}"
    if not telling.words.has(key):
        key = "learning.verdict.better" if contest.get("better") else "learning.verdict.no_better"
    return telling.say(key, **{name: decimal(value) for name, value in (sentence.get("values") or {}).items()})


def contest_parts(contest: Mapping[str, Any], telling: Telling) -> list[ContestPart]:
    """The lines of a contest by the text that they were measured on, what is over all first."""
    rows: Sequence[Mapping[str, Any]] = contest.get("rows") or ()
    sizes = [abs(row[edge]) for row in rows for edge in ("low", "high") if decimal(row.get(edge)) != "–"]
    reach = max([LEAST_REACH, *sizes])
    kinds = dict.fromkeys(str(row["set"]) for row in rows)
    return [
        ContestPart(
            telling.say(f"learning.set.{kind}"),
            tuple(_line(row, reach, telling) for row in sorted(rows, key=_overall_first) if row["set"] == kind),
        )
        for kind in kinds
    ]


def _overall_first(row: Mapping[str, Any]) -> tuple[bool, bool]:
    return row["language"] != ALL or row["category"] != MACRO, row["language"] != ALL


def _line(row: Mapping[str, Any], reach: float, telling: Telling) -> ContestLine:
    language, category = str(row["language"]), str(row["category"])
    kinds = telling.words.category(category, telling.lang) if category != MACRO else ""
    tongue = _language(language, telling) if language != ALL or not kinds else ""
    return ContestLine(
        what=telling.say("web.joint.facts").join(part for part in (tongue, kinds) if part),
        number=int(row["n"]),
        old=decimal(row["old"], ".3f"),
        fresh=decimal(row["fresh"], ".3f"),
        bar=_bar(row, reach),
        first=language == ALL and category == MACRO,
    )


def _bar(row: Mapping[str, Any], reach: float) -> Bar | None:
    edges = [row.get(name) for name in ("low", "difference", "high")]
    if any(decimal(edge) == "–" for edge in edges):
        return None
    low, point, high = (round(HALF + HALF * float(edge or 0) / reach, 1) for edge in edges)
    told = f"{decimal(row['difference'], '+.3f')} ({decimal(row['low'], '+.3f')} … {decimal(row['high'], '+.3f')})"
    return Bar(low, point, high, told)


def who(actor: str, telling: Telling) -> str:
    """Who did something, in the reader's language where it was nobody with a name."""
    key = f"web.actor.{actor}"
    return telling.say(key) if telling.words.has(key) else shorten(clean(actor), 80)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done about models."""

    at: Moment
    who: str
    what: str


def deeds_shown(lines: Sequence[LogLine], telling: Telling) -> list[Deed]:
    """What was done, the newest first."""
    return [
        Deed(
            telling.surely(line.at),
            who(line.actor, telling),
            telling.say(
                f"learning.deed.{line.action.replace('.', '_')}",
                name=line.subject_id,
                before=clean(str(line.detail.get("before", ""))),
                count=line.detail.get("corrections", 0),
            ),
        )
        for line in lines
    ]


def training_shown(row: Training | None, telling: Telling) -> tuple[str, str]:
    """How the last wish for a model stands: a sentence, and the program's own words on what failed."""
    if row is None:
        return "", ""
    if row.state == "failed":
        return telling.say("learning.training.failed"), row.error or ""
    if row.state == "waiting":
        return telling.say("learning.training.under_way" if row.lease_by else "learning.training.waiting"), ""
    return "", ""


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
            Share(_language(key, telling), *pair) for key, *pair in _shares(lately.languages, before.languages)
        ),
        sources=tuple(Share(shorten(clean(key), 60), *pair) for key, *pair in _shares(lately.sources, before.sources)),
        lately=lately.entries,
        before=before.entries,
    )


def _index(key: str, value: float | None, telling: Telling) -> Index:
    kind, _, category = key.partition("_")
    named = telling.words.category(category, telling.lang) if category else ""
    name = telling.say(f"learning.drift.{kind}", category=named)
    word = word_of(value)
    fill = 0.0 if value is None else min(100.0, 100 * value / (2 * CHANGED))
    return Index(name, decimal(value), word, telling.say(f"learning.drift_word.{word}"), round(fill, 1))


def _shares(lately: Counter[str], before: Counter[str]) -> list[tuple[str, str, str]]:
    both = Counter({key: lately[key] + before[key] for key in lately.keys() | before.keys()})
    return [
        (key, percent(lately[key] / max(1, lately.total())), percent(before[key] / max(1, before.total())))
        for key, _ in both.most_common(SHARES)
    ]


def percent(value: float) -> str:
    """A share."""
    return f"{100 * value:.1f}%"
