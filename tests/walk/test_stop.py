"""A stop is prompt and clean, also where something is always due."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from service.collecting import Collector
from service.store.engine import Store
from tests.walk.command import start
from tests.walk.scene import CALM, Scene, model
from tests.walk.scene import scene as built
from tests.walk.test_kill import is_up
from tests.walk.test_workers import wait_for


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Iterator[Scene]:
    with built(store, tmp_path, model()) as made:
        yield made


def test_a_round_ends_though_a_source_is_always_due(scene: Scene) -> None:
    scene.feed("herald", [CALM])

    def hurried() -> datetime:
        scene.pass_time(hours=2)
        return scene.at

    async def play() -> int:
        collector = Collector(replace(scene.walk.collecting(), clock=hurried))
        under_way = asyncio.create_task(collector.round())
        while len([asked for asked in scene.web.asked if asked.path == "/herald"]) < 3:
            await asyncio.sleep(0.01)
        assert not under_way.done()
        collector.end()
        found = await asyncio.wait_for(under_way, 10)
        await collector.aclose()
        return found.new

    assert scene.runner.run(play()) == 1


def test_the_demonstration_stops_without_a_word_of_trouble(tmp_path: Path, free_port: Callable[[], int]) -> None:
    port, log = free_port(), tmp_path / "log"
    process = start(tmp_path, "serve", "--demo", "--port", str(port), log=log, demo_speed="12")
    wait_for(lambda: is_up(port) and "new" in log.read_text(encoding="utf-8"))
    process.terminate()
    assert process.wait(15) in (0, -15)
    said = log.read_text(encoding="utf-8")
    assert "stopping" in said
    assert "Traceback" not in said
    assert "ERROR" not in said
