"""Items out of XML that stays broken when mended: read one by one, so that a fault costs its own item only."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.parsers.document import MAX_ITEMS

# CDATA is looked through first, so that a tag quoted in a text starts no item.
PART = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?P<close>/)?(?P<tag>(?:[\w.-]+:)?(?:item|entry|rss|feed|rdf|channel))(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)
ROOT = re.compile(r"<([A-Za-z_][\w.:-]*+)([^<>]*+)>")
DECLARED = re.compile(r"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
ITEMS = ("item", "entry")
END_LENGTH = 100  # characters of an end tag after its name


def pieces(text: str) -> list[str]:
    """The text of each item, from its tag to its end tag, or to the next item where that is missing.

    What follows the end of the feed is no part of it, nor is an item that the end of the document cut in two.
    """
    return [piece for piece in _cut(text) if piece]


def _cut(text: str) -> Iterator[str]:
    start, root = -1, ROOT.search(text)
    for found in PART.finditer(text):
        tag = (found["tag"] or "").lower()
        is_item = tag.rpartition(":")[2] in ITEMS
        if root and found["close"] and tag == root[1].lower() and not is_item:
            yield text[start : found.start()] if start >= 0 else ""
            return
        if is_item and start >= 0:
            end = text.find(">", found.end(), found.end() + END_LENGTH) + 1 if found["close"] else found.start()
            yield text[start : end or found.start()]
            start = -1
        if is_item and not found["close"]:
            start = found.start()


def grafted(root: Any, text: str) -> Any:
    """The tree with an item for each piece of the text, where the whole yielded fewer; else the tree as it is."""
    parts = pieces(text)[: MAX_ITEMS + 1]
    whole = list(_outermost(root))
    if len(parts) <= len(whole) or root in whole:
        return root
    names = _namespaces(text)
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    items = [item for part in parts if (item := _item(f"<feed {names}>{part}</feed>", parser)) is not None]
    if len(items) <= len(whole):
        return root
    holder = next((element for element in root.iter() if _local(element) == "channel"), root)
    for element in whole:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    holder.extend(items)
    return root


def _namespaces(text: str) -> str:
    """The declarations on the document's first tag."""
    found = ROOT.search(text)
    return " ".join(DECLARED.findall(found[2])) if found else ""


def _item(text: str, parser: Any) -> Any:
    """The item in a text, None when it cannot be read at all."""
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return next((element for element in root.iter() if _local(element) in ITEMS), None) if root is not None else None


def _outermost(root: Any) -> Iterator[Any]:
    """The items that stand in no other: a tag left open makes those after it look like parts of one item."""
    stack = [root]
    while stack:
        element = stack.pop()
        if _local(element) in ITEMS:
            yield element
        else:
            stack.extend(reversed(element))


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
