"""RSS 2.0 and Atom 1.0 as most publishers write them, straight from the tree: what feed and items say.

It reads only what it knows well. Whatever else stands in a feed (other vocabularies than WELCOME, markup within
elements, two titles, a language of its own) is `Odd`, and leaves the whole document to feedparser.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.parsers.country import titled
from ingest.parsers.draft import Draft
from ingest.text import plain, tongue

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
XML = "{http://www.w3.org/XML/1998/namespace}"
MEDIA = "{http://search.yahoo.com/mrss/}"
# Elements of an item that say nothing that is kept.
WELCOME = frozenset((
    "comments", "enclosure", f"{MEDIA}thumbnail", f"{MEDIA}content", f"{MEDIA}credit",
    "{http://purl.org/rss/1.0/modules/slash/}comments", "{http://wellformedweb.org/CommentAPI/}commentRss",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink", "{com-wordpress:feed-additions:1}post-id",
    f"{ATOM}rights", f"{ATOM}contributor",
))  # fmt: skip
ONCE = frozenset(("title", "link", "guid", "pubDate", "description", "author", "source", ENCODED, f"{DC}creator"))
ATOM_ONCE = frozenset(f"{ATOM}{name}" for name in ("title", "id", "updated", "published", "summary", "content"))
TYPES = {None: True, "text": True, "text/plain": True, "html": False, "text/html": False}  # → is it plain text
FOREIGN = frozenset(("file", "ftp", "feed"))  # schemes that feedparser writes otherwise
ADVISORY = re.compile(
    r"travel.{0,3}(?:advi[cs]|warning|alert)|reisewarnung|reisehinweis|conseils.aux.voyageurs", re.IGNORECASE
)
CLOSE_OR_ENTITY = re.compile(r"</\w+>|&#?\w+;")


class Odd(Exception):
    """Something that is better left to feedparser."""


@dataclass(frozen=True, slots=True)
class PlainFeed:
    """A feed and its items, not yet drafted. `draft` makes of one item what it says; Odd when that is not plain.

    `space` are the namespaces that items stand in, `declared` the language as written.
    """

    format: str
    items: list[Any]
    title: str | None
    declared: str | None
    bases: tuple[str | None, ...]
    space: Mapping[str | None, str]
    said: Callable[[Any], "_Said"]
    drafted: Callable[["_Said", tuple[str | None, ...], str | None], Draft]

    @property
    def language(self) -> str | None:
        """ISO 639-1 code that the feed declares."""
        return tongue(self.declared)

    @property
    def about(self) -> str:
        """What of the feed goes into its items."""
        return f"{self.bases} {self.declared}"

    def draft(self, item: Any) -> Draft:
        """What an item says."""
        return self.drafted(self.said(item), self.bases, self.declared)


@dataclass(slots=True)
class _Said:
    """What the children of one item say: texts of those that may stand once, terms, and links by their relation."""

    once: dict[str, Any] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    author: str = ""

    def text(self, tag: str) -> str:
        """The text of an element that may stand once, "" without it."""
        element = self.once.get(tag)
        return _text(element) if element is not None else ""


def is_advisory(about: str) -> bool:
    """Whether a feed is travel advice, by its title, link and id; that is read with more care."""
    return ADVISORY.search(about) is not None


def plain_feed(root: Any, base: str | None) -> PlainFeed | None:
    """The feed under this root, None when it is of another kind; Odd when it is not as plain as most."""
    if root.tag == "rss" and root.get("version") == "2.0" and len(root) == 1 and root[0].tag == "channel":
        return _rss(root[0], base)
    return _atom(root, base) if root.tag == f"{ATOM}feed" else None


def _rss(channel: Any, base: str | None) -> PlainFeed:
    items: list[Any] = []
    about: dict[str, str] = {}
    for element in channel:
        if element.tag == "item":
            items.append(element)
        elif element.tag in ("title", "link", "language") and not len(element):
            about.setdefault(element.tag, _text(element))
    if (
        is_advisory(f"{about.get('title', '')} {about.get('link', '')}")
        or _speaks(channel)
        or _speaks(channel.getparent())
    ):
        raise Odd
    title, bases = plain(about.get("title", ""), 200) or None, (base, about.get("link"))
    return PlainFeed("rss20", items, title, about.get("language"), bases, channel.nsmap, _said_rss, _rss_draft)


def _said_rss(item: Any) -> _Said:
    said = _Said()
    if item.attrib:
        raise Odd
    for element in item:
        tag = element.tag
        if tag == "category":
            said.terms.append(_text(element))
        elif tag in ONCE and tag not in said.once and not len(element):
            said.once[tag] = element
        elif tag not in WELCOME or len(element):
            raise Odd
    if "author" in said.once and f"{DC}creator" in said.once:
        raise Odd
    return said


def _rss_draft(said: _Said, bases: tuple[str | None, ...], language: str | None) -> Draft:
    title, guid = said.text("title"), said.text("guid")
    link = said.text("link")
    if (
        not link
        and guid.startswith(("http://", "https://"))
        and said.once["guid"].get("isPermaLink", "true") != "false"
    ):
        link = guid
    author = said.text("author") or said.text(f"{DC}creator")
    return _draft(
        said,
        title=title,
        title_is_plain=not _looks_like_html(title),
        body=_both(said.text("description"), said.text(ENCODED)),
        link=link or None,
        bases=bases,
        guid=guid or None,
        language=language,
        published=said.text("pubDate") or None,
        extra={"author": author, "publisher": said.text("source")},
    )


def _atom(root: Any, base: str | None) -> PlainFeed:
    entries: list[Any] = []
    about: dict[str, str] = {}
    for element in root:
        if element.tag == f"{ATOM}entry":
            entries.append(element)
        elif element.tag == f"{ATOM}link" and element.get("rel", "alternate") == "alternate":
            about.setdefault("link", element.get("href", ""))
        elif element.tag in (f"{ATOM}title", f"{ATOM}id"):
            if element.get("type") not in TYPES:
                raise Odd
            about.setdefault(element.tag, "".join(element.itertext()).strip())
    title = about.get(f"{ATOM}title", "")
    if is_advisory(f"{title} {about.get('link', '')} {about.get(f'{ATOM}id', '')}") or f"{XML}base" in root.attrib:
        raise Odd
    bases, language = (base, about.get("link")), root.get(f"{XML}lang")
    return PlainFeed("atom10", entries, plain(title, 200) or None, language, bases, root.nsmap, _said_atom, _atom_draft)


def _said_atom(entry: Any) -> _Said:
    said = _Said()
    if entry.attrib:
        raise Odd
    for element in entry:
        tag = element.tag
        if tag == f"{ATOM}link":
            said.links.setdefault(element.get("rel", "alternate"), element.get("href", ""))
        elif tag == f"{ATOM}category":
            said.terms.append(element.get("term") or element.get("label") or _text(element))
        elif tag == f"{ATOM}author" and not said.author:
            said.author = _atom_author(element)
        elif tag in ATOM_ONCE and tag not in said.once and not len(element) and not _speaks(element):
            said.once[tag] = element
        elif tag not in WELCOME or len(element):
            raise Odd
    return said


def _atom_author(element: Any) -> str:
    if any(str(inner.tag).endswith("alert") for inner in element):
        raise Odd
    parts = {
        inner.tag.removeprefix(ATOM): (inner.text or "").strip() for inner in element if isinstance(inner.tag, str)
    }
    name, mail = parts.get("name", ""), parts.get("email", "")
    return f"{name} ({mail})" if name and mail else name or mail


def _atom_draft(said: _Said, bases: tuple[str | None, ...], language: str | None) -> Draft:
    title, _ = _typed(said, "title")
    summary, is_plain = _typed(said, "summary")
    content, is_plain_content = _typed(said, "content")
    if summary and content and is_plain != is_plain_content:
        raise Odd
    links = said.links
    link = next((links[rel] for rel in ("alternate", "related", "via", "enclosure") if links.get(rel)), None)
    if link is None and links:
        raise Odd
    return _draft(
        said,
        title=title,
        title_is_plain=_typed(said, "title")[1],
        body=_both(summary, content),
        body_is_plain=is_plain
        if not content
        else is_plain_content and not (summary and _both(summary, content) != content),
        link=link,
        bases=bases,
        guid=said.text(f"{ATOM}id") or None,
        language=language,
        published=said.text(f"{ATOM}published") or None,
        updated=said.text(f"{ATOM}updated") or None,
        extra={"author": said.author},
    )


def _typed(said: _Said, name: str) -> tuple[str, bool]:
    """Text of an element with a type, and whether it is plain."""
    element = said.once.get(f"{ATOM}{name}")
    if element is None:
        return "", True
    kind = element.get("type")
    if kind not in TYPES or element.get("src"):
        raise Odd
    return _text(element), TYPES[kind]


def _draft(said: _Said, *, title: str, extra: Mapping[str, str], **given: Any) -> Draft:
    country = titled(plain(title) if "<" in title or "&" in title else title)
    kept = {key: text for key, text in extra.items() if text}
    if (given["link"] or "").partition(":")[0].lower() in FOREIGN:
        raise Odd
    if terms := [term for term in said.terms if term]:
        kept["categories"] = "; ".join(dict.fromkeys(terms))
    return Draft(title=title, countries=(country,) if country else (), extra=kept, **given)


def _both(summary: str, content: str) -> str:
    """Summary and content, each once."""
    if not content or not summary:
        return content or summary
    return content if plain(summary, 200).rstrip("…")[:150] in plain(content, 1000) else f"{summary}<br>{content}"


def _text(element: Any) -> str:
    """The text of an element; UTF-8 that was taken for Latin-1 and encoded again is put right, as feedparser does."""
    text = (element.text or "").strip()
    if text.isascii():
        return text
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


def _speaks(element: Any) -> bool:
    """Whether an element brings a language or an address of its own."""
    return any(key.startswith(XML) for key in element.attrib)


def _looks_like_html(text: str) -> bool:
    """Whether feedparser would take it for HTML; only tags that close and entities make it so."""
    return ("<" in text or "&" in text) and CLOSE_OR_ENTITY.search(text) is not None
