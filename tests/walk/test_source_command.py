"""`watchfire source list`, `show` and `check` as an operator runs them, against a real server."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.ingest.webserver import Answer, WebServer, webserver
from tests.walk.command import watchfire, watchfire_here
from tests.walk.scene import CALM, COUP, rss

NETS = "127.0.0.0/8"
FEED = {"Content-Type": "application/rss+xml"}


@pytest.fixture
def web() -> Iterator[WebServer]:
    with webserver() as running:
        running.answers["/good"] = Answer(body=rss([CALM]), headers=FEED)
        running.answers["/bad"] = Answer(500)
        yield running


def run(folder: Path, *arguments: str, code: int = 0, by: Callable[..., CompletedProcess[str]] = watchfire_here) -> str:
    ended = by(folder, *arguments, allow_nets=NETS)
    assert ended.returncode == code, ended.stderr
    return ended.stdout


def test_what_is_watched_is_told_worst_first_and_looked_at_without_a_trace(tmp_path: Path, web: WebServer) -> None:
    listed = tmp_path / "sources.yaml"
    listed.write_text(
        f"""sources:
  - {{key: good, address: "{web.url("/good")}", name: "Good [bold]News", critical: true}}
  - {{key: bad, address: "{web.url("/bad")}"}}
""",
        encoding="utf-8",
    )
    run(tmp_path, "source", "import", str(listed), by=watchfire)  # and not `add`, which looks at once
    assert {row["state"] for row in json.loads(run(tmp_path, "source", "list", "--json"))} == {"new"}
    run(tmp_path, "collect", "--once")
    web.answers["/good"] = Answer(body=rss([CALM, COUP]), headers=FEED)
    rows = json.loads(run(tmp_path, "source", "list", "--json"))
    assert [(row["key"], row["state"]) for row in rows] == [("bad", "failing"), ("good", "ok")]
    assert [row["key"] for row in json.loads(run(tmp_path, "source", "list", "--failing", "--json"))] == ["bad"]
    assert [row["key"] for row in json.loads(run(tmp_path, "source", "list", "--state", "ok", "--json"))] == ["good"]
    assert run(tmp_path, "source", "list", "--state", "quiet").strip() == "No source is quiet."
    assert "Good [bold]News" in run(tmp_path, "source", "list")
    assert run(tmp_path, "source", "check", "good").strip() == "good: ok. Items: 2, new: 1."
    said = run(tmp_path, "source", "check", code=1, by=watchfire).splitlines()
    assert said[0].startswith("bad: failing. 127.0.0.1 answers 500")
    assert said[1] == "good: ok. Items: 2, new: 1.", "the check before stored nothing"
    whole = json.loads(run(tmp_path, "source", "show", "bad", "--json"))
    assert (whole["looks"], whole["failed"], whole["success"], whole["troubles"]) == (1, 1, 0.0, ["failed"])
    assert [(one["kind"], one["times"]) for one in whole["failures"]] == [("http 500", 1)]
    assert len(whole["days"]) == 28
    assert "http 500 × 1" in run(tmp_path, "source", "show", "bad")
    (checked,) = json.loads(run(tmp_path, "source", "check", "good", "--json"))
    assert (checked["state"], checked["items"], checked["new"]) == ("ok", 2, 1)
    run(tmp_path, "source", "remove", "good")
    assert [row["key"] for row in json.loads(run(tmp_path, "source", "list", "--json"))] == ["bad"]
    assert "There is no source 'good'" in watchfire_here(tmp_path, "source", "check", "good").stderr
