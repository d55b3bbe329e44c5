"""A running desk for tests: the real app on a real port, over a seeded store, with a clock that tests hand in."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from service.app import build_app, build_house
from service.auth.access import operator_scope
from service.desk.house import House
from service.scheduler import Ticks
from service.settings import load
from service.store.engine import Store
from service.store.scope import Scope


def real_clock() -> datetime:
    """The clock of browsers, which cannot be set."""
    return datetime.now(UTC)


def house_of(store: Store, *, demo: bool = True, clock: Callable[[], datetime] = real_clock) -> House:
    """The service around a store. In a demonstration the visitor is signed in by itself."""
    return replace(build_house(load(), store, demo=demo, port=8000), clock=clock)


def free_door() -> socket.socket:
    """A port of loopback that is listened on."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    return listening


@contextmanager
def serving(
    house: House,
    also: Callable[[FastAPI], None] = lambda _app: None,
    *,
    ticks: Ticks | None = None,
    door: socket.socket | None = None,
) -> Iterator[str]:
    """The desk on a free loopback port, with `also` done to its app; gives its address. With `ticks` it works too."""
    app = build_app(house, ticks)
    also(app)
    listening = door or free_door()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        house.live.close()
        server.should_exit = True
        thread.join(10)
        listening.close()


def operator(store: Store) -> Scope:
    """Somebody else who acts on the same desk."""
    with store.read() as session:
        return operator_scope(session)
