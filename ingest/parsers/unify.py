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
    foreign = {namespace(element) for element in root.iter() if name(element) in OWN}
    foreign = {space for space in foreign if space and not KNOWN.match(space)}
    for element in root.iter():
        if foreign and namespace(element) in foreign:
            element.tag = (ATOM if name(root) in ("feed", "entry") else "") + element.tag.rpartition("}")[2]
        if name(element) in ITEMS:
            _keep_title(element)


def _keep_title(item: Any) -> None:
    """Titles of other vocabularies (Dublin Core, media, podcasts) count only where the item has none of its own."""
    titles = [inner for inner in item if name(inner) == "title"]
    own = [title for title in titles if namespace(title) in ("", namespace(item))]
    if own:
        for title in titles:
            if title not in own:
                item.remove(title)
    elif titles and not _is_known(titles):
        titles[0].tag = item.tag[: item.tag.rfind("}") + 1] + "title"


def _is_known(titles: list[Any]) -> bool:
    """True when feedparser takes one of these titles for the item's by itself."""
    return any("purl.org/dc/" in namespace(title) or "mrss" in namespace(title) for title in titles)
