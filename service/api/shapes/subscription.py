"""Subscriptions, and the reader themselves, as the API answers them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.auth.access import permissions_of
from service.store.scope import Scope
from service.store.tables import Organisation, Subscription


class SubscriptionShape(BaseModel):
    """What an organisation follows. `feed_hint` is the beginning of its feed token, null when it has none."""

    id: int
    name: str
    countries: list[str]
    categories: list[str]
    least_level: int
    channel_id: int | None
    feed_hint: str | None
    created_at: datetime


class SubscriptionGiven(BaseModel):
    """What to follow: no countries or categories mean all of them, `least_level` 4 everything, 1 the gravest only."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    countries: list[str] = Field(default_factory=list, max_length=300)
    categories: list[str] = Field(default_factory=list, max_length=50)
    least_level: int = 4
    channel_id: int | None = Field(None, ge=1, le=2**31 - 1)


class TokenShape(BaseModel):
    """A feed token, shown this once, and the addresses that it opens."""

    token: str
    atom: str
    json_feed: str


class OrganisationShape(BaseModel):
    """An organisation."""

    id: int
    key: str
    name: str
    home: bool


class MeShape(BaseModel):
    """Who is asking, and what they may do."""

    actor: str
    role: str
    owner: str | None
    organisation: OrganisationShape
    permissions: list[str]
    demo: bool


def subscription_shape(row: Subscription) -> SubscriptionShape:
    """One subscription."""
    return SubscriptionShape(
        id=row.id or 0,
        name=row.name,
        countries=row.countries,
        categories=row.categories,
        least_level=row.least_level,
        channel_id=row.channel_id,
        feed_hint=row.feed_hint,
        created_at=row.created_at,
    )


def me_shape(scope: Scope, organisation: Organisation, demo: bool) -> MeShape:
    """The reader."""
    home = OrganisationShape(
        id=organisation.id or 0, key=organisation.key, name=organisation.name, home=organisation.home
    )
    return MeShape(
        actor=scope.actor,
        role=scope.role.value,
        owner=scope.owner,
        organisation=home,
        permissions=sorted(permission.value for permission in permissions_of(scope)),
        demo=demo,
    )
