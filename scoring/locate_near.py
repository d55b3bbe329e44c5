"""What stands around a name: the words behind it, the ends of clauses, the head of a line."""

import re

from ingest.place.gazetteer import Kind
from scoring.locate_part import Judged, Part
from scoring.locate_scan import Found, Scan, Token

_LOOK_AHEAD = 4
_BREAKS = frozenset('.!?;:|()[]\n"“”«»。！？；：،؛')
_HEAD = re.compile(r"\s?[:–—|]|\s-\s")
DATELINE: Judged = (Part.SAYER, 0.3)  # where it was written
_DATED = re.compile(r", [A-Z][a-z]{2,8}\.? \d{1,2}\s?: ")
_DATELINE = re.compile(r"(?:,[^.:;\n]{0,25})?\s*(?:\([^)\n]{2,20}\)\s*)?(?:--?|–|—)\s")


def at_head(scan: Scan, found: Found) -> Judged | None:
    """`Guatemala: alud sepulta una aldea` says where; `NAIROBI, May 3 —` only where it was written."""
    head = found.start == 0 or scan.text[found.start - 1] == "\n"
    if not head:
        return None
    rest = scan.text[found.end : found.end + 60]
    line = _DATELINE.match(rest) or _DATED.match(rest)
    if line and ("," in line.group() or "(" in line.group() or scan.text[found.start : found.end].isupper()):
        return DATELINE
    return (Part.AT, 0.9) if _HEAD.match(rest) and found.name.kind is not Kind.SEAT else None


def following(scan: Scan, found: Found) -> tuple[list[Token], bool]:
    """The next words up to a break, the possessive 's taken off; whether there was one."""
    here = found.last
    taken: list[Token] = []
    while here + 1 < len(scan.tokens) and len(taken) < _LOOK_AHEAD and not _ends(scan, here):
        if not taken and "," in scan.gap(here):
            break
        here += 1
        taken.append(scan.tokens[here])
    if taken and taken[0].key == "s" and scan.text[found.end : found.end + 1] in ("'", "’"):
        return taken[1:], True
    return taken, False


def _ends(scan: Scan, here: int) -> bool:
    """Whether the clause ends after this word; the full stop of "U.S." does not end it."""
    gap = scan.gap(here)
    return broken(gap) and not (gap == ". " and len(scan.tokens[here].raw) == 1)


def others_before(scan: Scan, number: int) -> bool:
    """Whether another land, or its people, are named before the name of that number."""
    codes = set(scan.found[number].name.countries)
    return any(codes.isdisjoint(other.name.countries) for other in scan.found[:number])


def key_at(scan: Scan, number: int) -> str:
    """The folded word of a number."""
    return scan.tokens[number].key


def broken(gap: str) -> bool:
    """Whether a clause ends in what stands between two words."""
    return "\n" in gap or (len(gap) > 1 and any(char in _BREAKS for char in gap))
