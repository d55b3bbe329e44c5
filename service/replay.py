"""Replay: stored days walked through once more, to see what the model and the rules of today would have told of them.

It happens in a store of its own that is thrown away; the real one is only read, and no notice is ever sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from service.auth.access import operator_scope
from service.crisis import posture_due
from service.observe import Metrics
from service.pipeline import Walk, assess_due, decide_due, recheck_due
from service.store.engine import Store, open_store
from service.store.exposure import CurrentHoldings, copy_holdings
from service.store.history import Seen, copy_entries, copy_sources, history
from service.store.log import follow_log, last_line
from service.store.migrate import upgrade
from service.store.people import found_home, home_organisation
from service.store.postures import copy_postures
from service.store.read_alerts import get_alert

TICK = timedelta(minutes=1)  # entries that came within one are walked together
STEP = timedelta(hours=1)  # how often alerts that are held above their reports are looked at again


@dataclass(frozen=True, slots=True)
class Span:
    """Which days, and how many times faster than life; 0 is as fast as can be."""

    since: datetime
    until: datetime
    speed: float = 0.0


Change = dict[str, Any]


def replayed(walk: Walk, span: Span, folder: Path, sleep: Callable[[float], None]) -> Iterator[Change]:
    """Every change of an alert that would have been, in order, as it happens. `folder` is to be thrown away."""
    store = open_store(f"sqlite:///{folder / 'replay.db'}")
    try:
        upgrade(store)
        with store.write() as session:
            found_home(session, span.since)
        copy_sources(walk.store, store)
        copy_holdings(walk.store, store)
        copy_postures(walk.store, store)
        yield from _Film(walk, store, span, sleep).run()
    finally:
        store.dispose()


class _Film:
    """One replay with its own clock, which the pipeline asks for the time."""

    def __init__(self, walk: Walk, store: Store, span: Span, sleep: Callable[[float], None]) -> None:
        self._real, self._store, self._span, self._sleep = walk.store, store, span, sleep
        self._now = span.since
        with walk.store.read() as session:
            guideline = walk.guideline_now(session)
        with store.read() as session:
            home = home_organisation(session).id or 0
            self._scope = operator_scope(session)
            self._told = last_line(session)
        self._walk = replace(
            walk,
            store=store,
            clock=lambda: self._now,
            by="replay",
            organisation_id=home,
            metrics=Metrics(),
            demo=False,
            guideline=lambda _session, _now: guideline,
            holdings=CurrentHoldings(),
        )

    def run(self) -> Iterator[Change]:
        for scene in _scenes(history(self._real, self._span.since, self._span.until)):
            yield from self._pass(scene[-1].at)
            with self._store.write() as session:
                copy_entries(session, scene)
            while assess_due(self._walk) + decide_due(self._walk):
                pass
            posture_due(self._walk)
            yield from self._changes()
        yield from self._pass(self._span.until)

    def _pass(self, until: datetime) -> Iterator[Change]:
        """Let time pass; as long as an alert is held above what its reports say, hour by hour."""
        while self._now + STEP < until and recheck_due(self._walk):
            yield from self._changes()
            self._go(self._now + STEP)
        self._go(until)
        posture_due(self._walk)
        recheck_due(self._walk)
        yield from self._changes()

    def _go(self, at: datetime) -> None:
        if self._span.speed:
            self._sleep((at - self._now).total_seconds() / self._span.speed)
        self._now = max(self._now, at)

    def _changes(self) -> Iterator[Change]:
        with self._store.read() as session:
            while lines := follow_log(session, self._scope, self._told):
                for line in lines:
                    self._told = line.id or 0
                    if line.subject != "alert":  # a response or a comment: no change of an alert
                        continue
                    alert = get_alert(session, self._scope, int(line.subject_id))
                    yield {
                        "at": line.at,
                        "action": line.action.removeprefix("alert."),
                        "alert": alert.id,
                        "level": line.detail.get("level"),
                        "before": line.detail.get("before"),
                        "clause": line.detail.get("clause"),
                        "title": alert.title,
                        "countries": alert.countries,
                        "categories": alert.categories,
                        "sources": alert.sources,
                        "unconfirmed": alert.unconfirmed,
                    }


def _scenes(seen: Iterator[Seen]) -> Iterator[list[Seen]]:
    """What came within one tick, together."""
    scene: list[Seen] = []
    for one in seen:
        if scene and one.at - scene[0].at >= TICK:
            yield scene
            scene = []
        scene.append(one)
    if scene:
        yield scene
