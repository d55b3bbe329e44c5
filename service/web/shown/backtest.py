"""What a changed guideline would have done, as the page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.level import Level
from service.web.shown.row import Telling


@dataclass(frozen=True, slots=True)
class BacktestShown:
    """What came of a backtest. `matrix` has a row for each old level: its name, and the counts by new level."""

    head: str
    kinds: tuple[tuple[str, int], ...]
    lead: str
    levels: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[tuple[int, bool], ...]], ...]
    load: tuple[Mapping[str, Any], ...]
    clauses: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    others: str  # of organisations besides the desk's


def backtest_shown(found: Mapping[str, Any] | None, telling: Telling, limit: int = 40) -> BacktestShown | None:
    """A stored backtest in the reader's language."""
    if not found:
        return None
    rows = {(one["old"], one["new"]): one["events"] for one in found["matrix"]}
    levels: Sequence[int | None] = (1, 2, 3, 4, None)
    names = tuple(_roman(level) for level in levels)
    lead = found["lead"]
    told = telling.say("guideline.backtest.lead", count=lead["events"], hours=f"{lead['median_hours']:+.1f}")
    values = {key: found[key] for key in ("old", "new", "events", "seconds", "cores")}
    others = found.get("others")  # of older ones nobody else was asked
    return BacktestShown(
        others=telling.say("trust.others", **others) if others else "",
        head=telling.say("guideline.backtest.head", count=found["assessments"], **values),
        kinds=tuple((telling.say(f"guideline.kind.{kind}"), count) for kind, count in found["kinds"].items()),
        lead=told if lead["earlier"] or lead["later"] else "",
        levels=names,
        matrix=tuple((_roman(old), tuple((rows.get((old, new), 0), old == new) for new in levels)) for old in levels),
        load=tuple({**one, "name": telling.owner(one["owner"])} for one in found["load"]),
        clauses=tuple(found["clauses"]),
        events=tuple(
            {
                **one,
                "kind_name": telling.say(f"guideline.kind.{one['kind']}"),
                "levels": f"{_roman(one['old_level'])} → {_roman(one['new_level'])}",
            }
            for one in found["differences"][:limit]
        ),
    )


def _roman(level: int | None) -> str:
    return "–" if level is None else Level(level).roman
