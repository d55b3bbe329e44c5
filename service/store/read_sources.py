"""Reading sources in full lists: filtered, worst first, and without what they remember of their items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, tuple_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from ingest.health import State
from ingest.state import WORST_FIRST
from service.store.pages import Page, decode_cursor, page_of
from service.store.read_rest import ARCHIVE
from service.store.scope import Scope
from service.store.source_health import word_column
from service.store.tables import EntryRow, SourceRow

REMEMBERED = (SourceRow.known, SourceRow.marks, SourceRow.levels)


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """What a reader asks for; None and "" mean any. `words` is looked for in name, key and address."""

    state: State | None = None
    kind: str | None = None
    country: str | None = None
    critical: bool | None = None
    words: str = ""


def filtered_sources(
    session: Session,
    scope: Scope,
    wanted: SourceFilter,
    now: datetime,
    *,
    worst_first: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[SourceRow]:
    """Sources by number, or those first that want somebody; only the desk sees them. `known` is not fetched."""
    if not scope.home:
        return Page([], None)
    order: Any = case({state.value: place for place, state in enumerate(WORST_FIRST)}, value=word_column(now))
    rank: Any = order * 2 + case((col(SourceRow.critical), 0), else_=1) if worst_first else col(SourceRow.id) * 0
    query: Any = _narrowed(select(SourceRow, rank), scope, wanted, now).options(*(defer(one) for one in REMEMBERED))  # type: ignore[arg-type]
    if cursor:
        query = query.where(tuple_(rank, col(SourceRow.id)) > tuple_(*decode_cursor(cursor, (int, int))))
    rows = session.exec(query.order_by(rank, col(SourceRow.id)).limit(limit + 1)).all()
    page = page_of(list(rows), limit, lambda row: (row[1], row[0].id))
    return Page([row for row, _ in page.items], page.next)


def tally_sources(session: Session, scope: Scope, wanted: SourceFilter, now: datetime) -> dict[State, int]:
    """How many sources are in each state, whichever state is asked for; only the desk sees them."""
    if not scope.home:
        return {}
    word = word_column(now)
    anywhere = SourceFilter(None, wanted.kind, wanted.country, wanted.critical, wanted.words)
    query = _narrowed(select(word, func.count()), scope, anywhere, now).group_by(word)
    return {State(name): count for name, count in session.connection().execute(query)}


def _narrowed(query: Any, scope: Scope, wanted: SourceFilter, now: datetime) -> Any:
    query = query.where(col(SourceRow.sharing).in_(scope.marks), col(SourceRow.removed_at).is_(None))
    if wanted.state is not None:
        query = query.where(word_column(now) == wanted.state.value)
    # An archive is never looked at, so nothing about it can want somebody: it is shown to those who ask for it.
    kind = col(SourceRow.kind)
    query = query.where(kind == wanted.kind if wanted.kind else kind != ARCHIVE)
    if wanted.country:
        query = query.where(SourceRow.country == wanted.country)
    if wanted.critical is not None:
        query = query.where(col(SourceRow.critical).is_(wanted.critical))
    for word in wanted.words.split()[:8]:
        places = (SourceRow.name, SourceRow.key, SourceRow.address)
        query = query.where(or_(*(col(place).icontains(word, autoescape=True) for place in places)))
    return query


def newest_of(session: Session, scope: Scope, source_id: int, limit: int = 10) -> list[EntryRow]:
    """A source's newest entries that the reader may see."""
    query = select(EntryRow).where(EntryRow.source_id == source_id, col(EntryRow.sharing).in_(scope.marks))
    return list(session.exec(query.order_by(col(EntryRow.id).desc()).limit(limit)).all()) if scope.home else []
