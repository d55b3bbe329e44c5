"""EONET (NASA): natural events with where they were seen, each place with its time; closed when they are over."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.entry import Status
from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, finish, point
from ingest.parsers.record import listed, scalar

SAMPLE = 5


def accepts(value: Any) -> bool:
    """True for a list of events that have categories and a track of places."""
    events = listed(value.get("events")) if isinstance(value, Mapping) else []
    return bool(events) and all(
        "categories" in one and ("geometry" in one or "geometries" in one) for one in events[:SAMPLE]
    )


def read(document: Document) -> Reading:
    """One item for each event, at the last place where it was seen."""
    kept, problems = most(listed(document.content.get("events")))
    items = tuple(finish(_draft(event), document) for event in kept)
    return Reading("eonet", items, scalar(document.content.get("title")) or None, None, problems)


def _draft(event: Mapping[str, Any]) -> Draft:
    track = listed(event.get("geometry")) or listed(event.get("geometries"))
    track = sorted(track, key=lambda place: scalar(place.get("date")))
    last: Mapping[str, Any] = track[-1] if track else {}
    closed = scalar(event.get("closed"))
    extra = dict(_extra(event, last, closed))
    return Draft(
        title=scalar(event.get("title")),
        title_is_plain=True,
        body=scalar(event.get("description")) or "; ".join(f"{key}: {value}" for key, value in extra.items() if value),
        link=next((text for one in listed(event.get("sources")) if (text := scalar(one.get("url")))), None)
        or scalar(event.get("link")),
        guid=scalar(event.get("id")) or None,
        published=scalar(track[0].get("date")) if track else None,
        updated=closed or scalar(last.get("date")) or None,
        occurred=scalar(track[0].get("date")) if track else None,
        status=Status.CANCEL if closed else Status.ACTUAL,
        point=_point(last.get("coordinates")),
        extra=extra,
    )


def _extra(event: Mapping[str, Any], last: Mapping[str, Any], closed: str) -> Iterator[tuple[str, str]]:
    yield "hazard", "; ".join(scalar(one.get("title")) for one in listed(event.get("categories")))
    yield "magnitude_value", f"{scalar(last.get('magnitudeValue'))} {scalar(last.get('magnitudeUnit'))}".strip()
    yield "status", "closed" if closed else ""


def _point(coordinates: Any) -> tuple[float, float] | None:
    """The first position of a point or of a ring, longitude first."""
    for _ in range(4):
        if isinstance(coordinates, list) and coordinates and isinstance(coordinates[0], list):
            coordinates = coordinates[0]
    is_pair = isinstance(coordinates, list) and len(coordinates) >= 2
    return point(coordinates[1], coordinates[0]) if is_pair else None
