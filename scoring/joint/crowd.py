"""How many happenings of late a country has, and of one kind: what two entries share says more where it is rare."""

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable

from scoring.joint.traits import Traits

FULL = 40  # happenings; more of them say no more


class Crowd:
    """Counts of open events by country, and by country and sub-type."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._counts = Counter(keys)
        self._due: deque[tuple[float, str]] = deque()

    def add(self, key: str, until: float) -> None:
        """Count an event for a key until a moment (seconds)."""
        self._counts[key] += 1
        self._due.append((until, key))

    def count(self, key: str, more: int) -> None:
        """So many events more of a key, or fewer, whenever they end: for who keeps account of that."""
        self._counts[key] += more

    def forget(self, moment: float) -> None:
        """Leave out what is over. Events are let go in the order in which they came."""
        while self._due and self._due[0][0] < moment:
            self._counts[self._due.popleft()[1]] -= 1

    def share(self, keys: Iterable[str]) -> float:
        """0 for a key that one event has or none, 1 where all of them are crowded."""
        least = min((self._counts[key] for key in keys), default=0)
        return math.log(min(max(least, 1), FULL)) / math.log(FULL)


def crowd_keys(entry: Traits) -> list[str]:
    """The keys under which an event that holds this entry is counted."""
    return keys_of(entry.where, entry.subtypes)


def keys_of(countries: Iterable[str], subtypes: Collection[str]) -> list[str]:
    """Each country, and each country with each sub-type."""
    return [key for land in countries for key in (land, *(f"{land}/{kind}" for kind in subtypes))]
