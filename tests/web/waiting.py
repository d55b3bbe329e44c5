"""Held notices on the seeded desk: some still held, some told in a digest, by the functions that the walk uses."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from rules.decision import Hush
from service.record.audience import read_audience
from service.record.digest import release_held
from service.record.notices import Telling, tell
from service.store.engine import Store
from service.store.events import told_of
from service.store.read_alerts import CLOSED
from service.store.tables import Alert, Notice
from tests.web.seed import URL


def hold_some(store: Store, home: int, now: datetime) -> str:
    """Tell of the calm alerts in a storm an hour ago, and again under a silence and a spent budget; answers the
    digest's number."""
    ago = now - timedelta(hours=1)
    with store.write() as session:
        for alert in _calm(session, home):
            _tell(session, home, alert, Hush("storm", "opened:42", ago + timedelta(minutes=14)), ago)
        session.flush()
        release_held(session, URL, ago + timedelta(minutes=15))
        for notice in session.exec(select(Notice).where(Notice.action == "digest")).all():
            notice.state, notice.attempts, notice.sent_at = "sent", 1, ago + timedelta(minutes=15, seconds=2)
        for number, alert in enumerate(_calm(session, home)):
            kind = ("silence:3", "budget:20", "alert:7", "update")[number % 4]
            named = {"silence:3": "silence", "budget:20": "budget", "alert:7": "inhibited"}.get(kind, "cooldown")
            _tell(session, home, alert, Hush(named, kind, now + timedelta(minutes=25 + number)), now, ".again")
    with store.read() as session:
        return session.exec(select(Notice.id).where(Notice.action == "digest")).first() or ""


def _calm(session: Session, home: int) -> list[Alert]:
    query = select(Alert).where(
        Alert.organisation_id == home, Alert.level > 2, col(Alert.state).not_in(CLOSED), col(Alert.source_id).is_(None)
    )
    return list(session.exec(query.order_by(col(Alert.id))).all())


def _tell(session: Session, home: int, alert: Alert, hush: Hush, at: datetime, about: str = ".held") -> None:
    telling = Telling(alert, tuple(told_of(session, alert.event_id)), "update", None, URL, about=about, hush=hush)
    audience = read_audience(session, home)
    tell(session, audience, telling, {one.id for one in audience.followers if one.wants(alert)}, ["central-lead"], at)


def held_alert(store: Store) -> int:
    """An alert with something held and something told in a digest."""
    with store.read() as session:
        return session.exec(select(Notice.alert_id).where(Notice.state == "held")).first() or 0
