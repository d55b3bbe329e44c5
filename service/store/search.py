"""Finding alerts and entries by words: the one door, kept current where alerts and assessments are written.

An alert is found by its titles in every language, its reports, places, categories, sources and clause; but only by
reports that its own mark covers, so that whoever may see the alert may see what found it. Owners and what of the
house's own it touches are no words to find it by: they are not for every reader. SQLite keeps FTS5 tables, PostgreSQL
`tsvector` columns; neither needs an extension.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, TextClause, delete, false, func, insert, not_, text
from sqlmodel import Session, col, select

from ingest.entry import Sharing
from service.locale.catalogue import Catalogue
from service.store.events import newest_assessment
from service.store.log import get_meta, set_meta
from service.store.pages import LARGEST
from service.store.tables import (
    Alert,
    AlertFact,
    AssessmentRow,
    Duty,
    EntryRow,
    EventEntry,
    SourceRow,
    TranslatedEntry,
    Translation,
)
from service.store.tables.source import STAGED
from service.store.words import Question, question_of, words_of

REPORTS_READ = 40  # newest reports of an alert whose words find it
BATCH = 500
UP_TO_DATE = "search"  # the fact that everything from before there was an index is in it
LANGUAGES = ("zh", "en")
MOST_AT_ONCE = 20_000
_SQLITE = {
    "alert": "alert.id IN (SELECT rowid FROM search_alert WHERE search_alert MATCH :asked)",
    "entry": "entry.id IN (SELECT rowid FROM search_entry WHERE search_entry MATCH :asked)",
    "newest": "SELECT rowid FROM search_entry WHERE search_entry MATCH :asked AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :many",
}
_POSTGRESQL = {
    "alert": "alert.id IN (SELECT alert_id FROM search_alert WHERE words @@ CAST(:asked AS tsquery))",
    "entry": "entry.id IN (SELECT entry_id FROM search_entry WHERE words @@ CAST(:asked AS tsquery))",
    "newest": "SELECT entry_id FROM search_entry WHERE words @@ CAST(:asked AS tsquery) AND entry_id < :before"
    " ORDER BY entry_id DESC LIMIT :many",
}
_ALERT: Any = Alert.__table__  # type: ignore[attr-defined]
_FACT: Any = AlertFact.__table__  # type: ignore[attr-defined]


def finds_alert(session: Session, asked: str) -> ColumnElement[bool]:
    """The condition on alerts that hold all words asked for."""
    return _finds(session, "alert", question_of(asked))


def found_numbers(session: Session, asked: str, first: int) -> Iterator[list[int]]:
    """The numbers of entries that hold all words, the newest first: `first` of them, then ever more at a time.

    A common word stands in a million entries, of which a page wants twenty: whoever reads on decides how many it takes.
    A word that goes on is taken as whole here: among millions it would be a slow guess.
    """
    question = _settled(asked)
    if question.empty:
        return
    query, before, many = _clause(session, "newest", question), LARGEST + 1, first
    while True:
        numbers = list(session.connection().execute(query, {"before": before, "many": many}).scalars())
        if numbers:
            yield numbers
        if len(numbers) < many:
            return
        before, many = numbers[-1], min(4 * many, MOST_AT_ONCE)


def finds_entry(session: Session, asked: str) -> ColumnElement[bool]:
    """The condition on entries that hold all words: for a reader to whom most entries are closed anyway."""
    return _finds(session, "entry", _settled(asked))


def _settled(asked: str) -> Question:
    question = question_of(asked)
    if question.begun is None or len(question.begun) == 1:
        return question
    return Question((*question.whole, question.begun))


def _finds(session: Session, table: str, question: Question) -> ColumnElement[bool]:
    return false() if question.empty else _clause(session, table, question)  # type: ignore[return-value]


def _clause(session: Session, name: str, question: Question) -> TextClause:
    sqlite = _is_sqlite(session)
    clause = text(_SQLITE[name] if sqlite else _POSTGRESQL[name])
    return clause.bindparams(asked=_fts(question) if sqlite else _ts(question))


def _fts(question: Question) -> str:
    begun = [f'"{question.begun}"*'] if question.begun is not None else []
    return " AND ".join([*(f'"{word}"' for word in question.whole), *begun])


def _ts(question: Question) -> str:
    begun = [f"'{question.begun}':*"] if question.begun is not None else []
    return " & ".join([*(f"'{word}'" for word in question.whole), *begun])


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def index_alerts(session: Session, alerts: Iterable[int]) -> None:
    """Let alerts be found by the words they have now, and be counted by their owner and letter."""
    session.flush()
    ids = list(dict.fromkeys(alerts))
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows = list(session.exec(select(Alert).where(col(Alert.id).in_(some))).all())
        said, letters = _reports(session, rows)
        _replace(session, {row.id or 0: words_of([*_own(row), *said.get(row.id or 0, ())]) for row in rows})
        _count_by(session, rows, letters)


def _own(alert: Alert) -> Iterator[str]:
    words = _catalogue()
    yield f"{alert.title} {alert.clause} {alert.id} {' '.join(alert.countries)}"
    for lang in LANGUAGES:
        yield words.title(alert.title, alert.reasons, lang)
        yield " ".join(words.country(code, lang) for code in alert.countries)
        yield " ".join(words.category(key, lang) for key in alert.categories)
        yield " ".join(words.subtype(key, lang) for key in alert.subtypes)


def _reports(session: Session, alerts: Sequence[Alert]) -> tuple[dict[int, list[str]], dict[int, str]]:
    """What the reports of alerts say and the best letter among them: only of reports that the alert's mark covers."""
    events: dict[int, list[Alert]] = {}
    for alert in alerts:
        events.setdefault(alert.event_id, []).append(alert)
    told: list[Any] = [EntryRow.title, EntryRow.text, EntryRow.sharing, EntryRow.reliability, SourceRow.name]
    told.append(Translation.texts)
    query: Any = (
        select(EventEntry.event_id, *told)
        .join(EntryRow, col(EntryRow.id) == col(EventEntry.entry_id))
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(TranslatedEntry, col(TranslatedEntry.entry_id) == col(EntryRow.id), isouter=True)
        .join(Translation, col(Translation.id) == col(TranslatedEntry.translation_id), isouter=True)
        .where(col(EventEntry.event_id).in_(list(events)))
        .order_by(col(EntryRow.id).desc())
    )  # fmt: skip
    said: dict[int, list[str]] = {}
    letters: dict[int, str] = {}
    for event, title, body, mark, letter, source, made in session.connection().execute(query):
        for alert in events[event]:
            if Sharing(mark).strictness > Sharing(alert.sharing).strictness:
                continue
            number = alert.id or 0
            letters[number] = min(letter, letters.get(number, letter))
            kept = said.setdefault(number, [])
            if len(kept) < REPORTS_READ * 4:
                kept += [title, body[:4000], source, *_translated(made)]
    return said, letters


def _translated(made: Any) -> list[str]:
    return [" ".join(f"{one.get('title', '')} {one.get('summary', '')}" for one in (made or {}).values())]


def _count_by(session: Session, alerts: Sequence[Alert], letters: dict[int, str]) -> None:
    ids = [alert.id or 0 for alert in alerts]
    query = select(Duty.alert_id, Duty.owner).where(col(Duty.alert_id).in_(ids), Duty.role == "accountable")
    owners = dict(session.exec(query).all())
    connection = session.connection()
    connection.execute(delete(_FACT).where(_FACT.c.alert_id.in_(ids)))
    if ids:
        rows = [{"alert_id": one, "owner": owners.get(one), "letter": letters.get(one)} for one in ids]
        connection.execute(insert(_FACT), rows)


def _replace(session: Session, words: dict[int, list[str]]) -> None:
    connection = session.connection()
    if not words:
        return
    gone = [{"id": number} for number in words]
    if _is_sqlite(session):
        connection.execute(text("DELETE FROM search_alert WHERE rowid = :id"), gone)
        rows = [{"id": number, "words": " ".join(found)} for number, found in words.items()]
        connection.execute(text("INSERT INTO search_alert (rowid, words) VALUES (:id, :words)"), rows)
        return
    connection.execute(text("DELETE FROM search_alert WHERE alert_id = :id"), gone)
    into = "INSERT INTO search_alert (alert_id, words) VALUES (:id, array_to_tsvector(CAST(:words AS text[])))"
    connection.execute(text(into), [{"id": number, "words": found} for number, found in words.items()])


def forget_alerts(session: Session, alerts: Iterable[int]) -> None:
    """These alerts are found no more."""
    key = "rowid" if _is_sqlite(session) else "alert_id"
    gone = [{"id": number} for number in alerts]
    if gone:
        session.connection().execute(text(f"DELETE FROM search_alert WHERE {key} = :id"), gone)  # noqa: S608


def index_translation(session: Session, translation_id: int) -> None:
    """Let alerts be found by what a machine has just made of a title of theirs."""
    query = (
        select(Alert.id)
        .join(EventEntry, col(EventEntry.event_id) == col(Alert.event_id))
        .join(TranslatedEntry, col(TranslatedEntry.entry_id) == col(EventEntry.entry_id))
        .where(TranslatedEntry.translation_id == translation_id)
    )
    index_alerts(session, [number or 0 for number in session.exec(query).all()])


def index_entries(session: Session, entries: Sequence[int]) -> int:
    """Let entries be found that are not yet, by title, text, source, and where the machine says it happens."""
    done = 0
    for start in range(0, len(entries), BATCH):
        done += _index_entries(session, list(entries[start : start + BATCH]))
    return done


def _index_entries(session: Session, ids: list[int]) -> int:
    sqlite, connection = _is_sqlite(session), session.connection()
    name = "rowid" if sqlite else "entry_id"
    listed = ", ".join(map(str, map(int, ids)))  # numbers of ours, no words of anybody's
    known = set(connection.execute(text(f"SELECT {name} FROM search_entry WHERE {name} IN ({listed})")).scalars())  # noqa: S608
    lasting = not_(col(SourceRow.key).startswith(STAGED))  # nothing could be taken out of this index again
    query: Any = (
        select(EntryRow.id, EntryRow.title, EntryRow.text, SourceRow.name, AssessmentRow.countries,
               AssessmentRow.places)  # type: ignore[call-overload]
        .join(SourceRow, col(SourceRow.id) == col(EntryRow.source_id))
        .join(AssessmentRow, col(AssessmentRow.id) == newest_assessment(), isouter=True)
        .where(col(EntryRow.id).in_([number for number in ids if number not in known]), lasting)
    )  # fmt: skip
    found = [
        (number, words_of([title, body, source, *_where(countries, places)]))
        for number, title, body, source, countries, places in connection.execute(query)
    ]
    if not found:
        return 0
    if sqlite:
        into = "INSERT INTO search_entry (rowid, words) VALUES (:id, :words)"
        connection.execute(text(into), [{"id": number, "words": " ".join(words)} for number, words in found])
    else:
        into = (
            "INSERT INTO search_entry (entry_id, words) VALUES (:id, array_to_tsvector(CAST(:words AS text[])))"
            " ON CONFLICT DO NOTHING"
        )
        connection.execute(text(into), [{"id": number, "words": words} for number, words in found])
    return len(found)


def _where(countries: list[str] | None, places: list[dict[str, Any]] | None) -> list[str]:
    words = _catalogue()
    return [
        *(words.country(code, lang) for code in countries or () for lang in LANGUAGES),
        *(str(place.get("name", "")) for place in places or ()),
    ]


def is_current(session: Session) -> bool:
    """Whether everything is in the index that was stored before there was one."""
    return get_meta(session, UP_TO_DATE) is not None


def mark_current(session: Session) -> None:
    """Remember that it is."""
    set_meta(session, UP_TO_DATE, "1")


def alerts_after(session: Session, after: int, limit: int = BATCH) -> list[int]:
    """Numbers of alerts behind a number, of every organisation: for making the index anew."""
    query = select(_ALERT.c.id).where(_ALERT.c.id > after).order_by(_ALERT.c.id).limit(limit)
    return list(session.connection().execute(query).scalars())


def entries_after(session: Session, after: int, limit: int = BATCH) -> list[int]:
    """Numbers of entries that the machine has read, behind a number."""
    query = select(EntryRow.id).where(col(EntryRow.id) > after, col(EntryRow.stage) != "new")
    return [number or 0 for number in session.exec(query.order_by(col(EntryRow.id)).limit(limit)).all()]


def count_found(session: Session) -> tuple[int, int]:
    """How many alerts and entries can be found by words."""
    alerts = session.connection().scalar(text("SELECT count(*) FROM search_alert")) or 0
    name = "search_entry_docsize" if _is_sqlite(session) else "search_entry"
    entries = session.connection().execute(select(func.count()).select_from(text(name))).scalar() or 0
    return alerts, entries


@cache
def _catalogue() -> Catalogue:
    return Catalogue()
