"""The outlets' feeds as documents: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed and CAP. Pure: same moment, same bytes."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from ingest.feed import Feed
from service.demo.telling import Printed, Telling
from service.demo.world import Outlet

NOTICE = "演示：内容纯属虚构 / Demonstration: everything here is invented"
ATOM = "http://www.w3.org/2005/Atom"
RSS1 = "http://purl.org/rss/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
INTERVAL = 5  # seconds between two looks, at natural speed
SENDER = "demo@watchfire.invalid"  # .invalid can never be anybody's


@dataclass(frozen=True, slots=True)
class Edition:
    """A feed document as it is sent."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        """A strong validator: it changes when a byte does."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class _Page:
    """What every form is made from; `base` is the address that links begin with."""

    outlet: Outlet
    telling: Telling
    items: Sequence[Printed]
    base: str
    modified: datetime

    def link(self, printed: Printed) -> str:
        return f"{self.base}/demo/story/{printed.piece.id}"

    def guid(self, printed: Printed) -> str:
        return f"urn:watchfire-demo:{self.telling.id}:{printed.piece.id}"


def as_source(outlet: Outlet, telling: Telling, key: str, address: str) -> Feed:
    """An outlet as a source that is looked at as often as its telling is fast."""
    return Feed(
        key=key,
        name=outlet.name,
        address=address,
        kind=outlet.kind,
        language=outlet.language,
        reliability=outlet.reliability,
        interval=max(1, round(INTERVAL / telling.speed)),
    )


def edition(outlet: Outlet, telling: Telling, items: Sequence[Printed], base: str) -> Edition:
    """The feed of an outlet with these items."""
    modified = max((item.updated for item in items), default=telling.started)
    page = _Page(outlet, telling, items, base, modified)
    form, content_type = FORMS[outlet.form]
    return Edition(form(page), f"{content_type}; charset={outlet.encoding}", modified)


def _rss(page: _Page) -> bytes:
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", page.outlet.name)
    _add(channel, "link", f"{page.base}/demo/chat")
    _add(channel, "description", NOTICE)
    _add(channel, "language", page.outlet.language)
    _add(channel, "lastBuildDate", format_datetime(page.modified))
    for printed in page.items:
        item = etree.SubElement(channel, "item")
        _add(item, "title", printed.version.title)
        _add(item, "link", page.link(printed))
        _add(item, "description", printed.version.text)
        _add(item, "guid", page.guid(printed), isPermaLink="false")
        _add(item, "pubDate", format_datetime(printed.published))
    return _bytes(root, page)


def _rdf(page: _Page) -> bytes:
    root = etree.Element(f"{{{RDF}}}RDF", nsmap={"rdf": RDF, None: RSS1, "dc": DC})
    about = f"{{{RDF}}}about"
    channel = etree.SubElement(root, f"{{{RSS1}}}channel", {about: f"{page.base}/demo/feeds/{page.outlet.key}"})
    _add(channel, f"{{{RSS1}}}title", page.outlet.name)
    _add(channel, f"{{{RSS1}}}link", f"{page.base}/demo/chat")
    _add(channel, f"{{{RSS1}}}description", NOTICE)
    _add(channel, f"{{{DC}}}language", page.outlet.language)
    for printed in page.items:
        item = etree.SubElement(root, f"{{{RSS1}}}item", {about: page.guid(printed)})
        _add(item, f"{{{RSS1}}}title", printed.version.title)
        _add(item, f"{{{RSS1}}}link", page.link(printed))
        _add(item, f"{{{RSS1}}}description", printed.version.text)
        _add(item, f"{{{DC}}}date", printed.published.isoformat())
        _add(item, f"{{{DC}}}identifier", page.guid(printed))
    return _bytes(root, page)


def _atom(page: _Page) -> bytes:
    root = _atom_root(page)
    for printed in page.items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", printed.piece.language)
        _add(entry, f"{{{ATOM}}}title", printed.version.title)
        _add(entry, f"{{{ATOM}}}id", page.guid(printed))
        _add(entry, f"{{{ATOM}}}link", None, rel="alternate", href=page.link(printed))
        _add(entry, f"{{{ATOM}}}published", printed.published.isoformat())
        _add(entry, f"{{{ATOM}}}updated", printed.updated.isoformat())
        _add(entry, f"{{{ATOM}}}summary", printed.version.text)
    return _bytes(root, page)


def _atom_root(page: _Page) -> Any:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, f"{{{ATOM}}}title", page.outlet.name)
    _add(root, f"{{{ATOM}}}subtitle", NOTICE)
    _add(root, f"{{{ATOM}}}id", f"urn:watchfire-demo:{page.telling.id}:{page.outlet.key}")
    _add(root, f"{{{ATOM}}}updated", page.modified.isoformat())
    return root


def _json(page: _Page) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.outlet.name,
        "description": NOTICE,
        "language": page.outlet.language,
        "items": [
            {
                "id": page.guid(printed),
                "url": page.link(printed),
                "title": printed.version.title,
                "content_text": printed.version.text,
                "language": printed.piece.language,
                "date_published": printed.published.isoformat(),
                "date_modified": printed.updated.isoformat(),
            }
            for printed in page.items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode(page.outlet.encoding)


def _cap(page: _Page) -> bytes:
    """Alerts in an Atom feed, as hazard services publish them."""
    root = _atom_root(page)
    for printed in page.items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, f"{{{ATOM}}}title", printed.version.title)
        _add(entry, f"{{{ATOM}}}id", page.guid(printed))
        _add(entry, f"{{{ATOM}}}updated", printed.updated.isoformat())
        content = _add(entry, f"{{{ATOM}}}content", None, type="text/xml")
        content.append(_alert(page, printed))
    return _bytes(root, page)


def _alert(page: _Page, printed: Printed) -> Any:
    alert = etree.Element(f"{{{CAP}}}alert", nsmap={None: CAP})
    first = page.guid(printed)
    fields = {
        "identifier": f"{first}.{printed.number}" if printed.number else first,
        "sender": SENDER,
        "sent": printed.updated.isoformat(),
        "status": printed.piece.cap.get("status", "Actual"),
        "msgType": _kind_of(printed),
        "scope": "Public",
        "note": NOTICE,
    }
    for name, value in fields.items():
        _add(alert, f"{{{CAP}}}{name}", value)
    if printed.number:
        _add(alert, f"{{{CAP}}}references", f"{SENDER},{first},{printed.published.isoformat()}")
    alert.append(_info(page, printed))
    return alert


def _kind_of(printed: Printed) -> str:
    """What a CAP message is to the one before it; `last` says what the last correction of a piece is."""
    if not printed.number:
        return "Alert"
    ended = printed.number == len(printed.piece.versions) - 1
    return printed.piece.cap.get("last", "Update") if ended else "Update"


def _info(page: _Page, printed: Printed) -> Any:
    known = printed.piece.cap
    info = etree.Element(f"{{{CAP}}}info", nsmap={None: CAP})
    _add(info, f"{{{CAP}}}language", printed.piece.language)
    _add(info, f"{{{CAP}}}category", known["category"])
    _add(info, f"{{{CAP}}}event", printed.version.title)
    for name in ("urgency", "severity", "certainty"):
        _add(info, f"{{{CAP}}}{name}", known[name])
    _add(info, f"{{{CAP}}}senderName", page.outlet.name)
    _add(info, f"{{{CAP}}}headline", printed.version.title)
    _add(info, f"{{{CAP}}}description", printed.version.text)
    _add(info, f"{{{CAP}}}web", page.link(printed))
    area = etree.SubElement(info, f"{{{CAP}}}area")
    _add(area, f"{{{CAP}}}areaDesc", known["area"])
    _add(area, f"{{{CAP}}}circle", known["circle"])
    geocode = etree.SubElement(area, f"{{{CAP}}}geocode")
    _add(geocode, f"{{{CAP}}}valueName", "ISO 3166-1")
    _add(geocode, f"{{{CAP}}}value", known["country"])
    return info


def _add(parent: Any, tag: str, text: str | None, **attributes: str) -> Any:
    made = etree.SubElement(parent, tag, attributes)
    made.text = text
    return made


def _bytes(root: Any, page: _Page) -> bytes:
    made: bytes = etree.tostring(root, encoding=page.outlet.encoding, xml_declaration=True, pretty_print=True)
    return made


FORMS: dict[str, tuple[Callable[[_Page], bytes], str]] = {
    "rss": (_rss, "application/rss+xml"),
    "rdf": (_rdf, "application/rdf+xml"),
    "atom": (_atom, "application/atom+xml"),
    "json": (_json, "application/feed+json"),
    "cap": (_cap, "application/atom+xml"),
}
