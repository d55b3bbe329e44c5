"""What is looked at to say whether the machine is well: one line a thing, judged by plain rules. Pure.

`unknown` is what nobody could look at, or what never reported: it never counts as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

ALIVE = timedelta(seconds=60)  # a worker writes every ten seconds
LATE = timedelta(minutes=2)
MINUTES_LATE = timedelta(minutes=10)
SKEW, BAD_SKEW = timedelta(seconds=5), timedelta(seconds=60)
GB = 2**30
ROOM, SCARCE = (0.10, 2 * GB), (0.03, GB // 2)  # share and bytes that should be free: to look at, and broken
BACKLOG = timedelta(minutes=5)
LONG = timedelta(minutes=30)
SLACK = timedelta(seconds=90)  # what a tick may be late besides three times its own time


class Vital(StrEnum):
    """How a thing does."""

    WELL = "well"
    LOOK = "look"
    BROKEN = "broken"
    UNKNOWN = "unknown"


GRAVEST = (Vital.BROKEN, Vital.UNKNOWN, Vital.LOOK, Vital.WELL)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: its words are `system.KEY.CODE`, with `values`; the advice `system.KEY.CODE.do` where it has one."""

    key: str
    state: Vital
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    href: str = ""
    original: str = ""  # the program's own sentence, in English


def worst(lines: Iterable[Line]) -> Vital:
    """The gravest state of some lines; nothing looked at is unknown."""
    found = {line.state for line in lines}
    return next((state for state in GRAVEST if state in found), Vital.UNKNOWN)


def schema(found: str | None, wanted: str | None) -> Line:
    """Whether tables and program are of one version."""
    values = {"found": found or "–", "wanted": wanted or "–"}
    if found is None:
        return Line("schema", Vital.BROKEN, "none", values)
    return (
        Line("schema", Vital.WELL, "fits", values) if found == wanted else Line("schema", Vital.BROKEN, "old", values)
    )


def clock(now: datetime, theirs: datetime | None, ahead: timedelta) -> Line:
    """How far the clocks of database and workers are from this one. `ahead` is the furthest future of a worker."""
    apart = max(abs(now - theirs) if theirs is not None else timedelta(), ahead)
    values = {"seconds": round(apart.total_seconds())}
    if apart > BAD_SKEW:
        return Line("clock", Vital.BROKEN, "skewed", values)
    if apart > SKEW:
        return Line("clock", Vital.LOOK, "skewed", values)
    return Line("clock", Vital.WELL, "alone" if theirs is None else "agrees", values)


def disk(free: int, total: int) -> Line:
    """Room where the data folder lies."""
    share = free / total if total else 0.0
    values = {"free": free, "total": total}
    for state, code, (part, size) in ((Vital.BROKEN, "full", SCARCE), (Vital.LOOK, "scarce", ROOM)):
        if free < size or (share < part and free < 20 * GB):
            return Line("disk", state, code, values)
    return Line("disk", Vital.WELL, "room", values)


def outbox(waiting: int, dead: int, oldest: datetime | None, now: datetime) -> tuple[Line, Line]:
    """Notices that wait, and dead letters."""
    behind = now - oldest if oldest is not None else timedelta()
    values = {"count": waiting, "seconds": round(behind.total_seconds())}
    if behind > MINUTES_LATE:
        first = Line("outbox", Vital.BROKEN, "stuck", values, "/deliveries?state=pending")
    elif behind > LATE:
        first = Line("outbox", Vital.LOOK, "stuck", values, "/deliveries?state=pending")
    else:
        first = Line("outbox", Vital.WELL, "waits" if waiting else "empty", values, "/deliveries")
    if dead:
        return first, Line("dead", Vital.LOOK, "some", {"count": dead}, "/deliveries?state=dead")
    return first, Line("dead", Vital.WELL, "none", {}, "/deliveries?state=dead")


def backlog(new: int, oldest: datetime | None, failed: int, now: datetime) -> tuple[Line, Line]:
    """Entries that wait for the model, and those that no model could read."""
    behind = now - oldest if oldest is not None else timedelta()
    values = {"count": new, "seconds": round(behind.total_seconds())}
    if behind > LONG:
        first = Line("entries", Vital.BROKEN, "behind", values)
    elif behind > BACKLOG:
        first = Line("entries", Vital.LOOK, "behind", values)
    else:
        first = Line("entries", Vital.WELL, "waits" if new else "none", values)
    if failed:
        return first, Line("unread", Vital.LOOK, "some", {"count": failed})
    return first, Line("unread", Vital.WELL, "none")


def sources(counts: Mapping[str, int], watched: int, critical: int) -> Line:
    """How the sources do. Silence of all is broken; a source whose state nobody knows is not well."""
    bad = {name: counts.get(name, 0) for name in ("failing", "refused", "quiet", "unknown")}
    values = {"count": watched, "bad": sum(bad.values()), **bad, "critical": critical}
    if not watched:
        return Line("sources", Vital.UNKNOWN, "none", values, "/sources")
    if critical:
        return Line("sources", Vital.BROKEN, "critical", values, "/sources?critical=1")
    if values["bad"] >= watched:
        return Line("sources", Vital.BROKEN, "all", values, "/sources")
    if bad["unknown"] and bad["unknown"] >= values["bad"]:
        return Line("sources", Vital.UNKNOWN, "unseen", values, "/sources?state=unknown")
    if values["bad"]:
        return Line("sources", Vital.LOOK, "some", values, "/sources")
    return Line("sources", Vital.WELL, "fine", values, "/sources")


def worker(name: str, started: datetime, seen: datetime, stopped: datetime | None, now: datetime) -> Line:
    """One worker: alive, gone without a word, or stopped in order."""
    values = {"name": name, "started": started, "seen": seen}
    if stopped is not None:
        return Line("worker", Vital.WELL, "stopped", values)
    gone = now - seen > ALIVE
    return Line("worker", Vital.LOOK if gone else Vital.WELL, "gone" if gone else "alive", values)


def work(alive: int, known: int) -> Line:
    """Whether anybody works."""
    if alive:
        return Line("work", Vital.WELL, "alive", {"count": alive})
    return Line("work", Vital.BROKEN, "gone") if known else Line("work", Vital.UNKNOWN, "never")


def tick(name: str, beat: Mapping[str, Any], started: datetime, now: datetime) -> Line:
    """One kind of work of one worker. `beat` is as in `WorkerRow.ticks`, with its times read."""
    every, at, begun = timedelta(seconds=beat["every"]), beat.get("at"), beat.get("begun")
    values = {"tick": name, "every": every, "at": at, "took": beat.get("took")}
    patience = 3 * every + SLACK
    if begun is not None and (at is None or begun > at):
        if now - begun > patience:
            slow = now - begun > max(patience, LONG)
            return Line("tick", Vital.LOOK if slow else Vital.WELL, "busy", {**values, "begun": begun})
    elif now - (at or started) > patience:
        return Line("tick", Vital.BROKEN, "late" if at is not None else "never", values)
    return _ended(beat, values, now) if at is not None else Line("tick", Vital.WELL, "soon", values)


def _ended(beat: Mapping[str, Any], values: Mapping[str, Any], now: datetime) -> Line:
    well, failed, error = beat.get("ok"), beat.get("failed"), str(beat.get("error", ""))
    if failed is not None and (well is None or failed > well):
        return Line("tick", Vital.BROKEN, "fails", {**values, "failed": failed}, original=error)
    if failed is not None and now - failed < timedelta(hours=1):
        return Line("tick", Vital.LOOK, "failed", {**values, "failed": failed}, original=error)
    return Line("tick", Vital.WELL, "runs", values)


def remote(key: str, failures: int, error: str, *, never: bool, href: str = "") -> Line:
    """Something outside that we ask: a mailbox, an endpoint for translations."""
    if failures:
        return Line(key, Vital.BROKEN if failures > 2 else Vital.LOOK, "fails", {"count": failures}, href, error)
    return Line(key, Vital.UNKNOWN, "never", {}, href) if never else Line(key, Vital.WELL, "answers", {}, href)
