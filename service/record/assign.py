"""Whose duty an alert is, and the rows by which lists find it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from rules import decision as said
from rules.exposure import sites_of
from rules.holdings import Hit
from service.record.aside import keep_handed
from service.store.tables import Alert, AlertCategory, AlertCountry, Duty


def duty_owners(session: Session, alert: Alert) -> tuple[str, ...]:
    """Who has a duty on an alert, the accountable owner first."""
    query = select(Duty.owner).where(Duty.alert_id == alert.id).order_by(col(Duty.role), col(Duty.id))
    return tuple(dict.fromkeys(session.exec(query).all()))


def deadlines_of(session: Session, alert: Alert) -> dict[str, datetime]:
    """Until when each owner of an alert is to answer."""
    return {one.owner: one.acknowledge_by for one in session.exec(select(Duty).where(Duty.alert_id == alert.id)).all()}


def touched_sites(alert: Alert) -> tuple[str, ...]:
    """The keys of the sites that an alert touched when it was last told, by which routes know them."""
    kept = ((str(hit.get("kind", "")), str(hit.get("name", ""))) for hit in alert.exposure)
    return sites_of(Hit("", 0, name, kind, 0.0) for kind, name in kept)


def assign(session: Session, alert: Alert, duties: Iterable[said.Duty], now: datetime, *, fresh: bool) -> None:
    """Replace the duties of an alert; none given means that those it has stay."""
    duties = tuple(duties)
    if not duties:
        return
    if not fresh:
        session.connection().execute(delete(Duty).where(col(Duty.alert_id) == alert.id))
    session.add_all(
        Duty(
            alert_id=alert.id or 0,
            owner=duty.owner,
            role=duty.role,
            acknowledge_by=duty.acknowledge_by,
            clause=duty.clause,
            created_at=now,
        )
        for duty in duties
    )
    alert.acknowledge_by = min(duty.acknowledge_by for duty in duties)
    if not fresh:
        keep_handed(session, alert, now)


def index(session: Session, alert: Alert, *, fresh: bool) -> None:
    """Let lists find the alert by its countries and categories."""
    if not fresh:
        connection = session.connection()
        connection.execute(delete(AlertCountry).where(col(AlertCountry.alert_id) == alert.id))
        connection.execute(delete(AlertCategory).where(col(AlertCategory.alert_id) == alert.id))
    session.add_all(AlertCountry(alert_id=alert.id or 0, country=code) for code in dict.fromkeys(alert.countries))
    session.add_all(AlertCategory(alert_id=alert.id or 0, category=key) for key in alert.categories)
