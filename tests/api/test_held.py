"""Held notices through the API."""

from datetime import timedelta

from service.store.tables import Notice
from tests.api.test_channels import send
from tests.api.town import Town


def hold(here: Town, organisation: str = "home") -> str:
    """A held notice."""
    number = here.notice(here.alert(), organisation, "held")
    with here.store.write() as session:
        notice = session.get_one(Notice, number)
        notice.held_for, notice.held_by = "storm", "opened:42"
        notice.release_at, notice.owner = here.at + timedelta(minutes=15), "hq"
    return number


def test_a_held_notice_says_why_and_is_sent_by_hand(here: Town) -> None:
    key, number = here.key("manager"), hold(here)
    (item,) = send(here, key, "GET", "deliveries?state=held").json()["items"]
    assert (item["id"], item["held_for"], item["held_by"]) == (number, "storm", "opened:42")
    assert item["release_at"] == "2026-03-01T12:15:00Z"
    assert send(here, here.key("analyst"), "POST", f"deliveries/{number}/send").status_code == 403
    sent = send(here, key, "POST", f"deliveries/{number}/send")
    assert (sent.status_code, sent.json()["state"], sent.json()["held_for"]) == (200, "pending", "storm")
    assert send(here, key, "POST", f"deliveries/{number}/send").status_code == 409


def test_others_held_notices_are_not_there(here: Town) -> None:
    number = hold(here)
    key = here.key("manager", "north")
    assert send(here, key, "POST", f"deliveries/{number}/send").status_code == 404
    assert send(here, key, "GET", "deliveries/load").json() == {"items": []}


def test_the_day_in_numbers(here: Town) -> None:
    hold(here)
    (load,) = send(here, here.key("analyst"), "GET", "deliveries/load").json()["items"]
    assert (load["role"], load["key"], load["held"], load["most"]) == ("owner", "hq", 1, 20)


def test_what_a_digest_told(here: Town) -> None:
    key, number, digest = here.key("manager"), hold(here), hold(here)
    with here.store.write() as session:
        notice = session.get_one(Notice, number)
        notice.state, notice.told_in = "digested", digest
    items = send(here, key, "GET", f"deliveries?within={digest}").json()["items"]
    assert [(item["id"], item["told_in"]) for item in items] == [(number, digest)]
