"""Held notices: what waits, for whom, since when, and how much everybody has been told today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select, update
from sqlmodel import Session, col

from rules.budget import RHYTHMIC
from rules.decision import HUSHES
from rules.level import Level
from service.store.read_alerts import CLOSED
from service.store.rosters import member_names
from service.store.tables import Alert, Notice, Organisation, SilenceRow, Subscription

OPERATOR = "operator"
# As the partial indexes are written: a bound parameter would not be known to fit them.
HELD: ColumnElement[bool] = col(Notice.state) == literal_column("'held'")
MUTED = and_(HELD, col(Notice.held_for) == "inhibited")
DIGEST: ColumnElement[bool] = col(Notice.action) == literal_column("'digest'")
PLACE = (col(Notice.organisation_id), col(Notice.channel_id), col(Notice.subscription_id), col(Notice.owner))
AT_ONCE = 500  # rows named in one statement
GAP = timedelta(minutes=10)  # between two digests to the same place
Key = tuple[int | None, str | None, int | None]  # subscription, owner, channel


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is told, and where: what is held for one of them becomes one digest."""

    organisation_id: int
    channel_id: int | None
    subscription_id: int | None
    owner: str | None

    def mine(self) -> list[ColumnElement[bool]]:
        """The notices to them."""
        return [
            col(Notice.channel_id) == self.channel_id,  # which is the organisation's
            col(Notice.subscription_id).is_not_distinct_from(self.subscription_id),
            col(Notice.owner).is_not_distinct_from(self.owner),
        ]


def key_of(notice: Notice) -> Key:
    """To whom a notice goes, and where."""
    return notice.subscription_id, notice.owner, notice.channel_id


def held_of_alert(session: Session, alert_id: int | None) -> list[Notice]:
    """What is held of an alert, the earliest first."""
    query: Any = select(Notice).where(col(Notice.alert_id) == alert_id, col(Notice.state) == "held")
    return list(session.execute(query.order_by(col(Notice.version), col(Notice.created_at))).scalars())


def any_due(session: Session, now: datetime) -> bool:
    """Whether anything held is to be told by now, or may be since its cause has ended. Two looks into small indexes."""
    held = select(col(Notice.id)).limit(1)
    return any(session.execute(held.where(wanted)).first() is not None for wanted in (_due(now), MUTED))


def due_addressees(session: Session, now: datetime, limit: int) -> list[Whom]:
    """To whom something held is due and who has had no digest just now, who waits longest first."""
    recent = select(*PLACE).where(DIGEST, col(Notice.created_at) > now - GAP)
    resting = {Whom(*row) for row in session.execute(recent)}
    query = select(*PLACE).where(_due(now)).group_by(*PLACE).order_by(func.min(col(Notice.release_at)))
    due = (Whom(*row) for row in session.execute(query))
    return [whom for whom in due if whom not in resting][:limit]


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(HELD, col(Notice.held_for).in_(HUSHES), col(Notice.release_at) <= now)


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """What a digest needs of a held notice: its payload is told anew, and is not read."""

    id: str
    alert_id: int | None
    held_for: str
    held_by: str
    release_at: datetime
    created_at: datetime


def take_held(session: Session, whom: Whom, now: datetime) -> list[HeldNotice]:
    """What is told to them now, the oldest first: what is due, and with it what has the same cause or rhythm.

    On PostgreSQL the rows are locked; one that another transaction is changing at this moment is left to it.
    """
    columns: Any = [col(getattr(Notice, name)) for name in HeldNotice.__slots__]
    query = (
        select(*columns)
        .where(*whom.mine(), HELD)
        .order_by(col(Notice.created_at), col(Notice.id))
        .with_for_update(skip_locked=True)
    )
    held = [HeldNotice(*row) for row in session.execute(query)]
    ended = {(one.held_for, one.held_by) for one in held if one.release_at <= now}
    together = (one for one in held if one.held_for in RHYTHMIC or (one.held_for, one.held_by) in ended)
    return list(together) if ended else []


def settle_held(session: Session, held: Sequence[HeldNotice], **values: object) -> None:
    """Give these notices, which this transaction has taken, their last state."""
    for start in range(0, len(held), AT_ONCE):
        ids = [one.id for one in held[start : start + AT_ONCE]]
        session.connection().execute(update(Notice).where(col(Notice.id).in_(ids)).values(**values))


def alerts_by_number(session: Session, numbers: Iterable[int | None]) -> dict[int, Alert]:
    """These alerts."""
    wanted = sorted({number for number in numbers if number is not None})
    found: dict[int, Alert] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(Alert).where(col(Alert.id).in_(wanted[start : start + AT_ONCE]))
        found |= {alert.id or 0: alert for alert in session.execute(query).scalars()}
    return found


def names_of(session: Session, whom: Whom) -> tuple[Organisation | None, str | None]:
    """Their organisation, and what their subscription is called."""
    subscription = session.get(Subscription, whom.subscription_id) if whom.subscription_id is not None else None
    return session.get(Organisation, whom.organisation_id), subscription.name if subscription is not None else None


def release_early(session: Session, kind: str, cause: str, now: datetime) -> int:
    """What this cause has held is due now: it has ended earlier than it was to. Answers how many notices."""
    ended = and_(col(Notice.state) == "held", col(Notice.held_for) == kind, col(Notice.held_by) == cause)
    done = session.connection().execute(
        update(Notice).where(ended, col(Notice.release_at) > now).values(release_at=now)
    )
    return int(done.rowcount)


def end_inhibitions(session: Session, now: datetime) -> int:
    """What a graver alert has muted is due when that alert is closed, or grave no more. Answers how many notices."""
    query = select(col(Notice.held_by)).where(MUTED)
    causes = {str(cause): _number(str(cause)) for cause in session.execute(query.distinct()).scalars()}
    alerts = alerts_by_number(session, causes.values()) if causes else {}
    over = (cause for cause, number in causes.items() if not _mutes(alerts.get(number or 0)))
    return sum(release_early(session, "inhibited", cause, now) for cause in over)


def _number(cause: str) -> int | None:
    """The alert that a cause such as `alert:12` names."""
    number = cause.rpartition(":")[2]
    return int(number) if number.isdigit() else None


def _mutes(alert: Alert | None) -> bool:
    return alert is not None and alert.state not in CLOSED and alert.level < Level.BLUE


def said_of(session: Session, causes: Iterable[str | None], organisation_id: int) -> dict[str, str]:
    """Whose silences these causes are and why, by cause. People of other organisations are not told.

    Where the operator set one, only why: `operator` is a word of ours and nobody's name.
    """
    numbers = {cause: _number(cause) for cause in causes if cause and cause.startswith("silence:")}
    query = select(SilenceRow).where(
        col(SilenceRow.id).in_([number for number in numbers.values() if number is not None]),
        col(SilenceRow.organisation_id) == organisation_id,
    )
    rows = {row.id: row for row in session.execute(query).scalars()} if numbers else {}
    found = {cause: rows[number] for cause, number in numbers.items() if number in rows}
    names = member_names(session, organisation_id) if found else {}
    return {
        cause: row.reason if row.author == OPERATOR else f"{names.get(row.author, row.author)}: {row.reason}"
        for cause, row in found.items()
    }


def counted_since(session: Session, start: datetime) -> dict[Key, int]:
    """How many interruptions that count each place has had since the day began."""
    columns = (col(Notice.subscription_id), col(Notice.owner), col(Notice.channel_id))
    query = (
        select(*columns, func.count())
        .where(col(Notice.counted), col(Notice.created_at) >= start, col(Notice.state) != "dead")
        .group_by(*columns)
    )
    return {(subscription, owner, channel): count for subscription, owner, channel, count in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Tally:
    """What one place has had: told one by one, in digests, counted against the budget, and held by now."""

    told: int = 0
    digests: int = 0
    counted: int = 0
    held: int = 0

    def most(self, other: "Tally") -> "Tally":
        """The larger of each."""
        told, digests = max(self.told, other.told), max(self.digests, other.digests)
        return Tally(told, digests, max(self.counted, other.counted), max(self.held, other.held))


def tally(session: Session, organisation_id: int | None, start: datetime) -> dict[Key, Tally]:
    """Since `start`, and all that is held at the moment; of one organisation, or of all."""
    columns = (col(Notice.subscription_id), col(Notice.owner), col(Notice.channel_id))
    digest = col(Notice.action) == "digest"
    sent = select(*columns, _count(~digest), _count(digest), _count(col(Notice.counted).is_(True))).where(
        col(Notice.created_at) >= start, col(Notice.state).in_(("pending", "sent"))
    )
    held = select(*columns, func.count()).where(HELD)
    if organisation_id is not None:
        mine = col(Notice.organisation_id) == organisation_id
        sent, held = sent.where(mine), held.where(mine)
    found: dict[Key, Tally] = {
        (row[0], row[1], row[2]): Tally(*row[3:]) for row in session.execute(sent.group_by(*columns))
    }
    for row in session.execute(held.group_by(*columns)):
        key = (row[0], row[1], row[2])
        found[key] = replace(found.get(key, Tally()), held=row[3])
    return found


def subscription_names(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """What these subscriptions are called, removed ones as well."""
    wanted = [int(number) for number in numbers if number.isdigit()]
    rows = session.execute(select(col(Subscription.id), col(Subscription.name)).where(col(Subscription.id).in_(wanted)))
    return {str(number): name for number, name in rows}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
