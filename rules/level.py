"""Response levels I–IV, and the posture of a country: the words in which rules are written and decisions told."""

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """1 is the gravest. Compare with `graver`, not with `<`, where a reader could stumble."""

    RED = 1
    ORANGE = 2
    YELLOW = 3
    BLUE = 4

    @property
    def roman(self) -> str:
        """I, II, III or IV."""
        return ("I", "II", "III", "IV")[self - 1]


LEVELS = tuple(str(int(level)) for level in Level)  # as files write them
NORMAL = "normal"
POSTURES = (NORMAL, "crisis")  # of a country
# First acknowledgement where no guideline says otherwise.
ACKNOWLEDGE: Mapping[Level, timedelta] = MappingProxyType(
    {
        Level.RED: timedelta(minutes=15),
        Level.ORANGE: timedelta(minutes=30),
        Level.YELLOW: timedelta(hours=4),
        Level.BLUE: timedelta(hours=24),
    }
)


def graver(one: Level | None, other: Level | None) -> Level | None:
    """The graver of two levels; None is no level at all."""
    levels = [level for level in (one, other) if level is not None]
    return min(levels) if levels else None
