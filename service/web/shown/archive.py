"""Imports of archives as the page of sources shows them."""

from dataclasses import dataclass

from service.notify.text import clean, shorten
from service.store.tables import ArchiveRun
from service.web.shown.outside import Outside, outside
from service.web.shown.row import Telling
from service.web.shown.times import Moment

NAME, ERROR = 120, 300
HEALTH = {"running": "waiting", "done": "good", "failed": "failing"}


@dataclass(frozen=True, slots=True)
class RunShown:
    """One import: whether it goes on, is over or broke off, and what it brought."""

    name: Outside
    state: str
    health: str
    counts: str
    span: str
    started: Moment
    ended: Moment | None
    error: str


def run_shown(run: ArchiveRun, telling: Telling) -> RunShown:
    """One import."""
    days = [f"{at:%Y-%m-%d}" for at in (run.oldest_at, run.newest_at) if at is not None]
    counts = {"new": run.new, "known": run.known, "unreadable": run.unreadable}
    return RunShown(
        name=outside(run.name, None, NAME),
        state=telling.say(f"archive.state.{run.state}"),
        health=HEALTH.get(run.state, "late"),
        counts=telling.say("archive.counts", **{name: f"{count:,}" for name, count in counts.items()}),
        span=telling.say("archive.span", first=days[0], last=days[-1]) if days else "",
        started=telling.surely(run.started_at),
        ended=telling.moment(run.ended_at),
        error=shorten(clean(run.error or ""), ERROR),
    )
