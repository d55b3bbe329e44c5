"""What a place name does in its sentence: where it happens, who acts, or merely mentioned."""

from collections.abc import Mapping
from enum import StrEnum

from ingest.place.gazetteer import Kind
from scoring.locate_scan import Found, Scan, Token
from scoring.locate_words import Before, PlaceWords

Judged = tuple["Role", float]


class Role(StrEnum):
    """Where it happens, who acts or speaks, or a name that is neither."""

    WHERE = "where"
    ACTOR = "actor"
    MENTION = "mention"


_ADJECTIVES = frozenset((Kind.PEOPLE, Kind.ADJECTIVE))
_TOWNS = frozenset((Kind.CITY, Kind.REGION, Kind.UNSURE, Kind.WEAK))
_BREAKS = frozenset('.!?;:|()[]\n"“”«»。！？；：')
# How far to look back over "the war-torn north-eastern" for the word that counts.
_LOOK_BACK = 4
_LOOK_AHEAD = 4
_ARTICLE = 3  # letters; longer modifiers are directions


def role(scan: Scan, number: int, words: PlaceWords, before: Before) -> Judged:
    """The role of the name `scan.found[number]`, and how surely (0–1) it speaks for where."""
    found = scan.found[number]
    if found.name.kind is Kind.SEAT or found.name.kind is Kind.IF_NAMED:
        return Role.ACTOR, 0.25
    if found.token < 0:
        return _unspaced(scan, found, words)
    left = _left(scan, found, words, before)
    if found.name.kind in _ADJECTIVES:
        return _adjective(scan, found, words)
    if left[0] is Role.WHERE or (left[0] is Role.ACTOR and left[1]):
        return left
    right = _right(scan, number, words, before)
    if right:
        return right
    return (Role.MENTION, left[1]) if left[1] else _bare(scan, found)


def _left(scan: Scan, found: Found, words: PlaceWords, before: Before) -> Judged:
    """What the words before make of it; weight 0 when they say nothing."""
    if found.clitic:
        return (Role.WHERE, 1.0) if found.clitic == "ب" else (Role.MENTION, 0.6)
    here = found.token
    for _ in range(_LOOK_BACK):
        if here == 0 or _broken(scan.gap(here - 1)):
            break
        here -= 1
        key = scan.tokens[here].key
        if key in before.where:
            return Role.WHERE, 1.0
        if key in before.object:
            return (Role.WHERE, 1.0) if _is_part(scan, here, words) else (Role.MENTION, 0.65)
        if key in before.agent:
            return Role.ACTOR, 0.2
        if key not in words.modifiers:
            break
    return Role.MENTION, 0.0


def _is_part(scan: Scan, here: int, words: PlaceWords) -> bool:
    """`north of Mali`, `la capital de Chile`: a part of the country comes before the preposition."""
    if here == 0 or _broken(scan.gap(here - 1)):
        return False
    part = scan.tokens[here - 1].key
    return part in words.place_nouns or (part in words.modifiers and len(part) > _ARTICLE)


def _right(scan: Scan, number: int, words: PlaceWords, before: Before) -> Judged | None:
    """What the words after make of it."""
    found = scan.found[number]
    following, possessive = _following(scan, found)
    if not following:
        return None
    key = following[0].key
    if key in words.after_place:
        return Role.WHERE, 1.0
    if key in words.acts and key in words.events and _has_object(scan, number, following, words):
        return Role.ACTOR, 0.3
    if key in words.events and not (possessive and key in words.outward):
        elsewhere = _points_elsewhere(scan, number, following, before)
        return (Role.MENTION, 0.4) if elsewhere else (Role.WHERE, 0.8)
    if any(token.key in words.speech for token in following):
        return Role.ACTOR, 0.3
    if key in words.home or key in words.at_home:
        return Role.MENTION, 0.6
    if key in words.acts:
        return Role.ACTOR, 0.3
    if key in words.abroad or key in words.outward:
        return Role.ACTOR, 0.25
    return None


def _adjective(scan: Scan, found: Found, words: PlaceWords) -> Judged:
    following, _ = _following(scan, found)
    keys = [token.key for token in following[:2]]
    if found.name.kind is Kind.ADJECTIVE and found.token and not _broken(scan.gap(found.token - 1)):
        keys.append(scan.tokens[found.token - 1].key)  # most languages put the noun first
    for key in keys:
        if key in words.place_nouns:
            return Role.WHERE, 0.7
        if key in words.abroad or key in words.outward:
            return Role.ACTOR, 0.2
        if key in words.home:
            return Role.MENTION, 0.5
        if key in words.events:
            return Role.MENTION, 0.55
        if key in words.speech or key in words.acts:
            return Role.ACTOR, 0.25
    return Role.MENTION, 0.35


def _bare(scan: Scan, found: Found) -> Judged:
    """Nothing around it speaks: a town is a place, and so is what stands before a colon or alone at the head."""
    if scan.text[found.end : found.end + 1] == ":" and found.token == 0:
        return Role.WHERE, 0.8
    if found.name.kind in _TOWNS:
        return Role.MENTION, 0.55
    return Role.MENTION, 0.5


def _following(scan: Scan, found: Found) -> tuple[list[Token], bool]:
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
    return _broken(gap) and not (gap == ". " and len(scan.tokens[here].raw) == 1)


def _has_object(scan: Scan, number: int, following: list[Token], words: PlaceWords) -> bool:
    """`attacks` is a verb when what is attacked, or what is fired, comes next."""
    if len(following) > 1 and following[1].key in words.outward:
        return True
    after = scan.found[number + 1].token if number + 1 < len(scan.found) else -1
    return 0 <= after - scan.found[number].last <= 3


def _points_elsewhere(scan: Scan, number: int, following: list[Token], before: Before) -> bool:
    """`Russia's war in Ukraine`, `Chinese coast guard`: the event is tied to the next name by a preposition."""
    if len(following) < 2 or number + 1 >= len(scan.found):
        return False
    after = scan.found[number + 1]
    preposition = following[1].key
    near = 0 <= after.token - scan.found[number].last <= 5
    return near and (preposition in before.where or preposition in ("on", "against", "with", "contra", "contre"))


def _broken(gap: str) -> bool:
    return len(gap) > 1 and any(char in _BREAKS for char in gap)


def _unspaced(scan: Scan, found: Found, words: PlaceWords) -> Judged:
    """Chinese (and Burmese): what stands directly before and after."""
    before, after = scan.plain[max(0, found.start - 4) : found.start], scan.plain[found.end : found.end + 6]
    zh = words.zh
    if found.name.kind is Kind.SHORT:
        return _short(scan.plain[found.start], zh)
    if before.endswith(zh["where_before"]):
        return Role.WHERE, 1.0
    if after.startswith(zh["home_after"]):
        return Role.MENTION, 0.6
    if before.endswith(zh["agent_before"]):
        return Role.ACTOR, 0.25
    if before.endswith(zh["object_before"]):
        return Role.MENTION, 0.65
    if after.startswith(zh["actor_after"]):
        return Role.ACTOR, 0.3
    if after.startswith(zh["where_after"]):
        return Role.WHERE, 0.8
    return Role.MENTION, 0.55 if found.name.kind in _TOWNS else 0.5


def _short(head: str, zh: Mapping[str, tuple[str, ...]]) -> Judged:
    """驻韩, 在华 say where; 对俄, 反华 whom it is done to; 俄乌 names two."""
    if head in zh["short_where"]:
        return Role.WHERE, 0.8
    return Role.MENTION, 0.6 if head in zh["short_object"] else 0.5
