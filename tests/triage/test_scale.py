"""What is quick over many alerts says the same as what is slow: counts, kept alerts, and reports found by words."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import event, text
from sqlmodel import Session, select

from ingest.entry import Sharing
from service.api.kept import page_of_alerts
from service.api.shapes.alert import AlertShape, alert_shape
from service.api.shapes.common import listed
from service.auth.access import operator_scope
from service.locale.catalogue import Catalogue
from service.store.engine import Store
from service.store.facets import KINDS, count_facets
from service.store.read_alerts import LIVE, AlertFilter, list_alerts
from service.store.read_rest import found_entries
from service.store.scope import Role, Scope
from service.store.search import found_numbers, index_entries
from service.store.tables import Alert, AlertFact, EntryRow, Organisation, Snooze, Translation
from service.store.translations import hash_of, of_titles
from service.store.words import words_of
from tests.web.seed import seed

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
EVERY = AlertFilter()


def readers(session: Session) -> tuple[Scope, Scope]:
    guest = session.exec(select(Organisation).where(Organisation.key == "guest")).one()
    return operator_scope(session), Scope(guest.id or 0, Role.ANALYST, False, Sharing(guest.clearance), "tester")


def by_hand(session: Session, scope: Scope, wanted: AlertFilter, snoozed: set[int]) -> dict[str, Counter[str]]:
    facts = {fact.alert_id: fact for fact in session.exec(select(AlertFact)).all()}
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    asked = {kind: getattr(wanted, kind) for kind in KINDS}
    values_of = {kind: given if isinstance(given, tuple) else (given,) for kind, given in asked.items() if given}
    for alert in list_alerts(session, scope, EVERY, limit=200).items:
        if wanted.changed_since is not None and alert.changed_at < wanted.changed_since:
            continue
        fact, live = facts.get(alert.id or 0), alert.state in LIVE
        states = ["snoozed"] if live and alert.id in snoozed else [alert.state, *(["live"] if live else [])]
        values = {
            "level": [str(alert.level)],
            "state": states,
            "country": alert.countries,
            "category": alert.categories,
            "owner": [fact.owner] if fact and fact.owner and scope.home else [],
            "letter": [fact.letter] if fact and fact.letter else [],
        }
        for kind in KINDS:
            others = [one for one in values_of if one != kind]
            if all({*map(str, values_of[one])} & {*values[one]} for one in others):
                counts[kind].update(values[kind])
    return counts


def test_counts_are_those_of_a_count_by_hand(store: Store) -> None:
    seed(store, NOW)
    with store.write() as session:
        desk, _ = readers(session)
        aside = next(one for one in list_alerts(session, desk, AlertFilter(state="live")).items if one.level == 4)
        later = NOW + timedelta(hours=2)
        session.add(Snooze(alert_id=aside.id or 0, level=4, since=NOW, until=later, actor="wang"))
        snoozed = {aside.id or 0}
    asked = [
        EVERY,
        AlertFilter(level=(3,)),
        AlertFilter(state="live", country=("NE",)),
        AlertFilter(state="snoozed"),
        AlertFilter(category="security", letter="B", state="open"),
        AlertFilter(owner="central-lead"),
        AlertFilter(owner="nobody", level=(1,)),
        AlertFilter(level=(1, 2), country=("CM", "NE", "PE")),
        AlertFilter(level=(2, 4), changed_since=NOW - timedelta(hours=1)),
    ]
    with store.read() as session:
        for scope in readers(session):
            for wanted in asked:
                counts = count_facets(session, scope, wanted, NOW)
                expected = by_hand(session, scope, wanted, snoozed)
                assert {kind: getattr(counts, kind) for kind in KINDS} == {
                    kind: dict(found) for kind, found in expected.items()
                }


def shown(session: Session, scope: Scope, words: Catalogue, limit: int = 50, cursor: str | None = None) -> bytes:
    return page_of_alerts(session, scope, words, EVERY, limit=limit, cursor=cursor)


def afresh(session: Session, scope: Scope, words: Catalogue, limit: int = 50, cursor: str | None = None) -> object:
    page = list_alerts(session, scope, EVERY, limit=limit, cursor=cursor)
    made = of_titles(session, scope, [alert.title for alert in page.items])
    whole = listed(page, lambda alert: alert_shape(alert, scope, words, made.get(alert.title)))
    return whole.model_dump(mode="json")


def test_what_is_kept_is_what_would_be_made_anew(store: Store) -> None:
    seed(store, NOW)
    words = Catalogue()
    with store.read() as session:
        for scope in (*readers(session), *readers(session)):
            assert orjson.loads(shown(session, scope, words)) == afresh(session, scope, words)
            first = orjson.loads(shown(session, scope, words, 2))
            assert first == afresh(session, scope, words, 2)
            second = orjson.loads(shown(session, scope, words, 2, first["next"]))
            assert second == afresh(session, scope, words, 2, first["next"])


def test_a_change_of_any_kind_is_seen_at_once(store: Store) -> None:
    seed(store, NOW)
    words = Catalogue()
    with store.read() as session:
        desk, _ = readers(session)
        before = orjson.loads(shown(session, desk, words))
    number = before["items"][0]["id"]
    with store.write() as session:
        session.get_one(Alert, number).acknowledged_by = "somebody"
    with store.write() as session:
        session.add(_translation(session.get_one(Alert, number).title))
        session.flush()
        made = session.exec(select(Translation)).one()
        entry = session.exec(select(EntryRow.id)).first()
        session.connection().execute(
            text("INSERT INTO translated_entry (entry_id, translation_id) VALUES (:entry, :made)"),
            {"entry": entry, "made": made.id},
        )
    with store.read() as session:
        found = {one["id"]: AlertShape(**one) for one in orjson.loads(shown(session, desk, words))["items"]}
        assert found[number].acknowledged_by == "somebody"
        assert [one.title for one in found[number].translations] == ["译文"]
        assert orjson.loads(shown(session, desk, words)) == afresh(session, desk, words)
    with store.write() as session:
        session.get_one(Alert, number).sharing = "TLP:RED"
    with store.read() as session:
        stranger = replace(desk, clearance=Sharing.GREEN)
        assert number not in {one["id"] for one in orjson.loads(shown(session, stranger, words))["items"]}


def _translation(title: str) -> Translation:
    return Translation(
        text_hash="x", title_hash=hash_of(title), state="done", texts={"zh": {"title": "译文"}}, model="m",
        not_before=NOW, created_at=NOW, made_at=NOW,
    )  # fmt: skip


def test_a_common_word_is_read_no_further_than_needed(store: Store) -> None:
    seed(store, NOW)
    with store.write() as session:
        index_entries(session, [number or 0 for number in session.exec(select(EntryRow.id)).all()])
    with store.read() as session:
        desk, guest = readers(session)
        numbers = sorted((number or 0 for number in session.exec(select(EntryRow.id)).all()), reverse=True)
        rows = session.exec(select(EntryRow)).all()
        common = Counter(word for row in rows for word in words_of([row.text])).most_common(1)[0][0]
        whole = [number for some in found_numbers(session, common, 2) for number in some]
        assert whole == [number for number in numbers if number in set(whole)]
        reads: list[str] = []
        event.listen(store.engine, "before_cursor_execute", lambda *given: reads.append(given[2]))
        found = [entry.id for entry, _, _ in found_entries(session, desk, common, 2)]
        assert len([read for read in reads if "search_entry" in read]) == 1
        assert found == [number for number in whole if session.get_one(EntryRow, number).latest][:2]
        assert {entry.id for entry, _, _ in found_entries(session, guest, common, 50)} < set(whole)
        assert len(whole) > 2
        assert list(found_numbers(session, " ", 5)) == []
