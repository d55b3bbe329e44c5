"""The operator's commands, on a database of their own."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.auth.invite import accept_invitation
from service.cli import run
from service.store.engine import open_store
from tests.ingest.webserver import Answer, webserver


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every command of a test works in one new folder."""
    for name in ("WATCHFIRE_DATABASE_URL", "WATCHFIRE_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WATCHFIRE_ALLOW_NETS", "127.0.0.0/8")
    return tmp_path


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> object:
    """Run a command; answers what it printed. `fails` is the exit code that is expected of it."""

    def saying(*words: str, fails: int = 0) -> str:
        code = run(list(words))
        printed = capsys.readouterr()
        assert code == fails, printed.err
        assert "Traceback" not in printed.err
        return printed.err if fails else printed.out

    return saying


def test_sources_from_a_file_to_a_file(data: Path, say) -> None:
    (data / "list.txt").write_text("https://one.example/rss\nhttps://two.example/atom\n", "utf-8-sig")
    assert say("source", "import", str(data / "list.txt")) == "Sources added: 2; watched already: 0.\n"
    assert "added: 0; watched already: 2" in say("source", "import", str(data / "list.txt"))
    (data / "empty.txt").write_text("")
    assert "names none" in say("source", "import", str(data / "empty.txt"))
    say("source", "add", "https://three.example/", "--name", "Three\x1b[31m", "--country", "NE", "--exact")
    listed = json.loads(say("source", "list", "--json"))
    # Its first look failed at once, so it stands first.
    assert [row["key"] for row in listed] == ["three-example", "one-example-rss", "two-example-atom"]
    table = say("source", "list")
    assert "three-example" in table
    assert "\x1b" not in table
    assert "NE" in say("source", "show", "https://three.example/")
    assert "rests until" in say("source", "pause", "three-example", "--hours", "2")
    assert sorted(row["state"] for row in json.loads(say("source", "list", "--json"))) == ["new", "new", "paused"]
    say("source", "resume", "three-example")
    say("source", "export", str(data / "out.opml"))
    assert say("source", "export") == (data / "out.opml").read_text("utf-8")


def test_a_subscriber_from_nothing(say) -> None:
    say("organisation", "add", "north", "North Co")
    with webserver() as web:
        web.answers["/hook"] = Answer(body=b"ok")
        made = say("channel", "add", "webhook", "Hook", web.url("/hook"), "-o", "north", "--language", "en")
        assert re.search(r"whsec_\S{40,}", made)
        assert "Delivered" in say("channel", "test", "1", "-o", "north")
        assert [asked.path for asked in web.asked] == ["/hook"]
    assert "takes no connection" in say("channel", "test", "1", "-o", "north", fails=1)
    say("subscription", "add", "Watch", "--country", "ne", "--level", "2", "--channel", "1", "-o", "north")
    (row,) = json.loads(say("subscription", "list", "-o", "north", "--json"))
    assert (row["countries"], row["categories"], row["least_level"]) == (["NE"], [], 2)
    atom, feed = say("subscription", "token", "1", "-o", "north").split()
    assert atom.startswith("http://127.0.0.1:8000/feeds/")
    assert feed.endswith("/feed.json")
    assert "answer nobody" in say("subscription", "token", "1", "--revoke", "-o", "north")
    assert "Remove that first" in say("channel", "remove", "1", "-o", "north", fails=1)
    say("subscription", "remove", "1", "-o", "north")
    say("channel", "remove", "1", "-o", "north")
    assert "Nothing is followed" in say("subscription", "list", "-o", "north")
    assert json.loads(say("channel", "list", "-o", "north", "--json")) == []
    assert [row["key"] for row in json.loads(say("organisation", "list", "--json"))] == ["home", "north"]


def test_people_and_keys(say) -> None:
    assert "There is nobody yet" in say("person", "list")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/welcome/\S{43}\n", say("person", "invite", "--role", "admin"))
    assert say("key", "make", "robot", "--role", "viewer", "--days", "7").startswith("wf_")
    say("key", "revoke", "1")
    (row,) = json.loads(say("key", "list", "--json"))
    assert (row["works"], row["role"]) == (False, "viewer")
    for deed in ("disable", "show", "sign-out"):
        assert "There is nobody called" in say("person", deed, "nobody", fails=1)


def test_a_person_on_the_command_line(data: Path, say) -> None:
    link = say("person", "invite", "--role", "admin", "--note", "Ann").strip()
    (open_,) = json.loads(say("person", "invitations", "--json"))
    assert (open_["for"], open_["made_by"], open_["organisation"]) == ("Ann", "operator", "home")
    store = open_store(f"sqlite:///{data / 'data' / 'watchfire.db'}")
    accept_invitation(store, link.rpartition("/")[2], "Ann", "quiet lamp over water", datetime.now(UTC))
    store.dispose()
    assert "no open invitation" in say("person", "invitations")
    shown = json.loads(say("person", "show", "ANN", "--json"))
    assert (shown["name"], shown["role"], shown["signed_in"], shown["keys"]) == ("ann", "admin", 0, [])
    assert say("person", "sign-out", "ann") == "Sessions ended: 0.\n"
    say("person", "invite")
    (open_,) = json.loads(say("person", "invitations", "--json"))
    say("person", "withdraw", open_["handle"])
    assert "no such invitation" in say("person", "withdraw", open_["handle"], fails=1)


@pytest.mark.parametrize("minutes", [5, -5])
def test_a_pause_is_told_while_it_lasts(data: Path, say, minutes: int) -> None:
    link = say("person", "invite", "--role", "admin").strip()
    store, until = (
        open_store(f"sqlite:///{data / 'data' / 'watchfire.db'}"),
        datetime.now(UTC) + timedelta(minutes=minutes),
    )
    ann = accept_invitation(store, link.rpartition("/")[2], "ann", "quiet lamp over water", datetime.now(UTC))
    with store.write() as session:
        ann.locked_until = until
        session.add(ann)
    store.dispose()
    (listed,) = json.loads(say("person", "list", "--json"))
    shown = json.loads(say("person", "show", "ann", "--json"))
    for row in (listed, shown):
        assert (row["paused_until"] is not None) == (minutes > 0)


def test_the_audit_on_the_command_line(say) -> None:
    assert say("audit") == "No line fits.\n"
    for name in ("one", "two", "three"):
        say("key", "make", name)
    first = json.loads(say("audit", "--json", "--limit", "2"))
    assert [line["detail"]["name"] for line in first["items"]] == ["three", "two"]
    rest = json.loads(say("audit", "--json", "--cursor", first["next"]))
    assert ([line["detail"]["name"] for line in rest["items"]], rest["next"]) == (["one"], None)
    table = say("audit", "--thing", "key", "--number", "2", "--by", "operator")
    assert "made" in table
    assert "two" in table
    assert "three" not in table
    assert say("audit", "--until", "2020-01-01") == "No line fits.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("source", "add", "ftp://x"),
        ("source", "import", "/no/such/file"),
        ("subscription", "add", "n", "--country", "ZZ"),
        ("key", "make", "n", "--role", "emperor"),
        ("key", "make", "n", "--days", "0"),
        ("channel", "add", "pigeon", "n", "x"),
        ("channel", "add", "mail", "n", "a@desk.example", "--owner", "nobody"),
        ("rules", "check", "/no/such/file"),
        ("db", "downgrade", "9999"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], say) -> None:
    said = say(*words, fails=2)
    assert said.startswith("watchfire: ")
    assert len(said.strip().splitlines()) == 1


def test_a_database_of_another_version_is_left_alone(data: Path, say) -> None:
    say("organisation", "list")
    with closing(sqlite3.connect(data / "data" / "watchfire.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "is at version 9999" in say("organisation", "list", fails=2)
    for words in (("upgrade",), ("downgrade", "base")):
        assert "a newer one made it" in say("db", *words, fails=2)


@pytest.mark.parametrize(
    "words",
    [
        ("channel", "test", "9" * 30),
        ("key", "revoke", "-1"),
        ("key", "make", "n", "--days", "9" * 30),
        ("rules", "show", "--lang", "tlh"),
    ],
)
def test_wrong_use_is_told_without_a_traceback(words: tuple[str, ...], say) -> None:
    assert "Usage: watchfire" in say(*words, fails=2)


def test_the_version_is_told(say) -> None:
    assert re.fullmatch(r"watchfire \d+\.\d+\.\d+\n", say("--version"))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ALLOW_NETS", "home"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("PUBLIC_URL", "desk.example"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_setting_is_named(name: str, wrong: str, say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"WATCHFIRE_{name}", wrong)
    said = say("source", "list", fails=2)
    assert said.startswith(f"watchfire: WATCHFIRE_{name} cannot be used: ")
    assert "Value error" not in said


def test_importing_sources_loads_no_model(data: Path) -> None:
    (data / "list.txt").write_text("https://one.example/rss\n", "utf-8")
    script = (
        "import sys; from service.cli import run; code = run(['source', 'import', sys.argv[1]]);"
        "heavy = {'sklearn', 'scoring.model', 'scoring.encoder', 'fastapi', 'service.app'} & set(sys.modules);"
        "sys.exit(code or (f'loaded: {heavy}' if heavy else 0))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(data / "list.txt")], capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 0, told.stderr
