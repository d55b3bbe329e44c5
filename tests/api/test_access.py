"""Who may do what: every role against every deed, and what subscribers never see."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete

from ingest.entry import Sharing
from service.store.engine import Store, open_store
from service.store.tables import AlertShare
from tests.api.town import ROLES, Town, town

Deed = Callable[[Town], tuple[str, str, Any]]
ALL = set(ROLES)
MANAGERS = {"manager", "admin"}

# deed → (what to send, which roles of the desk may, which roles of a subscriber may)
DEEDS: dict[str, tuple[Deed, set[str], set[str]]] = {
    "read alerts": (lambda _: ("GET", "alerts", None), ALL, ALL),
    "read sources": (lambda _: ("GET", "sources", None), ALL, ALL),
    "read me": (lambda _: ("GET", "me", None), ALL, ALL),
    "acknowledge": (
        lambda t: ("POST", f"alerts/{t.alert(owner='somebody', to=('north',))}/acknowledge", None),
        {"analyst", *MANAGERS},
        set(),
    ),
    "dismiss": (
        lambda t: ("POST", f"alerts/{t.alert(to=('north',))}/dismiss", {"reason": "duplicate"}),
        {"analyst", *MANAGERS},
        set(),
    ),
    "add source": (lambda _: ("POST", "sources", {"address": "https://more.example/rss"}), {"admin"}, set()),
    "pause source": (lambda t: ("POST", f"sources/{t.numbers['source:feed']}/pause", None), {"admin"}, set()),
    "resume source": (lambda t: ("POST", f"sources/{t.numbers['source:feed']}/resume", None), {"admin"}, set()),
    "add channel": (
        lambda _: ("POST", "channels", {"kind": "webhook", "name": "n", "address": "https://rooms.example/x"}),
        MANAGERS,
        MANAGERS,
    ),
    "subscribe": (lambda _: ("POST", "subscriptions", {"name": "n", "countries": ["NE"]}), MANAGERS, MANAGERS),
    "file report": (
        lambda _: ("POST", "reports", {"text": "Shots near the camp"}),
        {"analyst", "owner", *MANAGERS},
        {"analyst", "owner", *MANAGERS},
    ),
    "silence": (lambda t: ("POST", "silences", _silence(t)), {"analyst", *MANAGERS}, {"analyst", *MANAGERS}),
    "retry": (lambda t: ("POST", f"deliveries/{t.notice(t.alert(), 'north')}/retry", None), MANAGERS, MANAGERS),
    "retry all": (
        lambda t: ("POST", f"deliveries/{t.notice(t.alert(), 'north')}/retry/like", None),
        MANAGERS,
        MANAGERS,
    ),
    "send now": (
        lambda t: ("POST", f"deliveries/{t.notice(t.alert(), 'north', 'held')}/send", None),
        MANAGERS,
        MANAGERS,
    ),
    "own feed token": (lambda t: ("POST", f"subscriptions/{_own(t)}/token", None), MANAGERS, MANAGERS),
    "read people": (lambda _: ("GET", "people", None), {"admin"}, {"admin"}),
    "invite": (lambda _: ("POST", "people/invitations", {"role": "viewer"}), {"admin"}, {"admin"}),
    "read keys": (lambda _: ("GET", "keys", None), {"admin"}, {"admin"}),
    "make key": (lambda _: ("POST", "keys", {"name": "robot"}), {"admin"}, {"admin"}),
    "read audit": (lambda _: ("GET", "audit", None), MANAGERS, set()),
    "remove subscription": (lambda t: ("DELETE", f"subscriptions/{_own(t)}", None), MANAGERS, MANAGERS),
}


def _silence(town: Town) -> dict[str, Any]:
    return {"countries": ["NE"], "ends_at": (town.at + timedelta(hours=1)).isoformat(), "reason": "site works"}


def _own(town: Town) -> int:
    return town.numbers["subscription:asking"]


def send(town: Town, token: str | None, method: str, path: str, body: Any = None) -> httpx.Response:
    """One request below /api/v1."""

    async def ask() -> httpx.Response:
        async with town.client(token) as client:
            return await client.request(method, f"/api/v1/{path}", json=body)

    return asyncio.run(ask())


@pytest.mark.parametrize("organisation", ["home", "north"])
@pytest.mark.parametrize("deed", DEEDS)
def test_the_table_of_permissions(here: Town, deed: str, organisation: str) -> None:
    request, desk, subscriber = DEEDS[deed]
    able = desk if organisation == "home" else subscriber
    for role in ROLES:
        here.numbers["subscription:asking"] = here.subscription(organisation, ["NE"])
        answer = send(here, here.key(role, organisation), *request(here))
        assert (answer.status_code < 400) == (role in able), f"{role}: {answer.text}"
        if role not in able:
            assert answer.status_code == 403
            assert answer.json()["key"] == "error.refused"
            assert answer.json()["advice"]


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_may_do_anything(here: Town, deed: str) -> None:
    here.numbers["subscription:asking"] = here.subscription("home", [])
    answer = send(here, None, *DEEDS[deed][0](here))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_owner_acts_where_he_owns_a_duty(here: Town) -> None:
    here.person("olga", "owner", owner="desk-legal")
    session = here.session("olga")
    mine, other = here.alert(owner="desk-legal"), here.alert(owner="desk-security")

    async def act(number: int) -> int:
        async with here.client() as client:
            client.cookies.set("watchfire", session)
            return (await client.post(f"/api/v1/alerts/{number}/acknowledge")).status_code

    assert asyncio.run(act(mine)) == 200
    assert asyncio.run(act(other)) == 403


def test_acting_walks_through_the_states(here: Town) -> None:
    key, number = here.key("analyst"), here.alert()
    assert send(here, key, "POST", f"alerts/{number}/acknowledge").json()["acknowledged_by"] == "key:analyst"
    assert send(here, key, "POST", f"alerts/{number}/acknowledge").status_code == 200
    assert send(here, key, "POST", f"alerts/{number}/respond").json()["state"] == "responding"
    assert send(here, key, "POST", f"alerts/{number}/dismiss", {"reason": "bored"}).status_code == 422
    closed = send(here, key, "POST", f"alerts/{number}/resolve", {"reason": "it is quiet again"}).json()
    assert (closed["state"], closed["close_reason"]) == ("resolved", "it is quiet again")
    late = send(here, key, "POST", f"alerts/{number}/acknowledge")
    assert (late.status_code, late.json()["key"]) == (409, "error.conflict")
    history = send(here, key, "GET", f"alerts/{number}").json()["history"]
    assert [line["action"] for line in history] == [
        "alert.open",
        "alert.acknowledge",
        "alert.respond",
        "alert.resolve",
    ]


def test_a_subscriber_is_not_told_who_did_it(here: Town) -> None:
    number = here.alert(owner="desk-security", to=("north",))
    send(here, here.key("analyst"), "POST", f"alerts/{number}/acknowledge")
    seen = send(here, here.key("viewer", "north"), "GET", f"alerts/{number}").json()
    assert seen["acknowledged_by"] == "desk"
    assert seen["duties"] == []
    assert {line["actor"] for line in seen["history"]} == {"desk"}


@pytest.fixture(scope="module")
def shared_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One town for many examples: making one for each would cost more than the question."""

    folder = tmp_path_factory.mktemp("scope")
    shutil.copy(sqlite_template, folder / "watchfire.db")
    store: Store = open_store(f"sqlite:///{folder / 'watchfire.db'}")
    with town(store, folder) as found:
        marks = {mark: found.alert(mark.value, sharing=mark.value) for mark in Sharing}
        keys = {name: found.key("admin", name) for name in ("north", "south")}
        yield found, marks, keys
    store.dispose()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.sets(st.tuples(st.sampled_from(list(Sharing)), st.sampled_from(["north", "south"]))))
def test_nobody_sees_more_than_share_and_mark_allow(shared_town: Any, shares: set[tuple[Sharing, str]]) -> None:
    here, alerts, keys = shared_town
    with here.store.write() as session:
        session.connection().execute(delete(AlertShare))
        for mark, organisation in shares:
            here.share(session, alerts[mark], organisation)
    for organisation, key in keys.items():
        # Both are cleared for TLP:GREEN.
        allowed = {
            alerts[mark] for mark, to in shares if to == organisation and mark.strictness <= Sharing.GREEN.strictness
        }
        listed = send(here, key, "GET", "alerts").json()["items"]
        assert {item["id"] for item in listed} == allowed
        for number in alerts.values():
            assert (send(here, key, "GET", f"alerts/{number}").status_code == 200) == (number in allowed)
        for name in ("entries", "events"):
            titles = {item["title"] for item in send(here, key, "GET", name).json()["items"]}
            assert titles == {item["title"] for item in listed}


def test_others_channels_subscriptions_and_deliveries_are_not_there(here: Town) -> None:
    key = here.key("admin", "north")
    foreign = here.notice(here.alert(), "south")
    own = here.notice(here.alert(), "north")
    assert [item["name"] for item in send(here, key, "GET", "channels").json()["items"]] == ["north room"]
    assert [item["name"] for item in send(here, key, "GET", "subscriptions").json()["items"]] == ["north watch"]
    assert [item["id"] for item in send(here, key, "GET", "deliveries").json()["items"]] == [own]
    for method, path in (
        ("GET", f"deliveries/{foreign}"),
        ("POST", f"deliveries/{foreign}/retry"),
        ("POST", f"deliveries/{foreign}/retry/like"),
        ("POST", f"deliveries/{foreign}/send"),
        ("DELETE", f"channels/{here.numbers['channel:south']}"),
        ("POST", f"channels/{here.numbers['channel:south']}/test"),
        ("DELETE", f"subscriptions/{here.numbers['subscription:south']}"),
        ("POST", f"subscriptions/{here.numbers['subscription:south']}/token"),
    ):
        assert send(here, key, method, path).status_code == 404, path
    assert send(here, key, "GET", "sources").json()["items"] == []


def test_me_says_who_asks(here: Town) -> None:
    me = send(here, here.key("manager", "north"), "GET", "me").json()
    assert me["organisation"]["key"] == "north"
    assert me["permissions"] == ["channels", "deliveries", "read", "report", "silence", "sites", "subscribe"]
