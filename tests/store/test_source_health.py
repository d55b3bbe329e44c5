"""Sources by state, on both databases: the word in a query and the word in the program are the same word."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlmodel import select

from ingest.feed import Feed
from ingest.health import State
from ingest.state import WORST_FIRST
from service.auth.access import operator_scope
from service.desk.source_change import change_source, look_now, remove_source
from service.desk.sources import add_source
from service.errors import Conflict, Invalid, NotFound
from service.store.engine import Store
from service.store.health import critical_in_trouble, singled_out, states
from service.store.people import found_home
from service.store.read_rest import get_source
from service.store.read_sources import SourceFilter, filtered_sources, tally_sources
from service.store.scope import Scope
from service.store.source_health import watched, word_of
from service.store.sources import claim_sources, revive_sources
from service.store.tables import SourceRow

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Premises:
    """A store and a clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.public_url = ""

    def clock(self) -> datetime:
        return NOW


def scope_of(store: Store) -> Scope:
    with store.write() as session:
        found_home(session, NOW)
    with store.read() as session:
        return operator_scope(session)


def every_kind(store: Store) -> int:
    """A source of each state, paused or not, late or not, and one state that nobody knows."""
    minutes = timedelta(minutes=1)
    many = product(
        [*State, "splendid"], (True, False), (None, -5 * minutes, 5 * minutes), (-11 * minutes, -9 * minutes, None)
    )
    with store.write() as session:
        for number, (state, active, paused, due) in enumerate(many):
            session.add(
                SourceRow(
                    key=f"s{number}",
                    name=f"Source {number}",
                    address=f"https://s{number}.example/100%_feed",
                    kind="news" if number % 2 else "hazard",
                    country="NE" if number % 3 else None,
                    critical=number % 5 == 0,
                    active=active,
                    paused_until=NOW + paused if paused is not None else None,
                    next_check_at=NOW + due if due is not None else None,
                    state=str(state),
                    health={"bytes": number},
                    created_at=NOW,
                )
            )
        return number + 1


def test_the_word_in_a_query_is_the_word_in_the_program(store: Store) -> None:
    scope, number = scope_of(store), every_kind(store)
    with store.read() as session:
        rows = filtered_sources(session, scope, SourceFilter(), NOW, limit=number).items
        assert len(rows) == number
        tally = tally_sources(session, scope, SourceFilter(state=State.OK), NOW)
        assert sum(tally.values()) == number
        for state in State:
            found = filtered_sources(session, scope, SourceFilter(state=state), NOW, limit=number).items
            assert {row.key for row in found} == {row.key for row in rows if word_of(row, NOW) is state}
            assert tally.get(state, 0) == len(found) == states(session, NOW)[state]


def test_the_worst_come_first_page_by_page(store: Store) -> None:
    scope, number = scope_of(store), every_kind(store)
    seen: list[SourceRow] = []
    cursor: str | None = None
    with store.read() as session:
        while True:
            page = filtered_sources(session, scope, SourceFilter(), NOW, worst_first=True, limit=17, cursor=cursor)
            seen, cursor = seen + page.items, page.next
            if cursor is None:
                break
    assert len({row.key for row in seen}) == number
    ranks = [(WORST_FIRST.index(word_of(row, NOW)), not row.critical, row.id) for row in seen]
    assert ranks == sorted(ranks)


def test_filters_and_words(store: Store) -> None:
    scope = scope_of(store)
    every_kind(store)

    def keys(**wanted: object) -> set[str]:
        with store.read() as session:
            found = filtered_sources(session, scope, SourceFilter(**wanted), NOW, limit=500)  # type: ignore[arg-type]
            return {row.key for row in found.items}

    assert keys(words="SOURCE 17") >= {"s17", "s117", "s170"}
    assert keys(words="100%_feed") == keys()
    assert keys(words="100%xfeed") == set(), "what is typed is text and no pattern"
    assert all(int(key[1:]) % 2 for key in keys(kind="news"))
    assert keys(critical=True, country="NE") == {key for key in keys() if int(key[1:]) % 5 == 0 and int(key[1:]) % 3}
    assert keys(words="nowhere") == set()


def test_gauges_are_bounded_to_what_matters(store: Store) -> None:
    every_kind(store)
    with store.read() as session:
        named = singled_out(session, NOW)
        rows = session.exec(select(SourceRow)).all()
        bad = {State.FAILING, State.REFUSED, State.UNKNOWN}
        assert {one.key for one in named} == {row.key for row in rows if row.critical or word_of(row, NOW) in bad}
        assert all(one.bytes == int(one.key[1:]) for one in named)
        trouble = {row.key for row in rows if row.critical and word_of(row, NOW) in bad | {State.QUIET}}
        assert set(critical_in_trouble(session, NOW)) == trouble


@pytest.mark.parametrize(("words", "which"), [(["critical"], 0), (["all"], 1), (["hazard"], 2), ([], 3)])
def test_alarms_look_at_whom_the_guideline_names(store: Store, words: list[str], which: int) -> None:
    number = every_kind(store)
    expected = (number // 5 + bool(number % 5), number, (number + 1) // 2, 1)[which]
    with store.read() as session:
        last = session.exec(select(SourceRow.id).where(SourceRow.key == "s1")).one()
        also = [last] if which == 3 and last is not None else []
        assert len(watched(session, words, also, NOW)) == expected


def test_what_is_removed_is_gone_and_comes_back_with_what_it_remembers(store: Store) -> None:
    scope, here = scope_of(store), Premises(store)
    row = add_source(here, scope, {"address": "https://one.example/rss", "name": "One"})
    with store.write() as session:
        kept = session.get(SourceRow, row.id)
        assert kept is not None
        kept.known = {"a": "b"}
        session.add(kept)
    remove_source(here, scope, row.id or 0)
    with store.write() as session:
        with pytest.raises(NotFound):
            get_source(session, scope, row.id or 0)
        assert filtered_sources(session, scope, SourceFilter(), NOW).items == []
        assert claim_sources(session, NOW, "me", 10, all_active=True) == []
        assert singled_out(session, NOW) == []
    back = add_source(here, scope, {"address": "https://one.example/rss", "name": "One again", "critical": "true"})
    assert (back.id, back.key, back.name, back.critical, back.active) == (row.id, row.key, "One again", True, True)
    assert back.known == {"a": "b"}
    with store.write() as session:
        assert revive_sources(session, [Feed("x", "X", "https://one.example/rss")], NOW) == 0


def test_changes_are_checked_like_a_source_file(store: Store) -> None:
    scope, here = scope_of(store), Premises(store)
    number = add_source(here, scope, {"address": "https://one.example/rss", "zone": "Asia/Tokyo"}).id or 0
    change = {"interval": "60", "reliability": "b", "critical": "true", "zone": "", "name": "The One"}
    row = change_source(here, scope, number, change)
    assert (row.interval_s, row.reliability, row.critical, row.zone, row.name) == (60, "B", True, None, "The One")
    for wrong in (
        {"interval": "0"},
        {"reliability": "Z"},
        {"zone": "Mars/Base"},
        {"name": " "},
        {"address": "https://x"},
    ):
        with pytest.raises(Invalid):
            change_source(here, scope, number, {"critical": "false", **wrong})
    with store.read() as session:
        assert get_source(session, scope, number).critical, "all or nothing"


def test_a_look_now_waits_for_whom_asked_us_to_wait_and_hides_no_ignorance(store: Store) -> None:
    scope, here = scope_of(store), Premises(store)
    number = add_source(here, scope, {"address": "https://one.example/rss"}).id or 0
    with store.write() as session:
        row = get_source(session, scope, number)
        row.next_check_at, row.state = NOW - timedelta(hours=1), "ok"
        session.add(row)
    assert word_of(look_now(here, scope, number), NOW) is State.UNKNOWN
    with store.write() as session:
        row = get_source(session, scope, number)
        row.hold_until = NOW + timedelta(hours=1)
        session.add(row)
    with pytest.raises(Conflict):
        look_now(here, scope, number)
