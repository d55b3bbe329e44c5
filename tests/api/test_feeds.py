"""Feeds of a subscription: for whoever holds the token, as long as it holds."""

import asyncio
from typing import Any

import feedparser
import httpx
import pytest
from lxml import etree

from service.desk.alerts import act_on
from service.desk.subscriptions import feed_addresses, new_feed_token, remove_subscription, revoke_feed_token
from service.store.tables import Alert
from tests.api.town import Town

ATOM = "{http://www.w3.org/2005/Atom}"


def get(town: Town, address: str, **headers: str) -> httpx.Response:
    """A feed reader's request, without any key."""

    async def ask() -> httpx.Response:
        async with town.client(base="https://desk.example", peer="203.0.113.9", **headers) as client:
            return await client.get(address)

    return asyncio.run(ask())


@pytest.fixture
def addresses(here: Town) -> dict[str, str]:
    """Where north's subscription is read."""
    token = new_feed_token(here.house, here.operator("north"), here.numbers["subscription:north"])
    return feed_addresses("https://desk.example", token)


def test_atom_is_valid_and_tells_what_is_shared(here: Town, addresses: dict[str, str]) -> None:
    here.alert("Foreign", to=("south",))
    here.alert("Secret", sharing="TLP:RED", to=("north",))
    here.pass_time(minutes=5)
    here.alert("Shelling <b>near</b> the bridge & \x07 beyond", to=("north",))
    answer = get(here, addresses["atom"] + "?lang=en")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    root = etree.fromstring(answer.content)
    (entry,) = root.findall(f"{ATOM}entry")
    for parent in (root, entry):  # what RFC 4287 demands
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Home (early warning desk)"
    assert root.find(f"{ATOM}link[@rel='self']").get("href").startswith(here.house.public_url)
    assert entry.findtext(f"{ATOM}title") == "Level I critical · Shelling <b>near</b> the bridge & beyond"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-01T12:05:00Z"
    assert "Category: " in entry.findtext(f"{ATOM}content")
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert len(parsed.entries) == 1


def test_json_feed_says_the_same(here: Town, addresses: dict[str, str]) -> None:
    number = here.alert(to=("north",))
    answer = get(here, addresses["json"])
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "zh-Hans"
    (item,) = feed["items"]
    assert item["_watchfire"]["alert"] == number
    assert item["title"].startswith("I级 特别重大")
    assert item["url"].endswith(f"/alerts/{number}")
    atom = feedparser.parse(get(here, addresses["atom"]).content)
    assert atom.entries[0].id == item["id"]


def test_ids_stay_while_what_they_name_changes(here: Town, addresses: dict[str, str]) -> None:
    number = here.alert(to=("north",))
    (before,) = get(here, addresses["json"]).json()["items"]
    here.pass_time(hours=1)
    act_on(here.house, here.operator(), number, "resolve", "quiet again")
    (after,) = get(here, addresses["json"] + "?lang=en").json()["items"]
    assert after["id"] == before["id"]
    assert after["date_modified"] == "2026-03-01T13:00:00Z"
    assert "State: resolved" in after["content_text"]


def test_a_reader_that_has_it_is_told_so(here: Town, addresses: dict[str, str]) -> None:
    here.alert(to=("north",))
    tag = get(here, addresses["atom"]).headers["etag"]
    again = get(here, addresses["atom"], **{"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    here.alert("news", to=("north",))
    assert get(here, addresses["atom"], **{"if-none-match": tag}).status_code == 200


def test_marks_of_an_alert_stand_in_its_title(here: Town, addresses: dict[str, str]) -> None:
    number = here.alert(to=("north",))
    with here.store.write() as session:
        alert = session.get(Alert, number)
        assert alert is not None
        alert.unconfirmed, alert.demo = True, True
        session.add(alert)
    (item,) = get(here, addresses["json"] + "?lang=en").json()["items"]
    assert item["title"].startswith("Level I critical · DEMONSTRATION, invented · UNCONFIRMED · ")


@pytest.mark.parametrize("deed", ["revoke", "renew", "remove"])
def test_a_token_ends(here: Town, addresses: dict[str, str], deed: str) -> None:
    scope, number = here.operator("north"), here.numbers["subscription:north"]
    assert get(here, addresses["atom"]).status_code == 200
    deeds: dict[str, Any] = {"revoke": revoke_feed_token, "renew": new_feed_token, "remove": remove_subscription}
    deeds[deed](here.house, scope, number)
    for address in addresses.values():
        answer = get(here, address)
        assert (answer.status_code, answer.json()["key"]) == (404, "error.not_found")


def test_an_empty_feed_is_a_feed(here: Town, addresses: dict[str, str]) -> None:
    assert get(here, addresses["json"]).json()["items"] == []
    assert not feedparser.parse(get(here, addresses["atom"]).content).bozo
