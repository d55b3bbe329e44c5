"""Targets: which people a page goes to, for which duty."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.escalate import Rung
from rules.roster import Part, Rosters, on_duty


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to ask, and the owner whose duty it is; `person` None is whatever channel the owner itself has."""

    owner: str
    person: str | None = None


def first_told(rosters: Rosters, owner: str, now: datetime) -> tuple[Target, ...]:
    """Who is told when a duty begins: the owner's own channels, and whoever is on duty (else the first who stands)."""
    stands = on_duty(rosters, owner, now)
    return (Target(owner), *(Target(owner, stand.person) for stand in stands[:1]))


def targets(
    rung: Rung, owners: Sequence[str], central: str, rosters: Rosters, now: datetime, done: Collection[str] = ()
) -> tuple[Target, ...]:
    """Whom a rung asks, nobody who has answered already (`done`); empty when the roster knows nobody for it."""
    if not owners:
        return ()
    match rung:
        case Rung.DEPUTY:
            found = _standing(rosters, owners[0], now, Part.DEPUTY)
        case Rung.LEAD:
            found = _standing(rosters, owners[0], now, Part.LEAD)
        case Rung.CENTRAL:
            found = [Target(central), *_standing(rosters, central, now, Part.DUTY)]
        case Rung.EVERYBODY:
            found = [one for owner in (*owners, central) for one in _all(rosters, owner, now)]
    return tuple(one for one in dict.fromkeys(found) if one.person is None or one.person not in done)


def _standing(rosters: Rosters, owner: str, now: datetime, part: Part) -> list[Target]:
    return [Target(owner, stand.person) for stand in on_duty(rosters, owner, now) if stand.part is part]


def _all(rosters: Rosters, owner: str, now: datetime) -> list[Target]:
    roster = rosters.rosters.get(owner)
    people = (*(stand.person for stand in on_duty(rosters, owner, now)), *(roster.people if roster else ()))
    return [Target(owner), *(Target(owner, person) for person in dict.fromkeys(people))]
