"""A feed's text cut at its items, so that those that stand as they stood need not be read into a tree again.

**Why this is safe.** Items stand one behind the other with nothing but white space between, each begins with `<item>`,
ends with `</item>`, and holds neither a second time. Where the tree of such a text has as many items as there are
pieces, each piece is one item from end to end: an item that began or ended within a comment, a CDATA section or another
item would be missing from the count. What a piece means depends then on nothing but itself and the namespaces that its
place declares. So a piece that was such an item once is one in any feed that declares the same, and a feed is well
formed if it is so without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from ingest.parsers.markup import AROUND, DOCTYPE, without_declaration

BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A feed in pieces: what stands before its items, the items without their end tags, and what stands behind."""

    tag: str
    head: str
    items: list[str]
    tail: str

    def but(self, items: Iterable[str]) -> str:
        """The feed with these items instead of its own."""
        end = f"</{self.tag}>"
        return "".join((self.head, *(item + end for item in items), self.tail))

    def are_whole(self, items: Iterable[str]) -> bool:
        """Whether neither these items nor what stands around them speak of items otherwise than pieces do."""
        start, end = f"<{self.tag}", f"</{self.tag}"
        around = start not in self.head and start not in self.tail and end not in self.head and end not in self.tail
        return around and all(item.find(start, 1) < 0 and end not in item for item in items)


def cut(text: str) -> Pieces | None:
    """The pieces of a document as it was decoded, None where it is not a plain row of items."""
    text = without_declaration(text.strip(AROUND))
    if text.startswith("<") and not DOCTYPE.match(text):
        for tag in ("item", "entry"):
            if f"<{tag}>" in text:
                return _cut_at(tag, text)
    return None


def _cut_at(tag: str, text: str) -> Pieces | None:
    start = f"<{tag}>"
    *items, tail = text.split(f"</{tag}>")
    if not items:
        return None
    at = items[0].find(start)
    head, items[0] = items[0][:at], items[0][at:]
    items = [item.lstrip(BLANK) for item in items]
    return Pieces(tag, head, items, tail) if at >= 0 and all(item.startswith(start) for item in items) else None


def digests(items: Iterable[str], place: str, version: bytes) -> list[str]:
    """Digest of each item where it stands: a `place` is all that its meaning depends on beside its own text."""
    key = blake2b(place.encode("utf-8", "surrogatepass"), digest_size=32, key=version).digest()
    return [blake2b(item.encode("utf-8", "surrogatepass"), digest_size=12, key=key).hexdigest() for item in items]
