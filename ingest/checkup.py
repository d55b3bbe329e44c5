"""Everything that can be said of a source's health, in one value for commands, API and pages. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.feed import Feed
from ingest.health import Day, Failure, Health
from ingest.state import lag, rhythm, silence, success, troubles

HISTORY = 28


@dataclass(frozen=True, slots=True)
class Checkup:
    """Facts about one source. Shares are 0–1, and None where there is nothing yet to take them of.

    `known` is the share of items lately seen in documents that had been seen before, `copies` of those that say what
    another one of the same document says, `dated` of new entries that bear a date that may be believed. `days` are the
    last 28, today last.
    """

    troubles: tuple[str, ...]
    looks: int
    failed: int
    entries: int
    success: float | None
    bytes: int
    size: int
    usual: timedelta | None
    longest: timedelta | None
    patience: timedelta
    learnt: bool
    silence: timedelta | None
    lag: timedelta | None
    known: float | None
    copies: float | None
    dated: float | None
    missing: float | None
    future: float | None
    ancient: float | None
    unreadable: float | None
    failures: tuple[Failure, ...]
    problems: tuple[str, ...]
    days: tuple[Day, ...]


def checkup(feed: Feed, health: Health, now: datetime) -> Checkup:
    """What is known of a source at `now`."""
    found, recent = rhythm(feed, health), health.recent
    undated = recent.missing + recent.future + recent.ancient + recent.unreadable
    return Checkup(
        troubles=troubles(feed, health),
        looks=health.looks,
        failed=health.failed,
        entries=health.entries,
        success=success(health) if health.looks else None,
        bytes=health.bytes,
        size=health.size,
        usual=found.usual,
        longest=found.longest,
        patience=found.patience,
        learnt=found.learnt,
        silence=silence(health, now) if health.looks else None,
        lag=lag(health),
        known=_share(recent.seen - recent.fresh, recent.seen),
        copies=_share(recent.copies, recent.seen),
        dated=_share(recent.fresh - undated, recent.fresh),
        missing=_share(recent.missing, recent.fresh),
        future=_share(recent.future, recent.fresh),
        ancient=_share(recent.ancient, recent.fresh),
        unreadable=_share(recent.unreadable, recent.fresh),
        failures=health.failures,
        problems=health.problems,
        days=last_days(health, now),
    )


def last_days(health: Health, now: datetime) -> tuple[Day, ...]:
    """The last 28 days up to now, oldest first; days without a look are there, and empty."""
    today = int(now.astimezone(UTC).timestamp()) // 86_400
    ahead = max(today - health.day, 0) if health.day else 0
    days = (*health.days, *(Day(),) * min(ahead, HISTORY))[-HISTORY:]
    return (*(Day(),) * (HISTORY - len(days)), *days)


def _share(part: int, whole: int) -> float | None:
    return round(min(max(part / whole, 0.0), 1.0), 4) if whole else None
