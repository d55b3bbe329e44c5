"""Feeds as feedparser reads them, however odd."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser
from lxml import etree

from ingest.parsers import level
from ingest.parsers.cap import status_of
from ingest.parsers.country import code, codes
from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, centre, finish, point
from ingest.parsers.lighten import ITEMS, lighten
from ingest.parsers.markup import name
from ingest.parsers.quick_feed import is_advisory
from ingest.parsers.unify import unify
from ingest.parsers.whereabouts import countries_in_entry, point_in_entry
from ingest.text import plain, tongue

MAX_ODD = 10_000  # items of a feed that feedparser has to read: each takes 100 µs of it
PUBLISHED = ("published", "created", "dc_date", "prism_publicationdate", "issued")
UPDATED = ("updated", "modified")
OCCURRED = ("gdacs_fromdate", "ev_startdate", "cap_onset", "eq_seconds")
# Vocabularies inside a feed's entries → keys of `extra`.
EXTRA = {
    "gdacs_alertlevel": "gdacs_alert",
    "gdacs_alertscore": "gdacs_score",
    "gdacs_eventtype": "hazard",
    "gdacs_population": "population",
    "cap_event": "cap_event",
    "cap_category": "cap_category",
    "cap_severity": "cap_severity",
    "cap_urgency": "cap_urgency",
    "cap_certainty": "cap_certainty",
    "cap_effective": "effective",
    "cap_expires": "expires",
    "cap_areadesc": "area",
    "author": "author",
    "dc_publisher": "publisher",
}
TITLE_PARTS = re.compile(r"\s+[-–—|]\s+|:\s")


def read(document: Document) -> Reading:
    """All entries as feedparser finds them, however odd the feed."""
    lightened = lighten(document.content)
    unify(document.content)
    found, unread = _parse(document.content)
    feed = dict(found["feed"])
    kept, problems = most(found["entries"], MAX_ODD)
    entries = [dict(entry) for entry in kept]
    is_advice = is_advisory(f"{feed.get('title', '')} {feed.get('link', '')} {feed.get('id', '')}")
    items = tuple(finish(_draft(entry, feed, document, is_advice), document) for entry in entries)
    title = plain(feed.get("title") or "", 200) or None
    return Reading(
        found["version"] or "rss", items, title, tongue(feed.get("language")), (*lightened, *unread, *problems)
    )


def _parse(root: Any) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Feedparser's reading of the tree, item by item where it trips over the whole, and what it could not read."""
    try:
        return _reading(etree.tostring(root, encoding="utf-8")), ()
    except Exception:  # on odd input feedparser raises whatever happens to it, KeyError mostly
        return _item_by_item(root)


def _item_by_item(root: Any) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    entries: list[Any] = []
    lost = 0
    for item in [element for element in root.iter() if name(element) in ITEMS]:
        body = etree.tostring(item, encoding="utf-8", with_tail=False)
        try:
            entries += _reading(b'<rss version="2.0"><channel>' + body + b"</channel></rss>")["entries"]
        except Exception:
            lost += 1
    problem = f"The feed is odd; it was read item by item, and {lost} items could not be read."
    return {"feed": {}, "version": "", "entries": entries}, (problem,)


def _reading(body: bytes) -> Mapping[str, Any]:
    """What feedparser makes of well-formed UTF-8, so that it has nothing to guess."""
    found: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + body),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return found


def _draft(entry: Mapping[str, Any], feed: Mapping[str, Any], document: Document, is_advice: bool) -> Draft:
    title = entry.get("title_detail") or {}
    body, is_plain = _body(entry)
    extra = dict(_extra(entry))
    heading = plain(str(entry.get("title") or ""))
    stated = level.number(_text(entry.get("ta_level")))  # Australia's own element
    if is_advice and (grade := stated or level.written(" ".join((*_terms(entry), heading)))):
        extra["advisory_level"] = str(grade)
    return Draft(
        title=str(entry.get("title") or ""),
        title_is_plain=title.get("type") == "text/plain",
        body=body,
        body_is_plain=is_plain,
        link=_link(entry),
        bases=(document.base, feed.get("link")),
        guid=_text(entry.get("id")),
        language=title.get("language") or feed.get("language"),
        published=_said(entry, PUBLISHED),
        updated=_said(entry, UPDATED),
        occurred=_said(entry, OCCURRED),
        status=status_of(_text(entry.get("cap_status")), _text(entry.get("cap_msgtype")), ""),
        countries=_countries(entry, heading, is_advice),
        point=_point(entry),
        extra=extra,
    )


def _body(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """Summary and content, each once; true when it is plain text by its declaration."""
    summary, detail = str(entry.get("summary") or ""), entry.get("summary_detail") or {}
    contents = [part for part in entry.get("content") or () if part.get("value")]
    if not contents:
        return summary, detail.get("type") == "text/plain"
    content = str(contents[0]["value"])
    if not summary or plain(summary, 200).rstrip("…")[:150] in plain(content, 1000):
        return content, contents[0].get("type") == "text/plain"
    return f"{summary}<br>{content}", False


def _link(entry: Mapping[str, Any]) -> str | None:
    links = [link for link in entry.get("links") or () if link.get("href")]
    for wanted in ("alternate", None, "related", "via", "enclosure"):
        for link in links:
            if link.get("rel") == wanted:
                return str(link["href"])
    link = _text(entry.get("link"))
    # Without a link, feedparser takes the guid for one; few guids are addresses.
    return None if link == _text(entry.get("id")) and not str(link).startswith(("http://", "https://")) else link


def _said(entry: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text for key in names if (text := _text(entry.get(key)))), None)


def _text(value: Any) -> str | None:
    """Text of an element, whether it had attributes (then a mapping with `value`) or not."""
    if isinstance(value, Mapping):
        value = value.get("value")
    return value.strip() or None if isinstance(value, str) else None


def _terms(entry: Mapping[str, Any]) -> list[str]:
    return [str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ()]


def _extra(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(severity := entry.get("gdacs_severity"), Mapping):
        yield "hazard_severity", f"{severity.get('value', '')} {severity.get('unit', '')}".strip()
    for key, meaning in EXTRA.items():
        if text := _text(entry.get(key)):
            yield meaning, text
    if terms := [term for term in _terms(entry) if term]:
        yield "categories", "; ".join(dict.fromkeys(terms))
    if isinstance(source := entry.get("source"), Mapping) and (publisher := _text(source.get("title"))):
        yield "publisher", publisher


def _countries(entry: Mapping[str, Any], heading: str, is_advice: bool) -> tuple[str, ...]:
    """Countries that the entry declares: in its own fields, or by a title that is (in advice: starts with) a name."""
    fields = [_text(entry.get(key)) for key in ("gdacs_country", "gdacs_iso3", "country", "dc_coverage")]
    declared = [one for text in fields for one in codes(text)] or list(countries_in_entry(entry))
    start = TITLE_PARTS.split(heading, maxsplit=1)[0] if is_advice else heading
    if not declared and (titled := code(start)):
        declared = [titled]
    return tuple(dict.fromkeys(declared))


def _point(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    where = entry.get("where")
    pairs = list(_pairs(where.get("coordinates"))) if isinstance(where, Mapping) else []
    if pairs:
        return centre([(north, east) for east, north in pairs])
    written = point(_text(entry.get("geo_lat")), _text(entry.get("geo_long") or entry.get("geo_lon")))
    return written or point_in_entry(entry)


def _pairs(coordinates: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list | tuple):
        return
    if len(coordinates) >= 2 and all(isinstance(number, int | float) for number in coordinates[:2]):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for inner in coordinates:
        yield from _pairs(inner)
