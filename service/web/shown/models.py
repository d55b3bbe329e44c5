"""Models, their contests and drift, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk.models import Overview, Serving
from service.notify.text import clean
from service.store.tables import LogLine, ModelRow, Training
from service.web.shown.row import Telling
from service.web.shown.times import Moment

WIDTH, HALF = 160.0, 80.0  # of a bar, in its own units
LEAST_REACH = 0.1
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


def in_use_shown(found: Serving, telling: Telling) -> InUse:
    """The card of the model in use."""
    row, card = found.row, found.card
    origin = "learning.origin.fixed" if found.fixed else "learning.origin.house" if row else "learning.origin.shipped"
    metrics = card.get("metrics") or {}
    told = metrics.get("held_out") or metrics.get("fixed") or {}
    parts = {ALL: told, **told.get("languages", {})}
    return InUse(
        name=found.name,
        origin=telling.say(origin, parent=row.parent if row else "", count=row.corrections if row else 0),
        since=telling.moment(row.adopted_at) if row else None,
        by=telling.actor(row.adopted_by) if row and row.adopted_by else "",
        made=str(card.get("made", "")),
        samples=int((card.get("data") or {}).get("samples", 0)),
        figures=tuple(_figures(key, part, telling) for key, part in parts.items() if part),
    )


def _figures(key: str, part: Mapping[str, Any], telling: Telling) -> Figures:
    def number(name: str) -> str:
        return decimal(part.get(name))

    return Figures(
        language=language_of(key, telling),
        samples=int(part.get("samples", 0)),
        f1=number("macro_f1"),
        precision=number("none_precision"),
        recall=number("none_recall"),
        first=key == ALL,
    )


def language_of(key: str, telling: Telling) -> str:
    """What a language of a count is called: `all`, a code, or "" for unknown."""
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
        by=telling.actor(row.made_by),
        corrections=row.corrections,
        verdict=verdict(row.contest, telling),
        parts=tuple(contest_parts(row.contest, telling)),
        usable=row.state != "in_use" and not found.serving.fixed,
        stale=row.state == "candidate" and row.parent != found.serving.name,
    )


def verdict(contest: Mapping[str, Any], telling: Telling) -> str:
    """The contest in one sentence."""
    sentence = contest.get("sentence") or {}
    code = str(sentence.get("code", ""))
    if not (code.startswith("contest.") and telling.words.has(code)):
        code = "contest.better_plain" if contest.get("better") else "contest.no_better"
    return telling.say(code, **{name: _told(value) for name, value in (sentence.get("values") or {}).items()})


def _told(value: Any) -> str:
    return str(value) if isinstance(value, int) else decimal(value, ".3f")


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
    tongue = language_of(language, telling) if language != ALL or not kinds else ""
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
            telling.actor(line.actor),
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
