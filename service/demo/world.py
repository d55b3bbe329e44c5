"""The invented world: its outlets and what each of them publishes when, read from `world/*.yaml`.

`outlets.yaml` lists who publishes; every other file tells one story as a list of items. An item appears `at` seconds
after the start (before it where `at` is negative) and may be corrected later under the same guid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.entry import NOTHING
from ingest.loaders import VALUES

FOLDER = Path(__file__).parent / "world"
OUTLETS = "outlets.yaml"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Somebody who publishes: an invented newsroom, authority or rumour mill, and the form of its feed."""

    key: str
    name: str
    form: str  # rss, atom, json, rdf or cap
    language: str
    reliability: str  # NATO Admiralty A–F
    kind: str = "news"
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Version:
    """An item's words from a moment on. `at` counts seconds since the start at natural speed."""

    at: float
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of an outlet with its corrections, the first version first. `cap` are fields of a CAP alert."""

    id: str
    outlet: str
    versions: tuple[Version, ...]
    language: str
    cap: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def version(self, elapsed: float) -> tuple[int, Version] | None:
        """Number (from 0) and words of the version that stands at a moment; None before the first."""
        shown = [pair for pair in enumerate(self.versions) if pair[1].at <= elapsed]
        return shown[-1] if shown else None


@dataclass(frozen=True, slots=True)
class World:
    """Everything that will ever be published."""

    outlets: Mapping[str, Outlet]
    pieces: tuple[Piece, ...]

    @property
    def length(self) -> float:
        """Seconds from the start to the last publication, at natural speed."""
        return max(version.at for piece in self.pieces for version in piece.versions)

    def of(self, outlet: str) -> list[Piece]:
        """What an outlet publishes over time."""
        return [piece for piece in self.pieces if piece.outlet == outlet]

    def piece(self, number: str) -> Piece | None:
        """An item by its id."""
        return next((piece for piece in self.pieces if piece.id == number), None)


@cache
def load_world(folder: Path = FOLDER) -> World:
    """Read the world. A mistake in it raises ValueError and names the item: it is ours, not the operator's."""
    outlets = {made.key: made for made in (Outlet(**values) for values in _read(folder / OUTLETS))}
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != OUTLETS)
    pieces = tuple(piece for path in paths for piece in _pieces(path, outlets))
    if len({piece.id for piece in pieces}) != len(pieces):
        raise ValueError("two items of the demonstration share an id")
    return World(outlets, pieces)


def _read(path: Path) -> list[dict[str, Any]]:
    found = yaml.load(path.read_text(encoding="utf-8"), VALUES)  # noqa: S506
    if not isinstance(found, list):
        raise ValueError(f"{path.name} is not a list")
    return found


def _pieces(path: Path, outlets: Mapping[str, Outlet]) -> Iterator[Piece]:
    for values in _read(path):
        number = f"{path.stem}-{values['id']}"
        outlet = outlets.get(values["outlet"])
        if outlet is None:
            raise ValueError(f"{number} names an unknown outlet")
        yield Piece(
            id=number,
            outlet=outlet.key,
            versions=tuple(_versions(number, values)),
            language=values.get("language", outlet.language),
            cap={key: str(value) for key, value in values.get("cap", {}).items()},
        )


def _versions(number: str, values: Mapping[str, Any]) -> Iterator[Version]:
    last = Version(float(values["at"]), values["title"], values.get("text", ""))
    yield last
    for correction in values.get("corrections", ()):
        later = Version(float(correction["at"]), correction.get("title", last.title), correction.get("text", last.text))
        if later.at <= last.at:
            raise ValueError(f"{number} is corrected before it is published")
        yield later
        last = later
