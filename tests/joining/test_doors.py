"""Events by command and by API, and `watchfire join`: the same deeds by other doors."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli import run
from service.cli.join import Stream, read_line
from service.store.engine import Store
from service.store.rulings import entries_in
from tests.api.town import Town, town
from tests.joining.test_events import AGAIN, QUAKE
from tests.walk.scene import COUP, model, scene


@pytest.fixture
def say(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command on a database with two events, one of them told twice."""
    with scene(sqlite_store, tmp_path, model()) as play:
        play.feed("herald", [COUP, QUAKE])
        play.feed("tribune", [AGAIN])
        play.go()
    monkeypatch.delenv("WATCHFIRE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path))
    sqlite_store.dispose()
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", str(sqlite_store.engine.url))

    def saying(*words: str, fails: int = 0) -> str:
        code = run(list(words))
        printed = capsys.readouterr()
        assert code == fails, printed.err
        return printed.err if fails else printed.out

    return saying


def test_the_command_lists_shows_splits_and_merges(say: Callable[..., str]) -> None:
    rows = json.loads(say("event", "list", "--json"))
    assert len(rows) == 2
    coup = next(row["event"] for row in rows if row["countries"] == "NE")
    lines = json.loads(say("event", "show", str(coup), "--json"))
    assert len(lines) == 2
    said = say("event", "split", str(coup), "--entry", str(lines[1]["entry"]), "--reason", "no")
    fresh = said.split()[1]
    assert f"was split from event {coup}" in said
    assert "split" in say("event", "show", fresh)
    say("event", "merge", fresh, str(coup))
    assert "was merged into it" in say("event", "show", fresh)
    assert "cannot be merged with itself" in say("event", "merge", str(coup), str(coup), fails=2)


@pytest.fixture
def here(sqlite_store: Store, tmp_path: Path) -> Iterator[Town]:
    with town(sqlite_store, tmp_path) as found:
        found.alert()
        found.alert()
        yield found


def test_the_api_tells_the_story_and_merges(here: Town) -> None:
    async def asking(role: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        async with here.client(here.key(role)) as client:
            answer = await client.request(method, f"/api/v1{path}", json=body)
            return answer.status_code, answer.json()

    def ask(role: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        return asyncio.run(asking(role, method, path, body))

    one, other = (item["id"] for item in ask("viewer", "GET", "/events")[1]["items"])  # type: ignore[attr-defined]
    status, story = ask("viewer", "GET", f"/events/{one}/story")
    assert status == 200
    assert set(story["titles"]) == {"en", "zh"}  # type: ignore[call-overload]
    assert ask("viewer", "POST", f"/events/{one}/merge", {"into": other})[0] == 403
    assert ask("analyst", "POST", f"/events/{one}/merge", {"into": other}) == (200, {"event": other})
    assert ask("viewer", "GET", f"/events/{one}/story")[1]["id"] == other
    assert ask("analyst", "POST", f"/events/{one}/split", {"entries": [1], "what": 1})[0] == 422
    with here.store.read() as session:
        assert entries_in(session, one) == []


def test_the_stream_joins_in_order_and_says_what_it_cannot_read() -> None:
    told = [
        (1, "a", COUP.title, COUP.text, "2026-03-01T10:00:00Z"),
        (2, "b", AGAIN.title, AGAIN.text, "2026-03-01"),
        (3, "a", QUAKE.title, "", "2026-03-01T12:00:00+01:00"),
        (4, "a", "No time", "", "yesterday"),
        (5, "a", COUP.title, "", "2026-04-01T10:00:00Z"),
    ]
    names = ("id", "source", "title", "text", "published")
    rows = [{**dict(zip(names, one, strict=True)), "lang": "en"} for one in told]
    lines = [read_line(json.dumps(row).encode()) for row in rows] + [read_line(b"{")]
    answers = list(Stream(model()).answers(lines))
    assert [answer.get("event") for answer in answers] == ["1", "1", "3", None, "5", None]
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5, None]
    assert "no time" in answers[3]["error"]
