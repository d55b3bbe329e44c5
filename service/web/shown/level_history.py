"""The level and score of an alert over time: each change with its clause, why, and what would have changed it then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.level import Level
from service.notify.text import clean, shorten
from service.store.tables import Alert, LogLine
from service.web.shown.detail import history_line
from service.web.shown.row import Telling
from service.web.shown.times import Moment

CHANGES = ("open", "raise", "lower", "confirm", "withdraw", "update")
WIDE, ROW, TALL = 1000, 20, 40  # of the drawing, in its own units, which are stretched to the room there is
PHRASE = 120
MOST = 60  # changes besides the first


@dataclass(frozen=True, slots=True)
class Change:
    """One change as the log keeps it. `score` is "" for changes from before scores were kept."""

    at: Moment
    level: int
    roman: str
    what: str
    clause: str
    guideline: str
    link: str
    score: str
    why: tuple[str, ...]  # empty where it is that of the change before
    news: tuple[str, ...]  # what is other than at the change before
    otherwise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch at one level: from `x` to `to`, at `y`; `down` is where the line goes on to, None at the end."""

    level: int
    x: int
    to: int
    y: int
    down: int | None


@dataclass(frozen=True, slots=True)
class LevelHistory:
    """The whole, oldest change first. `score` is a path of the same width, "" where fewer than two are known."""

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    score: str
    area: str
    score_now: str
    begins: Moment
    ends: Moment
    is_over: bool
    told: str


def level_history(lines: Sequence[LogLine], alert: Alert, telling: Telling, *, own: bool) -> LevelHistory | None:
    """From an alert's log, oldest line first; what would have changed it is told where it is the reader's `own`.

    None when the log knows of no level (it begins later than the alert).
    """
    found = [line for line in lines if line.action in _ACTIONS and line.detail.get("level") in (1, 2, 3, 4)]
    if not found:
        return None
    found = [found[0], *found[1:][-MOST:]]  # an alert that is told anew every hour for a month has hundreds
    end = alert.closed_at or max(telling.now, found[-1].at)
    at = _scale(found[0].at, end)
    before = [None, *(line.detail for line in found)]
    changes = tuple(_change(line, last, telling, own=own) for line, last in zip(found, before, strict=False))
    score, area = _score(found, at)
    return LevelHistory(
        changes=changes,
        steps=_steps(found, at),
        score=score,
        area=area,
        score_now=telling.words.number(alert.score, telling.lang) if alert.source_id is None else "",
        begins=telling.surely(found[0].at),
        ends=telling.surely(end),
        is_over=alert.closed_at is not None,
        told=telling.say("web.joint.sentence").join(f"{one.what} {one.at.exact}" for one in changes),
    )


_ACTIONS = tuple(f"alert.{word}" for word in CHANGES)


def clause_link(clause: str) -> str:
    """Where the guideline in force tells of a clause; "" for what is no clause of ours."""
    plain = clean(clause)
    return f"/guideline#{plain}" if plain and plain.replace("-", "").replace("_", "").isalnum() else ""


def _scale(begin: datetime, end: datetime) -> Callable[[datetime], int]:
    span = max((end - begin).total_seconds(), 1.0)
    return lambda when: round(WIDE * min(1.0, max(0.0, (when - begin).total_seconds() / span)))


def _steps(lines: Sequence[LogLine], at: Callable[[datetime], int]) -> tuple[Step, ...]:
    ends = [at(line.at) for line in lines[1:]] + [WIDE]
    rows = [ROW * line.detail["level"] - ROW // 2 for line in lines]
    below: list[int | None] = [*rows[1:], None]
    return tuple(
        Step(line.detail["level"], at(line.at), to, y, down)
        for line, to, y, down in zip(lines, ends, rows, below, strict=True)
    )


def _score(lines: Sequence[LogLine], at: Callable[[datetime], int]) -> tuple[str, str]:
    known = [(at(line.at), line.detail["score"]) for line in lines if isinstance(line.detail.get("score"), int | float)]
    if not known or all(score == 0 for _, score in known):
        return "", ""
    drawn = [f"M{known[0][0]} {_height(known[0][1])}", *(f"H{x}V{_height(score)}" for x, score in known[1:])]
    path = f"{''.join(drawn)}H{WIDE}"
    return path, f"{path}V{TALL}H{known[0][0]}Z"


def _height(score: float) -> float:
    return round(TALL - TALL * min(100.0, max(0.0, score)) / 100, 1)


def _change(line: LogLine, last: Mapping[str, Any] | None, telling: Telling, *, own: bool) -> Change:
    detail, level, score = line.detail, line.detail["level"], line.detail.get("score")
    why = _phrases(detail.get("reasons"), telling)
    news = () if last is None else _news(detail, last, telling)
    same = last is not None and why == _phrases(last.get("reasons"), telling)
    return Change(
        at=telling.surely(line.at),
        level=level,
        roman=Level(level).roman,
        what=history_line(line, telling).what,
        clause=clean(detail.get("clause")),
        guideline=clean(detail.get("guideline")),
        link=clause_link(str(detail.get("clause") or "")),
        score=telling.words.number(score, telling.lang) if isinstance(score, int | float) and score else "",
        why=() if same and news else why,
        news=news,
        otherwise=_phrases(detail.get("otherwise"), telling) if own else (),
    )


def _news(detail: Mapping[str, Any], last: Mapping[str, Any], telling: Telling) -> tuple[str, ...]:
    """What is other than it was at the change before, or that nothing is.

    Of lines from before sources were kept that is not said.
    """
    told = []
    for name in ("score", "sources", "clause"):
        old, new = last.get(name), detail.get(name)
        if old and new and old != new:
            told.append(telling.say(f"levels.news.{name}", before=_value(old, telling), after=_value(new, telling)))
    now, then = _phrases(detail.get("reasons"), telling), _phrases(last.get("reasons"), telling)
    for name, only in (
        ("came", [one for one in now if one not in then]),
        ("gone", [one for one in then if one not in now]),
    ):
        if only:
            told.append(telling.say(f"levels.news.{name}", reasons=telling.say("web.joint.reasons").join(only)))
    if detail.get("crisis") != last.get("crisis"):
        told.append(telling.say("levels.news.crisis" if detail.get("crisis") else "levels.news.usual"))
    if not told and last.get("sources") is not None:
        told.append(telling.say("levels.news.none"))
    return tuple(told)


def _value(value: Any, telling: Telling) -> str:
    return clean(value) if isinstance(value, str) else telling.words.number(value, telling.lang)


def _phrases(kept: Any, telling: Telling) -> tuple[str, ...]:
    reasons: Sequence[Mapping[str, Any]] = kept if isinstance(kept, list) else ()
    said = (shorten(clean(telling.words.reason_text(one, telling.lang)), PHRASE) for one in reasons)
    return tuple(dict.fromkeys(said))
