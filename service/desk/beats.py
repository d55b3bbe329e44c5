"""What a worker writes down about itself: when each tick last ran and how it went, and a few figures of the house."""

import os
import shutil
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from service.store.beat import has_pulse, keep_pulse, keep_worker, oldest_due
from service.store.engine import Store
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

        return ended

    def write(self) -> None:
        """Keep them, and once in five minutes the figures of the house."""
        now = self._clock()
        with self._lock:
            ticks = {name: dict(beat) for name, beat in self._ticks.items()}
        with self._store.read() as session:
            figures = None if has_pulse(session, now) else figures_now(session, now, self._data)
        with self._store.write() as session:
            keep_worker(session, self._name, self._started, now, ticks)
            if figures is not None:
                keep_pulse(session, now, figures)

    def leave(self) -> None:
        """Say that this worker stops in good order."""
        with self._lock:
            ticks = {name: dict(beat) for name, beat in self._ticks.items()}
        with self._store.write() as session:
            keep_worker(session, self._name, self._started, self._clock(), ticks, stopped=True)

    def _note(self, name: str, **values: Any) -> None:
        with self._lock:
            self._ticks.setdefault(name, {"every": 0}).update(values)


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
