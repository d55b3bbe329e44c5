"""Backtest: a guideline held against the one in force, over the events that are stored, on every core.

Events are dealt out by number, so that long stories spread; each worker opens the database itself and only reads.
joblib carries the parts: a cluster takes them by the name of its backend (`joblib.parallel_config`).
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import joblib

from rules.backtest import MOST_SHOWN, NONE, Tally, added_up, tally
from rules.guideline import parse_guideline
from rules.level import Level
from rules.posture import Posture
from rules.situation import Owner
from service.store.backtest import event_numbers, event_titles, stored_events
from service.store.engine import Store, open_store
from service.store.postures import postures_since

FEW = 2_000  # events that one process has done before another has started
DEALS = 4  # parts a core, so that none waits long for another


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of it, and between which versions and days. `seconds` is what it took on `cores`."""

    old: str
    new: str
    since: datetime
    until: datetime
    tally: Tally
    seconds: float
    cores: int

    @property
    def added(self) -> int:
        """Events that would have had an alert and had none."""
        return self.tally.kinds.get("added", 0)

    @property
    def gone(self) -> int:
        """Events that had an alert and would have none."""
        return self.tally.kinds.get("gone", 0)


def run_backtest(
    store: Store,
    texts: tuple[str, str],
    owners: tuple[Owner, ...],
    since: datetime,
    until: datetime,
    cores: int | None = None,
) -> Backtest:
    """The guideline in force (first) and a new one over every event heard of since then, under the postures that there
    were."""
    began = time.perf_counter()
    postures = postures_since(store, since)
    guidelines = (parse_guideline(texts[0], "in force"), parse_guideline(texts[1], "new"))
    with store.read() as session:
        numbers = event_numbers(session, since)
    cores = cores or os.cpu_count() or 1
    if len(numbers) <= FEW or cores == 1:
        cores, whole = 1, tally(stored_events(store, numbers), guidelines, owners, since, until, postures)
    else:
        whole = _dealt(store, numbers, texts, owners, since, until, cores, postures)
    named = _named(store, whole)
    versions = (guidelines[0].version, guidelines[1].version)
    return Backtest(*versions, since, until, named, round(time.perf_counter() - began, 2), cores)


def _dealt(
    store: Store,
    numbers: Sequence[int],
    texts: tuple[str, str],
    owners: tuple[Owner, ...],
    since: datetime,
    until: datetime,
    cores: int,
    postures: tuple[Posture, ...],
) -> Tally:
    url = store.engine.url.render_as_string(hide_password=False)
    parts = [numbers[start :: cores * DEALS] for start in range(cores * DEALS)]
    work = (joblib.delayed(_part)(url, part, texts, owners, since, until, postures) for part in parts)
    return added_up(joblib.Parallel(n_jobs=cores, batch_size=1)(work))


def _part(
    url: str,
    numbers: Sequence[int],
    texts: tuple[str, str],
    owners: tuple[Owner, ...],
    since: datetime,
    until: datetime,
    postures: tuple[Posture, ...],
) -> Tally:
    store = open_store(url)
    try:
        guidelines = (parse_guideline(texts[0]), parse_guideline(texts[1]))
        return tally(stored_events(store, numbers), guidelines, owners, since, until, postures)
    finally:
        store.dispose()


def _named(store: Store, found: Tally) -> Tally:
    with store.read() as session:
        titles = event_titles(session, [int(one.event) for one in found.differences])
    told = tuple(replace(one, title=titles.get(int(one.event), "")) for one in found.differences)
    return replace(found, differences=told)


def told_level(level: int) -> str:
    """A level as a Roman numeral, a dash for none."""
    return "–" if level == NONE else Level(level).roman


def backtest_values(found: Backtest, limit: int = MOST_SHOWN) -> dict[str, Any]:
    """The same for JSON: the outward shape of a backtest, version 1."""
    whole = found.tally
    return {
        "old": found.old,
        "new": found.new,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "events": whole.events,
        "assessments": whole.reports,
        "decisions": whole.decisions,
        "seconds": found.seconds,
        "cores": found.cores,
        "kinds": dict(whole.kinds),
        "matrix": [
            {"old": old if old < NONE else None, "new": new if new < NONE else None, "events": count}
            for (old, new), count in sorted(whole.matrix.items())
        ],
        "load": load_rows(whole),
        "clauses": clause_rows(whole),
        "lead": {
            "events": len(whole.lead),
            "earlier": sum(hours > 0 for hours in whole.lead),
            "later": sum(hours < 0 for hours in whole.lead),
            "median_hours": whole.median_lead(),
        },
        "differences": [
            {
                "event": int(one.event),
                "kind": one.kind,
                "old_level": one.old_level if one.old_level < NONE else None,
                "new_level": one.new_level if one.new_level < NONE else None,
                "old_clause": one.old_clause,
                "new_clause": one.new_clause,
                "score": one.score,
                "at": one.at.isoformat() if one.at else None,
                "title": one.title,
            }
            for one in whole.differences[:limit]
        ],
    }


def load_rows(whole: Tally) -> list[dict[str, Any]]:
    """Interruptions by owner: in all, and in the worst week, before and after."""
    owners = sorted({owner for owner, _ in (*whole.old_calls, *whole.new_calls)})
    weeks = {week for _, week in (*whole.old_calls, *whole.new_calls)}
    rows = []
    for owner in owners:
        old = [whole.old_calls.get((owner, week), 0) for week in weeks]
        new = [whole.new_calls.get((owner, week), 0) for week in weeks]
        rows.append(
            {
                "owner": owner,
                "old": sum(old),
                "new": sum(new),
                "old_a_week": round(sum(old) / len(weeks), 1),
                "new_a_week": round(sum(new) / len(weeks), 1),
                "old_worst": max(old),
                "new_worst": max(new),
            }
        )
    return sorted(rows, key=lambda row: (-int(row["new"]), str(row["owner"])))


def clause_rows(whole: Tally) -> list[dict[str, Any]]:
    """Events that each clause graded, before and after, where that is not the same."""
    ids = sorted({*whole.old_clauses, *whole.new_clauses})
    rows = [{"clause": one, "old": whole.old_clauses.get(one, 0), "new": whole.new_clauses.get(one, 0)} for one in ids]
    return [row for row in rows if row["old"] != row["new"]]
