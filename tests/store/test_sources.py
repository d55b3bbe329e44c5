"""Storing what a look brought: once, durably, with revisions; and claiming, so that nothing is done twice."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from ingest.entry import Entry, Item, Sharing, digest
from ingest.feed import Collected, Feed, FeedState, Outcome
from service.store.collected import Stored, store_looks
from service.store.engine import Store
from service.store.sources import add_sources, claim_sources
from service.store.tables import EntryRow, SourceRow
from service.store.work import advance, claim_entries, load_entries

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def feed(number: int = 1) -> Feed:
    return Feed(key=f"feed-{number}", name=f"Feed {number}", address=f"https://feeds.example/{number}.xml")


def entry(key: str, title: str) -> Entry:
    item = Item(key=key, raw_hash=digest(title), title=title, text="words", extra={"a": "b"}, countries=("NE",))
    return Entry(source="feed-1", reliability="B", sharing=Sharing.GREEN, first_seen=NOW, item=item)


def look(*entries: Entry) -> Collected:
    state = FeedState(
        etag='"1"', next_check=NOW + timedelta(minutes=15), known={e.item.key: e.item.raw_hash for e in entries}
    )
    return Collected(Outcome.NEW, entries, state, remembers=True)


def kept(session: Session, source_id: int, collected: Collected, now: datetime, by: str) -> Stored:
    return store_looks(session, [(source_id, collected)], now, by)[source_id]


def visit(store: Store, *entries: Entry, by: str = "me", now: datetime = NOW) -> tuple[int, int]:
    with store.write() as session:
        (due,) = claim_sources(session, now, by, 10, all_active=True)
    with store.write() as session:
        stored = kept(session, due.id, look(*entries), now, by)
    return stored.new, stored.revised


def test_an_entry_is_stored_once_and_an_edit_is_a_revision(store: Store) -> None:
    with store.write() as session:
        assert add_sources(session, [feed(), feed()], NOW) == 1
    first, edited = entry("a", "3 dead"), entry("a", "5 dead")
    assert visit(store, first, entry("b", "calm")) == (2, 0)
    assert visit(store, first, now=NOW + timedelta(minutes=1)) == (0, 0)
    assert visit(store, edited, now=NOW + timedelta(minutes=2)) == (0, 1)
    assert visit(store, first, now=NOW + timedelta(minutes=3)) == (0, 1), "going back is a change as well"
    with store.read() as session:
        rows = session.exec(select(EntryRow).where(EntryRow.key == "a").order_by(col(EntryRow.revision))).all()
    assert [(row.revision, row.title, row.latest) for row in rows] == [
        (1, "3 dead", False),
        (2, "5 dead", False),
        (3, "3 dead", True),
    ]


def test_two_versions_in_one_document_leave_one_latest(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
    assert visit(store, entry("a", "one"), entry("a", "two")) == (1, 1)
    with store.read() as session:
        assert session.exec(select(EntryRow.title).where(col(EntryRow.latest).is_(True))).all() == ["two"]


def test_what_is_stored_comes_back_the_same(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
    item = replace(
        entry("a", "标题").item, published=NOW, point=(1.5, -2.25), link="https://x.example/1", language="zh"
    )
    given_ = Entry(source="feed-1", reliability="C", sharing=Sharing.AMBER, first_seen=NOW, item=item)
    visit(store, given_)
    with store.write() as session:
        (found,) = load_entries(session, claim_entries(session, "new", NOW, "me", 10))
    assert found.entry == given_


def test_a_claim_excludes_others_until_its_lease_runs_out(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed(number) for number in range(30)], NOW)
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda name: _claim(store, f"w{name}", NOW), range(4)))
    taken = [number for claimed in claims for number in claimed]
    assert len(taken) == len(set(taken)) == 30
    assert _claim(store, "late", NOW) == []
    assert len(_claim(store, "late", NOW + timedelta(minutes=3))) == 10


def _claim(store: Store, by: str, now: datetime) -> list[int]:
    with store.write() as session:
        return [due.id for due in claim_sources(session, now, by, 10)]


def test_who_lost_the_lease_stores_nothing(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
        (due,) = claim_sources(session, NOW, "slow", 10)
    with store.write() as session:
        assert claim_sources(session, NOW + timedelta(minutes=5), "quick", 10)
    with store.write() as session:
        assert kept(session, due.id, look(entry("a", "x")), NOW, "slow").new == 0
        assert session.exec(select(EntryRow.id)).all() == []
    with store.write() as session:
        assert kept(session, due.id, look(entry("a", "x")), NOW, "quick").new == 1


def test_holds_and_pauses_keep_even_a_forced_visit_away(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed(1), feed(2), feed(3)], NOW)
        rows = session.exec(select(SourceRow).order_by(col(SourceRow.id))).all()
        rows[0].hold_until = NOW + timedelta(hours=1)
        rows[1].paused_until = NOW + timedelta(hours=1)
        rows[2].next_check_at = NOW + timedelta(hours=1)
    with store.write() as session:
        assert claim_sources(session, NOW, "me", 10) == []
        assert [due.feed.key for due in claim_sources(session, NOW, "me", 10, all_active=True)] == ["feed-3"]


def test_only_the_holder_moves_an_entry_on(store: Store) -> None:
    with store.write() as session:
        add_sources(session, [feed()], NOW)
    visit(store, entry("a", "x"), entry("b", "y"))
    with store.write() as session:
        ids = claim_entries(session, "new", NOW, "one", 10)
        assert advance(session, ids, "new", "assessed", "two") == []
        assert sorted(advance(session, ids, "new", "assessed", "one")) == ids


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=5), max_size=6))
def test_any_course_of_documents_leaves_a_gapless_history(
    sqlite_store: Store, documents: list[list[tuple[str, str]]]
) -> None:
    with sqlite_store.write() as session:
        for row in session.exec(select(EntryRow)).all():
            session.delete(row)
        add_sources(session, [feed()], NOW)
        for row in session.exec(select(SourceRow)).all():
            row.last_look_at = None
    for number, document in enumerate(documents):
        visit(sqlite_store, *(entry(key, title) for key, title in document), now=NOW + timedelta(minutes=number))
    with sqlite_store.read() as session:
        rows = session.exec(select(EntryRow).order_by(col(EntryRow.key), col(EntryRow.revision))).all()
    for key in {row.key for row in rows}:
        mine = [row for row in rows if row.key == key]
        assert [row.revision for row in mine] == list(range(1, len(mine) + 1))
        assert [row.latest for row in mine] == [False] * (len(mine) - 1) + [True]
        assert all(one.raw_hash != other.raw_hash for one, other in itertools.pairwise(mine))


def test_the_first_look_at_a_list_is_no_news_but_what_is_added_later_is(store: Store) -> None:
    def listed(key: str) -> Entry:
        plain = entry(key, f"Listed: {key}")
        return replace(plain, item=replace(plain.item, extra={"record": "sanctions"}))

    with store.write() as session:
        add_sources(session, [feed()], NOW)
    assert visit(store, listed("a"), listed("b"), entry("news", "News of the day")) == (3, 0)
    with store.write() as session:
        session.exec(select(SourceRow)).one().last_success_at = NOW
    assert visit(store, listed("a"), listed("b"), listed("c"), now=NOW + timedelta(hours=1)) == (1, 0)
    with store.read() as session:
        stages = dict(session.exec(select(EntryRow.key, EntryRow.stage)).all())
    assert stages == {"a": "decided", "b": "decided", "news": "new", "c": "new"}


def test_a_source_without_a_name_is_called_what_it_calls_itself(store: Store) -> None:
    nameless = replace(feed(2), name="feeds.example")
    with store.write() as session:
        add_sources(session, [feed(1), nameless], NOW)
    with store.write() as session:
        held = claim_sources(session, NOW, "me", 10, all_active=True)
    for due in held:
        with store.write() as session:
            kept(session, due.id, replace(look(), title="The\n Sahel\x1b Wire "), NOW, "me")
    with store.read() as session:
        names = session.exec(select(SourceRow.name).order_by(col(SourceRow.id))).all()
    assert names == ["Feed 1", "The Sahel Wire"]
