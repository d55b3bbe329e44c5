"""What a worker writes down about itself: when each tick last ran and how it went, and a few figures of the house."""

import os
import shutil
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from service.store.beat import has_pulse, keep_pulse, keep_worker, oldest_due
from service.store.engine import Store
from service.store.failures import KEPT, Failure, keep_failures
from service.store.health import states
from service.store.outbox import waiting_notices
from service.store.work import waiting

TROUBLED = ("failing", "refused", "quiet", "unknown")
LONGEST = 300  # characters of an error


class Beats:
    """The beats of one worker. Noting one costs no write: `write` keeps all of them, every few seconds."""

    def __init__(self, store: Store, name: str, clock: Callable[[], datetime], data: Path) -> None:
        self._store, self._name, self._clock, self._data = store, name, clock, data
        self._started = clock()
        self._ticks: dict[str, dict[str, Any]] = {}
        self._failures: dict[str, deque[Failure]] = {}  # not yet written
        self._lock = threading.Lock()

    def expect(self, name: str, every: timedelta) -> None:
        """From now on a tick of this name is due so often."""
        with self._lock:
            self._ticks[name] = {"every": every.total_seconds()}

    def measure(self, name: str) -> Callable[[str], None]:
        """A tick begins; call what this answers at its end, with "" or what went wrong."""
        begun = self._clock()
        self._note(name, begun=begun.isoformat())

        def ended(error: str) -> None:
            at = self._clock()
            done: dict[str, Any] = {"at": at.isoformat(), "took": round((at - begun).total_seconds(), 3)}
            done |= {"failed": at.isoformat(), "error": error[:LONGEST]} if error else {"ok": at.isoformat()}
            self._note(name, **done)
            if error:
                self._remember(Failure(name, self._name, at, done["took"], done["error"]))

        return ended

    def write(self) -> None:
        """Keep them, what failed since, and once in five minutes the figures of the house."""
        now = self._clock()
        ticks, failures = self._noted()
        with self._store.read() as session:
            figures = None if has_pulse(session, now) else figures_now(session, now, self._data)
        with self._store.write() as session:
            keep_worker(session, self._name, self._started, now, ticks)
            keep_failures(session, failures)
            if figures is not None:
                keep_pulse(session, now, figures)
        self._written(failures)

    def leave(self) -> None:
        """Say that this worker stops in good order."""
        ticks, failures = self._noted()
        with self._store.write() as session:
            keep_worker(session, self._name, self._started, self._clock(), ticks, stopped=True)
            keep_failures(session, failures)
        self._written(failures)

    def _note(self, name: str, **values: Any) -> None:
        with self._lock:
            self._ticks.setdefault(name, {"every": 0}).update(values)

    def _noted(self) -> tuple[dict[str, dict[str, Any]], list[Failure]]:
        with self._lock:
            ticks = {name: dict(beat) for name, beat in self._ticks.items()}
            return ticks, [one for some in self._failures.values() for one in some]

    def _remember(self, failure: Failure) -> None:
        """Until it is written: of what fails while the database is away, the newest few are told when it is back."""
        with self._lock:
            self._failures.setdefault(failure.work, deque(maxlen=KEPT)).append(failure)

    def _written(self, failures: list[Failure]) -> None:
        with self._lock:
            for one in failures:
                if one in self._failures[one.work]:  # else a newer one has pushed it out meanwhile
                    self._failures[one.work].remove(one)


def figures_now(session: Session, now: datetime, data: Path) -> dict[str, int]:
    """What is kept of these five minutes: notices and entries that wait, sources in trouble, seconds that the outbox is
    behind, bytes that are free, and the load of the machine in hundredths."""
    notices, by_state, due = waiting_notices(session), states(session, now), oldest_due(session, now)
    return {
        "outbox": notices["pending"],
        "behind": round((now - due).total_seconds()) if due is not None else 0,
        "dead": notices["dead"],
        "entries": waiting(session, "new") + waiting(session, "assessed"),
        "sources": sum(count for state, count in by_state.items() if state.value in TROUBLED),
        "free": free_bytes(data)[0],
        "load": round(100 * os.getloadavg()[0]),
    }


def free_bytes(folder: Path) -> tuple[int, int]:
    """Bytes that are free, and all, on the disk of a folder or of the nearest one above it that is there."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    return usage.free, usage.total
