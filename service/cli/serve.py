"""`watchfire serve`: the desk and the work in one process."""

import errno
import signal
import socket
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from service.app import build_app, build_house, build_ticks, build_walk, open_database
from service.auth.invite import first_invitation
from service.cli.begin import begin
from service.cli.garbage import settle
from service.demo import prepare_demo
from service.desk.house import House
from service.desk.owners import read_owners
from service.errors import SetupError
from service.log import logger
from service.pipeline import Walk
from service.settings import Settings

log = logger(__name__)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Show the demonstration, on a database of its own.")] = False,
    work: Annotated[
        bool, typer.Option("--work/--no-work", help="Do the work here too, or leave it to `watchfire work`.")
    ] = True,
) -> None:
    """Serve the desk and do the work, in one process. Migrates its database itself."""
    settings = begin()
    with listen(host, port) as listening:  # whatever stops the start gives the port back
        _serve(settings, host, listening, demo=demo, work=work)


def _serve(settings: Settings, host: str, listening: socket.socket, *, demo: bool, work: bool) -> None:
    port = listening.getsockname()[1]
    if demo:
        prepared = prepare_demo(settings, host, port, build_house, open_database, read_owners(settings))
        house = prepared.house
    else:
        prepared = None
        house = build_house(settings, open_database(settings, migrate=True), port=port)
    walk = read_everything(house)
    app = build_app(house, build_ticks(house, walk) if work else None)
    if prepared is not None:
        prepared.mount(app)
    else:
        link = first_invitation(house.store, house.clock(), house.public_url)
        if link:
            print(
                f"\nNobody can sign in yet. Make the first administrator here (works once, for 24 hours):\n  {link}\n"
            )
    doing = "serving and working" if work else "serving; the work is left to `watchfire work`"
    log.info("%s on %s", doing, house.store.engine.url.render_as_string(hide_password=True))
    print(f"Watchfire is at http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl-C ends it)", flush=True)
    settle()
    Server(house, configuration(app)).run(sockets=[listening])


def configuration(app: FastAPI) -> uvicorn.Config:
    """Uvicorn's settings. Who may speak for a client is judged by `service.auth`, not by the server."""
    return uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=5, server_header=False, proxy_headers=False
    )


def read_everything(house: House) -> Walk:
    """The walk with its model loaded: a broken guideline or a missing model stops the start, not the first entry."""
    walk = build_walk(house)
    walk.model()
    return walk


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; SetupError when the port is taken or may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise SetupError(*_why(error, host, port)) from error
    return listening


def _why(error: OSError, host: str, port: int) -> tuple[str, str]:
    """What happened, and what to do."""
    another = f"Choose another with --port, e.g. --port {max(port + 1, 1024)}."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program.", another
    if error.errno == errno.EACCES:
        return f"Port {port} may only be used by the administrator of this machine.", another
    return f"Cannot listen on {host}: {error.strerror}.", "Name an address of this machine with --host."


class Server(uvicorn.Server):
    """Uvicorn that lets open streams go at the first signal: stopping takes no longer than the work under way."""

    def __init__(self, house: House, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._house = house

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close streams, then stop as usual; a second Ctrl-C stops at once."""
        log.info("stopping (%s)", signal.Signals(sig).name)
        self._house.live.close()
        super().handle_exit(sig, frame)
