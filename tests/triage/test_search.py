"""Finding alerts and entries by words, on both databases; nobody finds what they may not see."""

import pytest
from sqlmodel import Session, select

from service.auth.access import person_scope
from service.desk.search import find, reindex
from service.errors import Invalid
from service.store.engine import Store
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.scope import Scope
from service.store.search import count_found, index_alerts
from service.store.tables import Alert, EntryRow, Organisation, Person
from tests.triage.conftest import NOW
from tests.web.desk import house_of
from tests.web.seed import alert_called


@pytest.fixture
def full(told: Store) -> Store:
    reindex(told)
    return told


def scope(session: Session, key: str) -> Scope:
    organisation = session.exec(select(Organisation).where(Organisation.key == key)).one()
    return person_scope(
        Person(organisation_id=organisation.id or 0, name="li", password_hash="", role="viewer", created_at=NOW),
        organisation,
    )


def found(store: Store, words: str, *, guest: bool = False) -> list[str]:
    with store.read() as session:
        home = session.exec(select(Organisation).where(Organisation.home != guest)).one()
        page = list_alerts(session, scope(session, home.key), AlertFilter(words=words))
    return [alert.title for alert in page.items]


@pytest.mark.parametrize("words", ["尼日尔", "尼日尔 政变", "政", "Niger coup", "NIGER", "niger polit", "NE"])
def test_in_both_languages(full: Store, words: str) -> None:
    assert alert_called(full, "尼日尔").title in found(full, words)


@pytest.mark.parametrize(
    "words", ["尼日利亚汽车", "zebra", "'", '"*', "coup AND zebra", "NOT niger", "-", "\x00", "a:b*c("]
)
def test_what_is_not_there_and_what_is_no_word(full: Store, words: str) -> None:
    assert found(full, words) == []


def test_a_report_that_a_reader_may_not_see_finds_nothing(full: Store) -> None:
    coup = alert_called(full, "尼日尔")
    with full.write() as session:
        entry = session.exec(select(EntryRow).where(EntryRow.title == coup.title)).first()
        assert entry is not None
        entry.text, entry.sharing = "The zanzibarite shipment", "TLP:RED"
        session.add(entry)
        session.flush()
        index_alerts(session, [coup.id or 0])
    # The alert's own mark is milder: by this report it must not be found, whoever looks.
    assert found(full, "zanzibarite") == []
    with full.write() as session:
        session.exec(select(Organisation).where(Organisation.home)).one().clearance = "TLP:AMBER"
        session.get_one(Alert, coup.id).sharing = "TLP:RED"
        session.flush()
        index_alerts(session, [coup.id or 0])
    assert found(full, "zanzibarite") == []
    with full.write() as session:
        session.exec(select(Organisation).where(Organisation.home)).one().clearance = "TLP:RED"
    assert found(full, "zanzibarite") == [coup.title]
    assert found(full, "zanzibarite", guest=True) == []


def test_a_subscriber_finds_only_what_is_shared(full: Store) -> None:
    with full.read() as session:
        guest = session.exec(select(Organisation).where(Organisation.home == False)).one()  # noqa: E712
        seen = {alert.title for alert in list_alerts(session, scope(session, guest.key), AlertFilter()).items}
    assert seen
    assert found(full, "尼日尔", guest=True) == []
    hits = {title for word in ("peru", "cameroon", "秘鲁", "喀麦隆") for title in found(full, word, guest=True)}
    assert hits
    assert hits <= seen


def test_reports_are_found_beside_alerts(full: Store) -> None:
    house = house_of(full)
    with full.read() as session:
        home = session.exec(select(Organisation).where(Organisation.home)).one()
        reader = scope(session, home.key)
    answer = find(house, reader, "尼日尔")
    assert answer.alerts.items
    assert [entry.id for entry, _, _ in answer.reports] == sorted(
        (e.id or 0 for e, _, _ in answer.reports), reverse=True
    )
    assert all(event is not None for _, _, event in answer.reports)
    with pytest.raises(Invalid):
        find(house, reader, "  ")


def test_the_index_is_made_anew(full: Store) -> None:
    with full.read() as session:
        before = count_found(session)
    assert before[0] > 5
    assert before[1] > 10
    assert reindex(full) == (0, 0)
    assert reindex(full, anew=True) == (before[0], 0)
    with full.read() as session:
        assert count_found(session) == before
