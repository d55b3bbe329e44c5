"""A feed's tree in the words that feedparser knows: the feed's own vocabulary, and one title an item."""

import re
from typing import Any

from ingest.parsers.lighten import ITEMS
from ingest.parsers.markup import name, namespace

OWN = frozenset(("rss", "channel", "feed", *ITEMS))
KNOWN = re.compile(r"http://(?:www\.w3\.org/2005/atom|purl\.org/(?:atom|rss)/|(?:my|channel)\.netscape\.com/)", re.I)
ATOM = "{http://www.w3.org/2005/Atom}"


def unify(root: Any) -> None:
    """Change the tree in place: foreign namespaces of feed, channel and item go; an item's own title alone stays."""
    foreign = _foreign(root)
    for element in list(root.iter()):
        if foreign and namespace(element) in foreign:
            element.tag = (ATOM if name(root) in ("feed", "entry") else "") + element.tag.rpartition("}")[2]
        if name(element) in ITEMS:
            _keep_title(element)


def _foreign(root: Any) -> set[str]:
    """Namespaces that the feed's own tags are in, where no item is in one that is known: then these are its items."""
    own = [element for element in root.iter() if name(element) in OWN and not _is_inside(element)]
    if any(name(element) in ITEMS and _is_known(element) for element in own):
        return set()
    return {namespace(element) for element in own if not _is_known(element)}


def _is_inside(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and name(parent) in ITEMS


def _is_known(element: Any) -> bool:
    space = namespace(element)
    return not space or KNOWN.match(space) is not None


def _keep_title(item: Any) -> None:
    """Titles of other vocabularies (Dublin Core, media, podcasts) count only where the item has none of its own."""
    titles = [inner for inner in item if name(inner) == "title"]
    own = [title for title in titles if namespace(title) in ("", namespace(item))]
    if own:
        for title in titles:
            if title not in own:
                item.remove(title)
    elif titles:
        titles[0].tag = item.tag[: item.tag.rfind("}") + 1] + "title"
