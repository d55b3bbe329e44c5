"""Preparing a demonstration: it keeps to itself, goes on after a restart, and begins anew when it was over."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from ingest.trouble import AddressRefused
from rules.owners import default_owners
from service.app import build_house, open_database
from service.demo import prepare_demo
from service.demo.guard import MARK, PRECIOUS
from service.demo.seeds import FOLLOWED, SUBSCRIBER
from service.demo.telling import LINGER
from service.demo.world import load_world
from service.errors import SetupError
from service.settings import Settings
from service.store.engine import Store
from service.store.log import get_meta, set_meta
from service.store.migrate import upgrade
from service.store.tables import (
    ApiKey,
    Channel,
    EntryRow,
    Invitation,
    Organisation,
    Person,
    SourceRow,
    Subscription,
)
from tests.demo.stage import START, ask, prepared

WORLD = load_world()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "127.0.0.1.example.org", ""])
def test_a_host_that_is_not_loopback_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(SetupError, match="needs no sign-in"):
        prepare_demo(Settings(data=tmp_path), host, 8123, build_house, open_database)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("planted", ["source", "person", "invitation", "key"])
def test_a_database_in_use_is_refused_and_left_alone(sqlite_store: Store, tmp_path: Path, planted: str) -> None:
    url = str(sqlite_store.engine.url)
    with sqlite_store.write() as session:
        home = Organisation(key="home", name="Ours", home=True, created_at=START)
        session.add(home)
        session.flush()
        session.add(_planted(planted, home.id or 0))
    with pytest.raises(SetupError, match="nothing in it was changed"):
        prepare_demo(
            Settings(data=tmp_path, database_url=url), "127.0.0.1", 8123, build_house, open_database, now=START
        )
    with sqlite_store.read() as session:
        assert get_meta(session, MARK) is None
        assert session.exec(select(Organisation.name)).all() == ["Ours"]
        assert sum(len(session.exec(select(table)).all()) for table in PRECIOUS) == 1


def _planted(what: str, home: int) -> object:
    common = {"organisation_id": home, "created_at": START}
    return {
        "source": lambda: SourceRow(key="k", name="n", address="https://a.example/f", created_at=START),
        "person": lambda: Person(name="ann", password_hash="x", role="admin", **common),
        "invitation": lambda: Invitation(token_hash="x", role="admin", expires_at=START, **common),
        "key": lambda: ApiKey(name="k", role="viewer", key_hash="x", hint="x", **common),
    }[what]()


def test_an_empty_database_of_the_operator_is_taken_and_marked(sqlite_store: Store, tmp_path: Path) -> None:
    upgrade(sqlite_store)
    with prepared(tmp_path, database_url=str(sqlite_store.engine.url)) as made:
        assert not (tmp_path / "demo.db").exists()
        with made.house.store.read() as session:
            assert get_meta(session, MARK) is not None


@pytest.mark.postgres
def test_a_demonstration_on_postgresql_begins_anew_too(postgres_store: Store, tmp_path: Path) -> None:
    url = postgres_store.engine.url.render_as_string(hide_password=False)
    with prepared(tmp_path, database_url=url) as made:
        first = made.stage.telling
    with prepared(tmp_path, database_url=url, now=_over()) as made:
        assert made.stage.telling.id != first.id


def test_everybody_who_may_own_an_alert_has_a_channel_in_the_room(tmp_path: Path) -> None:
    with prepared(tmp_path) as made, made.house.store.read() as session:
        rows = session.exec(select(Channel).order_by(col(Channel.id))).all()
        assert {row.owner for row in rows} == {owner.key for owner in default_owners()} | {None}
        assert {row.kind for row in rows} == {"webhook", "feishu", "dingtalk", "wecom", "slack"}
        assert all(row.address.startswith("http://127.0.0.1:8123/demo/chat/hook/") for row in rows)
        (subscription,) = session.exec(select(Subscription)).all()
        assert tuple(subscription.countries) == FOLLOWED
        assert session.exec(select(Organisation.name).where(col(Organisation.home).is_(False))).one() == SUBSCRIBER
        assert {row.key for row in session.exec(select(SourceRow)).all()} == {f"demo-{key}" for key in WORLD.outlets}
        (visitor,) = session.exec(select(Person)).all()
        assert (visitor.role, visitor.password_hash) == ("admin", "!")


def test_a_second_start_goes_on_where_the_first_was(tmp_path: Path) -> None:
    with prepared(tmp_path) as made:
        first, token = made.stage.telling, made.stage.feed_token
        before = _inside(made.house.store)
    with prepared(tmp_path, port=8124, now=START + timedelta(minutes=3), demo_speed=4) as made:
        assert (made.stage.telling, made.stage.feed_token) == (first, token)
        after = _inside(made.house.store)
        with made.house.store.read() as session:
            addresses = [row.address for row in session.exec(select(SourceRow)).all()]
            addresses += [row.address for row in session.exec(select(Channel)).all()]
    assert after == before
    assert all(":8124/demo/" in address for address in addresses)


def _inside(store: Store) -> list[int]:
    with store.read() as session:
        return [len(session.exec(select(table)).all()) for table in PRECIOUS]


def _over() -> object:
    return START + timedelta(seconds=WORLD.length) + LINGER + timedelta(seconds=1)


def test_after_its_end_the_story_begins_anew_on_an_empty_database(tmp_path: Path) -> None:
    with prepared(tmp_path) as made:
        first = made.stage.telling
        (tmp_path / "demo-chat.jsonl").write_text("{}")
        with made.house.store.write() as session:
            _entry(session)
    with prepared(tmp_path, now=_over()) as made:
        assert made.stage.telling.id != first.id
        assert made.stage.room.cards() == []
        assert not (tmp_path / "demo-chat.jsonl").exists()
        with made.house.store.read() as session:
            assert session.exec(select(EntryRow)).all() == []


def _entry(session: Session) -> None:
    source = session.exec(select(SourceRow)).first()
    assert source is not None
    session.add(
        EntryRow(
            source_id=source.id or 0,
            key="k",
            raw_hash="h",
            title="t",
            text="",
            first_seen_at=START,
            date_quality="good",
            reliability="B",
            sharing="TLP:CLEAR",
        )
    )


def test_a_damaged_mark_begins_anew(tmp_path: Path) -> None:
    with prepared(tmp_path) as made, made.house.store.write() as session:
        set_meta(session, MARK, "{")
    with prepared(tmp_path) as made:
        assert made.stage.telling.started == START


def test_its_network_reaches_nothing_but_itself(tmp_path: Path) -> None:

    async def reach(made: object, address: str) -> None:
        client = made.house.sender.client  # type: ignore[attr-defined]
        with pytest.raises(AddressRefused):
            await client.get(address)

    async def all_of_them() -> None:
        made = prepare_demo(Settings(data=tmp_path), "127.0.0.1", 8123, build_house, open_database, now=START)
        for address in ("http://127.0.0.1:8124/", "http://127.0.0.2:8123/", "http://192.0.2.1/", "http://1.1.1.1/"):
            await reach(made, address)
        await made.house.sender.client.aclose()
        made.house.store.dispose()

    asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("client", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8123", 200),
        ("::1", "[::1]:8123", 200),
        ("127.0.0.1", "localhost:8123", 200),
        ("127.0.0.1", "rebound.example", 421),
        ("127.0.0.1", "127.0.0.1.example:8123", 421),
        ("127.0.0.1", "", 421),
        ("192.0.2.9", "127.0.0.1:8123", 403),
    ],
)
def test_only_this_machine_is_answered(tmp_path: Path, client: str, host: str, status: int) -> None:
    with prepared(tmp_path) as made:
        for path in ("/demo/chat", "/demo/chat.json", "/demo/feeds/kite"):
            assert ask(made, path, client=client, headers={"Host": host}).status_code == status
