"""Reading entries, events, sources, deliveries, channels and subscriptions, as far as the reader may see them."""

from typing import Any

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store.dead import alike
from service.store.pages import Page, decode_cursor, page_of
from service.store.scope import Scope
from service.store.search import finds_entry, found_numbers
from service.store.tables import (
    Alert,
    AlertShare,
    AssessmentRow,
    Channel,
    EntryRow,
    Event,
    EventEntry,
    Notice,
    SourceRow,
    Subscription,
)

REPORTED = "report:"  # how the address of a source begins whose entries are brought by people and mails
ARCHIVE = "archive"  # the kind of sources that hold an import and are never looked at


def list_entries(
    session: Session,
    scope: Scope,
    *,
    source: str | None = None,
    event: int | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[tuple[EntryRow, SourceRow, AssessmentRow | None]]:
    """Entries with their source and newest assessment, the newest first. Subscribers see those of shared alerts."""
    newest = (
        select(col(AssessmentRow.id))
        .where(col(AssessmentRow.entry_id) == col(EntryRow.id))
        .order_by(col(AssessmentRow.id).desc())
        .limit(1)
        .correlate(EntryRow)
        .scalar_subquery()
    )
    query: Any = (
        select(EntryRow, SourceRow, AssessmentRow)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest, isouter=True)
        .where(col(EntryRow.sharing).in_(scope.marks))
    )
    if not scope.home:
        query = query.where(col(EntryRow.id).in_(_shared_entries(scope)))
    if source is not None:
        query = query.where(SourceRow.key == source)
    if event is not None:
        mine = select(EventEntry.entry_id).where(EventEntry.event_id == event)
        query = query.where(col(EntryRow.id).in_(mine))
    if cursor:
        query = query.where(col(EntryRow.id) < decode_cursor(cursor, (int,))[0])
    rows = session.exec(query.order_by(col(EntryRow.id).desc()).limit(limit + 1)).all()
    return page_of([(entry, where, made) for entry, where, made in rows], limit, lambda row: (row[0].id,))


def found_entries(
    session: Session, scope: Scope, words: str, limit: int = 20
) -> list[tuple[EntryRow, SourceRow, int | None]]:
    """Reports that hold all these words, the newest first, with their sources and events: those that may be read."""
    readable: Any = select(EntryRow.id).where(col(EntryRow.sharing).in_(scope.marks), col(EntryRow.latest).is_(True))
    numbers: list[int] = []
    if scope.home:
        for some in found_numbers(session, words, 4 * limit):
            numbers += session.exec(readable.where(col(EntryRow.id).in_(some))).all()
            if len(numbers) >= limit:
                break
    else:
        shared = readable.where(col(EntryRow.id).in_(_shared_entries(scope)), finds_entry(session, words))
        numbers += session.exec(shared.order_by(col(EntryRow.id).desc()).limit(limit)).all()
    query: Any = (
        select(EntryRow, SourceRow, EventEntry.event_id)
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id), isouter=True)
        .where(col(EntryRow.id).in_(sorted(numbers, reverse=True)[:limit]))
        .order_by(col(EntryRow.id).desc())
    )
    return [(entry, source, event) for entry, source, event in session.exec(query).all()]


def _shared_entries(scope: Scope) -> Any:
    return (
        select(EventEntry.entry_id)
        .join(Alert, col(Alert.event_id) == col(EventEntry.event_id))
        .join(AlertShare, col(AlertShare.alert_id) == col(Alert.id), isouter=True)
        .where(_own_or_shared(scope))
    )


def _own_or_shared(scope: Scope) -> Any:
    mine = col(Alert.organisation_id) == scope.organisation_id
    return mine | (col(AlertShare.organisation_id) == scope.organisation_id)


def list_events(session: Session, scope: Scope, *, limit: int = 50, cursor: str | None = None) -> Page[Event]:
    """Events, the newest first."""
    query: Any = select(Event).where(_event_visible(scope))
    if cursor:
        query = query.where(col(Event.id) < decode_cursor(cursor, (int,))[0])
    rows = list(session.exec(query.order_by(col(Event.id).desc()).limit(limit + 1)).all())
    return page_of(rows, limit, lambda event: (event.id,))


def get_event(session: Session, scope: Scope, event_id: int) -> Event:
    """One event; NotFound when there is none that this reader may see."""
    found = session.exec(select(Event).where(Event.id == event_id, _event_visible(scope))).first()
    if found is None:
        raise NotFound(f"There is no event {event_id}.", "`watchfire event list` shows them.")
    return found


def _event_visible(scope: Scope) -> Any:
    marked = col(Event.sharing).in_(scope.marks) & col(Event.source_id).is_(None)
    if scope.home:
        return marked
    shared = (
        select(Alert.event_id)
        .join(AlertShare, col(AlertShare.alert_id) == col(Alert.id), isouter=True)
        .where(_own_or_shared(scope))
    )
    return marked & col(Event.id).in_(shared)


def list_sources(
    session: Session, scope: Scope, *, limit: int = 50, cursor: str | None = None, archives: bool = True
) -> Page[SourceRow]:
    """Sources by number; only the desk sees them. Without `archives`, those only that can be looked at."""
    if not scope.home:
        return Page([], None)
    watched = col(SourceRow.address).not_like(f"{REPORTED}%")  # reports are brought, and nothing looks for them
    standing = col(SourceRow.removed_at).is_(None)
    query: Any = select(SourceRow).where(col(SourceRow.sharing).in_(scope.marks), watched, standing)
    if not archives:
        query = query.where(col(SourceRow.kind) != ARCHIVE)
    if cursor:
        query = query.where(col(SourceRow.id) > decode_cursor(cursor, (int,))[0])
    rows = list(session.exec(query.order_by(col(SourceRow.id)).limit(limit + 1)).all())
    return page_of(rows, limit, lambda source: (source.id,))


def get_source(session: Session, scope: Scope, source_id: int) -> SourceRow:
    """One source; NotFound when there is none that this reader may see."""
    found = session.get(SourceRow, source_id) if scope.home else None
    if found is None or found.sharing not in scope.marks or found.removed_at is not None:
        raise NotFound(f"There is no source {source_id}.", "`watchfire source list` shows them.")
    return found


def find_source(
    session: Session, scope: Scope, *, key: str | None = None, address: str | None = None
) -> SourceRow | None:
    """The source of that key or address, if the reader may see one."""
    query = select(SourceRow).where(col(SourceRow.sharing).in_(scope.marks), col(SourceRow.removed_at).is_(None))
    query = query.where(SourceRow.key == key) if key is not None else query.where(SourceRow.address == address)
    return session.exec(query).first() if scope.home else None


def list_notices(
    session: Session,
    scope: Scope,
    *,
    state: str | None = None,
    within: str | None = None,
    like: str | None = None,
    but: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[tuple[Notice, Channel | None]]:
    """Deliveries of the reader's organisation (the desk sees all), the newest first, with their channel.

    `within` is a notice: only what it told of. `like` is a dead letter: only those of its channel and cause. `but` is
    a state that is left out.
    """
    query: Any = select(Notice, Channel).join(Channel, col(Channel.id) == col(Notice.channel_id), isouter=True)
    if not scope.home:
        query = query.where(Notice.organisation_id == scope.organisation_id)
    if state is not None:
        query = query.where(Notice.state == state)
    if within is not None:
        query = query.where(Notice.told_in == within)
    if but is not None:
        query = query.where(Notice.state != but)
    if like is not None:
        query = query.where(*alike(get_notice(session, scope, like)))
    if cursor:
        number = decode_cursor(cursor, (str,))[0]
        last = session.get(Notice, number)
        if last is not None:
            query = query.where(
                (col(Notice.created_at) < last.created_at)
                | ((col(Notice.created_at) == last.created_at) & (col(Notice.id) < number))
            )
    query = query.order_by(col(Notice.created_at).desc(), col(Notice.id).desc()).limit(limit + 1)
    return page_of(
        [(notice, channel) for notice, channel in session.exec(query).all()], limit, lambda row: (row[0].id,)
    )


def get_notice(session: Session, scope: Scope, notice_id: str) -> Notice:
    """One delivery; NotFound when there is none that this reader may see."""
    found = session.get(Notice, notice_id)
    if found is None or not (scope.home or found.organisation_id == scope.organisation_id):
        raise NotFound(f"There is no delivery {notice_id}.", "`watchfire delivery list` shows them.")
    return found


def list_channels(session: Session, scope: Scope) -> list[Channel]:
    """The organisation's own channels; removed ones live on in the deliveries only."""
    query = select(Channel).where(Channel.organisation_id == scope.organisation_id, col(Channel.active).is_(True))
    return list(session.exec(query.order_by(col(Channel.id))).all())


def get_channel(session: Session, scope: Scope, channel_id: int) -> Channel:
    """One of the organisation's own channels."""
    found = session.get(Channel, channel_id)
    if found is None or found.organisation_id != scope.organisation_id or not found.active:
        raise NotFound(f"There is no channel {channel_id}.", "`watchfire channel list` shows them.")
    return found


def list_subscriptions(session: Session, scope: Scope) -> list[Subscription]:
    """The organisation's own subscriptions; removed ones live on in the deliveries only."""
    query = select(Subscription).where(
        Subscription.organisation_id == scope.organisation_id, col(Subscription.active).is_(True)
    )
    return list(session.exec(query.order_by(col(Subscription.id))).all())


def get_subscription(session: Session, scope: Scope, subscription_id: int) -> Subscription:
    """One of the organisation's own subscriptions."""
    found = session.get(Subscription, subscription_id)
    if found is None or found.organisation_id != scope.organisation_id or not found.active:
        raise NotFound(f"There is no subscription {subscription_id}.", "`watchfire subscription list` shows them.")
    return found
