"""When to look at a feed again. Pure: the time and the jitter are arguments."""

from datetime import datetime, timedelta

from ingest.feed import Feed, FeedState, Outcome

LONGEST = timedelta(hours=24)  # of a back-off, and of what a publisher may ask for
_LONGEST_FRESH = timedelta(hours=1)  # of max-age: a warning must not wait for a careless cache setting
_FAILED = frozenset({Outcome.FAILED, Outcome.REFUSED, Outcome.HELD})


def next_check(
    feed: Feed,
    state: FeedState,
    outcome: Outcome,
    now: datetime,
    jitter: float,
    max_age: int | None = None,
) -> datetime:
    """The next look after one that ended so; `state` is the state after that look.

    After success: the interval, or the publisher's `max_age` (seconds) if that is longer, up to an hour and not for a
    critical feed. After failure: the interval, doubled with each further failure in a row, at most 24 h. `jitter` in
    0–1 spreads feeds apart (3 % around the interval, 25 % around a back-off; 0.5 is neutral). Never before the hold.
    """
    if outcome in _FAILED:
        wait = min(_backed_off(feed, state.failures) * (0.75 + 0.5 * jitter), LONGEST)
    else:
        wait = _regular(feed, max_age) * (0.97 + 0.06 * jitter)
    hold = state.hold_until
    return now + wait if hold is None else max(now + wait, min(hold, now + LONGEST))


def hold_until(asked: timedelta | datetime | None, now: datetime) -> datetime | None:
    """Until when a publisher's Retry-After holds us off: at most 24 h, None if it asked for nothing or for the past."""
    if asked is None:
        return None
    wait = asked if isinstance(asked, timedelta) else asked - now
    return now + min(wait, LONGEST) if wait > timedelta(0) else None


def is_held(state: FeedState, now: datetime) -> bool:
    """True while a publisher's Retry-After holds; even a forced visit waits for it."""
    return state.hold_until is not None and now < state.hold_until


def _regular(feed: Feed, max_age: int | None) -> timedelta:
    interval = _interval(feed)
    if max_age is None or feed.critical:
        return interval
    return max(interval, min(timedelta(seconds=max_age), _LONGEST_FRESH))


def _backed_off(feed: Feed, failures: int) -> timedelta:
    doublings = min(max(failures - 1, 0), 17)  # 1 s doubled 17 times is past 24 h
    return min(_interval(feed) * float(1 << doublings), LONGEST)


def _interval(feed: Feed) -> timedelta:
    return timedelta(seconds=min(max(feed.interval, 1), 30 * 86_400))
