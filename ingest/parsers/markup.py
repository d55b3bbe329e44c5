"""Text → XML tree, without ever following what a document points at, and mending what can be mended."""

import re
from typing import Any

from lxml import etree

from ingest.parsers.document import ParseError
from ingest.parsers.mend import (
    MAX_PREFIXES,
    PREFIX,
    REFERENCE,
    XML_ENTITIES,
    closed,
    in_numbers,
    mended,
    without_controls,
)
from ingest.parsers.salvage import grafted
from ingest.text import fold

MAX_TAGS = 3_000_000  # a tree takes about 120 bytes a tag
MAX_ENTITIES = 300
ENTITY_LENGTH = 200
COMPLAINT_LENGTH = 120  # libxml2 quotes the document, which may be anything
ENTITY_GROWTH = 2**20
HEAD = 4_096  # characters in which declarations stand

DECLARATION = re.compile(r"<\s*\?\s*xml\b[^>]*\?\s*>\s*", re.IGNORECASE)
# Atomic groups: without them, a thousand comments could be cut up in exponentially many ways.
DOCTYPE = re.compile(r"(?>\s*(?:<!--.*?-->|<\?.*?\?>))*+\s*<!DOCTYPE\b", re.IGNORECASE | re.DOTALL)
DOCTYPE_END = re.compile(r"\]\s*>")
ENTITY = re.compile(
    r"""<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:(?:SYSTEM|PUBLIC)\b([^>]*)|"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
AROUND = "\ufeff\u200b\u200e\u200f\u2060\x00 \t\r\n\x0b\x0c\x1e\xa0"  # says nothing before or behind a document
LONE_ITEM = re.compile(r"<(?:[\w.-]+:)?item[\s>]", re.IGNORECASE)  # a feed's items without the feed around them


def tree(text: str) -> tuple[Any, tuple[str, ...]]:
    """Root element and what had to be mended. ParseError: hostile, or nothing to be read."""
    text, problems = _without_doctype(without_declaration(text))
    if LONE_ITEM.match(text):
        text = f"<channel>{text}</channel>"
    if text.count("<") > MAX_TAGS:
        raise ParseError(f"The document has more than {MAX_TAGS:,} tags, which no feed needs; it was not read.")
    if text.count("xmlns") > MAX_PREFIXES and len(set(PREFIX.findall(text))) > MAX_PREFIXES:
        raise ParseError("The document declares hundreds of namespaces, as an attack does; it was not read.")
    root, complaint = _parse(text, recover=False)
    if root is not None:
        return root, problems
    text = mended(without_controls(text))
    root, again = _parse(text, recover=False)
    if root is not None:
        return root, (*problems, f"The XML is broken and was mended: {complaint}.")
    text = closed(in_numbers(text))
    root, _ = _parse(text, recover=True)
    if root is None:
        raise ParseError(f"The XML is broken beyond mending: {again}.")
    root = grafted(root, text)
    cut = _without_cut_item(root, text)
    return root, (*problems, f"The XML is broken; what could be read was kept: {again}.", *cut)


def name(element: Any) -> str:
    """Local name of an element in lower case; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def namespace(element: Any) -> str:
    """Namespace of an element, "" when it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def text_of(element: Any) -> str:
    """All text inside an element, as it stands."""
    return "".join(element.itertext())


def child(element: Any, *path: str) -> Any:
    """First descendant along a path of local names, or None."""
    for step in path:
        element = next((inner for inner in element if name(inner) == step), None)
        if element is None:
            return None
    return element


def words(element: Any, *path: str) -> str:
    """Folded text of the first descendant along a path of local names, "" when there is none."""
    found = child(element, *path)
    return " ".join(text_of(found).split()) if found is not None else ""


def well_formed(text: str) -> Any:
    """Root element of a text without declaration and document type; None where anything would have to be mended."""
    try:
        return _parse(text, recover=False)[0]
    except ParseError:
        return None


def without_declaration(text: str) -> str:
    """The text without what says its version and encoding."""
    return (DECLARATION.sub("", text[:HEAD]) + text[HEAD:]).strip()


def _parse(text: str, *, recover: bool) -> tuple[Any, str]:
    parser = etree.XMLParser(
        encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(_encoded(text), parser), ""
    except etree.XMLSyntaxError as error:
        complaint = fold(str(error.msg or "no element found"), COMPLAINT_LENGTH).rstrip(". ")
        if "xcessive depth" in complaint:
            raise ParseError("The document nests hundreds of tags, as an attack does; it was not read.") from error
        return None, complaint


def _encoded(text: str) -> bytes:
    encoded = text.encode("utf-8", "replace")
    # The controls that may be letters all begin with this byte, which is found a hundred times as quickly as they.
    return without_controls(text).encode("utf-8", "replace") if b"\xc2" in encoded else encoded


def _without_doctype(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its document type, harmless entities put in, all others left empty."""
    found = DOCTYPE.match(text)
    if not found:
        return text, ()
    end = _doctype_end(text, found.end())
    entities, problems = _entities(text[found.start() : end])
    text = text[end:].strip()
    return (_filled(text, entities) if entities else text), problems


def _doctype_end(text: str, start: int) -> int:
    subset, end = text.find("[", start), text.find(">", start)
    if 0 <= subset < end and (closed := DOCTYPE_END.search(text, subset)):
        return closed.end()
    return end + 1 if end >= 0 else len(text)


def _filled(text: str, entities: dict[str, str]) -> str:
    growth = 0

    def fill(match: re.Match[str]) -> str:
        nonlocal growth
        value = entities.get(match[1], match[0])
        growth += max(len(value) - len(match[0]), 0)
        if growth > ENTITY_GROWTH:
            raise ParseError("The document's entities blow up, as in an attack; it was not read.")
        return value

    return REFERENCE.sub(fill, text)


def _entities(doctype: str) -> tuple[dict[str, str], tuple[str, ...]]:
    entities: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    for parameter, key, outside, double, single in ENTITY.findall(doctype):
        if outside or parameter:
            problems = ("The document points at files outside itself; they were not read.",)
            entities[key] = ""
            continue
        value = double or single
        if len(value) > ENTITY_LENGTH or len(entities) > MAX_ENTITIES or _is_nested(value):
            raise ParseError("The document defines entities that blow up, as an attack does; it was not read.")
        entities[key] = value
    return entities, problems


def _is_nested(value: str) -> bool:
    return any(not key.startswith("#") and key not in XML_ENTITIES for key in REFERENCE.findall(value))


def _without_cut_item(root: Any, text: str) -> tuple[str, ...]:
    """Drop a last item that the end of the document cut in two, when whole ones stand before it."""
    for tag in ("item", "entry"):
        start, end = text.rfind(f"<{tag}"), text.rfind(f"</{tag}>")
        items = [element for element in root.iter() if name(element) == tag] if start > end > 0 else []
        if len(items) > 1:
            items[-1].getparent().remove(items[-1])
            return ("The document is cut off; its last, incomplete item was left out.",)
    return ()
