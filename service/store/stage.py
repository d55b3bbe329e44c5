"""The demonstration on a real desk, in the database: telling what is of it from all else, and taking it away again.

Everything of it hangs on its sources, whose keys begin with what no other key may hold. Real and invented reports never
join: an event is of the one or of the other. Reports of it are in no index, because what is in the index of reports
cannot be taken out of it again; its alerts are found by words as all are.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, or_, select, update
from sqlmodel import Session

from service.store.log import get_meta
from service.store.search import forget_alerts
from service.store.tables import (
    EntryRow,
    Event,
    EventEntry,
    LogLine,
    Meta,
    SourceRow,
    TranslatedEntry,
    Translation,
    metadata,
)
from service.store.tables.source import STAGED

MARK = "stage"  # what is remembered of the telling, while it is there
ON_STAGE = f"{STAGED}%"
# What merely mentions something of it stays and forgets that; all other rows that point to it go with it.
MENTIONS = frozenset({("posture", "alert_id"), ("hush", "cause_alert_id"), ("hush", "silence_id")})
# Subject of a line in the log → the table that its number is of.
TOLD_OF = {
    **{name: name for name in ("alert", "event", "entry", "source", "silence", "correction", "notice")},
    **dict.fromkeys(("response", "quiet", "comment"), "alert"),
}
COUNTED = ("source", "entry", "event", "alert")
_ENTRY: Any = EntryRow.__table__  # type: ignore[attr-defined]
_EVENT: Any = Event.__table__  # type: ignore[attr-defined]
_PLACE: Any = EventEntry.__table__  # type: ignore[attr-defined]
_SOURCE: Any = SourceRow.__table__  # type: ignore[attr-defined]
_LOG: Any = LogLine.__table__  # type: ignore[attr-defined]
_META: Any = Meta.__table__  # type: ignore[attr-defined]
_TEXT: Any = Translation.__table__  # type: ignore[attr-defined]
_BEARS: Any = TranslatedEntry.__table__  # type: ignore[attr-defined]


def is_staged(session: Session) -> bool:
    """Whether the demonstration is on this desk. One look at a small table by its key."""
    return get_meta(session, MARK) is not None


def staged_events() -> Select[Any]:
    """The numbers of its events."""
    return (
        select(_PLACE.c.event_id)
        .join(_ENTRY, _ENTRY.c.id == _PLACE.c.entry_id)
        .join(_SOURCE, _SOURCE.c.id == _ENTRY.c.source_id)
        .where(_SOURCE.c.key.like(ON_STAGE))
    )


def is_invented(source: str) -> bool:
    """Whether a source is of it, by its key."""
    return source.startswith(STAGED)


def events_among(session: Session, *, staged: bool) -> ColumnElement[bool] | None:
    """The condition on events that they are of it, or are not; None where it is not on this desk."""
    if not is_staged(session):
        return None
    number: ColumnElement[int] = _EVENT.c.id
    return number.in_(staged_events()) if staged else number.not_in(staged_events())


def are_apart(session: Session, *events: int) -> bool:
    """Whether some of these events are of the demonstration and others are not."""
    if not is_staged(session):
        return False
    found = set(session.connection().execute(staged_events().where(_PLACE.c.event_id.in_(events))).scalars())
    return bool(found) and len(found) < len(set(events))


def apart(session: Session, entries: list[int]) -> list[list[int]]:
    """Entries in parts that may be joined among each other: real ones and those of the demonstration."""
    if not entries or not is_staged(session):
        return [entries]
    query = select(_ENTRY.c.id).join(_SOURCE, _SOURCE.c.id == _ENTRY.c.source_id).where(_SOURCE.c.key.like(ON_STAGE))
    invented = set(session.connection().execute(query.where(_ENTRY.c.id.in_(entries))).scalars())
    parts = ([one for one in entries if one not in invented], [one for one in entries if one in invented])
    return [part for part in parts if part]


def count_staged(session: Session) -> dict[str, int]:
    """How much of it there is, by what."""
    doomed = _doomed(session)
    return {name: len(doomed.get(name, ())) for name in COUNTED}


def remove_staged(session: Session) -> dict[str, int]:
    """Take all of it away and nothing else, within the caller's transaction; answers how much there was.

    The lines of the log about it go as well: their numbers may come again, and would tell of something else then.
    """
    doomed = _doomed(session)
    connection, texts = session.connection(), _texts(session, doomed["entry"])
    forget_alerts(session, doomed.get("alert", []))
    for table in reversed(metadata.sorted_tables):
        for column in _pointing(table, doomed, mentions=True):
            connection.execute(update(table).where(column).values({column.left.name: None}))
        condition = _goes(table, doomed)
        if condition is not None:
            connection.execute(delete(table).where(condition))
    connection.execute(delete(_TEXT).where(_TEXT.c.id.in_(texts)))
    for subject, table_name in TOLD_OF.items():
        numbers = [str(number) for number in doomed.get(table_name, ())]
        connection.execute(delete(_LOG).where(_LOG.c.subject == subject, _LOG.c.subject_id.in_(numbers)))
    connection.execute(delete(_META).where(_META.c.key == MARK))
    session.expire_all()
    return {name: len(doomed.get(name, ())) for name in COUNTED}


def _doomed(session: Session) -> dict[str, list[Any]]:
    """The keys of all rows that are of it, by table; a table whose key has several columns is left out."""
    connection = session.connection()
    sources = list(connection.execute(select(_SOURCE.c.id).where(_SOURCE.c.key.like(ON_STAGE))).scalars())
    alarms = select(_EVENT.c.id).where(_EVENT.c.source_id.in_(sources))
    events = {*connection.execute(staged_events()).scalars(), *connection.execute(alarms).scalars()}
    doomed: dict[str, list[Any]] = {"source": sources, "event": sorted(events)}
    for table in metadata.sorted_tables:
        keys = list(table.primary_key)
        condition = _goes(table, doomed)
        if table.name not in doomed and len(keys) == 1 and condition is not None:
            doomed[table.name] = list(connection.execute(select(keys[0]).where(condition)).scalars())
    return {"entry": [], **doomed}


def _goes(table: Table, doomed: Mapping[str, list[Any]]) -> ColumnElement[bool] | None:
    if table.name in ("source", "event"):
        return next(iter(table.primary_key)).in_(doomed[table.name])
    pointing = _pointing(table, doomed)
    return or_(*pointing) if pointing else None


def _pointing(table: Table, doomed: Mapping[str, list[Any]], *, mentions: bool = False) -> list[Any]:
    """Conditions that say which rows of a table point to one of the rows, or merely mention it."""
    return [
        column.in_(doomed[key.column.table.name])
        for column in table.columns
        for key in column.foreign_keys
        if doomed.get(key.column.table.name) and ((table.name, column.name) in MENTIONS) is mentions
    ]


def _texts(session: Session, entries: list[Any]) -> list[int]:
    """Machine translations that no other entry bears."""
    bears = select(_BEARS.c.translation_id).where(_BEARS.c.entry_id.in_(entries))
    others = select(_BEARS.c.translation_id).where(_BEARS.c.entry_id.not_in(entries))
    found = session.connection().execute(bears.where(_BEARS.c.translation_id.not_in(others))).scalars()
    return sorted(set(found))
