"""Who has been interrupted how often today, what is held for them, and what a day bears by the guideline."""

from dataclasses import dataclass

from rules.budget import OWNER, SUBSCRIPTION, day_start
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.store.held import Key, Tally, subscription_names, tally
from service.store.rosters import load_rosters
from service.store.scope import Scope

UTC_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Load:
    """One owner's or subscription's day: `most` is the budget, None where there is none or it is not theirs to see.

    With several channels the one that was used most counts: the same news on two of them is one interruption.
    """

    role: str  # owner or subscription
    key: str  # the owner's key, or the subscription's number
    name: str
    told: int
    digests: int
    counted: int
    held: int
    most: int | None


def load_of_today(premises: Premises, scope: Scope) -> list[Load]:
    """Everybody who was told something today or for whom something is held; the fullest day first.

    A subscriber sees its own. The day of an owner with a roster is that of the roster's zone, else that of UTC.
    """
    demand(scope, Permission.READ)
    now = premises.clock()
    budget = in_force(premises, scope).guideline.restraint.budget if scope.home else {}
    organisation = None if scope.home else scope.organisation_id
    with premises.store.read() as session:
        rosters = load_rosters(session, scope.organisation_id, now).rosters if scope.home else {}
        zones = {key: roster.zone for key, roster in rosters.items()}
        starts = {zone: day_start(now, zone) for zone in (UTC_ZONE, *zones.values())}
        tallies = {zone: tally(session, organisation, start) for zone, start in starts.items()}
        rows = _merged(tallies, zones)
        names = subscription_names(session, [key for role, key in rows if role == SUBSCRIPTION])
    loads = [_load(role, key, one, names.get(key, key), budget.get(role)) for (role, key), one in rows.items()]
    return sorted(loads, key=lambda load: (-load.held, -load.counted, -load.told, load.role, load.name))


def _merged(tallies: dict[str, dict[Key, Tally]], zones: dict[str, str]) -> dict[tuple[str, str], Tally]:
    """Of each owner and subscription the most of any channel, in the day of its own zone."""
    found: dict[tuple[str, str], Tally] = {}
    for zone, rows in tallies.items():
        for (subscription, owner, _), one in rows.items():
            if zone != zones.get(owner or "", UTC_ZONE):
                continue
            who = (SUBSCRIPTION, str(subscription)) if subscription is not None else (OWNER, owner or "")
            found[who] = found.get(who, Tally()).most(one)
    return {who: one for who, one in found.items() if one != Tally() and who[1]}


def _load(role: str, key: str, one: Tally, name: str, most: int | None) -> Load:
    return Load(role, key, name, one.told, one.digests, one.counted, one.held, most)
