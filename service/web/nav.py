"""The rooms of the desk: where one can go, in which order, by which key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Room:
    """One place of the desk. Its word is `web.nav.NAME`; `also` are addresses that belong to it too.

    A room with a `home` of True is the desk's own: subscribers do not see it.
    """

    name: str
    path: str
    key: str  # after `g`
    group: str  # word `web.nav.group.GROUP`
    home: bool = True
    also: tuple[str, ...] = ()
    needs: str = ""  # the permission without which nobody is let in; "" for none

    def holds(self, path: str) -> bool:
        """Whether an address is in this room."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.also))


ROOMS = (
    Room("alerts", "/", "t", "watch", home=False, also=("/alerts", "/events")),
    Room("situation", "/situation", "m", "watch", home=False),
    Room("reports", "/reports", "f", "watch", home=False, also=("/report",)),
    Room("sites", "/sites", "x", "watch", home=False),
    Room("plans", "/plans", "p", "answer"),
    Room("postures", "/postures", "k", "answer"),
    Room("roster", "/roster", "o", "answer"),
    Room("subscriptions", "/subscriptions", "u", "tell", home=False),
    Room("channels", "/channels", "c", "tell", home=False),
    Room("deliveries", "/deliveries", "d", "tell", home=False),
    Room("silences", "/silences", "q", "tell", home=False),
    Room("sources", "/sources", "s", "judge", also=("/catalogue",)),
    Room("guideline", "/guideline", "r", "judge"),
    Room("learning", "/learning", "l", "judge", also=("/models", "/entries")),
    Room("system", "/system", "y", "house"),
    Room("people", "/people", "h", "house", home=False, needs="people"),
    Room("settings", "/settings", "e", "house", needs="settings"),
    Room("audit", "/audit", "a", "house", needs="audit"),
    Room("me", "/me", "i", "house", home=False),
)

# What a telephone shows of them without asking, as far as the reader has them; the others stand behind "More".
IN_HAND = ("alerts", "plans", "roster", "reports", "sites", "subscriptions")
HANDFUL = 4


@dataclass(frozen=True, slots=True)
class Nav:
    """The rooms that a reader has, where they are, and what lies at hand on a telephone."""

    groups: tuple[tuple[str, tuple[Room, ...]], ...]
    at_hand: tuple[Room, ...]
    current: str  # the name of the room that the reader is in; "" outside of all

    @property
    def rooms(self) -> tuple[Room, ...]:
        """All of them in order."""
        return tuple(room for _, rooms in self.groups for room in rooms)

    @property
    def further(self) -> tuple[tuple[str, tuple[Room, ...]], ...]:
        """What does not lie at hand, by group."""
        left = ((group, tuple(room for room in rooms if room not in self.at_hand)) for group, rooms in self.groups)
        return tuple((group, rooms) for group, rooms in left if rooms)


def nav_of(address: str, *, home: bool, may: Collection[str] | None = None) -> Nav:
    """The rooms for a reader of the desk or of another organisation, seen from this address.

    With `may`, what the reader is permitted, without those that they would not be let into.
    """
    rooms = [room for room in ROOMS if home or not room.home]
    if may is not None:
        rooms = [room for room in rooms if not room.needs or room.needs in may]
    named = {room.name: room for room in rooms}
    at_hand = tuple(named[name] for name in IN_HAND if name in named)[:HANDFUL]
    path = urlsplit(address).path
    return Nav(_grouped(rooms), at_hand, next((room.name for room in rooms if room.holds(path)), ""))


def _grouped(rooms: Sequence[Room]) -> tuple[tuple[str, tuple[Room, ...]], ...]:
    return tuple((group, tuple(some)) for group, some in groupby(rooms, key=lambda room: room.group))
