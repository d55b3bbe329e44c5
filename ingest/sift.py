"""Which items of a document are new or changed against what is remembered of the last one. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingest.entry import Item, digest

MOST_KNOWN = 5_000  # items remembered of one feed


@dataclass(frozen=True, slots=True)
class Sifted:
    """`fresh`: new or changed items in document order; `known`: key → raw hash, `marks`: mark → key, of the whole."""

    fresh: tuple[Item, ...]
    known: Mapping[str, str]
    marks: Mapping[str, str]
    problems: tuple[str, ...] = ()


def sift(items: Sequence[Item], known: Mapping[str, str]) -> Sifted:
    """Tell the new and changed items from those whose (key, raw hash) is known.

    A key that stands several times in one document is settled so that nothing is lost and nothing flickers:
    items of the same title, text and link are one item (the known copy, else the first); items that differ are
    different items under a lazy key (all pointing to the home page, say), and each gets a key of its own. An item that
    was recognised by its mark keeps the key that it was given then.
    """
    settled, problems = _settle(items, known)
    fresh = tuple(item for item in settled if not item.is_known and known.get(item.key) != item.raw_hash)
    remembered = settled[:MOST_KNOWN]
    if len(settled) > MOST_KNOWN:
        problems.append(
            f"The document holds {len(settled):,} items, of which the first {MOST_KNOWN:,} are remembered; "
            "the rest is compared again at every change."
        )
    return Sifted(
        fresh,
        MappingProxyType({item.key: item.raw_hash for item in remembered}),
        MappingProxyType({item.mark: item.key for item in remembered if item.mark}),
        tuple(problems),
    )


def _settle(items: Sequence[Item], known: Mapping[str, str]) -> tuple[list[Item], list[str]]:
    """Items with keys unique within the document, in document order, and what was odd."""
    settled = {item.key: item for item in items if item.is_known}
    if len(settled) == len(items):
        return list(settled.values()), []
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        if not item.is_known:
            sharing[item.key].add(_content(item))
    order: dict[str, None] = {}
    for item in items:
        own = item if item.is_known else _own(item, known, settled, is_shared=len(sharing[item.key]) > 1)
        if own.key not in settled or (not settled[own.key].is_known and known.get(own.key) == own.raw_hash):
            settled[own.key] = own
        order[own.key] = None
    lazy = sum(len(contents) > 1 for contents in sharing.values())
    odd = f"{lazy} keys stand for several different items each; these were told apart by their content."
    return [settled[key] for key in order], [odd] if lazy else []


def _own(item: Item, known: Mapping[str, str], settled: Mapping[str, Item], *, is_shared: bool) -> Item:
    """The item under a key of its own, where its key stands for others too."""
    taken = settled.get(item.key)
    is_other = taken is not None and taken.is_known and taken.raw_hash != item.raw_hash
    apart = f"{item.key[:480]}#{_content(item)[:16]}"
    if apart in known or is_other or (is_shared and known.get(item.key) != item.raw_hash):
        return replace(item, key=apart)
    return item


def _content(item: Item) -> str:
    return digest(item.title, item.text, item.link or "")
