"""`watchfire work` and `process`: the work without the desk."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import TypeVar

from service.app import build_house, build_ticks, build_walk, open_database
from service.cli.begin import begin
from service.cli.serve import read_everything
from service.desk.house import House
from service.log import logger
from service.pipeline import Walk, deliver_due
from service.pressing import escalate_due
from service.record.digest import release_due
from service.scheduler import understand

Result = TypeVar("Result")
log = logger(__name__)


def process() -> None:
    """Assess, decide, escalate, release and deliver what waits, and end."""
    moved, tried = _with_walk(_process)
    print(f"{moved} steps taken, {tried} deliveries tried.")


async def _process(walk: Walk) -> tuple[int, int]:
    walk.model()  # a missing model is told even when nothing waits
    moved = await asyncio.to_thread(understand, walk)
    await asyncio.to_thread(escalate_due, walk)
    await asyncio.to_thread(release_due, walk.store, walk.public_url, walk.clock())
    tried = 0
    while batch := await deliver_due(walk):
        tried += batch
    return moved, tried


def work() -> None:
    """Work until told to stop (SIGTERM or Ctrl-C): collect, assess, decide, deliver."""
    settings = begin()
    house = build_house(settings, open_database(settings, migrate=False))
    walk = read_everything(house)
    asyncio.run(_until_told(house, walk))
    house.store.dispose()


async def _until_told(house: House, walk: Walk) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    ticks = build_ticks(house, walk)
    ticks.start()
    log.info("working as %s", walk.by)
    await told.wait()
    await ticks.stop()
    await walk.client.aclose()


def _with_walk(step: Callable[[Walk], Coroutine[None, None, Result]]) -> Result:
    settings = begin()
    house = build_house(settings, open_database(settings, migrate=False))
    walk = build_walk(house)

    async def whole() -> Result:
        try:
            return await step(walk)
        finally:
            await walk.client.aclose()

    try:
        return asyncio.run(whole())
    finally:
        house.store.dispose()
