"""Checking rosters against the house: what would hurt at three in the morning, found at noon."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from rules.escalate import Answer, Rung
from rules.hours import instant
from rules.roster import DAY, Roster, Rosters, gaps, on_duty
from rules.routing import Route, named
from rules.situation import Owner

AHEAD = timedelta(days=60)
MOST_GAPS = 5  # told of one roster


class Fault(StrEnum):
    """What can be wrong with rosters that are well written."""

    UNKNOWN_OWNER = "unknown_owner"  # nobody routes to it
    EXPIRED = "expired"
    EXPIRES = "expires"  # within the time looked at
    NOT_YET = "not_yet"
    GAP = "gap"
    NO_CHANNEL = "no_channel"  # a person who cannot be told
    UNREACHABLE = "unreachable"  # an owner that has neither people nor a channel
    STRANGER = "stranger"  # a swap names somebody or something that is gone
    NO_RUNG = "no_rung"  # a step of the chain at which there is nobody to ask
    QUORUM = "quorum"  # more answers asked for than there are people


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at a line of the file (0: of no line). `values` fill the message; `grave` stops it."""

    fault: Fault
    line: int
    values: Mapping[str, str]
    grave: bool = False
    start: datetime | None = None
    end: datetime | None = None


def check(
    rosters: Rosters, owners: Sequence[Owner], routes: Route | None, reached: Collection[str], now: datetime
) -> tuple[Finding, ...]:
    """Everything that is wrong by now or within sixty days; grave things first, then by line.

    `reached` are the keys of people and owners that have a working channel.
    """
    keys = frozenset(owner.key for owner in owners)
    asked = named(routes) if routes is not None else keys
    found = [
        *(one for roster in rosters.rosters.values() for one in _roster(rosters, roster, keys, now)),
        *_people(rosters, reached),
        *_owners(rosters, asked, reached, now),
        *_swaps(rosters, now),
        *_chain(rosters),
    ]
    return tuple(sorted(found, key=lambda one: (not one.grave, one.line, one.start or now)))


def _roster(rosters: Rosters, roster: Roster, keys: Collection[str], now: datetime) -> Iterator[Finding]:
    told = {"owner": roster.owner}
    if roster.owner not in keys:
        yield Finding(Fault.UNKNOWN_OWNER, roster.line, told, grave=True)
    end = instant(roster.ends + DAY, time(), roster.zone) if roster.ends is not None else None
    if end is not None and end <= now:
        yield Finding(Fault.EXPIRED, roster.line, {**told, "day": str(roster.ends)}, grave=True)
        return
    begins = instant(roster.starts, time(), roster.zone)
    if begins > now:
        yield Finding(Fault.NOT_YET, roster.line, {**told, "day": str(roster.starts)})
    if end is not None and end < now + AHEAD:
        yield Finding(Fault.EXPIRES, roster.line, {**told, "day": str(roster.ends)})
    until = min(now + AHEAD, end) if end is not None else now + AHEAD
    holes = gaps(rosters, roster.owner, max(now, begins), until)
    for place, hole in enumerate(holes[:MOST_GAPS], 1):
        more = len(holes) - MOST_GAPS if place == MOST_GAPS else 0
        values = {**told, **({"more": str(more)} if more else {})}
        yield Finding(Fault.GAP, roster.line, values, start=hole.start, end=hole.end)


def _people(rosters: Rosters, reached: Collection[str]) -> Iterator[Finding]:
    standing = {
        key
        for roster in rosters.rosters.values()
        for key in (*roster.people, *roster.deputies, *([roster.lead] if roster.lead else ()))
    }
    deputies = {member.deputy for key, member in rosters.members.items() if key in standing and member.deputy}
    for key in sorted((standing | deputies) - set(reached)):
        member = rosters.members.get(key)
        yield Finding(Fault.NO_CHANNEL, member.line if member else 0, {"person": key})


def _owners(rosters: Rosters, asked: Collection[str], reached: Collection[str], now: datetime) -> Iterator[Finding]:
    for owner in sorted(asked):
        people = [stand.person for stand in on_duty(rosters, owner, now)]
        if owner not in reached and not any(person in reached for person in people):
            roster = rosters.rosters.get(owner)
            yield Finding(Fault.UNREACHABLE, roster.line if roster else 0, {"owner": owner})


def _swaps(rosters: Rosters, now: datetime) -> Iterator[Finding]:
    for swap in rosters.swaps:
        strange = swap.person not in rosters.members or swap.owner not in rosters.rosters
        if strange and swap.end > now:
            yield Finding(Fault.STRANGER, 0, {"owner": swap.owner, "person": swap.person})


def _chain(rosters: Rosters) -> Iterator[Finding]:
    for roster in rosters.rosters.values():
        deputies = roster.deputies or [key for key in roster.people if (m := rosters.members.get(key)) and m.deputy]
        for rung, there in ((Rung.DEPUTY, deputies), (Rung.LEAD, roster.lead)):
            if not there and any(rung in policy.chain for policy in rosters.policies.values()):
                yield Finding(Fault.NO_RUNG, roster.line, {"owner": roster.owner, "rung": rung.value})
    for level, policy in rosters.policies.items():
        if policy.answer is Answer.QUORUM and policy.quorum > len(rosters.members):
            values = {"level": level.roman, "quorum": str(policy.quorum), "people": str(len(rosters.members))}
            yield Finding(Fault.QUORUM, 0, values, grave=True)
