"""The whole demonstration in a process of its own, over real HTTP, killed once in the middle."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.demo.robots import TOKENS
from service.demo.seeds import FOLLOWED, SUBSCRIBER

PATIENCE = 120.0  # seconds for each thing that must happen: the acceptance's own bound for the first red alert
SPEED = "20"
PLACE = re.compile(r"Watchfire is at (http://127\.0\.0\.1:\d+)/")


@contextmanager
def show(folder: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """`watchfire serve --demo` on a free port, told fast; killed without mercy at the end."""
    names = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "TMPDIR")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {"WATCHFIRE_DATA": str(folder), "WATCHFIRE_DEMO_SPEED": SPEED, "OPENBLAS_NUM_THREADS": "1"}
    with (folder / "serve.log").open("a+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--demo", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            found = next((match for line in process.stdout if (match := PLACE.search(line))), None)
            assert found is not None, (folder / "serve.log").read_text(encoding="utf-8")[-2000:]
            with httpx.Client(base_url=found[1], trust_env=False, timeout=20) as client:
                yield process, client
        finally:
            process.kill()
            process.communicate()


def wait(ready: Callable[[], Any]) -> Any:
    """What `ready` answers as soon as it is something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if found := ready():
                return found
        except httpx.TransportError:
            pass  # still starting
        time.sleep(0.25)
    pytest.fail("it did not happen in time")


def items(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """The items of a list."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def cards(client: httpx.Client) -> dict[str, dict[str, Any]]:
    """The chat room's cards by id."""
    return {card["id"]: card for card in items(client, "/demo/chat.json")}


def test_a_red_alert_reaches_the_chat_room_and_the_subscriber_gets_only_its_countries(tmp_path: Path) -> None:
    with show(tmp_path) as (process, client):
        (alert, *_) = wait(lambda: items(client, "/api/v1/alerts?level=1&state=open"))
        assert "CM" in alert["countries"]
        assert alert["clause"]
        assert alert["reasons"]
        red = wait(lambda: [card for card in cards(client).values() if card["level"] == 1])
        assert {card["alert_id"] for card in red} >= {alert["id"]}
        before = cards(client)
        process.send_signal(signal.SIGKILL)
    with show(tmp_path) as (_, client):
        assert before.keys() <= cards(client).keys(), "a card was lost"
        wait(lambda: all(any(code in one for one in _countries(client, SUBSCRIBER)) for code in FOLLOWED))
        wait(lambda: len({code for one in _countries(client, None) for code in one} - set(FOLLOWED)) >= 2)
        wait(lambda: any(entry["status"] == "exercise" for entry in items(client, "/api/v1/entries?limit=100")))
        assert all(set(one) & set(FOLLOWED) for one in _countries(client, SUBSCRIBER)), "not what it follows"
        wait(lambda: {card["kind"] for card in cards(client).values()} == set(TOKENS))
        assert all(set(one) & set(FOLLOWED) for one in _of_feed(client)), "its feed shows what it does not follow"
        assert all("FJ" not in found["countries"] for found in items(client, "/api/v1/alerts")), "an exercise alerted"
        assert items(client, "/api/v1/deliveries?state=dead") == []


def _countries(client: httpx.Client, organisation: str | None) -> list[list[str]]:
    """The countries of each card of an organisation, or of all."""
    return [card["countries"] for card in cards(client).values() if organisation in (None, card["organisation"])]


def _of_feed(client: httpx.Client) -> list[list[str]]:
    """The countries of each alert that the subscriber's feed leads to."""
    address = re.search(r'href="([^"]+/feed\.json)"', client.get("/demo/chat").text)
    assert address is not None
    numbers = {int(item["url"].rsplit("/", 1)[1]) for item in client.get(address[1]).json()["items"]}
    alerts = {found["id"]: found["countries"] for found in items(client, "/api/v1/alerts?limit=100")}
    assert numbers
    return [alerts[number] for number in numbers]
