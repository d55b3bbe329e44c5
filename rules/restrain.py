"""Restraint: one alert per event, raised at once and lowered slowly.

An alert is lowered by one level after the picture has been calmer, without a break, for the hold time of the clause
that set its level; the next step needs a hold time of its own. One step, because only "calmer than it stood" is known
to have held all the while. The calmest level stays until a person closes the alert, and silence is never calm: while
nothing real is heard of an event, nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.decision import Action
from rules.level import Level
from rules.situation import Standing


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the level. `until` is set while an alert is held above what the reports now say."""

    action: Action
    level: Level | None
    calmer_since: datetime | None = None
    until: datetime | None = None


def restrain(standing: Standing | None, graded: Level | None, hold: timedelta, now: datetime) -> Step:
    """The next step from where the alert stands to where the reports would have it. NONE where nothing moves."""
    if standing is None or standing.withdrawn:
        return Step(Action.NONE, None) if graded is None else Step(Action.OPEN, graded)
    if graded is not None and graded <= standing.level:
        return Step(Action.RAISE if graded < standing.level else Action.NONE, graded)
    if standing.level is Level.BLUE:
        return Step(Action.NONE, standing.level, standing.calmer_since or now)
    return _calmer(standing, graded, hold, now)


def _calmer(standing: Standing, graded: Level | None, hold: timedelta, now: datetime) -> Step:
    since = standing.calmer_since or now
    if now - since < hold:
        return Step(Action.NONE, standing.level, since, since + hold)
    level = Level(standing.level + 1)
    calmer_still = level is not Level.BLUE and (graded is None or graded > level)
    return Step(Action.LOWER, level, now if calmer_still else None)
