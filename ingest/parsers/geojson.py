"""GeoJSON (RFC 7946) and ArcGIS feature lists of hazards: earthquakes, fires, floods, warnings."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from ingest.entry import digest
from ingest.parsers.cap import status_of
from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, centre, finish, point
from ingest.parsers.record import TEXT, Fields, draft, guid_of, listed, scalar
from ingest.parsers.whereabouts import of_geocode

NAMES = (
    "title",
    "headline",
    "eventname",
    "incidentname",
    "firename",
    "ordername",
    "orderalertname",
    "name",
    "event",
    "place",
    "flynnregion",
)
PLACES = ("orderalertname", "geographicdescription", "place", "locality", "areadesc", "flynnregion")
KINDS = ("eventtype", "firetype", "hazard", "type", "event", "category")
# Fields that tell one state of a hazard from another → keys of `extra`.
EXTRA = {
    "mag": "magnitude",
    "magnitude": "magnitude",
    "alert": "pager_alert",
    "alertlevel": "gdacs_alert",
    "population": "population",
    "glide": "glide",
    "tsunami": "tsunami",
    "depth": "depth",
    "severity": "cap_severity",
    "urgency": "cap_urgency",
    "certainty": "cap_certainty",
    "firestatus": "status",
    "orderalertstatus": "status",
    "stageofcontrolstatus": "status",
    "status": "status",
    "currentsize": "size_ha",
    "firesize": "size_ha",
    "expires": "expires",
    "areadesc": "area",
    "event": "cap_event",
    "type": "hazard",
    "eventtype": "hazard",
}
DEEP = 8
MAX_PAIRS = 5_000


def accepts(value: Any) -> bool:
    """True for a FeatureCollection, a Feature, or ArcGIS features with attributes."""
    if not isinstance(value, Mapping):
        return False
    if value.get("type") in ("FeatureCollection", "Feature"):
        return True
    features = value.get("features")
    return isinstance(features, list) and any(isinstance(one, Mapping) and "attributes" in one for one in features[:1])


def read(document: Document) -> Reading:
    """One item for each feature."""
    value = document.content
    features = value.get("features") if value.get("type") != "Feature" else [value]
    entries = [one for one in features if isinstance(one, Mapping)] if isinstance(features, list) else []
    metadata = value.get("metadata")
    title = metadata.get("title") if isinstance(metadata, Mapping) else value.get("title")
    kept, problems = most(entries)
    items = tuple(finish(_draft(feature), document) for feature in kept)
    return Reading("geojson", items, scalar(title) or None, None, problems)


def _draft(feature: Mapping[str, Any]) -> Draft:
    properties = feature.get("properties", feature.get("attributes"))
    fields = Fields(properties if isinstance(properties, Mapping) else {})
    basis = draft(fields)
    extra = dict(_extra(fields))
    guid = scalar(feature.get("id")) or _numbered(fields) or guid_of(fields)
    links = (basis.link or "", fields.first(("report",)), fields.first(("details",)), scalar(feature.get("id")))
    return replace(
        basis,
        title=_title(fields),
        guid=guid,
        key=_first_of(properties) or (None if guid else "feature:" + digest(fields.first(NAMES), fields.first(PLACES))),
        body=fields.first(TEXT) or "; ".join(f"{key}: {value}" for key, value in extra.items() if value),
        body_is_plain=True,
        hashed=(),
        link=next((text for text in links if text.startswith(("http://", "https://", "/"))), None),
        published=basis.published or fields.first(("recordstart", "situationreportdate")) or None,
        status=status_of(fields.first(("status",)), fields.first(("messagetype",)), fields.first(("response",))),
        countries=basis.countries or tuple(dict.fromkeys(_countries(fields))),
        point=_point(feature.get("geometry")) or basis.point,
        extra=extra,
    )


def _numbered(fields: Fields) -> str:
    """GDACS counts each kind of event for itself: kind and number together are the identifier."""
    kind, number = fields.own(("eventtype",)), fields.own(("eventid",))
    return f"{kind}{number}" if kind and number else ""


def _first_of(properties: Any) -> str | None:
    """The identifier of the first alert that this one updates (NWS), so that an update is a revision of it."""
    earlier = listed(properties.get("references")) if isinstance(properties, Mapping) else []
    sent = sorted((scalar(one.get("sent")), scalar(one.get("@id")) or scalar(one.get("identifier"))) for one in earlier)
    return next((identifier[:500] for _, identifier in sent if identifier), None)


def _countries(fields: Fields) -> Iterator[str]:
    for name in ("same", "ugc", "emma_id"):
        value = fields.first((name.replace("_", ""),))
        if value and (found := of_geocode(name, value)):
            yield found


def _title(fields: Fields) -> str:
    """The hazard's name, with its kind and state where the name does not say them."""
    name = fields.first(NAMES)
    if fields.first(("title", "headline")):
        return name
    if magnitude := fields.own(("mag", "magnitude")):
        return f"M {magnitude} – {fields.first(('place', 'flynnregion')) or name}"
    longer = fields.own(("name",))
    if name and name in longer:  # a cyclone's bare name beside "Tropical Cyclone …"
        return longer
    kinds = [text for text in fields.values(KINDS) if len(text) > 2 and not text.lstrip("-").isdigit()]
    if not kinds and any("fire" in key for key in fields.by_name):
        kinds = ["Fire"]
    kind = next((text for text in kinds if text.lower() not in name.lower()), "")
    place = fields.first(PLACES)
    state = fields.first(("firestatus", "orderalertstatus", "stageofcontrolstatus"))
    parts = [kind, name or fields.first(("nationalfireid", "agencyfireid", "firenumber", "id", "code")), place, state]
    return " – ".join(dict.fromkeys(part for part in parts if part))


def _extra(fields: Fields) -> Iterator[tuple[str, str]]:
    seen = set()
    for field, key in EXTRA.items():
        if key not in seen and (text := fields.own((field,))) and field != "status":
            seen.add(key)
            yield key, text
    yield "hazard_severity", fields.first(("severitytext",))


def _point(geometry: Any) -> tuple[float, float] | None:
    """The centre of a geometry; None for coordinates that are metres of some projection."""
    if not isinstance(geometry, Mapping):
        return None
    if "x" in geometry and "y" in geometry:
        return point(geometry["y"], geometry["x"])
    pairs = list(islice(_pairs(geometry.get("coordinates", geometry.get("geometries")), DEEP), MAX_PAIRS))
    return centre(pairs) if all(point(*pair) for pair in pairs) else None


def _pairs(value: Any, depth: int) -> Iterator[tuple[float, float]]:
    if isinstance(value, Mapping):
        value = value.get("coordinates")
    if not isinstance(value, list) or not depth:
        return
    if len(value) >= 2 and all(_is_finite(number) for number in value[:2]):
        yield float(value[1]), float(value[0])
        return
    for inner in value:
        yield from _pairs(inner, depth - 1)


def _is_finite(number: Any) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
