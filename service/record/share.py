"""Which subscriptions an alert is for. What is not shared with an organisation does not exist for it."""

from datetime import datetime

from sqlmodel import Session, col, select

from service.record.audience import Audience, Follower, read_audience
from service.record.notices import Telling, tell, tells_nobody
from service.store.events import told_of
from service.store.read_alerts import CLOSED
from service.store.stage import is_staged
from service.store.tables import Alert, AlertShare, Subscription


def shared_with(session: Session, alert: Alert) -> set[int]:
    """The subscriptions that an alert is already shared with."""
    return set(session.exec(select(AlertShare.subscription_id).where(AlertShare.alert_id == alert.id)).all())


def share(session: Session, audience: Audience, alert: Alert, have: set[int], now: datetime) -> set[int]:
    """Share an alert with every follower that wants it and does not `have` it; answers the new subscriptions."""
    if tells_nobody(session, alert):
        return set()  # what is invented on a real desk is shown to nobody else
    wanting = [one for one in audience.followers if one.id not in have and audience.is_for(one) and one.wants(alert)]
    served = served_apart(session, alert) if wanting and audience.home.home else frozenset()
    fresh = [one for one in wanting if one.organisation.id not in served]
    for follower in fresh:
        _add(session, alert, follower, now)
    return {follower.id for follower in fresh}


def served_apart(session: Session, alert: Alert) -> frozenset[int]:
    """The organisations that have a live alert of their own about the event: they are told by that one."""
    query = select(Alert.organisation_id).where(
        Alert.event_id == alert.event_id,
        Alert.organisation_id != alert.organisation_id,
        col(Alert.state).not_in(CLOSED),
    )
    return frozenset(session.exec(query).all())


def share_standing(session: Session, subscription: Subscription, now: datetime, public_url: str) -> int:
    """Share and tell the live alerts that a new subscription follows; answers how many."""
    query = select(Alert).where(col(Alert.state).not_in(CLOSED))
    if is_staged(session):
        query = query.where(col(Alert.demo).is_(False))  # what is invented is told to nobody
    live = session.exec(query).all()
    audiences = {number: read_audience(session, number) for number in {alert.organisation_id for alert in live}}
    told = 0
    for alert in live:
        audience = audiences[alert.organisation_id]
        follower = next((one for one in audience.followers if one.id == subscription.id), None)
        if follower is None or not audience.is_for(follower) or not follower.wants(alert):
            continue
        if audience.home.home and follower.organisation.id in served_apart(session, alert):
            continue
        _add(session, alert, follower, now)
        telling = Telling(alert, tuple(told_of(session, alert.event_id)), "open", None, public_url)
        tell(session, audience, telling, {follower.id}, (), now)
        told += 1
    return told


def _add(session: Session, alert: Alert, follower: Follower, now: datetime) -> None:
    session.add(
        AlertShare(
            alert_id=alert.id or 0,
            subscription_id=follower.id,
            organisation_id=follower.subscription.organisation_id,
            shared_at=now,
        )
    )
