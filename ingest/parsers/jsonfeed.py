"""JSON Feed 1.0 and 1.1, leniently: a field of the wrong type is a field that is not there."""

from collections.abc import Mapping
from typing import Any

from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, finish
from ingest.text import fold, tongue

VERSIONS = frozenset(("1", "1.0", "1.1"))
ADDRESSES = frozenset(("home_page_url", "feed_url"))


def accepts(value: Any) -> bool:
    """True when the version says so, or items stand under what only JSON Feed calls its addresses or versions."""
    if not isinstance(value, Mapping):
        return False
    version = str(value.get("version"))
    is_like = version in VERSIONS or not ADDRESSES.isdisjoint(value)
    return "jsonfeed.org/version" in version or (is_like and isinstance(value.get("items"), list))


def read(document: Document) -> Reading:
    """All items; members of the list that are no objects are counted as a problem."""
    feed = document.content
    members = feed.get("items")
    entries = [entry for entry in members if isinstance(entry, Mapping)] if isinstance(members, list) else []
    lost = len(members) - len(entries) if isinstance(members, list) else 0
    problems = (f"{lost} members of the feed's list are no items.",) if lost else ()
    if not isinstance(members, list):
        problems = ("The feed has no list of items.",)
    kept, cut = most(entries)
    items = tuple(finish(_draft(entry, feed), document) for entry in kept)
    title = fold(_text(feed, "title"), 200) or None
    return Reading("jsonfeed", items, title, tongue(_text(feed, "language")), (*problems, *cut))


def _draft(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Draft:
    marked_up = _text(entry, "content_html")
    body = marked_up or _text(entry, "content_text")
    summary = _text(entry, "summary")
    tags = entry.get("tags")
    return Draft(
        title=_text(entry, "title"),
        title_is_plain=True,
        body=body or summary,
        body_is_plain=not marked_up,
        link=_text(entry, "url") or _text(entry, "external_url") or None,
        bases=(_text(feed, "feed_url"), _text(feed, "home_page_url")),
        guid=_text(entry, "id") or None,
        language=_text(entry, "language") or _text(feed, "language"),
        published=_text(entry, "date_published") or None,
        updated=_text(entry, "date_modified") or None,
        extra={"categories": "; ".join(str(tag) for tag in tags if isinstance(tag, str))}
        if isinstance(tags, list)
        else {},
    )


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int | float) else ""
