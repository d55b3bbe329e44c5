"""The catalogue and discovery through the API."""

from tests.api.test_channels import send
from tests.api.town import Town
from tests.ingest.webserver import Answer, webserver

FEED = b"<rss version='2.0'><channel><title>Bay Herald</title><item><title>Port reopens</title></item></channel></rss>"


def test_a_list_packs_and_balance(here: Town) -> None:
    key = here.key("viewer")
    listed = send(here, key, "GET", "catalogue?pack=sanctions").json()["items"]
    assert {item["kind"] for item in listed} == {"sanctions"}
    assert {item["checked"] for item in listed} == {False}
    assert send(here, key, "GET", "catalogue?pack=moon").status_code == 404
    assert send(here, key, "GET", "catalogue?colour=red").status_code == 422
    packs = {item["key"]: item for item in send(here, key, "GET", "catalogue/packs").json()["items"]}
    assert (packs["sanctions"]["sources"], packs["sanctions"]["watched"]) == (len(listed), 0)
    balance = send(here, key, "GET", "catalogue/balance?of=catalogue").json()
    assert "NG" not in balance["without"]
    assert "NG" in send(here, key, "GET", "catalogue/balance").json()["without"]
    assert send(here, key, "POST", "catalogue/take", {"pack": "sanctions"}).status_code == 403


def test_taking(here: Town) -> None:
    key = here.key("admin")
    taken = send(here, key, "POST", "catalogue/take", {"keys": ["sn-seneweb"]}).json()
    assert taken == {"added": ["sn-seneweb"], "known": []}
    assert send(here, key, "POST", "catalogue/take", {"keys": ["sn-seneweb"]}).json()["known"] == ["sn-seneweb"]
    assert send(here, key, "POST", "catalogue/take", {}).status_code == 422
    (item,) = [one for one in send(here, key, "GET", "catalogue?country=SN").json()["items"] if one["watched"]]
    assert item["watched"] == "sn-seneweb"


def test_discovery(here: Town) -> None:
    with webserver() as web:
        web.answers["/"] = Answer(body=b"<html><link rel=alternate type='application/rss+xml' href='/rss'></html>")
        web.answers["/rss"] = Answer(body=FEED)
        found = send(here, here.key("admin"), "POST", "sources/discover", {"address": web.url("/")})
        assert found.status_code == 200
        (one,) = found.json()["candidates"]
        assert (one["address"], one["how"], one["title"]) == (web.url("/rss"), "declared", "Bay Herald")
        assert [entry["title"] for entry in one["first"]] == ["Port reopens"]


def test_discovery_that_finds_nothing_says_why(here: Town) -> None:
    with webserver() as web:
        nothing = send(here, here.key("admin"), "POST", "sources/discover", {"address": web.url("/gone")}).json()
    assert (nothing["candidates"], nothing["why"]) == ([], "answer")
    assert "404" in nothing["sentence"]
    for role in ("viewer", "manager"):
        refused = send(here, here.key(role), "POST", "sources/discover", {"address": "https://x.example"})
        assert refused.status_code == 403
