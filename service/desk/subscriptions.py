"""What an organisation follows, and the feeds of it."""

from collections.abc import Iterable

from ingest.place.countries import CODES
from scoring.category import Category
from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.auth.tokens import hash_token, hint_of, new_token
from service.desk.audit import leave_line
from service.desk.words import clean_label
from service.errors import Invalid
from service.record import share_standing
from service.store.read_rest import get_channel, get_subscription
from service.store.scope import Scope
from service.store.shares import drop_pending, unshare
from service.store.tables import Subscription

ENDED = "The subscription was removed before this was sent."


def create_subscription(
    premises: Premises,
    scope: Scope,
    *,
    name: str,
    countries: Iterable[str] = (),
    categories: Iterable[str] = (),
    least_level: int = 4,
    channel_id: int | None = None,
) -> Subscription:
    """Follow countries and categories (none: all) down to a least level; alerts that stand already are told at once.

    Without a channel it can be read as a feed only. Invalid names what cannot be used.
    """
    demand(scope, Permission.SUBSCRIBE)
    now = premises.clock()
    row = Subscription(
        organisation_id=scope.organisation_id,
        name=clean_label(name, "subscription"),
        countries=_countries(countries),
        categories=_categories(categories),
        least_level=_level(least_level),
        channel_id=channel_id,
        created_at=now,
    )
    with premises.store.write() as session:
        if channel_id is not None:
            get_channel(session, scope, channel_id)
        session.add(row)
        session.flush()
        # The line holds the log to the end, as does whoever opens an alert: of the two, the second sees what the first
        # did, so that no alert falls between "standing" and "to come".
        follows = {"countries": row.countries, "categories": row.categories, "least_level": row.least_level}
        leave_line(session, scope, now, "subscription.add", row.id, **follows)
        share_standing(session, row, now, premises.public_url)
    return row


def _countries(countries: Iterable[str]) -> list[str]:
    codes = list(dict.fromkeys(code.strip().upper() for code in countries))
    wrong = [code for code in codes if code not in CODES]
    if wrong:
        raise Invalid(f"'{wrong[0][:20]}' is no country.", "Use the two letters of ISO 3166, such as NE.")
    return codes


def _categories(categories: Iterable[str]) -> list[str]:
    keys = list(dict.fromkeys(key.strip().lower() for key in categories))
    known = [category.value for category in Category]
    wrong = [key for key in keys if key not in known]
    if wrong:
        raise Invalid(f"'{wrong[0][:40]}' is no category.", f"Use {', '.join(known)}.")
    return keys


def _level(level: int) -> int:
    if level not in (1, 2, 3, 4):
        raise Invalid(f"{level} is no level.", "Use 1 (the gravest only) to 4 (everything).")
    return level


def remove_subscription(premises: Premises, scope: Scope, subscription_id: int) -> None:
    """Follow no more: what it shared is no longer seen, its feed token stops, what waits is not sent."""
    demand(scope, Permission.SUBSCRIBE)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_subscription(session, scope, subscription_id)
        # The row stays: deliveries that were made point to it.
        row.active, row.feed_hash, row.feed_hint = False, None, None
        session.add(row)
        drop_pending(session, ENDED, subscription_id=subscription_id)
        leave_line(session, scope, now, "subscription.remove", row.id, name=row.name)
        unshare(session, subscription_id)


def new_feed_token(premises: Premises, scope: Scope, subscription_id: int) -> str:
    """A token for the subscription's feeds, shown this once; one that it had before stops."""
    token = new_token()
    _set_token(premises, scope, subscription_id, token)
    return token


def revoke_feed_token(premises: Premises, scope: Scope, subscription_id: int) -> None:
    """The subscription's feeds answer nobody any more."""
    _set_token(premises, scope, subscription_id, None)


def _set_token(premises: Premises, scope: Scope, subscription_id: int, token: str | None) -> None:
    demand(scope, Permission.SUBSCRIBE)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_subscription(session, scope, subscription_id)
        row.feed_hash = hash_token(token) if token else None
        row.feed_hint = hint_of(token) if token else None
        session.add(row)
        leave_line(session, scope, now, f"subscription.token_{'new' if token else 'revoked'}", row.id)


def feed_addresses(public_url: str, token: str) -> dict[str, str]:
    """Where a subscription is read with its token."""
    base = f"{public_url.rstrip('/')}/feeds/{token}"
    return {"atom": f"{base}/atom.xml", "json": f"{base}/feed.json"}
