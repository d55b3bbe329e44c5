"""The one word that a source's health comes to. Pure: the same facts and `now` give the same word.

Nothing unknown is ever called clear: where no look was made when one was due, the word is `unknown`, whatever was known
before. What each word means stands at `ingest.health.State`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from ingest.feed import Feed, FeedState
from ingest.health import Health, State

GRACE = timedelta(minutes=10)  # a look may be this late before we say that we do not know
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST = timedelta(days=90)
# Sources that speak when something happens, and not because it is morning.
EVENT_DRIVEN = frozenset(("sanctions", "advisory", "hazard"))
REFUSALS = frozenset((
    "http 401", "http 402", "http 403", "http 407", "http 410", "http 451", "address", "too large", "robots",
))  # fmt: skip
_GAPS, _HISTORY = 8, 3 * 86_400  # gaps and seconds of history without which there is no rhythm to speak of
_FEW, _MANY = 10, 20
_UNSTEADY, _HALF = 0.8, 0.5


WORST_FIRST = (*tuple(reversed(State))[1:], State.PAUSED)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something new comes. `learnt` is False while there is too little history to tell.

    `usual` is the median gap, `longest` the longest silence that is nothing special, `patience` the silence after which
    the source is called quiet.
    """

    usual: timedelta | None
    longest: timedelta | None
    patience: timedelta
    learnt: bool


def state_of(feed: Feed, state: FeedState, now: datetime) -> State:
    """The word for a source as it stands at `now`; never `paused`, which is not the source's doing."""
    health = state.health
    if is_overdue(state.next_check, now):
        return State.UNKNOWN
    if not health.looks:
        return State.NEW
    if health.last == "held":
        return State.DEGRADED
    if health.last == "refused" or (health.last == "failed" and _refusal(health)):
        return State.REFUSED
    if health.last == "failed" and not health.bits & 2:
        return State.FAILING
    if silence(health, now) > rhythm(feed, health).patience:
        return State.QUIET
    if troubles(feed, health):
        return State.DEGRADED
    return State.MOVED if state.address is not None else State.OK


def is_overdue(next_check: datetime | None, now: datetime) -> bool:
    """Whether a look was due and, grace included, nobody looked."""
    return next_check is not None and now > next_check + GRACE


def silence(health: Health, now: datetime) -> timedelta:
    """How long nothing new has come; since the first look where nothing ever did."""
    since = health.new_at or health.since
    return max(timedelta(seconds=now.timestamp() - since), timedelta()) if since else timedelta()


def troubles(feed: Feed, health: Health) -> tuple[str, ...]:
    """What is wrong with a source that answers, as codes: nothing of it alone makes it fail."""
    looks = min(health.looks, 50)
    recent = health.recent
    undated = recent.missing + recent.future + recent.ancient + recent.unreadable
    found = {
        "held": health.last == "held",
        "failed": health.last == "failed",
        "unsteady": looks >= _FEW and success(health) < _UNSTEADY,
        "problems": bool(health.problems),
        "empty": health.last == "empty" and health.entries > 0 and feed.kind not in EVENT_DRIVEN,
        # Lists tell how things stand; what stands need not say since when.
        "dates": feed.kind not in ("sanctions", "advisory") and recent.fresh >= _FEW and undated > _HALF * recent.fresh,
        "copies": recent.seen >= _MANY and recent.copies > _HALF * recent.seen,
    }
    return tuple(code for code, holds in found.items() if holds)


def success(health: Health) -> float:
    """The share of the last 50 looks that succeeded, 1.0 when there was none."""
    looks = min(health.looks, 50)
    return health.bits.bit_count() / looks if looks else 1.0


def rhythm(feed: Feed, health: Health) -> Rhythm:
    """How often something new comes, and how long a silence is nothing special.

    Quiet means longer than twice the longest usual silence and four times the usual pace, three times the silence for
    sources that speak when something happens; never less than four intervals, and half an hour for a critical source,
    an hour for others. While there is no rhythm yet, a critical source is given 96 of its own intervals and at least a
    day (a week if it is event-driven): its silence must be noticed some time. Others get two weeks, or six.
    """
    gaps, longest = health.gaps, _longest(health)
    usual = timedelta(seconds=median_low(gaps)) if gaps else None
    interval = timedelta(seconds=min(max(feed.interval, 1), 30 * 86_400))
    eventful = feed.kind in EVENT_DRIVEN
    if usual is None or longest is None or len(gaps) < _GAPS or health.at - health.since < _HISTORY:
        unknown = max(96 * interval, (7 if eventful else 1) * DAY) if feed.critical else (42 if eventful else 14) * DAY
        return Rhythm(usual, longest, min(unknown, LONGEST), False)
    learnt = max((3 if eventful else 2) * longest, 4 * usual)
    floor = max(4 * interval, HOUR / 2 if feed.critical else HOUR)
    return Rhythm(usual, longest, min(max(learnt, floor), LONGEST), True)


def _longest(health: Health) -> timedelta | None:
    """The longest silence that is nothing special: of the days' longest the first in the first fortnight, then the
    second, after four weeks the third. A weekend comes four times in that time and stays in; one break-down does not.
    """
    longest = sorted((day.gap for day in health.days if day.gap), reverse=True)
    if not longest:
        return timedelta(seconds=max(health.gaps)) if health.gaps else None
    spared = min(len(health.days) // 14, len(longest) - 1)
    return timedelta(minutes=longest[spared])


def _refusal(health: Health) -> bool:
    return bool(health.failures) and health.failures[0].kind in REFUSALS


def lag(health: Health) -> timedelta | None:
    """How long after publication we usually see an entry; None while there is nothing to tell it from."""
    return timedelta(seconds=median_low(health.lags)) if health.lags else None
