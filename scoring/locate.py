"""Which countries a text names, and in which of them it happens.

A country that only acts or speaks is not where it happens: `US sanctions Iranian banks` happens in Iran. Names are
found in a table (`ingest.place`), the part they play is read from the words around them (`locate_role`), and the
title goes before the text (`locate_settle`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ingest.place.countries import country
from ingest.place.gazetteer import Kind
from scoring.locate_common import homes
from scoring.locate_meant import Lands, by_company
from scoring.locate_near import DATELINE
from scoring.locate_no_place import OF, no_places
from scoring.locate_part import FRAIL, TOWNS, Judged, Part
from scoring.locate_person import people
from scoring.locate_role import parts
from scoring.locate_scan import Found, Scan, scan
from scoring.locate_settle import FAR, HELD, NEAR, TITLE, Named, Signs, confidence, near_end, settle, signs
from scoring.locate_talk import Talk
from scoring.locate_turn import turned
from scoring.locate_turn_words import turn_words
from scoring.locate_words import PlaceWords, place_words

LEDE = 500  # characters of the text that are read
_IN_DOUBT = FRAIL | {Kind.DOUBTFUL}
_PLACES = frozenset((Kind.COUNTRY, Kind.CAPITAL, Kind.REGION, Kind.CITY, Kind.ACRONYM))
_CHARGED = 10  # words within which a charge may be addressed to a government
_PLAIN = 0.7  # weight of a part that a word beside the name tells


class Role(StrEnum):
    """Where it happens, who acts or speaks, or a name that is neither."""

    WHERE = "where"
    ACTOR = "actor"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Hit:
    """One country named in a text. `start` counts characters of title + newline + text; -1 and `words` "" when the
    document declared it. `confidence` 0–1 is how sure it is that the thing happens there. `point` is the latitude and
    longitude in degrees of the town, or of the country's capital where no `town` is named; None where unknown."""

    country: str
    words: str
    start: int
    role: str
    confidence: float
    point: tuple[float, float] | None = None
    town: bool = False


def locate(title: str, text: str, language: str | None, declared: tuple[str, ...] = ()) -> tuple[Hit, ...]:
    """Every country that a text names, in reading order, those that the document declares first.

    `language` is the ISO 639 code if known: it decides which small words are prepositions. Raises PlaceTableMissing
    when the place table has not been generated.
    """
    hits = [Hit(code, "", -1, Role.WHERE, 1.0, country(code).point) for code in declared]
    whole = f"{title}\n{text[:LEDE]}" if text else title
    seen = scan(whole, language)
    if not seen.found:
        return tuple(hits)
    words = place_words()
    head = len(title) if title.strip() else len(whole)  # a text without a title is its own
    persons = people(seen, words) | no_places(seen, words)
    judged, adrift = turned(seen, parts(seen, words, words.before_in(language)), head, language, persons)
    named = _named(seen, judged, Lands(seen, declared, persons, homes(language)), persons, head, words)
    chosen = _chosen(Talk(seen, named, head), named, signs(seen, judged, head, words, adrift=adrift))
    if declared:
        chosen = frozenset(number for number in chosen if named[number].part is Part.AT)
    return (*hits, *(hit for number, one in enumerate(named) for hit in _hits(seen, one, chosen=number in chosen)))


def _chosen(talk: Talk, named: list[Named], told: Signs) -> frozenset[int]:
    """The numbers of the names that say where it happens."""
    if talk.nowhere():
        return frozenset()
    blamed = talk.blamed()
    if blamed:
        return frozenset(blamed)
    chosen = settle(named, told)
    return chosen | talk.shared(chosen)


def countries(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Where it happens, surest first; () where no country is named, or none of those named is the place."""
    best: dict[str, float] = {}
    for hit in hits:
        if hit.confidence >= HELD:
            best[hit.country] = max(best.get(hit.country, 0.0), hit.confidence)
    return tuple(sorted(best, key=lambda code: -best[code]))


def _named(
    seen: Scan, judged: list[Judged], lands: Lands, persons: frozenset[int], head: int, words: PlaceWords
) -> list[Named]:
    """The names that are places here, with their countries."""
    near = near_end(seen.plain, head)
    named = []
    for number, (found, (part, weight)) in enumerate(zip(seen.found, judged, strict=True)):
        doubted = found.name.kind in _IN_DOUBT and not _trusted(seen, number, (part, weight), lands.settled, words)
        if number in persons or doubted or _foreign_body(seen, number):
            continue
        codes = lands.of(found, words)
        zone = TITLE if found.start < head else NEAR if found.start <= near else FAR
        if codes:
            named.append(Named(found, codes, part, weight, zone))
    return named or _last_resort(seen, judged, persons, head)


def _last_resort(seen: Scan, judged: list[Judged], persons: frozenset[int], head: int) -> list[Named]:
    """`alcalde de Chiquimula`: where the title names nothing surer, the town that somebody or something is of."""
    return [
        Named(found, found.name.countries, Part.AT, 0.9, TITLE)
        for number, found in enumerate(seen.found)
        if found.start < head and number not in persons and found.name.kind in FRAIL and _owns(seen, found)
        if len(found.name.countries) == 1 and judged[number][0] is not Part.ABROAD
    ][:1]


def _owns(seen: Scan, found: Found) -> bool:
    return found.token > 1 and seen.tokens[found.token - 1].key in OF and seen.gap(found.token - 1) in (" ", "'", "’")


def _foreign_body(seen: Scan, number: int) -> bool:
    """A parliament directly after another country's name is that country's."""
    found, before = seen.found[number], seen.found[number - 1]
    return found.name.kind is Kind.BODY and number > 0 and before.end == found.start


def _trusted(seen: Scan, number: int, verdict: Judged, settled: frozenset[str], words: PlaceWords) -> bool:
    """Whether a name that is often a person or a word is a place here: its surroundings or its country say so."""
    found, (part, weight) = seen.found[number], verdict
    if found.name.kind is Kind.TINY and settled.isdisjoint(found.name.countries):
        return part is Part.AT and weight >= 0.9 and len(found.name.countries) == 1 and not _place_named(seen)
    if not settled.isdisjoint(found.name.countries) or (part is Part.AT and weight >= 0.9):
        return True
    if found.name.kind is Kind.WEAK and _civic(seen, found, words):
        return True
    if found.name.kind in (Kind.WEAK, Kind.MINOR):
        sure = part is Part.AT or _province_behind(seen, found) or _neighboured(seen, found)
        return found.name.kind is Kind.MINOR and sure
    said = verdict == DATELINE or (part is Part.SAYER and weight >= 0.5)
    if part is Part.AT or said or weight >= _PLAIN or _opens(seen, found, words):
        return True
    if by_company(seen, found, words) or _addressed(seen, found):
        return True
    beside = [other for other in (number - 1, number + 1) if 0 <= other < len(seen.found)]
    return any(
        seen.found[other].name.kind is Kind.COUNTRY and _apart(seen.found[other], found) <= 2 for other in beside
    )


def _civic(seen: Scan, found: Found, words: PlaceWords) -> bool:
    """`Tucson police`, `Oxford residents`: what only a town has stands right behind."""
    after = seen.tokens[found.last + 1 : found.last + 2]
    return bool(after) and found.token >= 0 and after[0].key in words.civic and seen.gap(found.last) == " "


def _place_named(seen: Scan) -> bool:
    """Whether a country, a province or a capital is named, not only people and things of one."""
    return any(found.name.kind in _PLACES for found in seen.found)


def _addressed(seen: Scan, found: Found) -> bool:
    """`Paris rebukes Rome`, `acusa a Roma`: a word for a charge stands before."""
    before = seen.tokens[max(0, found.token - _CHARGED) : max(0, found.token)]
    return found.name.kind is Kind.UNSURE and any(token.key in turn_words().charges for token in before)


def _opens(seen: Scan, found: Found, words: PlaceWords) -> bool:
    """`Roma multa a una plataforma`: a town that opens the title, with no surname behind."""
    if found.start or found.name.kind is not Kind.UNSURE or found.token < 0:
        return False
    key, after = seen.tokens[found.last].key, seen.tokens[found.last + 1 : found.last + 2]
    return key not in words.not_opening and bool(after) and after[0].raw.islower() and seen.gap(found.last) == " "


def _province_behind(seen: Scan, found: Found) -> bool:
    """`Saravena, Arauca`, `Miami (Florida)`: provinces stand behind their towns."""
    province = found.name.kind is Kind.REGION or not found.name.points
    return province and found.token > 0 and seen.gap(found.token - 1).strip() in (",", "(")


def _neighboured(seen: Scan, found: Found) -> bool:
    """`la carretera Guayaramerín-Riberalta`: two small towns of one land bear each other out."""
    land = found.name.countries
    return any(one.start != found.start and one.name.countries == land and one.name.kind in TOWNS for one in seen.found)


def _apart(one: Found, other: Found) -> int:
    """How many words lie between two names; a large number in unspaced scripts."""
    if one.token < 0 or other.token < 0:
        return 99
    return max(other.token - one.last, one.token - other.last) - 1


def _hits(seen: Scan, one: Named, *, chosen: bool) -> Iterable[Hit]:
    role = Role.WHERE if chosen else Role.MENTION if one.part in (Part.AT, Part.NAMED) else Role.ACTOR
    words = seen.text[one.found.start : one.found.end]
    sure = confidence(one, chosen=chosen)
    hits = []
    for code in one.codes:
        town = _town(one.found, code)
        hits.append(Hit(code, words, one.found.start, role, sure, town or country(code).point, town is not None))
    return hits


def _town(found: Found, code: str) -> tuple[float, float] | None:
    """Where the town lies, if the name is one and its place is known."""
    name = found.name
    known = len(name.points) == len(name.countries) and code in name.countries
    return name.points[name.countries.index(code)] if known else None
