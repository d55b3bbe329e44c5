"""What people keep for themselves: what they have seen, views under a name, and who looks at what."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from service.errors import Invalid, NotFound
from service.store.scope import Scope
from service.store.tables import Alert, Presence, SavedView, Seen, Snooze

HERE_FOR = timedelta(seconds=75)  # after the last sign of somebody; pages give one every 30 s
MOST_VIEWS = 60


def seen_of(session: Session, scope: Scope, alerts: Sequence[int]) -> dict[int, datetime]:
    """When the reader last looked at these alerts: those they never opened are left out."""
    query = select(Seen.alert_id, Seen.at).where(
        Seen.organisation_id == scope.organisation_id, Seen.actor == scope.actor[:120], col(Seen.alert_id).in_(alerts)
    )
    return dict(session.exec(query).all())


def note_seen(session: Session, scope: Scope, alert_id: int, now: datetime) -> None:
    """Remember that the reader has an alert before them."""
    session.merge(Seen(organisation_id=scope.organisation_id, actor=scope.actor[:120], alert_id=alert_id, at=now))


def snoozes_of(session: Session, scope: Scope, alerts: Sequence[Alert]) -> dict[int, Snooze]:
    """The snoozes of these alerts, where they are of the reader's own organisation."""
    own = [alert.id for alert in alerts if alert.organisation_id == scope.organisation_id]
    return {row.alert_id: row for row in session.exec(select(Snooze).where(col(Snooze.alert_id).in_(own))).all()}


def note_presence(session: Session, scope: Scope, alert_id: int | None, now: datetime) -> None:
    """Remember which alert somebody looks at, if any."""
    mine = [col(Presence.organisation_id) == scope.organisation_id, col(Presence.actor) == scope.actor[:120]]
    if alert_id is None:
        session.connection().execute(delete(Presence).where(*mine))
        return
    session.merge(Presence(organisation_id=scope.organisation_id, actor=scope.actor[:120], alert_id=alert_id, at=now))


def present(session: Session, organisation_id: int, now: datetime) -> dict[str, int]:
    """Who of an organisation looks at which alert."""
    query = select(Presence.actor, Presence.alert_id).where(
        Presence.organisation_id == organisation_id, col(Presence.at) > now - HERE_FOR
    )
    return dict(session.exec(query.order_by(col(Presence.actor))).all())


def everybody(session: Session, now: datetime) -> dict[int, dict[str, int]]:
    """The same of all organisations at once, by organisation: for the one look that serves all open pages."""
    query = select(Presence).where(col(Presence.at) > now - HERE_FOR).order_by(col(Presence.actor))
    found: dict[int, dict[str, int]] = {}
    for row in session.exec(query).all():
        found.setdefault(row.organisation_id, {})[row.actor] = row.alert_id
    return found


def views_of(session: Session, scope: Scope) -> list[SavedView]:
    """The reader's own views and those that the house shares, by name."""
    query = select(SavedView).where(
        SavedView.organisation_id == scope.organisation_id,
        (col(SavedView.actor) == scope.actor[:120]) | col(SavedView.shared).is_(True),
    )
    return list(session.exec(query.order_by(col(SavedView.name), col(SavedView.id)).limit(MOST_VIEWS)).all())


def save_view(session: Session, scope: Scope, name: str, query: str, now: datetime, *, shared: bool) -> SavedView:
    """Keep filters under a name; the reader's view of that name is replaced. Invalid when there are too many."""
    mine = select(SavedView).where(
        SavedView.organisation_id == scope.organisation_id, SavedView.actor == scope.actor[:120]
    )
    rows = list(session.exec(mine).all())
    row = next((one for one in rows if one.name == name), None)
    if row is None and len(rows) >= MOST_VIEWS:
        raise Invalid(f"There are {len(rows)} views already.", "Remove one first.")
    row = row or SavedView(
        organisation_id=scope.organisation_id, actor=scope.actor[:120], name=name, query=query, created_at=now
    )
    row.query, row.shared = query, shared
    session.add(row)
    session.flush()
    return row


def remove_view(session: Session, scope: Scope, view_id: int) -> SavedView:
    """Forget a view of the reader's own; NotFound when it is none."""
    row = session.get(SavedView, view_id)
    if row is None or row.organisation_id != scope.organisation_id or row.actor != scope.actor[:120]:
        raise NotFound(f"There is no view {view_id} of yours.", "The list of alerts shows yours.")
    session.delete(row)
    return row
