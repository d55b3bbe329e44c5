"""A newcomer pastes an address and sees entries: the command, against a real server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli import run
from tests.ingest.webserver import Answer, WebServer, webserver

Say = Callable[..., str]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHFIRE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WATCHFIRE_ALLOW_NETS", "127.0.0.0/8")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def saying(*words: str, fails: int = 0) -> str:
        code = run(list(words))
        printed = capsys.readouterr()
        assert code == fails, printed.err
        return printed.out + printed.err

    return saying


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as server:
        link = '<link rel="alternate" type="application/rss+xml" href="{}">'
        server.answers["/"] = Answer(body=f"<html><head>{link.format('/main.xml')}</head></html>".encode())
        server.answers["/two"] = Answer(
            body=f"<html>{link.format('/main.xml')}{link.format('/other.xml')}</html>".encode()
        )
        server.answers["/main.xml"] = Answer(body=feed("Bay Herald", "Port reopens", "Ferry delayed"))
        server.answers["/other.xml"] = Answer(body=feed("Bay Sport", "Race won"))
        server.answers["/plain"] = Answer(body=b"<html><p>Hello</p></html>")
        yield server


def feed(name: str, *titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>{name}</title><language>en</language>{items}</channel></rss>".encode()


def test_from_a_page_to_its_first_entries(web: WebServer, say: Say) -> None:
    told = say("source", "add", web.url("/"), "--country", "SC")
    assert f"1. Bay Herald: {web.url('/main.xml')} (rss20, 2 entries, no dates, en, undated)" in told
    assert "Watching Bay Herald as" in told
    assert "Port reopens" in told
    assert "It is ok; the next look is at" in told
    (row,) = json.loads(say("source", "list", "--json"))
    assert (row["name"], row["country"], row["language"], row["state"]) == ("Bay Herald", "SC", "en", "ok")
    assert "is watched already, as" in say("source", "add", web.url("/"), fails=1)
    assert "is watched already, as" in say("source", "add", web.url("/main.xml"), fails=1)


def test_of_several_a_person_chooses(web: WebServer, say: Say) -> None:
    told = say("source", "add", web.url("/two"), fails=2)
    assert "1. Bay Herald" in told
    assert "2. Bay Sport" in told
    assert "--pick N" in told
    assert say("source", "list", "--json") == "[]\n"
    made = json.loads(say("source", "add", web.url("/two"), "--pick", "2", "--json"))
    assert made["source"]["name"] == "Bay Sport"
    assert [entry["title"] for entry in made["entries"]] == ["Race won"]
    assert made["health"]["state"] == "ok"
    assert [one["title"] for one in made["found"]] == ["Bay Herald", "Bay Sport"]
    assert "no number 3" in say("source", "add", web.url("/two"), "--pick", "3", fails=2)


def test_what_is_said_stands_over_what_was_found(web: WebServer, say: Say) -> None:
    say("source", "add", web.url("/main.xml"), "--name", "Mine", "--language", "fr", "--reliability", "b")
    (row,) = json.loads(say("source", "list", "--json"))
    assert (row["name"], row["language"], row["reliability"]) == ("Mine", "fr", "B")


def test_no_feed_nothing_added(web: WebServer, say: Say) -> None:
    assert "No feed was found at 127.0.0.1" in say("source", "add", web.url("/plain"), fails=2)
    assert "404" in say("source", "add", web.url("/gone"), fails=2)
    assert say("source", "list", "--json") == "[]\n"


def test_exactly_this_address_is_watched_whatever_it_answers(web: WebServer, say: Say) -> None:
    told = say("source", "add", web.url("/plain"), "--exact")
    assert "Its first look failed: This address answers a web page" in told
    (row,) = json.loads(say("source", "list", "--json"))
    assert row["state"] == "failing"


def test_the_catalogue(say: Say) -> None:
    found = json.loads(say("catalogue", "list", "--country", "sn", "--language", "fr", "--json"))
    assert "sn-seneweb" in [row["key"] for row in found]
    assert "added: 2; watched already: 0" in say("catalogue", "add", "sn-seneweb", "sn-dakaractu")
    assert "watched already: 2" in say("catalogue", "add", "sn-seneweb", "sn-dakaractu")
    assert "sn-seneweb" in say("catalogue", "show", "sn-seneweb")
    packs = {row["pack"]: row for row in json.loads(say("catalogue", "packs", "--json"))}
    assert packs["africa-west"]["watched"] == 2
    say("catalogue", "add", "--pack", "sanctions")
    assert len(json.loads(say("source", "list", "--json"))) == 2 + packs["sanctions"]["sources"]
    for words in (("add",), ("add", "no-such"), ("show", "no-such"), ("list", "--pack", "no-such")):
        assert say("catalogue", *words, fails=2 if words == ("add",) else 1)
    watched = json.loads(say("catalogue", "balance", "--watched", "--json"))
    assert "SN" not in watched["without_local_source"]
    assert "NG" in watched["without_local_source"]
    assert "NG" not in json.loads(say("catalogue", "balance", "--json"))["without_local_source"]
    assert "without local source" in say("catalogue", "balance")


def test_a_page_without_a_feed_is_not_taken_blindly(say: Say) -> None:
    pages = [row["key"] for row in json.loads(say("catalogue", "list", "--pack", "chinese-official", "--json"))]
    told = say("catalogue", "add", pages[-1], fails=2)
    assert "watchfire source add http" in told
    assert "added: 2;" in say("catalogue", "add", "--pack", "chinese-official"), "the pages are passed over"


def test_a_source_with_a_password_out_of_a_file(web: WebServer, say: Say, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("passw0rd-word\n", encoding="utf-8")
    place = ("source", "add", web.url("/main.xml"), "--key", "closed")
    told = say(*place, "--user", "us3r-word", "--password-file", str(tmp_path / "word"))
    assert "Port reopens" in told
    assert web.paths() == ["/main.xml"], "nothing is searched for without the password"
    assert web.asked[0].headers["authorization"] == "Basic dXMzci13b3JkOnBhc3N3MHJkLXdvcmQ="
    told += say("source", "show", "closed") + say("source", "show", "closed", "--json") + say("source", "export")
    told += say("source", "list", "--json") + say("source", "check", "closed")
    for secret in ("us3r-word", "passw0rd-word", "dXMzci13"):
        assert secret not in told
    said = say(*place, "--header", "X-Api-Key", fails=2)
    assert "a header and its value are given together" in said.lower()
