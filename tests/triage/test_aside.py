"""Putting aside, handing over, many at once, counts and views: by the desk's own doors."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from rules import decision as said
from service.desk.alerts import act_on
from service.desk.aside import each, hand_alert, snooze_alert, until_of, wake_alert, wake_snoozed
from service.desk.house import House
from service.desk.views import forget_view, keep_view, look_at
from service.errors import Conflict, Invalid, NotFound
from service.record.assign import assign
from service.store.engine import Store
from service.store.facets import count_facets
from service.store.personal import seen_of, views_of
from service.store.read_alerts import SNOOZED, AlertFilter, list_alerts
from service.store.read_triage import list_scored, list_triage
from service.store.search import index_alerts
from service.store.tables import Alert, Duty, LogLine, Notice
from tests.triage.conftest import NOW
from tests.web.desk import house_of, operator


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(told: Store, clock: Clock) -> House:
    with told.write() as session:
        index_alerts(session, [alert.id or 0 for alert in session.exec(select(Alert)).all()])
    return house_of(told, clock=clock)


def listed(house: House, now: datetime, state: str = "live") -> set[int]:
    with house.store.read() as session:
        wanted = AlertFilter(state=state, snoozed_at=now)
        return {alert.id or 0 for alert in list_triage(session, operator(house.store), wanted, limit=200).items}


def an_alert(house: House, level: int, state: str = "open") -> Alert:
    with house.store.read() as session:
        query = select(Alert).where(Alert.level == level, Alert.state == state, Alert.acknowledge_by > NOW)  # type: ignore[operator]
        found = session.exec(query).first()
    assert found is not None
    return found


def test_a_snoozed_alert_comes_back_by_itself(house: House, clock: Clock) -> None:
    number, reader = an_alert(house, 4).id or 0, operator(house.store)
    until = snooze_alert(house, reader, number, NOW + timedelta(hours=1), "waits for the embassy")
    assert until == NOW + timedelta(hours=1)
    assert number not in listed(house, NOW)
    assert listed(house, NOW, SNOOZED) == {number}
    assert number in listed(house, until)
    assert wake_snoozed(house.store, reader.organisation_id, NOW) == 0
    assert wake_snoozed(house.store, reader.organisation_id, until) == 1
    with house.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.subject_id == str(number)).order_by(LogLine.id)).all()  # type: ignore[arg-type]
    assert [(one.action, one.actor) for one in lines[-2:]] == [("alert.snooze", "operator"), ("alert.wake", "rules")]
    assert lines[-2].detail["reason"] == "waits for the embassy"


def test_one_that_is_raised_comes_back_at_once(house: House) -> None:
    number, reader = an_alert(house, 4).id or 0, operator(house.store)
    snooze_alert(house, reader, number, NOW + timedelta(days=1))
    with house.store.write() as session:
        session.get_one(Alert, number).level = 3
    assert number in listed(house, NOW)
    assert wake_snoozed(house.store, reader.organisation_id, NOW) == 1


def test_a_grave_one_never_sleeps_past_its_acknowledgement(house: House, clock: Clock) -> None:
    alert, reader = an_alert(house, 2), operator(house.store)
    number = alert.id or 0
    assert alert.acknowledge_by is not None
    assert snooze_alert(house, reader, number, NOW + timedelta(days=1)) == alert.acknowledge_by
    clock.at = alert.acknowledge_by
    assert number in listed(house, clock.at)
    with pytest.raises(Conflict):
        snooze_alert(house, reader, number, clock.at + timedelta(hours=1))
    act_on(house, reader, number, "acknowledge")
    snooze_alert(house, reader, number, clock.at + timedelta(hours=1))
    assert number not in listed(house, clock.at)
    assert wake_alert(house, reader, number)
    assert not wake_alert(house, reader, number)
    assert number in listed(house, clock.at)


@settings(max_examples=60, deadline=None)
@given(given_=st.text(max_size=30) | st.integers(0, 10**7).map(str))
def test_a_time_is_a_time_or_refused(given_: str) -> None:
    with suppress(Invalid):
        assert until_of(given_, NOW).tzinfo is not None


def test_who_is_handed_an_alert_keeps_it(house: House) -> None:
    alert, reader = an_alert(house, 3), operator(house.store)
    number = alert.id or 0
    assert hand_alert(house, reader, number, "legal-counsel", "knows the contract")
    assert not hand_alert(house, reader, number, "legal-counsel")
    with house.store.write() as session:
        duties = session.exec(select(Duty).where(Duty.alert_id == number).order_by(Duty.id)).all()  # type: ignore[arg-type]
        assert [duty.owner for duty in duties if duty.role == "accountable"] == ["legal-counsel"]
        told = session.exec(select(Notice).where(Notice.alert_id == number, Notice.action == "hand")).all()
        assert [one.owner for one in told] == ["legal-counsel"]
    with house.store.write() as session:
        # The rules give their duties once more: the person's word holds.
        held = session.get_one(Alert, number)
        anew = said.Duty("africa-lead", "accountable", NOW + timedelta(hours=2), "III-1")
        assign(session, held, [anew], NOW, fresh=False)
    with house.store.read() as session:
        duties = session.exec(select(Duty).where(Duty.alert_id == number)).all()
    roles = {(duty.owner, duty.role) for duty in duties}
    assert roles == {("legal-counsel", "accountable"), ("africa-lead", "support")}


def test_what_fails_for_one_is_no_matter_of_the_others(house: House) -> None:
    reader = operator(house.store)
    one, other = an_alert(house, 4).id or 0, an_alert(house, 3).id or 0
    outcome = each([one, 9999, other, one], lambda number: act_on(house, reader, number, "acknowledge"))
    assert outcome.done == (one, other)
    assert isinstance(outcome.failed[9999], NotFound)
    with pytest.raises(Invalid):
        each([], lambda number: number)


def test_counts_are_what_lists_show(house: House) -> None:
    reader = operator(house.store)
    snooze_alert(house, reader, an_alert(house, 4).id or 0, NOW + timedelta(hours=1))
    with house.store.read() as session:
        counts = count_facets(session, reader, AlertFilter(state="live"), NOW)
        for kind in ("level", "country", "category", "owner", "letter", "state"):
            counted = getattr(counts, kind)
            assert counted, kind
            for value, number in counted.items():
                asked: dict[str, object] = {"state": "live", kind: value}
                if kind in ("level", "country"):
                    asked[kind] = (int(value) if kind == "level" else value,)
                wanted = AlertFilter(**asked, snoozed_at=NOW)  # type: ignore[arg-type]
                assert len(list_alerts(session, reader, wanted, limit=200).items) == number, (kind, value)


def test_by_score_page_after_page(house: House) -> None:
    reader = operator(house.store)
    with house.store.read() as session:
        whole = [one.id for one in list_scored(session, reader, AlertFilter(), limit=100).items]
        cursor, parts = None, []
        while True:
            page = list_scored(session, reader, AlertFilter(), limit=2, cursor=cursor)
            parts += [one.id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert parts == whole
    assert len(set(whole)) == len(whole) > 5


def test_views_and_what_was_seen(house: House) -> None:
    reader = operator(house.store)
    mine = keep_view(house, reader, "Africa, grave", "level=1&country=NE")
    again = keep_view(house, reader, "Africa, grave", "level=2", shared=True)
    assert again.id == mine.id
    number = an_alert(house, 4).id or 0
    look_at(house, reader, number, NOW)
    with house.store.read() as session:
        assert [(one.name, one.query, one.shared) for one in views_of(session, reader)] == [
            ("Africa, grave", "level=2", True)
        ]
        assert list(seen_of(session, reader, [number, 9999])) == [number]
    forget_view(house, reader, mine.id or 0)
    with pytest.raises(NotFound):
        forget_view(house, reader, mine.id or 0)
    with pytest.raises(Invalid):
        keep_view(house, reader, " ", "")
