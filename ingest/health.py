"""How a source does: what its looks showed, added up. Pure; `service` keeps it beside the source.

All of it is counted look by look, so that nothing has to be asked of the database later, and all of it is bounded: one
source is about 1 KB of JSON. What the numbers come to is said in `ingest.state`.

**Rhythm.** Kept are the last 21 gaps between looks that brought something new, whose median is the usual pace, and for
each of the last 28 days the longest gap that ended on it. Days, because nights and weekends make a newspaper silent as
a matter of course: a window of gaps at twenty minutes each holds seven hours and has never seen a Sunday, and a
decaying quantile forgets it by Wednesday. Four weeks hold four of each. A gap counts only when we were there to see it:
not across a failure, and not when we ourselves had not looked for long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

DAY = 86_400
DAYS = 28
LOOKS = 50  # whose success is remembered one by one
GAPS, LAGS, KINDS, PROBLEMS, SENTENCE = 21, 15, 5, 2, 120
RECENT = 1_000  # items after which older ones begin to count half
FAILED = frozenset(("failed", "refused", "held"))
_MASK = (1 << LOOKS) - 1


class State(StrEnum):
    """How a source does, best first; `paused` stands apart and is said by whoever paused it."""

    OK = "ok"  # answers, and brings something new as often as it usually does
    NEW = "new"  # never looked at yet, and not due for longer than the grace
    MOVED = "moved"  # works, but a permanent redirect leads elsewhere: the address should be corrected
    DEGRADED = "degraded"  # answers, but something is wrong: `troubles` says what
    QUIET = "quiet"  # answers, but nothing new for much longer than its rhythm
    FAILING = "failing"  # the last two looks failed, or the only one
    REFUSED = "refused"  # they or we said no: 401, 403, 410, the address guard, the size limit, robots
    UNKNOWN = "unknown"  # a look was due and nobody looked
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source showed; `ingest.looked` makes it.

    `outcome` is that of `ingest.feed.Outcome`, `reason` the kind of a failure (`timeout`, `http 403`, `parser` …).
    `bytes` came over the wire after unpacking. Only if a document was `read` do the other counts say anything: `items`
    stood in it, `copies` of them with the title and text of another, `fresh` were new or changed; of those `missing`,
    `future`, `ancient` and `unreadable` had no date that may be believed, and `lag` is the median of the seconds
    between publication and this look over the rest. `interval` is the source's, in seconds.
    """

    at: datetime
    outcome: str
    reason: str = ""
    interval: int = 900
    bytes: int = 0
    read: bool = False
    items: int = 0
    copies: int = 0
    fresh: int = 0
    missing: int = 0
    future: int = 0
    ancient: int = 0
    unreadable: int = 0
    lag: int | None = None
    problems: tuple[str, ...] = ()


class Day(NamedTuple):
    """One day in UTC: entries, looks, failed looks, and the longest gap between news that ended on it, in minutes."""

    entries: int = 0
    looks: int = 0
    failed: int = 0
    gap: int = 0


class Failure(NamedTuple):
    """A kind of failure: how often, and when last (seconds since 1970)."""

    kind: str
    times: int
    at: int


class Items(NamedTuple):
    """Items lately seen in documents, and of the fresh ones those without a date that may be believed."""

    seen: int = 0
    copies: int = 0
    fresh: int = 0
    missing: int = 0
    future: int = 0
    ancient: int = 0
    unreadable: int = 0


_NO_ITEMS, _NO_DAY = Items(), Day()


@dataclass(frozen=True, slots=True)
class Health:
    """Sums over the looks at a source. Times are whole seconds since 1970, 0 for never.

    `looks`, `failed`, `bytes` and `entries` are counted from the beginning; `recent` and `size` (bytes of a document)
    lose weight with time. `bits` says of the last looks, newest in the lowest bit, whether they succeeded. `day` is the
    number of the day that `today` counts for; `past` are the days before it, oldest first.
    """

    looks: int = 0
    failed: int = 0
    bytes: int = 0
    entries: int = 0
    size: int = 0
    last: str = ""
    since: int = 0
    at: int = 0
    new_at: int = 0
    empty: int = 0  # looks in a row that found a document without items
    bits: int = 0
    recent: Items = _NO_ITEMS
    gaps: tuple[int, ...] = ()
    lags: tuple[int, ...] = ()
    failures: tuple[Failure, ...] = ()
    problems: tuple[str, ...] = ()
    day: int = 0
    today: Day = _NO_DAY
    past: tuple[Day, ...] = ()

    @property
    def good(self) -> int:
        """How many of the last looks in a row succeeded, at most 50."""
        return _trailing_ones(self.bits)

    @property
    def days(self) -> tuple[Day, ...]:
        """The last days, today last."""
        return (*self.past, self.today)


HEALTHY = Health()


def observe(health: Health, look: Look) -> Health:
    """The health after one more look. Total: no look is refused, and a clock that went back does no harm."""
    at = max(int(look.at.timestamp()), 0)
    failed = look.outcome in FAILED
    gap = _gap(health, look, at)
    day, today, past = _calendar(health, at)
    brought = look.fresh > 0
    return Health(
        health.looks + 1,
        health.failed + failed,
        health.bytes + look.bytes,
        health.entries + look.fresh,
        _size(health.size, look.bytes),
        look.outcome,
        health.since or at,
        at,
        at if brought else health.new_at,
        health.empty + (look.outcome == "empty") if look.read else health.empty,
        ((health.bits << 1) | (not failed)) & _MASK,
        _recent(health.recent, look) if look.read else health.recent,
        health.gaps if gap is None else (*health.gaps, gap)[-GAPS:],
        # What stood there before we first looked says nothing of how fast we are.
        (*health.lags, look.lag)[-LAGS:] if brought and look.lag is not None and health.new_at else health.lags,
        _failures(health.failures, look, at) if failed else health.failures,
        # An unchanged document was not read again: what was odd about it still is.
        _sentences(look.problems) if look.read else health.problems,
        day,
        Day(today[0] + look.fresh, today[1] + 1, today[2] + failed, max(today[3], (gap or 0) // 60)),
        past,
    )


def _gap(health: Health, look: Look, at: int) -> int | None:
    """Seconds since something new came before this look; None when nothing did, or when we were not looking."""
    if not (look.fresh > 0 and health.new_at and health.bits & 1):
        return None
    if at - health.at > 3 * max(look.interval, 1) + 3_600:
        return None
    return max(at - health.new_at, 0)


def _calendar(health: Health, at: int) -> tuple[int, Day, tuple[Day, ...]]:
    day = at // DAY
    if day <= health.day or not health.day:
        return (health.day or day, health.today, health.past)
    # Days without a look stand there as such: whoever looks back must not take them for calm.
    idle = (Day(),) * min(day - health.day - 1, DAYS)
    return (day, Day(), (*health.past, health.today, *idle)[-(DAYS - 1) :])


def _recent(recent: Items, look: Look) -> Items:
    added = (look.items, look.copies, look.fresh, look.missing, look.future, look.ancient, look.unreadable)
    halved = 2 if recent.seen > RECENT else 1
    return Items(*(before // halved + now for before, now in zip(recent, added, strict=True)))


def _size(size: int, came: int) -> int:
    return size if not came else came if not size else size + (came - size) // 8


def _failures(known: tuple[Failure, ...], look: Look, at: int) -> tuple[Failure, ...]:
    kind = (look.reason or look.outcome)[:20]
    before = next((one.times for one in known if one.kind == kind), 0)
    return (Failure(kind, before + 1, at), *(one for one in known if one.kind != kind))[:KINDS]


def _sentences(problems: Iterable[str]) -> tuple[str, ...]:
    return tuple(one[:SENTENCE] for one in tuple(problems)[:PROBLEMS])


def _trailing_ones(bits: int) -> int:
    return ((bits + 1) & ~bits).bit_length() - 1


def health_values(health: Health) -> dict[str, Any]:
    """As it is kept: plain JSON."""
    return {
        "looks": health.looks,
        "failed": health.failed,
        "bytes": health.bytes,
        "entries": health.entries,
        "size": health.size,
        "last": health.last,
        "since": health.since,
        "at": health.at,
        "new_at": health.new_at,
        "empty": health.empty,
        "bits": health.bits,
        "recent": list(health.recent),
        "gaps": list(health.gaps),
        "lags": list(health.lags),
        "failures": [list(one) for one in health.failures],
        "problems": list(health.problems),
        "day": health.day,
        "today": list(health.today),
        "past": [list(one) for one in health.past],
    }


def health_of(values: Mapping[str, Any]) -> Health:
    """As it was kept; fields of another version are passed over, and what cannot be understood begins anew."""
    known = {key: value for key, value in values.items() if key in Health.__dataclass_fields__}
    try:
        shaped = {
            "recent": Items(*known.get("recent", ())),
            "gaps": tuple(known.get("gaps", ())),
            "lags": tuple(known.get("lags", ())),
            "failures": tuple(Failure(*one) for one in known.get("failures", ())),
            "problems": tuple(known.get("problems", ())),
            "today": Day(*known.get("today", ())),
            "past": tuple(Day(*one) for one in known.get("past", ())),
        }
    except TypeError:
        return HEALTHY
    return Health(**(known | shaped))
