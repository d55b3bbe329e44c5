"""The shapes of the map, made at set-up or an operator's own, and where a point of the earth lies on them.

The file is JSON: `wide` and `high` of the picture; `scale`, `left`, `top` and `middle` (degrees east) of an Equal Earth
projection (Šavrič, Patterson and Jenny 2018); `shapes`, ISO 3166 code → path; `dots`, code → point, for countries too
small to be seen; `other`, the path of land that is no country of ISO; `grid`, a path; `credit`, whose shapes they are.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from ingest.place.countries import CODES, country
from ingest.place.gazetteer import PlaceTableMissing
from service.errors import SetupError
from service.settings import Settings
from service.web.assets import BUILT

FILE = BUILT / "shapes.json"
PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-., \n]*")
STEPS = re.compile(r"M(-?\d+) (-?\d+)l([-\d ]+)")
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Shapes:
    """The map before anything is drawn on it."""

    wide: int
    high: int
    scale: float
    left: float
    top: float
    middle: float
    countries: Mapping[str, str]
    dots: Mapping[str, tuple[float, float]]
    other: str
    grid: str
    credit: str

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point in degrees lies in the picture."""
        theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
        square = theta * theta
        six = square**3
        turned = radians((longitude - self.middle + 180) % 360 - 180)
        x = turned * cos(theta) / (sqrt(3) / 2 * (A1 + 3 * A2 * square + six * (7 * A3 + 9 * A4 * square)))
        y = theta * (A1 + A2 * square + six * (A3 + A4 * square))
        return round(self.left + self.scale * x, 1), round(self.top - self.scale * y, 1)

    def bounds(self, country: str) -> Box | None:
        """What the main part of a country takes up, None where that cannot be told."""
        if country in self.dots:
            x, y = self.dots[country]
            return x, y, x, y
        found = STEPS.match(self.countries.get(country, ""))
        return bounding(_points(found)) if found is not None else None

    def part(self, box: Box, least: float, room: float, ratio: float) -> Box:
        """The part of the picture that shows a box: at least so wide, `room` times as large, always `ratio` times as
        wide as high."""
        left, top, right, bottom = box
        wide = min(
            float(self.wide), self.high * ratio, max(least, (right - left) * room, (bottom - top) * room * ratio)
        )
        high = wide / ratio
        x = min(max(0.0, (left + right - wide) / 2), self.wide - wide)
        y = min(max(0.0, (top + bottom - high) / 2), self.high - high)
        return x, y, x + wide, y + high


def bounding(points: Iterable[Point]) -> Box:
    """What points take up."""
    across, along = zip(*points, strict=True)
    return min(across), min(along), max(across), max(along)


@lru_cache(maxsize=1024)
def extent(path: str) -> Box | None:
    """What a whole path takes up, None for one that is drawn in another way than those made at set-up."""
    parts = list(STEPS.finditer(path))
    if not parts or STEPS.sub("", path).strip(" zZ"):
        return None
    return bounding(point for part in parts for point in _points(part))


def _points(found: re.Match[str]) -> list[Point]:
    x, y = float(found[1]), float(found[2])
    points = [(x, y)]
    numbers = [int(one) for one in re.findall(r"-?\d+", found[3])]
    for right, down in zip(numbers[::2], numbers[1::2], strict=False):
        x, y = x + right, y + down
        points.append((x, y))
    return points


def line_of(points: Sequence[Point]) -> str:
    """The points of a route as a polyline has them, "" for a single place."""
    return " ".join(f"{x:g},{y:g}" for x, y in points) if len(points) > 1 else ""


def capital(code: str) -> Point | None:
    """Where the capital of a country lies, in degrees; None where that is not known."""
    try:
        return country(code).point
    except (KeyError, PlaceTableMissing):
        return None


def shapes(settings: Settings) -> Shapes | None:
    """The shapes in force; None when none were made yet. SetupError when the operator's own cannot be used."""
    path = settings.shapes or FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if settings.shapes is None:
            return None
        raise SetupError(
            f"WATCHFIRE_SHAPES cannot be used: {error!r}.", "See docs/situation.md for its form."
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, _written: int) -> Shapes:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Shapes(
        wide=int(found["wide"]),
        high=int(found["high"]),
        scale=float(found["scale"]),
        left=float(found["left"]),
        top=float(found["top"]),
        middle=float(found["middle"]),
        countries={_code(code): _path(path) for code, path in found["shapes"].items() if path},
        dots={_code(code): (float(x), float(y)) for code, (x, y) in found.get("dots", {}).items()},
        other=_path(found.get("other", "")),
        grid=_path(found.get("grid", "")),
        credit=str(found.get("credit", ""))[:200],
    )


def _code(text: str) -> str:
    if text not in CODES:
        raise ValueError(f"{text[:20]!r} is no country of ISO 3166")
    return text


def _path(text: str) -> str:
    """A path of SVG and nothing else: the file may come from anywhere."""
    if not PATH.fullmatch(text):  # TypeError for what is no text
        raise ValueError(f"{text[:20]!r} is no path")
    return text
