"""Places that are people here: `Jordan Whitlock`, `Fernando Villavicencio`."""

from ingest.place.gazetteer import Kind
from scoring.locate_part import FRAIL
from scoring.locate_scan import Scan, Token
from scoring.locate_words import PlaceWords

_SURNAMES = FRAIL | {Kind.CITY}
_GIVEN = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.REGION, Kind.DOUBTFUL)) | _SURNAMES
_TITLE_CASE = 0.6  # share of the longer words with a capital, from which on capitals tell nothing


def people(scan: Scan, words: PlaceWords) -> frozenset[int]:
    """The numbers of the names in `scan.found` that a person bears."""
    if not any(found.token >= 0 for found in scan.found):
        return frozenset()
    suspects = [number for number in range(len(scan.found)) if _is_person(scan, number, words)]
    if not suspects:
        return frozenset()
    head = scan.text.find("\n")
    telling = {above: not _title_case(scan, head, above=above) for above in (True, False)}
    return frozenset(number for number in suspects if telling[scan.found[number].start < head])


def _title_case(scan: Scan, head: int, *, above: bool) -> bool:
    """Whether the title, or the text below it, is written so that capitals tell nothing."""
    longer = [token.raw[0].isupper() for token in scan.tokens if len(token.raw) > 3 and (token.start < head) is above]
    return sum(longer) > _TITLE_CASE * len(longer)


def _is_person(scan: Scan, number: int, words: PlaceWords) -> bool:
    found = scan.found[number]
    if found.token < 0 or found.name.kind not in _GIVEN or found.clitic:
        return False
    first, last = scan.tokens[found.token].key, scan.tokens[found.last].key
    if first == last and first in words.given and found.last + 1 < len(scan.tokens):
        after = scan.tokens[found.last + 1]
        if scan.gap(found.last) == " " and _name_like(scan, number + 1, after, words):
            return True
    if first != last or found.name.kind not in _SURNAMES or not found.token or scan.gap(found.token - 1) != " ":
        return False
    return _given_like(scan, number, words)


def _name_like(scan: Scan, following: int, token: Token, words: PlaceWords) -> bool:
    """Whether a word could be a surname: a capital, no place, no word that we know."""
    if following < len(scan.found) and scan.found[following].start == token.start:
        return False
    return token.raw.istitle() and not known(token.key, words)


def _given_like(scan: Scan, number: int, words: PlaceWords) -> bool:
    """Whether the word before could be a given name; the first word of a sentence has its capital anyway."""
    here = scan.found[number].token - 1
    token = scan.tokens[here]
    if number and scan.found[number - 1].last == here:
        return False
    starts = here == 0 or scan.gap(here - 1) not in (" ", "-")
    return not starts and token.raw.istitle() and len(token.raw) > 2 and not known(token.key, words)


def known(key: str, words: PlaceWords) -> bool:
    """Whether a word stands in one of the lists, so that it is no name."""
    return any(
        key in row
        for row in (words.speech, words.acts, words.events, words.outward, words.home, words.abroad,
                    words.place_nouns, words.modifiers, words.hostile)
    )  # fmt: skip
