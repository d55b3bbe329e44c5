"""When something is wrong, the operator reads one sentence that says what to do, and nothing is lost."""

import resource
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.guideline import default_text
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.walk.command import watchfire, watchfire_here
from tests.walk.scene import CALM, COUP, Story, rss

NETS = "127.0.0.0/8"


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as running:
        yield running


def one_sentence(said: str) -> str:
    """The last line on standard error: ours, and no traceback anywhere."""
    assert "Traceback" not in said
    last = said.strip().splitlines()[-1]
    assert last.startswith("watchfire: ")
    return last


def prepared(folder: Path, *addresses: str) -> Path:
    """A database with these sources."""
    assert watchfire_here(folder, "db", "upgrade").returncode == 0
    (folder / "sources.txt").write_text("\n".join(addresses), encoding="utf-8")
    assert watchfire_here(folder, "source", "import", str(folder / "sources.txt")).returncode == 0
    return folder / "watchfire.db"


def entries(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        found: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    connection.close()
    return found


def test_a_broken_guideline_stops_the_start_and_names_the_line(tmp_path: Path) -> None:
    prepared(tmp_path)
    broken = tmp_path / "guideline.yaml"
    lines = default_text().splitlines()
    at = next(number for number, line in enumerate(lines) if "thresholds: {1: " in line)
    lines[at] = lines[at].replace("{1: ", "{1: 9")
    broken.write_text("\n".join(lines), encoding="utf-8")
    ended = watchfire(tmp_path, "process", guideline=str(broken))
    assert ended.returncode == 2
    assert f"guideline.yaml:{at + 1}: " in one_sentence(ended.stderr)


def test_a_missing_or_damaged_model_says_how_to_get_one(tmp_path: Path) -> None:
    prepared(tmp_path)
    ended = watchfire(tmp_path, "process", model=str(tmp_path / "none.npz"))
    assert ended.returncode == 2
    assert "WATCHFIRE_MODEL" in one_sentence(ended.stderr)
    (tmp_path / "bad.npz").write_bytes(b"no model")
    ended = watchfire(tmp_path, "process", model=str(tmp_path / "bad.npz"))
    assert ended.returncode == 2
    assert "bad.npz" in one_sentence(ended.stderr)


def test_a_database_without_tables_says_what_makes_them(tmp_path: Path) -> None:
    ended = watchfire(tmp_path, "collect", "--once")
    assert ended.returncode == 2
    assert "watchfire db upgrade" in one_sentence(ended.stderr)


def test_a_dead_database_server_is_worth_another_try(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ended = watchfire(tmp_path, "collect", "--once", database_url=f"postgresql://nobody@127.0.0.1:{port}/none")
    assert ended.returncode == 75
    assert "does not answer" in one_sentence(ended.stderr)


def test_a_port_in_use_names_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = watchfire(tmp_path, "serve", "--port", str(port))
    assert ended.returncode == 2
    assert f"--port {port + 1}" in one_sentence(ended.stderr)


def test_a_web_page_in_place_of_a_feed_is_told_at_the_source(tmp_path: Path, web: WebServer) -> None:
    page = b"<!doctype html><html><head><title>Welcome</title></head><body><p>Hello</p></body></html>"
    web.answers["/page"] = Answer(body=page, headers={"Content-Type": "text/html"})
    prepared(tmp_path, web.url("/page"))
    ended = watchfire(tmp_path, "collect", "--once", allow_nets=NETS)
    assert ended.returncode == 0
    assert "1 failed" in ended.stdout
    assert "web page" in ended.stderr
    assert "web page" in watchfire_here(tmp_path, "source", "list", "--json").stdout


def test_a_full_disk_loses_nothing(tmp_path: Path, web: WebServer) -> None:
    many = [Story(f"g{number}", f"Harbour report {number}", "word " * 400) for number in range(200)]
    web.answers["/feed"] = Answer(body=rss(many))
    database = prepared(tmp_path, web.url("/feed"))
    room = database.stat().st_size + 100_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    ended = watchfire(tmp_path, "collect", "--once", before=limited, allow_nets=NETS)
    assert ended.returncode == 74
    assert "make room" in one_sentence(ended.stderr).lower()
    ended = watchfire_here(tmp_path, "collect", "--once", allow_nets=NETS)
    assert ended.returncode == 0
    assert entries(database) == 200


def test_a_locked_database_is_worth_another_try(tmp_path: Path, web: WebServer) -> None:
    web.answers["/feed"] = Answer(body=rss([COUP, CALM]))
    database = prepared(tmp_path, web.url("/feed"))
    holding = sqlite3.connect(database, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    ended = watchfire(tmp_path, "collect", "--once", allow_nets=NETS)
    holding.rollback()
    holding.close()
    assert ended.returncode == 75
    assert "locked" in one_sentence(ended.stderr)
    assert watchfire_here(tmp_path, "collect", "--once", allow_nets=NETS).returncode == 0
    assert entries(database) == 2
