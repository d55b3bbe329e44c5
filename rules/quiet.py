"""Quiet: what may keep a change from interrupting anybody, as a snapshot. Everything in it was handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.level import Level
from rules.windows import weekly_until
from scoring.category import Category

SILENCES = ("silence", "window")


@dataclass(frozen=True, slots=True)
class Silence:
    """A person wants no interruptions by something until `end`, or (a window) while work is going on.

    What it names is a fence: it keeps quiet what lies wholly inside. A change that also touches another country,
    category or sub-type is told. Empty means any. With `length` it is quiet for so long from `start`, and every week
    again, by the clock on the wall of `zone`. With `alarms` it is about alarms of our own sources, and nothing else.
    """

    key: str
    start: datetime
    end: datetime
    author: str
    reason: str
    kind: str = "silence"  # one of SILENCES
    countries: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    subtypes: frozenset[str] = frozenset()
    levels: frozenset[Level] = frozenset()
    sources: frozenset[str] = frozenset()  # all that is heard of it comes from these
    event: str = ""
    organisation: str = ""
    length: timedelta | None = None
    zone: str = "UTC"
    alarms: frozenset[str] = frozenset()  # troubles of sources

    def until(self, now: datetime) -> datetime | None:
        """Until when it is quiet; None when it is not quiet now."""
        if not self.start <= now < self.end:
            return None
        if self.length is None:
            return self.end
        over = weekly_until(self.start, self.length, self.zone, now)
        return min(over, self.end) if over is not None else None

    def covers(self, matter: "Matter") -> bool:
        """Whether all of it lies within the fence."""
        return (
            (matter.alarm in self.alarms if self.alarms else not matter.alarm)
            and (not self.event or self.event == matter.event)
            and (not self.organisation or self.organisation == matter.organisation)
            and (not self.levels or matter.level in self.levels)
            and _within(matter.countries, self.countries)
            and _within(matter.categories, self.categories)
            and _within(matter.subtypes, self.subtypes)
            and _within(matter.sources, self.sources)
        )


@dataclass(frozen=True, slots=True)
class Matter:
    """What a change is about, as silences look at it."""

    level: Level
    countries: tuple[str, ...]
    categories: tuple[Category, ...]
    subtypes: tuple[str, ...]
    sources: tuple[str, ...] = ()
    event: str = ""
    organisation: str = ""
    alarm: str = ""  # the trouble of one of our own sources, when it is about that


@dataclass(frozen=True, slots=True)
class Graver:
    """An open alert of the organisation that may mute calmer ones; `since` is when it came to its level."""

    alert: str
    event: str
    level: Level
    since: datetime
    countries: frozenset[str]
    categories: frozenset[Category]
    subtypes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Closed:
    """An alert that a person closed."""

    alert: str
    level: Level
    at: datetime
    countries: frozenset[str]
    subtypes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quiet:
    """All that may keep a change quiet. `opened` counts the alerts of levels 3 and 4 within the guideline's storm."""

    silences: tuple[Silence, ...] = ()
    graver: tuple[Graver, ...] = ()
    closed: tuple[Closed, ...] = ()
    opened: int = 0
    event: str = ""
    organisation: str = ""


def _within(found: Iterable[str], fence: frozenset[str] | frozenset[Category]) -> bool:
    """Whether there is something, and all of it inside; without a fence everything is."""
    return not fence or (bool(found) and fence.issuperset(found))
