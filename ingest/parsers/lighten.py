"""A feed's tree without what would cost seconds and tells nothing. Feedparser takes 10 µs an element and the square of
an element's attributes (measured: 20,000 attributes, 2.9 s)."""

from typing import Any

from ingest.parsers.document import ParseError
from ingest.parsers.markup import name
from ingest.text import READ_LENGTH

ITEMS = frozenset(("item", "entry"))
HEAVY = ("{*}resources",)  # GDACS: hundreds of elements an item, none of them news
MAX_ELEMENTS = 150_000
MAX_ATTRIBUTES = 50
MAX_PARTS = 500  # children of one item; feedparser takes the square of its links, authors and categories


def lighten(root: Any) -> tuple[str, ...]:
    """Cut the tree in place; what was lost, if anything. ParseError when it is not the items that are too many."""
    for heavy in list(root.iter(*HEAVY)):
        heavy.getparent().remove(heavy)
    left = MAX_ELEMENTS
    spare: list[Any] = []
    for element in root.iter():
        left -= 1
        is_item = name(element) in ITEMS
        if left < 0 and is_item:
            spare.append(element)
        elif is_item and len(element) > MAX_PARTS:
            del element[MAX_PARTS:]
        _shorten(element)
        _bind(element)
    if left < 0 and not spare:
        raise ParseError(f"The feed has more than {MAX_ELEMENTS:,} tags beside its items; it was not read.")
    lost = sum(map(_removed, spare))
    if left < 0 and sum(1 for _ in root.iter()) > 2 * MAX_ELEMENTS:
        raise ParseError(f"The feed has more than {2 * MAX_ELEMENTS:,} tags in few items; it was not read.")
    return (f"The feed is too large; its last {lost:,} items were left out.",) if lost else ()


def _removed(item: Any) -> bool:
    parent = item.getparent()
    if parent is not None:
        parent.remove(item)
    return parent is not None


def _bind(element: Any) -> None:
    """Take colons without a namespace out of names: at them feedparser gives up its fast parser for its slow one."""
    if isinstance(element.tag, str) and ":" in element.tag.rpartition("}")[2]:
        head, brace, local = element.tag.rpartition("}")
        element.tag = head + brace + local.replace(":", "_")
    for key in [key for key in element.attrib if ":" in key.rpartition("}")[2]]:
        del element.attrib[key]


def _shorten(element: Any) -> None:
    if element.text is not None and len(element.text) > READ_LENGTH:
        element.text = element.text[:READ_LENGTH]
    if element.tail is not None and len(element.tail) > READ_LENGTH:
        element.tail = element.tail[:READ_LENGTH]
    if len(element.attrib) > MAX_ATTRIBUTES:
        for key in list(element.attrib)[MAX_ATTRIBUTES:]:
            del element.attrib[key]
