"""Rosters in the database: the one in force with its swaps, and who can be reached by what."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from rules.escalate import POLICIES, Policy
from rules.level import Level
from rules.roster import Rosters, Swap
from rules.roster_file import RosterError, parse_rosters
from service.errors import NotFound
from service.store.tables import Channel, Notice, Person, RosterFile, RosterSwap

KEPT = timedelta(days=31)  # how long past swaps still belong to the picture
NOTHING = Rosters(policies=POLICIES)


def file_in_force(session: Session, organisation_id: int) -> RosterFile | None:
    """The newest roster file, which is the one in force."""
    return next(iter(roster_files(session, organisation_id, 1)), None)


def roster_files(session: Session, organisation_id: int, limit: int = 20) -> list[RosterFile]:
    """What was in force when, the newest first."""
    mine = select(RosterFile).where(RosterFile.organisation_id == organisation_id)
    return list(session.exec(mine.order_by(col(RosterFile.id).desc()).limit(limit)).all())


def load_rosters(session: Session, organisation_id: int, now: datetime) -> Rosters:
    """The rosters in force with their swaps; without a file the shipped escalation and nobody on duty.

    What was stored was checked: a file that no longer reads is a fault of ours and is raised as such.
    """
    file = file_in_force(session, organisation_id)
    if file is None:
        return NOTHING
    found = parse_rosters(file.text)
    swaps = tuple(swap_of(row) for row in swaps_from(session, organisation_id, now - KEPT))
    return Rosters(found.members, found.rosters, found.policies, swaps)


def member_names(session: Session, organisation_id: int) -> dict[str, str]:
    """What the roster in force calls the people that it knows, by the name they sign in with.

    A file that no longer reads costs only the names here: what is to be sent goes out under the keys.
    """
    file = file_in_force(session, organisation_id)
    try:
        members = parse_rosters(file.text).members if file is not None else {}
    except RosterError:
        return {}
    return {key: one.name for key, one in members.items()}


def policy_of(rosters: Rosters, level: int) -> Policy:
    """How a level is pressed for an answer."""
    return rosters.policies.get(Level(level)) or POLICIES[Level(level)]


def swaps_from(session: Session, organisation_id: int, since: datetime) -> list[RosterSwap]:
    """Swaps that end after a time and were not cancelled, in the order in which they were made."""
    query = select(RosterSwap).where(
        RosterSwap.organisation_id == organisation_id,
        col(RosterSwap.ends_at) > since,
        col(RosterSwap.cancelled_at).is_(None),
    )
    return list(session.exec(query.order_by(col(RosterSwap.id))).all())


def get_swap(session: Session, organisation_id: int, number: int) -> RosterSwap:
    """One swap that still stands; NotFound when there is none of that number."""
    found = session.get(RosterSwap, number)
    if found is None or found.organisation_id != organisation_id or found.cancelled_at is not None:
        raise NotFound(f"There is no swap {number}.", "The page of the roster lists them.")
    return found


def swap_of(row: RosterSwap) -> Swap:
    """A row as the rules look at it."""
    return Swap(row.owner, row.person, row.starts_at, row.ends_at, row.instead, row.id or 0)


def channels_by_key(session: Session, organisation_id: int) -> dict[str, list[Channel]]:
    """Active channels by the owner or person whom they reach."""
    mine = select(Channel).where(
        Channel.organisation_id == organisation_id, col(Channel.owner).is_not(None), col(Channel.active).is_(True)
    )
    found: dict[str, list[Channel]] = defaultdict(list)
    for channel in session.exec(mine.order_by(col(Channel.id))).all():
        found[channel.owner or ""].append(channel)
    return dict(found)


def owners_of_people(session: Session, organisation_id: int) -> dict[str, str]:
    """Which owner the account of each active person of the desk is bound to, by name."""
    mine = select(Person.name, Person.owner).where(
        Person.organisation_id == organisation_id, col(Person.active).is_(True), col(Person.owner).is_not(None)
    )
    return {name: owner for name, owner in session.exec(mine).all() if owner}


def channels_of(person: str, channels: dict[str, list[Channel]], accounts: dict[str, str]) -> list[Channel]:
    """How a person is reached: by their own channels, else by those of the owner that they are."""
    return channels.get(person) or channels.get(accounts.get(person, ""), [])


def reached(session: Session, organisation_id: int, people: list[str]) -> frozenset[str]:
    """Owners and people with a channel that works: one whose last message did not become a dead letter."""
    broken = _broken(session)
    channels = {
        key: [channel for channel in every if channel.id not in broken]
        for key, every in channels_by_key(session, organisation_id).items()
    }
    accounts = owners_of_people(session, organisation_id)
    owners = {key for key, every in channels.items() if every}
    return frozenset(owners | {person for person in people if channels_of(person, channels, accounts)})


def _broken(session: Session) -> set[int]:
    """Channels whose last message that was settled is a dead letter."""
    last: Any = (
        select(col(Notice.channel_id), func.max(Notice.created_at).label("at"))
        .where(col(Notice.channel_id).is_not(None), Notice.state != "pending")
        .group_by(col(Notice.channel_id))
        .subquery()
    )
    query: Any = (
        select(Notice.channel_id)
        .join(last, (col(Notice.channel_id) == last.c.channel_id) & (col(Notice.created_at) == last.c.at))
        .where(Notice.state == "dead")
    )
    return {number for number in session.exec(query).all() if number is not None}
