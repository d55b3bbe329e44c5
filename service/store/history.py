"""What was seen when: entries in the order in which they came, and a copy of them to walk through again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from service.store.engine import Store
from service.store.tables import AssessmentRow, EntryRow, SourceRow

PAGE = 500
FRESH: Mapping[str, Any] = {
    "latest": True,
    "archived": False,
    "stage": "new",
    "tries": 0,
    "error": None,
    "lease_until": None,
    "lease_by": None,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as its columns keep it, and when it was first seen."""

    at: datetime
    values: Mapping[str, Any]


def history(store: Store, since: datetime, until: datetime) -> Iterator[Seen]:
    """Entries first seen in [since, until), in that order, a page a transaction.

    The baseline of a list is left out: it was kept without being walked on, for it is no news.
    """
    after: tuple[datetime, int] | None = None
    while True:
        with store.read() as session:
            rows = [dict(row) for row in session.connection().execute(_page(since, until, after)).mappings()]
        for row in rows:
            yield Seen(row["first_seen_at"], row)
        if len(rows) < PAGE:
            return
        after = (rows[-1]["first_seen_at"], rows[-1]["id"])


def _page(since: datetime, until: datetime, after: tuple[datetime, int] | None) -> Any:
    at, number = col(EntryRow.first_seen_at), col(EntryRow.id)
    assessed = select(AssessmentRow.id).where(AssessmentRow.entry_id == number).exists()
    baseline = (col(EntryRow.stage) == "decided") & ~assessed
    query = select(EntryRow.__table__).where(at >= since, at < until, ~baseline)  # type: ignore[attr-defined]
    if after is not None:
        query = query.where((at > after[0]) | ((at == after[0]) & (number > after[1])))
    return query.order_by(at, number).limit(PAGE)


def copy_sources(store: Store, into: Store) -> None:
    """Every source with its number, at rest, and without what only a visit needs."""
    kept = ("id", "key", "name", "kind", "country", "language", "reliability", "sharing", "created_at", "address")
    with store.read() as session:
        rows = list(session.exec(select(*(getattr(SourceRow, name) for name in kept))).all())
    with into.write() as session:
        session.add_all(SourceRow(**dict(zip(kept, row, strict=True)), active=False) for row in rows)


def copy_entries(session: Session, seen: Sequence[Seen]) -> None:
    """Add entries as if they had just come in; what they revise is the latest no more."""
    for one in seen:
        if one.values["revision"] > 1:
            session.connection().execute(
                update(EntryRow)
                .where(col(EntryRow.source_id) == one.values["source_id"], col(EntryRow.key) == one.values["key"])
                .values(latest=False)
            )
        session.connection().execute(insert(EntryRow), {**one.values, **FRESH})
