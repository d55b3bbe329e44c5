"""The places of a text as the joiner compares them: countries, points of towns, names by their sound."""

from collections.abc import Iterator

from ingest.place.gazetteer import Kind
from scoring.joint.sounds import name_key
from scoring.locate_scan import Scan

_TOWNS = frozenset((Kind.CITY, Kind.CAPITAL, Kind.MINOR, Kind.UNSURE, Kind.WEAK))
_LOCAL = frozenset((Kind.CITY, Kind.MINOR, Kind.UNSURE, Kind.WEAK, Kind.TINY, Kind.REGION, Kind.WATER))
_POINTED = _TOWNS | {Kind.REGION}
_LANDS = frozenset((Kind.COUNTRY, Kind.PEOPLE, Kind.ADJECTIVE, Kind.CAPITAL, Kind.ACRONYM, Kind.SHORT, Kind.DOUBTFUL))


def lands_of(seen: Scan) -> frozenset[str]:
    """The countries that are named, by themselves or by a town."""
    return frozenset(
        code
        for one in seen.found
        if one.name.kind in _LANDS or one.name.kind in _TOWNS
        for code in one.name.countries[:1]
    )


def names_of(seen: Scan, end: int = 1 << 30) -> Iterator[str]:
    """The sounds and points of the towns and regions that are named before the character `end`, capitals left out."""
    for one in seen.found:
        if one.name.kind in _LOCAL and one.start < end:
            key = name_key(seen.text[one.start : one.end])
            if key:
                yield key
            for point in one.name.points[:1]:
                yield f"{point[0]:.1f} {point[1]:.1f}"


def points_of(seen: Scan, end: int = 1 << 30) -> tuple[tuple[float, float], ...]:
    """Where the towns lie that are named before the character `end`, and regions that are called after theirs."""
    return tuple(
        dict.fromkeys(
            one.name.points[0]
            for one in seen.found
            if one.start < end and one.name.points and one.name.kind in _POINTED
        )
    )
