"""Common Alerting Protocol 1.0 to 1.2 (OASIS), as XML or JSON: one item for each `info` block."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ingest.entry import Item, Status
from ingest.parsers.document import MAX_ITEMS, Document, Reading, Shape, most
from ingest.parsers.draft import Draft, centre, finish
from ingest.parsers.markup import child, name, namespace, words
from ingest.parsers.record import Record, listed, of_element, scalar
from ingest.parsers.whereabouts import of_authority, of_geocode, pairs

NAMESPACE = re.compile(r"emergency:cap:|incident\.com/cap", re.IGNORECASE)
REQUIRED = ("identifier", "sender", "sent", "status", "msgtype", "scope")
REQUIRED_INFO = ("category", "event", "urgency", "severity", "certainty")
# `System` messages and drafts are for machines, `Ack` for the sender of another message: nobody is to be warned.
# "Deleted" is what USGS calls an earthquake that was none.
STATUS = {
    "exercise": Status.EXERCISE,
    "test": Status.TEST,
    "system": Status.TEST,
    "draft": Status.TEST,
    "deleted": Status.CANCEL,
}
KIND = {"update": Status.UPDATE, "cancel": Status.CANCEL, "error": Status.CANCEL, "ack": Status.TEST}
ENTRIES = ("entry", "item")
HEADING = "the entry's title"  # no name that an element can have
DEEP = 8


def accepts(content: Any) -> bool:
    """True for an alert or a wrapping of alerts, XML or JSON."""
    if isinstance(content, Mapping | list):
        return bool(_json_alerts(content))
    if name(content) == "alert":
        return True
    # A feed that holds whole alerts in only some of its entries is read as a feed, lest the others are lost.
    found = sum(1 for _ in _xml_alerts(content))
    return found > 0 and found >= sum(name(element) in ENTRIES for element in content.iter())


def read(document: Document) -> Reading:
    """All info blocks of all alerts; a cancellation without any is an item of its own."""
    if document.shape is Shape.XML:
        alerts = [_titled(element) for element in _xml_alerts(document.content)]
    else:
        alerts = _json_alerts(document.content)
    items: list[Item] = []
    problems: list[str] = []
    for alert in alerts:
        problems += _faults(alert)
        items += [finish(draft, document) for draft in islice(_drafts(alert), MAX_ITEMS + 1 - len(items))]
    kept, cut = most(items)
    title = (
        scalar(listed(alerts[0].get("info"))[0].get("sendername")) if alerts and listed(alerts[0].get("info")) else ""
    )
    return Reading("cap", tuple(kept), title or None, None, tuple(dict.fromkeys((*problems, *cut))))


def status_of(status: str | None, kind: str | None, response: str) -> Status:
    """CAP `status`, `msgType` and `responseType` folded: an all-clear takes back what was alerted."""
    if found := STATUS.get((status or "").strip().lower()):
        return found
    if "allclear" in response.lower():
        return Status.CANCEL
    return KIND.get((kind or "").strip().lower(), Status.ACTUAL)


def _xml_alerts(root: Any) -> Iterator[Any]:
    if name(root) == "alert":
        yield root
        return
    for element in root.iter("{*}alert", "{*}Alert", "{*}ALERT"):
        if NAMESPACE.search(namespace(element)) or child(element, "msgtype") is not None:
            yield element


def _titled(element: Any) -> Record:
    """An alert, under the title that the feed's entry around it gives to it."""
    entry = next((outer for outer in element.iterancestors() if name(outer) in ENTRIES), None)
    heading = words(entry, "title") if entry is not None else ""
    return {**of_element(element), HEADING: heading} if heading else of_element(element)


def _json_alerts(value: Any) -> list[Record]:
    """Alerts of a JSON value: itself, under "alert", or a list of either."""
    found: list[Record] = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            inner = one.get("alert", one)
            found += [_lowered(alert, DEEP) for alert in listed(inner) if _is_alert(alert)]
    return found


def _is_alert(value: Record) -> bool:
    return {"identifier", "msgtype"} <= {str(key).lower() for key in value}


def _lowered(value: Any, depth: int) -> Any:
    if depth and isinstance(value, Mapping):
        return {str(key).lower(): _lowered(inner, depth - 1) for key, inner in value.items()}
    if depth and isinstance(value, list):
        return [_lowered(inner, depth - 1) for inner in value]
    return value


def _faults(alert: Record) -> list[str]:
    """What the schema requires and the alert lacks."""
    lacking = [field for field in REQUIRED if not scalar(alert.get(field))]
    for info in listed(alert.get("info")):
        lacking += [f"info.{field}" for field in REQUIRED_INFO if not scalar(info.get(field))]
    if lacking:
        return [f"The alert lacks what CAP requires: {', '.join(dict.fromkeys(lacking))}."]
    is_cancel = status_of(None, scalar(alert.get("msgtype")), "") is Status.CANCEL
    return (
        []
        if is_cancel or listed(alert.get("info"))
        else ["The alert holds no info block, so it says nothing of a hazard."]
    )


def _drafts(alert: Record) -> Iterator[Draft]:
    seen: dict[str, int] = {}
    infos = listed(alert.get("info"))
    for info in infos:
        tongue = (scalar(info.get("language")) or "en").lower()
        seen[tongue] = seen.get(tongue, 0) + 1
        part = tongue if seen[tongue] == 1 else f"{tongue}.{seen[tongue]}"
        yield _draft(alert, info, "" if info is infos[0] else f"#{part}")
    if not infos and status_of(None, scalar(alert.get("msgtype")), "") is Status.CANCEL:
        yield _draft(alert, {"event": "Cancel", "description": scalar(alert.get("note"))}, "")


def _draft(alert: Record, info: Record, part: str) -> Draft:
    texts = [scalar(info.get(field)) for field in ("headline", "description", "instruction")]
    areas = listed(info.get("area"))
    texts += [scalar(area.get("areadesc")) for area in areas]
    response = " ".join(str(one) for one in _values(info.get("responsetype")))
    return Draft(
        title=scalar(alert.get(HEADING)) * (not part) or scalar(info.get("event")) or scalar(info.get("headline")),
        title_is_plain=True,
        body="\n".join(dict.fromkeys(text for text in texts if text)),
        body_is_plain=True,
        link=scalar(info.get("web")) or None,
        guid=scalar(alert.get("identifier")) or None,
        key=f"{_first_identifier(alert)}{part}"[:500] if scalar(alert.get("identifier")) else None,
        language=scalar(info.get("language")) or "en",
        published=scalar(alert.get("sent")) or None,
        occurred=scalar(info.get("onset")) or None,
        status=status_of(scalar(alert.get("status")), scalar(alert.get("msgtype")), response),
        countries=tuple(dict.fromkeys(_countries(alert, areas))),
        point=_point(areas),
        extra=dict(_extra(alert, info, areas, response)),
        hashed=(scalar(alert.get("identifier")),),
    )


def _first_identifier(alert: Record) -> str:
    """The identifier of the first message that this one updates or cancels, else its own: an update is a revision."""
    references = [part.split(",") for part in scalar(alert.get("references")).split()]
    earlier = sorted((part[2], part[1]) for part in references if len(part) == 3 and part[1])
    return earlier[0][1] if earlier else scalar(alert.get("identifier"))


def _extra(alert: Record, info: Record, areas: list[Record], response: str) -> Iterator[tuple[str, str]]:
    for field in ("severity", "urgency", "certainty", "event", "category"):
        yield f"cap_{field}", " ".join(str(one) for one in _values(info.get(field)))
    for field in ("effective", "expires", "headline"):
        yield field, scalar(info.get(field))
    yield "cap_response", response
    yield "cap_message", scalar(alert.get("msgtype"))
    yield "cap_alert", _first_identifier(alert) if len(listed(alert.get("info"))) > 1 else ""  # its other languages
    yield "references", scalar(alert.get("references"))
    yield "publisher", scalar(info.get("sendername")) or scalar(alert.get("sender"))
    yield "area", "; ".join(filter(None, (scalar(area.get("areadesc")) for area in areas)))


def _countries(alert: Record, areas: list[Record]) -> Iterator[str]:
    """Countries of the areas' geocodes; where they tell none, that of the authority."""
    found = [
        country
        for area in areas
        for geocode in listed(area.get("geocode"))
        if (country := of_geocode(scalar(geocode.get("valuename")), scalar(geocode.get("value"))))
    ]
    yield from found
    if not found and (country := of_authority(scalar(alert.get("identifier")), scalar(alert.get("sender")))):
        yield country


def _point(areas: list[Record]) -> tuple[float, float] | None:
    texts = (text for area in areas[:50] for field in ("polygon", "circle") for text in _values(area.get(field)))
    return centre([pair for text in texts for pair in pairs(str(text))])


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
