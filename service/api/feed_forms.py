"""A digest as Atom (RFC 4287) and as JSON Feed 1.1."""

import re
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

from service.api.digest import Digest, DigestItem

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_atom(digest: Digest, path: str) -> bytes:
    """Atom; `path` is where this feed is, behind the desk's address."""
    feed = etree.Element(f"{{{ATOM}}}feed", {LANG: digest.language}, nsmap={None: ATOM})
    _add(feed, "id", digest.number)
    _add(feed, "title", digest.title)
    _add(feed, "updated", _stamp(digest.changed))
    etree.SubElement(_add(feed, "author"), f"{{{ATOM}}}name").text = _clean(digest.author)
    _add(feed, "link", rel="self", type="application/atom+xml", href=digest.base + path)
    _add(feed, "link", rel="alternate", type="text/html", href=digest.base)
    _add(feed, "generator", "Watchfire")
    for item in digest.items:
        _entry(feed, item)
    return bytes(etree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Any, item: DigestItem) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", item.number)
    _add(entry, "title", item.title)
    _add(entry, "updated", _stamp(item.changed))
    _add(entry, "published", _stamp(item.opened))
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    for tag in item.tags:
        _add(entry, "category", term=tag)
    _add(entry, "content", item.text, type="text")


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()})
    element.text = _clean(text) if text is not None else None
    return element


def _clean(text: str) -> str:
    return _NOT_XML.sub(" ", text)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_json_feed(digest: Digest, path: str) -> bytes:
    """JSON Feed 1.1; `_watchfire` holds what readers of ours may want besides."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": digest.title,
            "home_page_url": digest.base,
            "feed_url": digest.base + path,
            "language": digest.language,
            "authors": [{"name": digest.author}],
            "items": [_json_item(item) for item in digest.items],
        }
    )


def _json_item(item: DigestItem) -> dict[str, Any]:
    return {
        "id": item.number,
        "url": item.url,
        "title": item.title,
        "content_text": item.text,
        "date_published": _stamp(item.opened),
        "date_modified": _stamp(item.changed),
        "tags": list(item.tags),
        "_watchfire": {
            "alert": item.alert_id,
            "level": item.level,
            "state": item.state,
            "countries": list(item.countries),
            "language": item.language,
        },
    }
