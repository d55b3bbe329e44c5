"""Audience: everybody who could be told of an alert. Read once a transaction, asked many times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.follow import Follow, follows
from rules.level import Level
from rules.roster import Rosters
from rules.targets import first_told
from scoring.category import Category
from service.store.rosters import channels_by_key, channels_of, load_rosters, owners_of_people
from service.store.tables import Alert, Channel, Organisation, Subscription


@dataclass(frozen=True, slots=True)
class Follower:
    """A subscription with its organisation and, if it has one that works, its channel."""

    subscription: Subscription
    organisation: Organisation
    channel: Channel | None

    @property
    def id(self) -> int:
        """The subscription's number."""
        return self.subscription.id or 0

    def wants(self, alert: Alert) -> bool:
        """Whether the alert is for this subscription, and its organisation cleared for it.

        Alarms about sources are the desk's own: nobody follows them, whatever the subscription asks for.
        """
        if alert.source_id is not None:
            return False
        if Sharing(alert.sharing).strictness > Sharing(self.organisation.clearance).strictness:
            return False
        follow = Follow(
            countries=tuple(self.subscription.countries),
            categories=tuple(Category(key) for key in self.subscription.categories),
            least_level=Level(self.subscription.least_level),
        )
        return follows(
            follow,
            countries=alert.countries,
            categories=[Category(key) for key in alert.categories],
            level=Level(alert.level),
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """The desk's own organisation, its owners' channels and the time zones of their rosters, and all followers."""

    home: Organisation
    followers: tuple[Follower, ...]
    owners: dict[str, list[Channel]]
    zones: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_own_followers(self) -> bool:
        """Whether a subscriber can be told at all; the desk is told by its owners."""
        mine = (one for one in self.followers if one.organisation.id == self.home.id and one.channel is not None)
        return not self.home.home and next(mine, None) is not None

    def is_for(self, follower: Follower) -> bool:
        """What another organisation than the desk's is warned of by its own exposure is for its own followers only."""
        return self.home.home or follower.organisation.id == self.home.id


def _works(channel: Channel | None) -> bool:
    return channel is not None and channel.active


def read_audience(session: Session, organisation_id: int, now: datetime | None = None) -> Audience:
    """The audience; with `now`, owners are reached by whoever is on duty for them too."""
    home = session.exec(select(Organisation).where(Organisation.id == organisation_id)).one()
    rows = session.exec(
        select(Subscription, Organisation, Channel)
        .join(Organisation, col(Organisation.id) == col(Subscription.organisation_id))
        .join(Channel, col(Channel.id) == col(Subscription.channel_id), isouter=True)
        .where(col(Subscription.active).is_(True))
        .order_by(col(Subscription.id))
    ).all()
    followers = tuple(
        Follower(subscription, organisation, channel if _works(channel) else None)
        for subscription, organisation, channel in rows
    )
    owners = channels_by_key(session, organisation_id)
    if now is None:
        return Audience(home, followers, owners)
    rosters = load_rosters(session, organisation_id, now)
    owners = {**owners, **_on_duty(session, organisation_id, rosters, owners, now)}
    return Audience(home, followers, owners, {owner: roster.zone for owner, roster in rosters.rosters.items()})


def _on_duty(
    session: Session, organisation_id: int, rosters: Rosters, channels: dict[str, list[Channel]], now: datetime
) -> dict[str, list[Channel]]:
    """The channels of owners with a roster: their own, then those of the person on duty."""
    accounts = owners_of_people(session, organisation_id) if rosters.rosters else {}
    found: dict[str, list[Channel]] = {}
    for owner in rosters.rosters:
        told = first_told(rosters, owner, now)
        every = [*channels.get(owner, ())]
        every += [one for to in told if to.person for one in channels_of(to.person, channels, accounts)]
        found[owner] = list({channel.id: channel for channel in every}.values())
    return found
