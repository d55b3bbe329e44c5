"""What the list asks of the store, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from ingest.entry import Sharing
from service.store.engine import Store
from service.store.personal import note_seen
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.read_triage import beside, count_dead, count_open, heard, list_triage, live_places
from service.store.scope import Role, Scope
from service.store.tables import Alert, Organisation
from tests.web.seed import seed

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
LIVE = AlertFilter(state="live")


def test_what_changed_since_a_time_or_since_somebody_looked(store: Store) -> None:
    seed(store, NOW)
    desk = scope_of(store, "home")
    with store.read() as session:
        every = list_alerts(session, desk, AlertFilter()).items
        times = sorted(alert.changed_at for alert in every)
        middle = times[len(times) // 2]
        late = list_alerts(session, desk, AlertFilter(changed_since=middle)).items
        assert {one.id for one in late} == {one.id for one in every if one.changed_at >= middle}
        assert 0 < len(late) < len(every)
    first, second = every[:2]
    with store.write() as session:
        note_seen(session, desk, first.id or 0, first.changed_at)
        note_seen(session, desk, second.id or 0, second.changed_at - timedelta(minutes=1))
    with store.read() as session:
        mine = AlertFilter(unseen_by=(desk.organisation_id, desk.actor))
        theirs = AlertFilter(unseen_by=(desk.organisation_id, "somebody else"))
        assert {one.id for one in every} - {one.id for one in list_alerts(session, desk, mine).items} == {first.id}
        assert len(list_alerts(session, desk, theirs).items) == len(every)


def test_of_levels_and_countries_each_will_do(store: Store) -> None:
    seed(store, NOW)
    desk = scope_of(store, "home")
    with store.read() as session:
        whole = list_triage(session, desk, LIVE).items
        for levels, countries in (((1, 2), ()), ((), ("CM", "NE")), ((1, 3, 4), ("CM", "NE", "PE"))):
            wanted = AlertFilter(levels, "live", countries)
            found = [one.id for one in list_triage(session, desk, wanted).items]
            assert found == [
                one.id
                for one in whole
                if (not levels or one.level in levels) and (not countries or {*countries} & {*one.countries})
            ]
            assert found


def scope_of(store: Store, key: str) -> Scope:
    with store.read() as session:
        found = session.exec(select(Organisation).where(Organisation.key == key)).one()
    return Scope(found.id or 0, Role.ANALYST, found.home, Sharing(found.clearance), "tester")


def test_the_list_says_what_wants_somebody(store: Store) -> None:
    seed(store, NOW)
    desk, guest = scope_of(store, "home"), scope_of(store, "guest")
    with store.read() as session:
        whole = list_triage(session, desk, LIVE).items
        assert len(whole) == 7
        keys = [(alert.state != "open", alert.level, -(alert.id or 0)) for alert in whole]
        assert keys == sorted(keys)
        walked: list[Alert] = []
        cursor: str | None = None
        while True:
            page = list_triage(session, desk, LIVE, limit=2, cursor=cursor)
            walked += page.items
            if (cursor := page.next) is None:
                break
        assert [alert.id for alert in walked] == [alert.id for alert in whole]
        assert {alert.countries[0] for alert in list_triage(session, guest, LIVE).items} == {"CM", "PE"}

        extras = beside(session, desk, whole)
        coup = next(alert for alert in whole if alert.level == 1)
        assert extras[coup.id or 0].owners == ("central-lead", "africa-lead", "security-adviser")
        assert extras[coup.id or 0].letter == "B"
        seen = list_triage(session, guest, LIVE).items
        assert all(extra.owners == () for extra in beside(session, guest, seen).values())

        places = live_places(session, desk)
        assert (places[0].country, places[0].level, places[0].count) == ("NE", 1, 1)
        assert {place.country for place in live_places(session, guest)} == {"CM", "PE", "CL"}
        listening = heard(session, desk)
        assert listening is not None
        assert (listening.active, listening.last) == (8, NOW - timedelta(minutes=1))
        assert heard(session, guest) is None
        assert count_open(session, desk, NOW) == (6, 2)
        assert count_dead(session, desk) > count_dead(session, guest)
