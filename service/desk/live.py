"""Live: one look at the log for all open streams of a process, which then read on for themselves."""

import asyncio
import contextlib
from datetime import UTC, datetime

from service.errors import WatchfireError
from service.log import logger
from service.store.engine import Store
from service.store.log import last_line
from service.store.personal import everybody

EVERY = 0.5  # seconds; one small query a process, however many streams are open
log = logger(__name__)


class Live:
    """Wakes streams when the log has grown, and ends them when the service stops."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._newest = 0
        self._people: dict[int, dict[str, int]] = {}
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self.closing = False

    def start(self) -> None:
        """Begin to look; needs a running loop."""
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._look())

    async def stop(self) -> None:
        """End every stream."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """Let waiting streams return at once, from any thread. Called on the signal, before the server waits for its
        connections."""
        self.closing = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # a loop that is over has nobody waiting
                self._loop.call_soon_threadsafe(self._changed.set)

    async def beyond(self, after: int, timeout: float) -> bool:
        """Wait until the log has lines behind `after`; False when `timeout` seconds passed without."""
        if self._newest > after or self.closing:
            return self._newest > after
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), timeout)
        return self._newest > after

    async def _look(self) -> None:
        while not self.closing:
            try:
                newest, people = await asyncio.to_thread(self._read)
            except WatchfireError as error:
                log.warning("live pages wait: %s", error)
                newest, people = self._newest, self._people
            if newest != self._newest or people != self._people:
                self._newest, self._people = newest, people
                self._changed.set()
                self._changed = asyncio.Event()
            await asyncio.sleep(EVERY)

    def people(self, organisation_id: int) -> dict[str, int]:
        """Who of an organisation looks at which alert, as of the last look."""
        return self._people.get(organisation_id, {})

    def _read(self) -> tuple[int, dict[int, dict[str, int]]]:
        with self._store.read() as session:
            return last_line(session), everybody(session, datetime.now(UTC))
