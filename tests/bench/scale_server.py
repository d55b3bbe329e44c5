"""The desk over a database of the bench, one worker as `serve` starts it, with a route of bare rows beside it.

`python -m tests.bench.scale_server ADDRESS` prints where it listens. Its clock goes on from when the database ends.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Select, select
from starlette.responses import Response

from ingest.place.countries import country_name
from service.app import build_app, build_house
from service.cli.garbage import search_seldom, settle
from service.desk.house import House
from service.settings import Settings
from service.store.engine import open_store
from service.store.tables import Alert
from tests.bench.scale_rows import NOW

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Serve until told to stop."""
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        port = listening.getsockname()[1]
        house = build_house(settings, open_store(sys.argv[1]), port=port)
        house = replace(house, clock=lambda: NOW + (datetime.now(UTC) - began))
        app = build_app(house)
        add_bare_rows(app, house)
        country_name("NE", "zh")  # the place table is read before anything is measured
        search_seldom()  # both as `watchfire` has it
        settle()
        print(f"http://127.0.0.1:{port}", flush=True)
        # As `serve` has it: no line a request.
        told = {"access_log": False, "log_level": "warning", "timeout_graceful_shutdown": 1}
        with suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(app, **told)).run(sockets=[listening])


def add_bare_rows(app: FastAPI, house: House) -> None:
    """GET /bare: fifty rows of the table, read and written out as they are, for whoever asks."""
    table: Any = Alert.__table__  # type: ignore[attr-defined]
    order = (table.c.changed_at.desc(), table.c.id.desc())
    query: Select[Any] = select(table).where(table.c.organisation_id == 1).order_by(*order).limit(50)

    @app.get("/bare")
    def bare() -> Response:
        with house.store.read() as session:
            rows = [dict(row) for row in session.connection().execute(query).mappings()]
        return Response(orjson.dumps({"items": rows}), media_type="application/json")

    app.router.routes.insert(0, app.router.routes.pop())


class Served:
    """The server's process, and what it has used."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.bench.scale_server", url]
        self._process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().decode().strip()

    @property
    def cpu(self) -> float:
        """Processor seconds up to now."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self) -> float:
        """Resident now, in MB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
