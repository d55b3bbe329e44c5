"""What a document declares by itself: a warning's severity, a magnitude, an advisory's level.

Such data weigh as a floor under the probability of a category; the words of the entry may raise it further.
"""

from typing import NamedTuple

from ingest.entry import Item
from scoring.assessment import Reason, ReasonKind
from scoring.category import SUBTYPES, Category

_CAP = {"extreme": 0.97, "severe": 0.93, "moderate": 0.8, "minor": 0.5}
_CAP_KINDS = {
    "geo": "natural_hazard",
    "met": "natural_hazard",
    "fire": "natural_hazard",
    "security": "unrest",
    "health": "epidemic",
    "transport": "accident",
    "infra": "accident",
    "cbrne": "accident",
}
_MAGNITUDES = ((6.0, 0.97), (5.0, 0.9), (4.0, 0.7), (0.0, 0.3))
_REPORTED = 0.7
_ADVISORIES = {4: 0.9, 3: 0.8, 2: 0.55, 1: 0.3}


class Claim(NamedTuple):
    """A category that the document itself speaks for: at least this probable, of this sub-type."""

    category: Category
    floor: float
    subtype: str
    reason: Reason


def claims(item: Item) -> tuple[Claim, ...]:
    """What the item's extra data speak for; nothing for ordinary news. Unreadable values count as absent."""
    found = (_cap(item), _magnitude(item), _advisory(item), _report(item))
    return tuple(claim for claim in found if claim is not None)


def _cap(item: Item) -> Claim | None:
    severity = item.extra.get("cap_severity", "")
    floor = _CAP.get(severity.lower())
    if floor is None:
        return None
    kind = item.extra.get("cap_category", "").split(",")[0].strip().lower()
    return _claim(_CAP_KINDS.get(kind, "natural_hazard"), floor, "cap_severity", severity)


def _magnitude(item: Item) -> Claim | None:
    text = item.extra.get("magnitude", "")
    try:
        magnitude = float(text)
    except ValueError:
        return None
    floor = next((floor for least, floor in _MAGNITUDES if magnitude >= least), 0.0)
    return _claim("natural_hazard", floor, "magnitude", text)


def _advisory(item: Item) -> Claim | None:
    level = item.extra.get("advisory_level", "")
    floor = _ADVISORIES.get(int(level)) if level.isascii() and level.isdigit() else None
    return None if floor is None else _claim("diplomatic", floor, "advisory_level", level)


def _report(item: Item) -> Claim | None:
    """What the person who reports calls it: somebody on the spot says so, which no word of theirs need repeat."""
    key = item.extra.get("report_category", "")
    if key not in tuple(Category):
        return None
    reason = Reason(ReasonKind.CATEGORY, "category.report", key, weight=_REPORTED)
    return Claim(Category(key), _REPORTED, "", reason)


def _claim(subtype: str, floor: float, name: str, value: str) -> Claim:
    return Claim(
        SUBTYPES[subtype], floor, subtype, Reason(ReasonKind.CATEGORY, f"category.{name}", value, weight=floor)
    )
