"""Translations: what waits for one, claiming it, keeping what was made, and reading it for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from service.store.lease import claim
from service.store.read_alerts import LIVE
from service.store.scope import Scope
from service.store.search import index_translation
from service.store.tables import Alert, EntryRow, EventEntry, TranslatedEntry, Translation

OPEN_MARKS = (Sharing.CLEAR.value, Sharing.GREEN.value)  # nothing stricter ever leaves the house
TRIES = 3
# Plain columns: an object for each costs more than finding it.
_TOLD: list[Any] = [Translation.title_hash, Translation.texts, Translation.model]
_TOLD += [Translation.made_at, Translation.created_at]
_DONE: Any = (
    select(*_TOLD)
    .select_from(Translation)
    .join(TranslatedEntry, col(TranslatedEntry.translation_id) == col(Translation.id))
    .join(EntryRow, col(EntryRow.id) == col(TranslatedEntry.entry_id))
    .where(Translation.state == "done", col(EntryRow.sharing).in_(bindparam("marks", expanding=True)))
)
# Asked with every list: put together once.
_OF_TITLES: Any = _DONE.where(col(Translation.title_hash).in_(bindparam("hashes", expanding=True))).order_by(
    col(Translation.id)
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry behind a live alert that no translation was sought for; `level` is that of its gravest alert."""

    entry_id: int
    title: str
    text: str
    language: str | None
    level: int


@dataclass(frozen=True, slots=True)
class Held:
    """A text that this worker holds for translation."""

    id: int
    title: str
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """What a machine made of a title, in one language; `summary` is "" where only the title is the same."""

    title: str
    summary: str
    model: str
    made_at: datetime


def hash_of(*parts: str) -> str:
    """The key of a text."""
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def candidates(session: Session, limit: int) -> list[Candidate]:
    """Entries behind live alerts that may leave the house and have no translation yet: the gravest and newest first."""
    known = select(TranslatedEntry.entry_id).where(col(TranslatedEntry.entry_id) == col(EntryRow.id)).exists()
    told: list[Any] = [EntryRow.id, EntryRow.title, EntryRow.text, EntryRow.language]
    shown = [*told, func.min(Alert.level)]
    query: Any = (
        select(*shown)
        .join(EventEntry, col(EventEntry.entry_id) == col(EntryRow.id))
        .join(Alert, col(Alert.event_id) == col(EventEntry.event_id))
        .where(col(Alert.state).in_(LIVE), col(Alert.source_id).is_(None), ~known)
        .where(col(EntryRow.latest).is_(True), col(EntryRow.sharing).in_(OPEN_MARKS), col(EntryRow.title) != "")
        .group_by(*told)
        .order_by(func.min(Alert.level), col(EntryRow.id).desc())
        .limit(limit)
    )
    return [Candidate(*row) for row in session.exec(query).all()]


def queue(session: Session, one: Candidate, title: str, text: str, now: datetime) -> None:
    """Let an entry wait for the translation of a text: its own, as it may leave the house. Copies wait for one."""
    key = hash_of(one.language or "", title, text)
    found = session.exec(select(Translation).where(Translation.text_hash == key)).first()
    if found is None:
        found = Translation(
            text_hash=key, title_hash=hash_of(one.title), level=one.level, not_before=now, created_at=now
        )
    found.level = min(found.level, one.level)
    session.add(found)
    session.flush()
    session.add(TranslatedEntry(entry_id=one.entry_id, translation_id=found.id or 0))


def claim_texts(session: Session, now: datetime, by: str, limit: int, lease: timedelta) -> list[Held]:
    """Texts that are due, the gravest first. The mark is looked at once more."""
    due = [col(Translation.state) == "waiting", col(Translation.not_before) <= now]
    order: list[Any] = [Translation.level, col(Translation.id)]
    ids = claim(session, Translation, due, order, now=now, by=by, limit=limit, lease=lease)
    rows: Any = session.exec(
        select(Translation.id, EntryRow.title, EntryRow.text, EntryRow.language)
        .join(TranslatedEntry, col(TranslatedEntry.translation_id) == col(Translation.id))
        .join(EntryRow, col(EntryRow.id) == col(TranslatedEntry.entry_id))
        .where(col(Translation.id).in_(ids), col(EntryRow.sharing).in_(OPEN_MARKS))
        .order_by(col(Translation.level), col(Translation.id), col(EntryRow.id))
    ).all()
    first: dict[int, Held] = {}
    for row in rows:
        first.setdefault(row[0], Held(*row))
    return list(first.values())


def keep_made(
    session: Session, number: int, by: str, texts: Mapping[str, Mapping[str, str]], model: str, now: datetime
) -> None:
    """Keep a translation, if this worker still holds the text."""
    values = {"state": "done", "texts": texts, "model": model, "made_at": now, "error": None}
    _settle(session, number, by, {**values, "tries": col(Translation.tries) + 1})
    index_translation(session, number)


def keep_failure(session: Session, number: int, by: str, error: str, again: datetime) -> None:
    """Count a failure of the text's own; after three it is left alone."""
    row = session.get(Translation, number)
    tries = (row.tries if row is not None else 0) + 1
    state = "failed" if tries >= TRIES else "waiting"
    _settle(session, number, by, {"state": state, "tries": tries, "error": error, "not_before": again})


def put_back(session: Session, number: int, by: str, again: datetime) -> None:
    """Give back what was not asked for, or what failed for no fault of its own; others may go first till then."""
    _settle(session, number, by, {"not_before": again})


def _settle(session: Session, number: int, by: str, values: Mapping[str, Any]) -> None:
    session.connection().execute(
        update(Translation)
        .where(col(Translation.id) == number, col(Translation.lease_by) == by)
        .values(**values, lease_until=None, lease_by=None)
    )


def count_states(session: Session) -> dict[str, int]:
    """How many texts wait, are done, have failed."""
    query = select(Translation.state, func.count()).group_by(col(Translation.state))
    found = dict(session.exec(query).all())
    return {state: found.get(state, 0) for state in ("waiting", "done", "failed")}


def of_titles(session: Session, scope: Scope, titles: Sequence[str]) -> dict[str, dict[str, Made]]:
    """title → language → translation, of titles that the reader sees anyway; summaries belong to texts."""
    keys = {hash_of(title): title for title in titles}
    found: dict[str, dict[str, Made]] = {}
    for row in session.connection().execute(_OF_TITLES, {"marks": scope.marks, "hashes": list(keys)}):
        made = {lang: Made(one.title, "", one.model, one.made_at) for lang, one in _made(row).items()}
        found[keys[row.title_hash]] = {**found.get(keys[row.title_hash], {}), **made}
    return found


def of_entries(session: Session, scope: Scope, entries: Sequence[int]) -> dict[int, dict[str, Made]]:
    """entry → language → translation with its summary, of entries that the reader may see."""
    query = _DONE.add_columns(col(EntryRow.id)).where(col(EntryRow.id).in_(entries))
    return {row.id: _made(row) for row in session.connection().execute(query, {"marks": scope.marks})}


def _made(row: Any) -> dict[str, Made]:
    at = row.made_at or row.created_at
    return {
        lang: Made(str(told.get("title", "")), str(told.get("summary", "")), row.model, at)
        for lang, told in row.texts.items()
    }
