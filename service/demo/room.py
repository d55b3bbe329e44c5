"""The pretend chat room: takes what its robots accept, counts repetitions, and remembers over a restart."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from service.demo.reading import Seen, read
from service.demo.robots import TOKENS, Call, Reply, Robot, answer
from service.log import logger

Find = Callable[[str, str], Robot | None]
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """A card in the room. `repeats` counts deliveries of the same id after the first."""

    id: str
    kind: str
    received_at: str
    robot: str
    organisation: str
    owner: str | None
    subscription: str | None
    level: int | None
    title: str
    countries: tuple[str, ...]
    alert_id: int | None
    lines: tuple[str, ...]
    repeats: int = 0

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


class ChatRoom:
    """Cards by robot and id, oldest first; each delivery is on disk before it is answered. Safe to call from threads.

    `find` answers the robot of a kind and token. `path` is a file of JSON lines, read at the start.
    """

    def __init__(self, path: Path, find: Find) -> None:
        self._path = path
        self._find = find
        self._lock = threading.Lock()
        self._cards: dict[tuple[str, str], Received] = {}
        for card in _remembered(path):
            self._keep(card)

    def take(self, kind: str, call: Call) -> Reply:
        """Answer a call as the service of its kind would, and show what it accepted."""
        robot = self._find(kind, call.query.get(TOKENS[kind], ""))
        reply = answer(kind, robot, call)
        if not reply.taken or robot is None:
            log.warning("chat room: %s refused: %s", kind, reply.body.decode()[:200])
            return reply
        card = _received(robot, read(kind, call.json(), call.body.decode("utf-8", "replace")), call.at)
        with self._lock:
            try:
                self._write(card)
            except OSError as error:
                log.error("chat room: %s cannot be written: %s", self._path, error)
                return Reply(False, b"cannot be kept", 503, "text/plain")
            self._keep(card)
        return reply

    def cards(self) -> list[Received]:
        """Every card, newest first."""
        with self._lock:
            return list(reversed(self._cards.values()))

    def _keep(self, card: Received) -> None:
        known = self._cards.get((card.robot, card.id))
        self._cards[card.robot, card.id] = card if known is None else replace(known, repeats=known.repeats + 1)

    def _write(self, card: Received) -> None:
        # The newline goes first: behind a line that a crash tore, the next one is whole all the same.
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(asdict(card), ensure_ascii=False))


def outward(card: Received) -> dict[str, Any]:
    """A card as `GET /demo/chat.json` shows it."""
    shown: dict[str, Any] = {key: value for key, value in asdict(card).items() if key != "lines"}
    return {**shown, "text": card.text}


def _received(robot: Robot, seen: Seen, at: datetime) -> Received:
    return Received(
        id=seen.id,
        kind=robot.kind,
        received_at=at.isoformat(timespec="milliseconds"),
        robot=robot.name,
        organisation=robot.organisation,
        owner=robot.owner,
        subscription=robot.subscription,
        level=seen.level,
        title=seen.title,
        countries=seen.countries,
        alert_id=seen.alert_id,
        lines=seen.lines,
    )


def _remembered(path: Path) -> Iterator[Received]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines:
        try:
            values: Mapping[str, Any] = json.loads(line)
            yield Received(**{**values, "countries": tuple(values["countries"]), "lines": tuple(values["lines"])})
        except (ValueError, TypeError, KeyError):
            continue  # an empty line, or one that a crash tore: it was never answered, so it comes again
