"""What is known about one country besides its alerts: its sources, and what governments advise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from service.store.read_rest import ARCHIVE
from service.store.scope import Scope
from service.store.tables import EntryRow, SourceRow

ADVISORY = "advisory"
MOST_SOURCES, MOST_ADVICE = 24, 60


@dataclass(frozen=True, slots=True)
class Advice:
    """What one government's list says of a country: level "1" to "4", "" where it states none. `title`, `link` and
    `seen` are of its newest entry about it, if one is kept."""

    source: str
    level: str
    title: str = ""
    language: str | None = None
    link: str | None = None
    seen: datetime | None = None
    checked: datetime | None = None


def sources_about(session: Session, scope: Scope, country: str, region: str | None) -> list[SourceRow]:
    """The sources of a country, its own before those of its region; only the desk knows its sources."""
    if not scope.home:
        return []
    wide = col(SourceRow.country).is_(None) & (col(SourceRow.region) == region)
    query = (
        select(SourceRow)
        .options(defer(SourceRow.known), defer(SourceRow.marks), defer(SourceRow.levels))  # type: ignore[arg-type]
        .where(col(SourceRow.removed_at).is_(None), col(SourceRow.kind) != ARCHIVE)
        .where(col(SourceRow.sharing).in_(scope.marks))
        .where(or_(col(SourceRow.country) == country, wide) if region else col(SourceRow.country) == country)
        .order_by(col(SourceRow.country).is_(None), col(SourceRow.reliability), col(SourceRow.name))
    )
    return list(session.exec(query.limit(MOST_SOURCES)).all())


def advice_about(session: Session, scope: Scope, country: str) -> list[Advice]:
    """What governments advise about a country, side by side, by source; nothing for who is not of the desk."""
    if not scope.home:
        return []
    wanted: Any = (SourceRow.id, SourceRow.name, SourceRow.levels, SourceRow.last_success_at, SourceRow.sharing)
    lists: Any = session.exec(
        select(*wanted)
        .where(SourceRow.kind == ADVISORY, col(SourceRow.removed_at).is_(None))
        .order_by(col(SourceRow.name))
    ).all()
    entries = _newest(session, scope, [number or 0 for number, *_ in lists], country)
    found = []
    for number, name, levels, checked, sharing in lists:
        entry = entries.get(number or 0)
        level = (levels or {}).get(f"advice:{country}") if sharing in scope.marks else None
        if entry is not None:
            said = level or (levels or {}).get(entry.key) or entry.extra.get("advisory_level", "")
            told = (entry.title, entry.language, entry.link, entry.first_seen_at)
            found.append(Advice(name, str(said or ""), *told, checked))
        elif level:
            found.append(Advice(name, str(level), checked=checked))
    return found


def _newest(session: Session, scope: Scope, sources: Sequence[int], country: str) -> dict[int, EntryRow]:
    """Source → its newest entry about the country. There are as many entries in a list as countries, and few lists."""
    query = (
        select(EntryRow)
        .where(
            col(EntryRow.source_id).in_(sources),
            col(EntryRow.latest).is_(True),
            col(EntryRow.sharing).in_(scope.marks),
            cast(col(EntryRow.countries), String).contains(f'"{country}"'),
        )
        .order_by(col(EntryRow.first_seen_at).desc(), col(EntryRow.id).desc())
        .limit(MOST_ADVICE)
    )
    found: dict[int, EntryRow] = {}
    for entry in session.exec(query).all():
        if len(entry.countries) == 1 or entry.source_id not in found:
            found.setdefault(entry.source_id, entry)
    return found
