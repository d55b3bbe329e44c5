"""Time: a few fixed ticks that look for due work. The work itself is rows, claimed by whoever is free.

The only user of APScheduler. Ticks never overlap themselves; one that is late is run once, not once for each miss.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service.collecting import Collector
from service.crisis import posture_due
from service.desk.aside import wake_snoozed
from service.desk.beats import Beats
from service.errors import WatchfireError
from service.log import logger
from service.pipeline import (
    Walk,
    alarm_due,
    assess_due,
    decide_due,
    deliver_due,
    recheck_due,
)
from service.pressing import escalate_due, remind_due
from service.record.digest import release_due

COLLECT = timedelta(seconds=2)
UNDERSTAND = timedelta(seconds=1)
DELIVER = timedelta(seconds=1)
RECHECK = timedelta(minutes=1)
ALARM = timedelta(minutes=1)
ESCALATE = timedelta(seconds=20)
REMIND = timedelta(seconds=30)
POSTURE = timedelta(seconds=3)
RELEASE = timedelta(seconds=10)
WAKE = timedelta(seconds=5)
TRANSLATE = timedelta(seconds=5)
POST = timedelta(seconds=5)  # whether it is time is the mailbox's own matter
TRAIN = timedelta(seconds=5)
BEAT = timedelta(seconds=10)
log = logger(__name__)
Step = Callable[[], Awaitable[object]]


class Training(Protocol):
    """Making a model if one is wanted: it blocks, for minutes."""

    def __call__(self) -> object:
        """Make it."""

    def stop(self) -> None:
        """Give up what is under way: it stays wanted."""


class Ticks:
    """The ticks of one worker. `start` needs a running loop; `stop` waits for what is under way.

    `post` looks into the mailbox if it is time, `train` makes a model if one is wanted; they block, and get a thread.
    `translate` sees to translations: a stop does not wait for it. `data` is the folder whose disk must not fill. With a
    `pace` of 10 it ticks ten times as often.
    """

    def __init__(
        self,
        walk: Walk,
        post: Callable[[], object] | None = None,
        train: Training | None = None,
        translate: Step | None = None,
        data: Path = Path(),
        *,
        pace: float = 1.0,
    ) -> None:
        self._walk = walk
        self._pace = pace
        self._train = train
        self._translator = translate
        self._leavable: set[asyncio.Task[object]] = set()
        self._collector: Collector | None = None
        self._post = post
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._under_way: set[asyncio.Task[object]] = set()
        self._beats = Beats(walk.store, walk.by, walk.clock, data)

    def start(self) -> None:
        """Begin to tick."""
        self._add(self._collect, COLLECT)
        self._add(self._understand, UNDERSTAND)
        self._add(self._deliver, DELIVER)
        self._add(self._recheck, RECHECK)
        self._add(self._alarm, ALARM)
        self._add(self._escalate, ESCALATE)
        self._add(self._remind, REMIND)
        self._add(self._posture, POSTURE)
        self._add(self._release, RELEASE)
        self._add(self._wake, WAKE)
        if self._post is not None:
            self._add(self._read_post, POST)
        if self._train is not None:
            self._add(self._make_model, TRAIN)
        if self._translator is not None:
            self._add(self._translate, TRANSLATE, leavable=True)
        self._add(self._beat, BEAT)
        self._scheduler.start()

    async def stop(self) -> None:
        """No more ticks; wait for those under way, so that a clean stop leaves no lease behind."""
        self._scheduler.shutdown(wait=False)
        if self._train is not None:
            self._train.stop()
        if self._collector is not None:
            self._collector.end()
        for task in self._leavable:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=20)
        if self._collector is not None:
            await self._collector.aclose()
        await _guarded(partial(asyncio.to_thread, self._beats.leave))

    def _add(self, step: Step, every: timedelta, *, leavable: bool = False) -> None:
        name = step.__name__.strip("_")
        self._beats.expect(name, every)

        async def tick() -> None:
            task: asyncio.Task[object] = asyncio.ensure_future(_guarded(step, self._beats.measure(name)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            if leavable:
                self._leavable.add(task)
                task.add_done_callback(self._leavable.discard)
            with suppress(asyncio.CancelledError):  # by a stop, which waits for the task itself
                await asyncio.shield(task)

        seconds = every.total_seconds() / self._pace
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
        )

    async def _collect(self) -> object:
        if self._collector is None:
            self._collector = Collector(self._walk.collecting())
        return await self._collector.round()

    async def _understand(self) -> object:
        return await asyncio.to_thread(understand, self._walk)

    async def _recheck(self) -> object:
        return await asyncio.to_thread(recheck_due, self._walk)

    async def _alarm(self) -> object:
        return await asyncio.to_thread(alarm_due, self._walk)

    async def _escalate(self) -> object:
        return await asyncio.to_thread(escalate_due, self._walk)

    async def _remind(self) -> object:
        return await asyncio.to_thread(remind_due, self._walk)

    async def _posture(self) -> object:
        return await asyncio.to_thread(posture_due, self._walk)

    async def _release(self) -> object:
        return await asyncio.to_thread(release_due, self._walk.store, self._walk.public_url, self._walk.clock())

    async def _wake(self) -> object:
        walk = self._walk
        return await asyncio.to_thread(wake_snoozed, walk.store, walk.organisation_id, walk.clock())

    async def _read_post(self) -> object:
        assert self._post is not None
        return await asyncio.to_thread(self._post)

    async def _make_model(self) -> object:
        assert self._train is not None
        return await asyncio.to_thread(self._train)

    async def _translate(self) -> object:
        assert self._translator is not None
        return await self._translator()

    async def _deliver(self) -> object:
        return await deliver_due(self._walk)

    async def _beat(self) -> object:
        return await asyncio.to_thread(self._beats.write)


def understand(walk: Walk) -> int:
    """Assess and decide until nothing waits; answers how many entries were moved."""
    moved = 0
    while True:
        step = assess_due(walk) + decide_due(walk)
        moved += step
        if not step:
            if moved:
                posture_due(walk)  # what has come in may have brought a crisis, which holds for all else at once
            return moved


async def _guarded(step: Step, told: Callable[[str], None] = lambda _error: None) -> object:
    """A tick that fails says why and leaves the next one its chance: the work is still there.

    `told` hears of the end: with "" when all went well, else with what went wrong.
    """
    try:
        done = await step()
    except WatchfireError as error:
        log.error("%s", error)
        told(str(error))
    except Exception as error:
        log.exception("a tick failed; its work stays due")
        told(type(error).__name__)
    else:
        told("")
        return done
    return None
