"""Killed without warning, again and again, the demonstration loses no entry, alert or notice, and tells nothing twice.

More rounds: WATCHFIRE_TEST_KILLS=20 python -m pytest tests/walk/test_kill.py -s
"""

import contextlib
import json
import os
import random
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.demo.world import load_world
from tests.walk.command import start
from tests.walk.test_workers import wait_for

KILLS = int(os.environ.get("WATCHFIRE_TEST_KILLS", "4"))
SPEED = 12.0


@dataclass(frozen=True)
class Snapshot:
    """What the database held at a moment: rows that may never go away again."""

    entries: frozenset[tuple[Any, ...]]
    alerts: frozenset[tuple[Any, ...]]
    notices: frozenset[str]
    sent: frozenset[str]
    log: frozenset[int]


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    with contextlib.closing(connection):
        return connection.execute(query).fetchall()


def snapshot(database: Path) -> Snapshot:
    return Snapshot(
        frozenset(rows(database, "SELECT source_id, key, revision FROM entry")),
        frozenset(rows(database, "SELECT id, event_id FROM alert")),
        frozenset(row[0] for row in rows(database, "SELECT id FROM notice")),
        frozenset(row[0] for row in rows(database, "SELECT id FROM notice WHERE state = 'sent'")),
        frozenset(row[0] for row in rows(database, "SELECT id FROM log")),
    )


def answers(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.loads(answer.read())


def is_up(port: int) -> bool:
    try:
        return bool(answers(port, "/health/live"))
    except OSError:
        return False


def killed_run(folder: Path, port: int, seed: random.Random) -> None:
    """Run for a random moment, then kill -9."""
    process = start(folder, "serve", "--demo", "--port", str(port), log=folder / "log", demo_speed=str(SPEED))
    wait_for(lambda: is_up(port) or process.poll() is not None)
    assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")[-2000:]
    time.sleep(seed.uniform(0.05, 4.0))
    process.kill()
    process.wait()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_nothing_is_lost_when_the_demonstration_is_killed(tmp_path: Path, free_port: Callable[[], int]) -> None:
    seed, port, database = random.Random(20260301), free_port(), tmp_path / "demo.db"
    seen: list[Snapshot] = []
    for _ in range(KILLS):
        killed_run(tmp_path, port, seed)
        now = snapshot(database)
        for before in seen:
            assert before.entries <= now.entries
            assert before.alerts <= now.alerts
            assert before.notices <= now.notices
            assert before.sent <= now.sent
            assert before.log <= now.log
        seen.append(now)
    process = start(tmp_path, "serve", "--demo", "--port", str(port), log=tmp_path / "log", demo_speed=str(SPEED))
    try:
        wait_for(lambda: is_up(port) and _is_told(database), 240)
        cards = answers(port, "/demo/chat.json")["items"]
    finally:
        process.terminate()
        assert process.wait(30) in (0, -15), "a clean stop"
    _judge(database, cards, seen[-1])


def _is_told(database: Path) -> bool:
    """The whole story is stored, walked and delivered."""
    pieces = sum(len(piece.versions) for piece in load_world().pieces)
    stored = rows(database, "SELECT count(*) FROM entry")[0][0]
    walking = rows(database, "SELECT count(*) FROM entry WHERE stage IN ('new', 'assessed')")[0][0]
    pending = rows(database, "SELECT count(*) FROM notice WHERE state = 'pending'")[0][0]
    return bool(stored >= pieces * 0.9 and not walking and not pending)


def _judge(database: Path, cards: list[dict[str, Any]], last: Snapshot) -> None:
    now = snapshot(database)
    assert last.notices <= now.notices
    assert rows(database, "SELECT count(*) FROM entry WHERE stage = 'failed'")[0][0] == 0
    # Every alert has its log, and every change of it was told once to each channel that it concerned.
    assert rows(
        database, "SELECT count(*) FROM alert WHERE id NOT IN (SELECT subject_id FROM log WHERE subject = 'alert')"
    ) == [(0,)]
    assert rows(database, "SELECT count(*) FROM alert WHERE id NOT IN (SELECT alert_id FROM notice)") == [(0,)]
    each = "SELECT alert_id, version, channel_id, owner, subscription_id FROM notice"
    assert rows(database, f"{each} GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1") == []
    # Once each, whatever was killed; what came in while it was being stopped is still 'new' and walks another time.
    walked = "SELECT id FROM entry WHERE stage != 'new' AND id NOT IN (SELECT entry_id FROM assessment)"
    assert rows(database, walked) == []
    assert rows(database, "SELECT entry_id FROM assessment GROUP BY 1 HAVING count(*) > 1") == []
    # What was sent is in the chat room under its own id, and nothing else is: a repetition is the same card again.
    assert {card["id"] for card in cards} == set(now.sent) == set(now.notices)
    assert len(cards) == len({card["id"] for card in cards})
    print(
        f"\n{KILLS} kills: {len(now.entries)} entries, {len(now.alerts)} alerts, {len(now.notices)} notices, "
        f"{sum(card['repeats'] for card in cards)} repeated deliveries"
    )
