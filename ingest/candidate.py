"""A feed that was found and tried: what it holds, how alive it is, and which of several is the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from ingest.entry import Item
from ingest.feed_links import How, Link
from ingest.parse import Parsed

SHOWN = 5  # entries that are kept of a candidate, for a look
_FRESH = timedelta(days=30)  # without anything newer, a feed is likely to be left alone by its publisher
_KINDS = {"sanctions": "sanctions", "advisory": "advisory", "cap": "hazard", "geojson": "hazard"}
# Endings that stand for something else than the country whose they are.
_NO_COUNTRY = frozenset(("AI", "CC", "CO", "FM", "GG", "IO", "IS", "LA", "LY", "ME", "SH", "TO", "TV", "WS"))


class Pulse(StrEnum):
    """How alive a candidate looks."""

    GOOD = "good"  # entries, the newest of the last thirty days
    UNDATED = "undated"  # entries, none with a date that can be believed
    STALE = "stale"  # nothing newer than thirty days
    EMPTY = "empty"  # it can be read and holds nothing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that answered and could be read. `items` are its first few, `entries` counts all.

    `rule` is set where the page itself is read by a rule; `problems` are sentences on what was odd.
    """

    address: str
    how: How
    format: str
    title: str
    language: str | None
    entries: int
    newest: datetime | None
    items: tuple[Item, ...]
    comments: bool = False
    pulse: Pulse = Pulse.EMPTY
    problems: tuple[str, ...] = ()
    rule: Mapping[str, Any] | None = None

    @property
    def kind(self) -> str:
        """The kind of source that a document of this form makes it likely to be."""
        return _KINDS.get(self.format, "news")

    @property
    def country(self) -> str | None:
        """The country that the address ends in, where that says something: `.ng` does, `.tv` does not."""
        code = (urlsplit(self.address).hostname or "").rpartition(".")[2].upper()
        code = "GB" if code == "UK" else code
        return code if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY else None


def tried(link: Link, address: str, parsed: Parsed, now: datetime, language: str | None = None) -> Candidate:
    """The candidate of a document that was read; `language` is what the page around it says it is written in."""
    dates = [moment for item in parsed.items if (moment := item.published or item.updated or item.occurred)]
    newest = max((moment for moment in dates if moment <= now + timedelta(days=1)), default=None)
    spoken = parsed.language or next((item.language for item in parsed.items if item.language), None) or language
    return Candidate(
        address=address,
        how=link.how,
        format=parsed.format,
        title=" ".join((parsed.title or link.title).split())[:200],
        language=spoken,
        entries=len(parsed.items),
        newest=newest,
        items=parsed.items[:SHOWN],
        comments=link.comments,
        pulse=_pulse(len(parsed.items), newest, now),
        problems=parsed.problems,
    )


def ranked(candidates: Sequence[Candidate], address: str) -> tuple[Candidate, ...]:
    """The best first, and of those that hold the same entries only the best."""
    order = sorted(candidates, key=lambda one: (*_merit(one), -_nearness(one.address, address)))
    kept: list[Candidate] = []
    for one in order:
        told = _told(one)
        if not any(one.address == other.address or (told and told == _told(other)) for other in kept):
            kept.append(one)
    return tuple(kept)


def equals(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of ranked candidates, those that are as good as the first: only a person can choose between them."""
    return tuple(one for one in candidates if _merit(one) == _merit(candidates[0])) if candidates else ()


def _merit(one: Candidate) -> tuple[bool, int, int]:
    return one.comments, (0, 0, 1, 2)[list(Pulse).index(one.pulse)], one.how


def _nearness(address: str, asked: str) -> int:
    """How many steps of the path two addresses share, `-1` on different hosts."""
    one, other = urlsplit(address), urlsplit(asked)
    if one.hostname != other.hostname:
        return -1
    shared = 0
    for step, same in zip(one.path.split("/")[1:], other.path.split("/")[1:], strict=False):
        if step != same:
            break
        shared += 1
    return shared


def _told(one: Candidate) -> tuple[str, ...]:
    return tuple(item.title for item in one.items)


def _pulse(entries: int, newest: datetime | None, now: datetime) -> Pulse:
    if not entries:
        return Pulse.EMPTY
    if newest is None:
        return Pulse.UNDATED
    return Pulse.GOOD if now - newest <= _FRESH else Pulse.STALE
