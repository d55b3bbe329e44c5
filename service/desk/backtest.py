"""Backtest: a guideline held against the one in force, over the events that are stored, on every core.

Events are dealt out by number, so that long stories spread; each worker opens the database itself and only reads.
joblib carries the parts: a cluster takes them by the name of its backend (`joblib.parallel_config`).
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import joblib
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.backtest import MOST_SHOWN, NONE, Tally, added_up, tallies
from rules.guideline import Guideline, parse_guideline
from rules.holdings import NOTHING
from rules.level import Level
from rules.parties import EVERY_MARK, Party
from service.record.situated import Means, situation_of
from service.store.backtest import event_numbers, event_titles, stored_events
from service.store.engine import Store, open_store
from service.store.exposure import read_holdings
from service.store.people import home_organisation
from service.store.postures import postures_since
from service.store.tables import Organisation

FEW = 2_000  # events that one process has done before another has started
DEALS = 4  # parts a core, so that none waits long for another


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of it for the desk, and between which versions and days. `seconds` is what it took on `cores`."""

    old: str
    new: str
    since: datetime
    until: datetime
    tally: Tally
    seconds: float
    cores: int
    others: tuple[Tally, ...] = ()  # of other organisations, each with alerts of its own
    processor: tuple[float, ...] = ()  # seconds of each process that counted

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
    means: Means,
    since: datetime,
    until: datetime,
    cores: int | None = None,
) -> Backtest:
    """The guideline in force (first) and a new one over every event heard of since then, for every organisation, under
    the postures that there were.

    Of `means` only people and routes are looked at: what everybody has abroad is read where the counting is done.
    """
    began = time.perf_counter()
    means = replace(means, postures=postures_since(store, since))
    guidelines = (parse_guideline(texts[0], "in force"), parse_guideline(texts[1], "new"))
    with store.read() as session:
        numbers = event_numbers(session, since)
    cores = cores or os.cpu_count() or 1
    if len(numbers) <= FEW or cores == 1:
        cores, alone = 1, time.process_time()
        found = _counted(store, numbers, guidelines, means, since, until)
        spent: tuple[float, ...] = (time.process_time() - alone,)
    else:
        found, spent = _dealt(store, numbers, texts, means, since, until, cores)
    whole, others = _told_apart(store, found)
    versions = (guidelines[0].version, guidelines[1].version)
    seconds = round(time.perf_counter() - began, 2)
    processor = tuple(round(one, 2) for one in spent)
    return Backtest(*versions, since, until, _named(store, whole), seconds, cores, others, processor)


def _dealt(
    store: Store,
    numbers: Sequence[int],
    texts: tuple[str, str],
    means: Means,
    since: datetime,
    until: datetime,
    cores: int,
) -> tuple[dict[int, Tally], tuple[float, ...]]:
    url = store.engine.url.render_as_string(hide_password=False)
    parts = [numbers[start :: cores * DEALS] for start in range(cores * DEALS)]
    light = replace(means, plans=None, everybody=NOTHING)
    work = (joblib.delayed(_part)(url, part, texts, light, since, until) for part in parts)
    told = joblib.Parallel(n_jobs=cores, batch_size=1)(work)
    spent: dict[int, float] = {}
    for _, process, seconds in told:
        spent[process] = spent.get(process, 0.0) + seconds
    found = [tallied for tallied, _, _ in told]
    return {key: added_up(one[key] for one in found) for key in found[0]}, tuple(spent.values())


def _part(
    url: str,
    numbers: Sequence[int],
    texts: tuple[str, str],
    means: Means,
    since: datetime,
    until: datetime,
) -> tuple[dict[int, Tally], int, float]:
    """The tallies of a part, with the process that made them and its seconds of processor time."""
    store, began = open_store(url), time.process_time()
    try:
        guidelines = (parse_guideline(texts[0]), parse_guideline(texts[1]))
        found = _counted(store, numbers, guidelines, means, since, until)
        return found, os.getpid(), time.process_time() - began
    finally:
        store.dispose()


def _counted(
    store: Store,
    numbers: Sequence[int],
    guidelines: tuple[Guideline, Guideline],
    means: Means,
    since: datetime,
    until: datetime,
) -> dict[int, Tally]:
    with store.read() as session:
        everybody = read_holdings(session)
        parties = _parties(session, replace(means, plans=None, everybody=everybody))
    events = stored_events(store, numbers, words=bool(everybody.partners))
    return tallies(events, guidelines, parties, everybody, since, until)


def _parties(session: Session, means: Means) -> list[Party]:
    """The desk, and every other organisation that has something abroad."""
    rows = session.exec(select(Organisation).order_by(col(Organisation.home).desc(), col(Organisation.id))).all()
    return [
        Party(
            row.id or 0,
            situation_of(session, None, row, means),
            EVERY_MARK if row.home else Sharing(row.clearance).strictness,
            desk=row.home,
        )
        for row in rows
        if row.home or row.id in means.everybody.organisations
    ]


def _told_apart(store: Store, found: Mapping[int, Tally]) -> tuple[Tally, tuple[Tally, ...]]:
    """The desk's own tally, and those of the others that anything was decided for."""
    with store.read() as session:
        desk = home_organisation(session).id or 0
    return found[desk], tuple(one for key, one in sorted(found.items()) if key != desk and one.events)


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
        "processor_seconds": list(found.processor),
        "kinds": dict(whole.kinds),
        "matrix": [
            {"old": old if old < NONE else None, "new": new if new < NONE else None, "events": count}
            for (old, new), count in sorted(whole.matrix.items())
        ],
        "load": load_rows(whole),
        "others": others_row(found),
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


def others_row(found: Backtest) -> dict[str, int] | None:
    """All other organisations together: what each of them has abroad is its own, so that none is named. None where
    nothing was decided for any."""
    if not found.others:
        return None
    whole = added_up(found.others)
    kinds = {kind: whole.kinds.get(kind, 0) for kind in ("added", "gone", "raised", "lowered")}
    return {"organisations": len(found.others), "alerts": whole.events, "decisions": whole.decisions, **kinds}


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
