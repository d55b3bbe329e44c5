"""What a subscription shares: its feed's holder, its alerts, and the end of it."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from service.store.read_alerts import CLOSED
from service.store.scope import Scope
from service.store.tables import Alert, AlertShare, Channel, Notice, Organisation, Subscription


def subscription_of_feed(session: Session, token_hash: str) -> tuple[Subscription, Organisation] | None:
    """The subscription that a feed token opens, with its organisation; None when it is unknown or revoked."""
    return session.exec(
        select(Subscription, Organisation)
        .join(Organisation, col(Organisation.id) == col(Subscription.organisation_id))
        .where(Subscription.feed_hash == token_hash, col(Subscription.active).is_(True))
    ).first()


def shared_alerts(session: Session, scope: Scope, subscription_id: int, limit: int = 50) -> list[Alert]:
    """The alerts that a subscription shares with the reader's organisation, the newest change first."""
    query = (
        select(Alert)
        .join(AlertShare, col(AlertShare.alert_id) == col(Alert.id))
        .where(
            AlertShare.subscription_id == subscription_id,
            AlertShare.organisation_id == scope.organisation_id,
            col(Alert.sharing).in_(scope.marks),
        )
        .order_by(col(Alert.changed_at).desc(), col(Alert.id).desc())
        .limit(limit)
    )
    return list(session.exec(query).all())


def unshare(session: Session, subscription_id: int) -> None:
    """Alerts are no longer shared through this subscription; through others they still may be."""
    session.connection().execute(delete(AlertShare).where(col(AlertShare.subscription_id) == subscription_id))


def using_channel(session: Session, channel_id: int) -> list[Subscription]:
    """The living subscriptions that are told on a channel."""
    query = select(Subscription).where(Subscription.channel_id == channel_id, col(Subscription.active).is_(True))
    return list(session.exec(query.order_by(col(Subscription.id))).all())


def adopt_orphans(session: Session, channel: Channel, now: datetime) -> int:
    """Send on a new channel what its owner could not be told for want of one; answers how many notices.

    Of each live alert the newest notice: it tells the alert as it stands, those before it are history.
    """
    query = (
        select(Notice)
        .join(Alert, col(Alert.id) == col(Notice.alert_id))
        .where(
            Notice.organisation_id == channel.organisation_id,
            Notice.owner == channel.owner,
            Notice.state == "dead",
            col(Notice.channel_id).is_(None),
            col(Alert.state).not_in(CLOSED),
        )
        .order_by(col(Notice.version), col(Notice.created_at), col(Notice.id))
    )
    newest = {notice.alert_id: notice for notice in session.exec(query)}
    for notice in newest.values():
        notice.channel_id, notice.state, notice.not_before, notice.error = channel.id, "pending", now, None
        session.add(notice)
    return len(newest)


def drop_pending(
    session: Session, why: str, *, subscription_id: int | None = None, channel_id: int | None = None
) -> None:
    """Make what still waits, or is held, for a removed subscription or channel a dead letter that says why."""
    waiting = update(Notice).where(col(Notice.state).in_(("pending", "held")))
    if subscription_id is not None:
        waiting = waiting.where(col(Notice.subscription_id) == subscription_id)
    if channel_id is not None:
        waiting = waiting.where(col(Notice.channel_id) == channel_id)
    session.connection().execute(waiting.values(state="dead", error=why, lease_until=None, lease_by=None))
