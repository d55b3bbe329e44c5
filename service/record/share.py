"""Which subscriptions an alert is for. What is not shared with an organisation does not exist for it."""

from datetime import datetime

from sqlmodel import Session, col, select

from ingest.entry import Sharing
from rules.follow import Follow, follows
from rules.level import Level
from scoring.category import Category
from service.record.notices import Telling, tell
from service.store.events import told_of
from service.store.tables import Alert, AlertShare, Organisation, Subscription


def share(session: Session, alert: Alert, now: datetime) -> set[int]:
    """Share an alert with every subscription that follows it; answers the subscriptions that are new to it."""
    have = set(session.exec(select(AlertShare.subscription_id).where(AlertShare.alert_id == alert.id)).all())
    fresh = set()
    for subscription, organisation in session.exec(
        select(Subscription, Organisation)
        .join(Organisation, col(Organisation.id) == col(Subscription.organisation_id))
        .where(col(Subscription.active).is_(True))
    ).all():
        if subscription.id not in have and _is_for(alert, subscription, organisation):
            _add(session, alert, subscription, now)
            fresh.add(subscription.id or 0)
    session.flush()
    return fresh


def share_standing(session: Session, subscription: Subscription, now: datetime, public_url: str) -> int:
    """Share and tell the live alerts that a new subscription follows; answers how many."""
    organisation = session.get(Organisation, subscription.organisation_id)
    live = session.exec(select(Alert).where(col(Alert.state).not_in(("resolved", "dismissed")))).all()
    chosen = [alert for alert in live if organisation and _is_for(alert, subscription, organisation)]
    for alert in chosen:
        _add(session, alert, subscription, now)
        telling = Telling(alert, tuple(told_of(session, alert.event_id)), "open", None, public_url)
        tell(session, telling, now, only={subscription.id or 0})
    session.flush()
    return len(chosen)


def _add(session: Session, alert: Alert, subscription: Subscription, now: datetime) -> None:
    session.add(
        AlertShare(
            alert_id=alert.id or 0,
            subscription_id=subscription.id or 0,
            organisation_id=subscription.organisation_id,
            shared_at=now,
        )
    )


def _is_for(alert: Alert, subscription: Subscription, organisation: Organisation) -> bool:
    if Sharing(alert.sharing).strictness > Sharing(organisation.clearance).strictness:
        return False
    follow = Follow(
        countries=tuple(subscription.countries),
        categories=tuple(Category(key) for key in subscription.categories),
        least_level=Level(subscription.least_level),
    )
    return follows(
        follow,
        countries=tuple(alert.countries),
        categories=tuple(Category(key) for key in alert.categories),
        level=Level(alert.level),
    )
