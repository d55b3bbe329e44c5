"""Alarms about our own sources: what is said when one of them fails, falls silent or tells what cannot be true.

An alarm is an alert of its own kind: it speaks of a source and not of the world, it is the desk's alone, and it ends by
itself when the source answers again. It opens after as many looks as its clause asks for and ends after two good ones,
so that a source that stumbles now and then does not ring twice an hour. Pure: same facts and `now`, same verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ingest.feed import Feed, FeedState
from ingest.health import Health, State
from ingest.state import rhythm, silence, state_of
from rules.decision import Duty
from rules.guideline import Guideline
from rules.owners import find_owners
from rules.routing import Route
from rules.situation import Owner
from rules.watching import SourceClause, Trouble
from scoring.assessment import Reason, ReasonKind

GOOD = 2  # looks in a row that end an alarm
_LATE = timedelta(minutes=30)
_WELL = frozenset((State.OK, State.MOVED, State.DEGRADED))
_FAILS = frozenset((State.FAILING, State.REFUSED))


class Step(StrEnum):
    """What becomes of the alarm about a source."""

    NONE = "none"
    OPEN = "open"
    CHANGE = "change"  # another trouble than the open alarm tells of
    END = "end"


@dataclass(frozen=True, slots=True)
class Ringing:
    """The alarm as it stands: the clause of the open one; when a person closed the last one, if a person did."""

    clause: str | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows. `clause`, `reasons` and `duties` are there when an alarm opens or changes, `why` when it ends."""

    step: Step
    clause: SourceClause | None = None
    reasons: tuple[Reason, ...] = ()
    duties: tuple[Duty, ...] = ()
    why: str = ""


_NOTHING = Verdict(Step.NONE)


def watch(
    feed: Feed,
    state: FeedState,
    ringing: Ringing,
    guideline: Guideline,
    owners: Sequence[Owner],
    now: datetime,
    *,
    paused: bool = False,
    routes: Route | None = None,
    organisation: str = "",
) -> Verdict:
    """What becomes of the alarm about this source. A source that a person paused rings no alarm."""
    if paused:
        return Verdict(Step.END, why="source.paused") if ringing.clause else _NOTHING
    clause = _clause(feed, state, guideline, now)
    if clause is None:
        return _ended(feed, state, guideline, now) if ringing.clause else _NOTHING
    if clause.id == ringing.clause or (ringing.clause is None and _is_settled(clause, state, ringing)):
        return _NOTHING
    step = Step.CHANGE if ringing.clause else Step.OPEN
    waits = guideline.waits
    duties = find_owners(
        *(owners, (), (), clause.level, now),
        acknowledge=waits,
        clause=clause.id,
        routes=routes,
        organisation=organisation,
    )
    return Verdict(step, clause, _reasons(clause.trouble, feed, state, now), duties)


def _clause(feed: Feed, state: FeedState, guideline: Guideline, now: datetime) -> SourceClause | None:
    """The gravest clause that this source's trouble falls under."""
    word = state_of(feed, state, now)
    there = [one for one in guideline.sources if one.speaks_of(feed) and _applies(one, word, feed, state, now)]
    return min(there, key=lambda one: one.level, default=None)


def _applies(clause: SourceClause, word: State, feed: Feed, state: FeedState, now: datetime) -> bool:
    match clause.trouble:
        case Trouble.IMPLAUSIBLE:
            return state.health.last == "held"
        case Trouble.UNSEEN:
            late = max(_LATE, timedelta(seconds=3 * max(feed.interval, 1)))
            return word is State.UNKNOWN and state.next_check is not None and now - state.next_check > late
        case Trouble.FAILING:
            return word in _FAILS and _bad(state.health) >= clause.looks
        case Trouble.QUIET:
            return word is State.QUIET


def _bad(health: Health) -> int:
    """How many of the last looks in a row failed."""
    looks = min(health.looks, 50)
    return looks if not health.bits else min((health.bits & -health.bits).bit_length() - 1, looks)


def _is_settled(clause: SourceClause, state: FeedState, ringing: Ringing) -> bool:
    """Whether a person has closed the alarm about this very trouble: it rings again only after it was gone between."""
    if ringing.closed is None:
        return False
    well = {
        Trouble.FAILING: state.last_success,
        Trouble.IMPLAUSIBLE: state.last_success,
        Trouble.QUIET: state.last_entry,
        Trouble.UNSEEN: state.next_check,
    }[clause.trouble]
    return well is None or well <= ringing.closed


def _ended(feed: Feed, state: FeedState, guideline: Guideline, now: datetime) -> Verdict:
    if not any(one.speaks_of(feed) for one in guideline.sources):
        return Verdict(Step.END, why="source.released")
    well = state_of(feed, state, now) in _WELL and state.health.good >= GOOD
    return Verdict(Step.END, why="source.answers") if well else _NOTHING


def _reasons(trouble: Trouble, feed: Feed, state: FeedState, now: datetime) -> tuple[Reason, ...]:
    """What is wrong first (it is the alarm's title), then what it is seen by."""
    told = [_why(f"source.{trouble.value}", feed.name)]
    if trouble in (Trouble.FAILING, Trouble.IMPLAUSIBLE) and state.error:
        told.append(_why("source.error", state.error))
    if trouble is Trouble.FAILING and state.last_success is not None:
        told.append(_span("source.answered", now - state.last_success))
    if trouble is Trouble.UNSEEN and state.next_check is not None:
        told.append(_span("source.late", now - state.next_check))
    if trouble is Trouble.QUIET:
        told.append(_span("source.silent", silence(state.health, now)))
        usual = rhythm(feed, state.health).usual
        told += [_span("source.usual", usual)] if usual is not None else []
    return tuple(told)


def _span(code: str, span: timedelta) -> Reason:
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 120:
        return _why(f"{code}_min", str(minutes))
    return _why(f"{code}_h", str(minutes // 60)) if minutes < 2880 else _why(f"{code}_d", str(minutes // 1440))


def _why(code: str, value: str) -> Reason:
    return Reason(ReasonKind.SOURCE, code, value, weight=1.0)
