"""One telling of the story: when it began, how fast it goes, and what stands in print at a moment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.demo.world import Piece, Version, World

LINGER = timedelta(minutes=10)  # after its end a story still counts as told: a restart shows it, it does not begin anew


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling of the story. `speed` 2 tells it in half the time; `id` keeps guids of two tellings apart."""

    id: str
    started: datetime
    speed: float = 1.0

    def kept(self) -> dict[str, Any]:
        """What a database remembers of it; `recalled` makes the same telling of that."""
        return {"telling": self.id, "started": self.started.isoformat(), "speed": self.speed}

    def elapsed(self, now: datetime) -> float:
        """Seconds of the story that have passed."""
        return (now - self.started).total_seconds() * self.speed

    def moment(self, at: float) -> datetime:
        """When a moment of the story is; what lies before the start is not hurried."""
        return self.started + timedelta(seconds=at / self.speed if at > 0 else at)

    def is_over(self, world: World, now: datetime) -> bool:
        """Whether it was told to its end a while ago."""
        return now > self.moment(world.length) + LINGER


def new_telling(now: datetime, speed: float) -> Telling:
    """A telling that begins now."""
    return Telling(secrets.token_hex(4), now, speed)


def recalled(kept: Mapping[str, Any]) -> Telling:
    """The telling that was kept; KeyError, TypeError or ValueError when these are no values of one."""
    return Telling(kept["telling"], datetime.fromisoformat(kept["started"]), float(kept["speed"]))


@dataclass(frozen=True, slots=True)
class Printed:
    """An item as it stands in print: `number` counts its corrections."""

    piece: Piece
    number: int
    version: Version
    published: datetime
    updated: datetime


def in_print(world: World, telling: Telling, outlet: str, now: datetime) -> list[Printed]:
    """What an outlet's feed holds at a moment, newest first."""
    found = []
    for piece in world.of(outlet):
        standing = piece.version(telling.elapsed(now))
        if standing is not None:
            number, version = standing
            first = telling.moment(piece.versions[0].at)
            found.append(Printed(piece, number, version, first, telling.moment(version.at)))
    return sorted(found, key=lambda one: (one.published, one.piece.id), reverse=True)
