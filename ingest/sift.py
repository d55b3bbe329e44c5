"""Which items of a document are new or changed against what is remembered of the last one. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingest.entry import Item, digest

MOST_KNOWN = 5_000  # items remembered of one feed


@dataclass(frozen=True, slots=True)
class Sifted:
    """`fresh`: new or changed items in document order; `known`: key → raw hash of the whole document."""

    fresh: tuple[Item, ...]
    known: Mapping[str, str]
    problems: tuple[str, ...] = ()


def sift(items: Sequence[Item], known: Mapping[str, str]) -> Sifted:
    """Tell the new and changed items from those whose (key, raw hash) is known.

    A key that stands several times in one document is settled so that nothing is lost and nothing flickers:
    items of the same title, text and link are one item (the known copy, else the first); items that differ are
    different items under a lazy key (all pointing to the home page, say), and each gets a key of its own.
    """
    settled, problems = _settle(items, known)
    fresh = tuple(item for item in settled if known.get(item.key) != item.raw_hash)
    remembered = dict([(item.key, item.raw_hash) for item in settled][:MOST_KNOWN])
    if len(settled) > MOST_KNOWN:
        problems.append(
            f"The document holds {len(settled):,} items, of which the first {MOST_KNOWN:,} are remembered; "
            "the rest is compared again at every change."
        )
    return Sifted(fresh, MappingProxyType(remembered), tuple(problems))


def _settle(items: Sequence[Item], known: Mapping[str, str]) -> tuple[list[Item], list[str]]:
    """Items with keys unique within the document, in document order, and what was odd."""
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        sharing[item.key].add(_content(item))
    settled: dict[str, Item] = {}
    for item in items:
        own = replace(item, key=_own_key(item, known, is_shared=len(sharing[item.key]) > 1))
        if own.key not in settled or known.get(own.key) == own.raw_hash:
            settled[own.key] = own
    lazy = sum(len(contents) > 1 for contents in sharing.values())
    odd = f"{lazy} keys stand for several different items each; these were told apart by their content."
    return list(settled.values()), [odd] if lazy else []


def _own_key(item: Item, known: Mapping[str, str], *, is_shared: bool) -> str:
    apart = f"{item.key[:480]}#{_content(item)[:16]}"
    if apart in known:
        return apart
    if is_shared and known.get(item.key) != item.raw_hash:
        return apart
    return item.key


def _content(item: Item) -> str:
    return digest(item.title, item.text, item.link or "")
