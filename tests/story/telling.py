"""What is told: the entries of the story, who answers for what in its house, and what people do when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from service.demo.telling import Telling
from service.demo.world import Outlet, Piece, Version, World

FOLDER = Path(__file__).parent
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
END = START + timedelta(days=5)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
TELLING = Telling("story", START)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person does at a moment to the alert of an event, which goes by its first entry.

    `does` is a step of the alert (acknowledge, respond, resolve, dismiss) or, with `steps`, an act on those of its
    response; `words` are the result or reason.
    """

    at: datetime
    who: str
    does: str
    event: str
    steps: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is given."""

    world: World
    deeds: tuple[Deed, ...]
    people: Mapping[str, str]  # who signs in → the owner whose part they have, "" for the desk's own
    roster: str
    subscribers: tuple[Mapping[str, Any], ...]

    @property
    def moments(self) -> list[datetime]:
        """When something is published or done, each a minute after print: a desk looks every minute."""
        printed = {
            TELLING.moment(one.at) + timedelta(minutes=1) for piece in self.world.pieces for one in piece.versions
        }
        return sorted(printed | {deed.at for deed in self.deeds})


def load_story() -> Story:
    """The story as it is written in this folder."""
    house = _read("house.yaml")
    return Story(
        _world(),
        tuple(sorted((_deed(values) for values in _read("deeds.yaml")), key=lambda deed: deed.at)),
        house["people"],
        (FOLDER / "roster.yaml").read_text(encoding="utf-8"),
        tuple(house["subscribers"]),
    )


def moment(words: str) -> datetime:
    """`Mon 04:12` as a moment of the story."""
    day, clock = words.split()
    hours, minutes = clock.split(":")
    return START + timedelta(days=DAYS.index(day), hours=int(hours), minutes=int(minutes))


def when(at: datetime) -> str:
    """A moment as the story writes it."""
    return f"{DAYS[(at - START).days]} {at:%H:%M}" if at < END else f"{at:%d %b %H:%M}"


def _world() -> World:
    outlets = {made.key: made for made in (Outlet(**values) for values in _read("world/outlets.yaml"))}
    files = sorted(path for path in (FOLDER / "world").glob("*.yaml") if path.name != "outlets.yaml")
    return World(outlets, tuple(piece for path in files for piece in _pieces(path, outlets)))


def _pieces(path: Path, outlets: Mapping[str, Outlet]) -> Iterator[Piece]:
    for values in _read(f"world/{path.name}"):
        language = values.get("language", outlets[values["outlet"]].language)
        versions = tuple(
            Version((moment(one["at"]) - START).total_seconds(), one["title"], one["text"])
            for one in (values, *values.get("corrections", ()))
        )
        yield Piece(f"{path.stem}-{values['id']}", values["outlet"], versions, language, values.get("cap", {}))


def _deed(values: Mapping[str, Any]) -> Deed:
    return Deed(**{**values, "at": moment(values["at"]), "steps": tuple(values.get("steps", ()))})


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
