"""Names that stand for no place here: a bird, a street, a longer name around it, a namesake elsewhere."""

from ingest.place.gazetteer import Kind
from scoring.locate_meant import by_company
from scoring.locate_part import FRAIL, TOWNS
from scoring.locate_scan import Found, Scan
from scoring.locate_words import PlaceWords

OF = frozenset(("of", "de", "du", "d", "da", "do"))
_OF_PLACE = frozenset(("de", "del", "da", "do", "dos", "das"))
_AFTER = OF | _OF_PLACE  # a street may be called after a place with any of these
_SAINTS = frozenset(("san", "santa", "santo", "sao", "santiago", "puerto", "villa", "vila", "porto", "monte", "ciudad"))


def no_places(seen: Scan, words: PlaceWords) -> frozenset[int]:
    """Names that are something else here: a bird, or a town of the region named right behind (`Moscow, Idaho`)."""
    return frozenset(
        number
        for number, found in enumerate(seen.found)
        if by_company(seen, found, words) == ""
        or _namesake(seen, number)
        or _longer(seen, number)
        or _street(seen, found, words)
    )


def _namesake(seen: Scan, number: int) -> bool:
    found, rest = seen.found[number], seen.found[number + 1 :]
    if found.token < 0:
        return _of_the_land_before(seen, number)
    if not rest or rest[0].token != found.last + 1:
        return False
    if not set(found.name.countries).isdisjoint(rest[0].name.countries):
        return False
    if rest[0].name.kind is Kind.ADJECTIVE:  # حقل الرميلة العراقي
        return found.name.kind in FRAIL and seen.gap(found.last) == " "
    return rest[0].name.kind is Kind.REGION and seen.gap(found.last) in (", ", " (")


def _street(seen: Scan, found: Found, words: PlaceWords) -> bool:
    """`Plaza Italia`, `rue de Lisbonne`, `улица Киевская`: a street or a square is called after it."""
    here = found.token - 1
    while here > 0 and seen.tokens[here].key in _AFTER and seen.gap(here) == " ":
        here -= 1
    return here >= 0 and seen.tokens[here].key in words.streets and seen.gap(here) == " "


def _longer(seen: Scan, number: int) -> bool:
    """`San Juan de Lurigancho` is another place than San Juan, one that the table does not know."""
    found, after = seen.found[number], seen.found[number + 1 : number + 2]
    here = found.last + 2
    if found.token < 0 or here >= len(seen.tokens) or seen.tokens[found.token].key not in _SAINTS:
        return False
    if found.name.kind not in TOWNS or seen.tokens[here - 1].key not in _OF_PLACE or seen.gap(found.last) != " ":
        return False
    return seen.tokens[here].raw.istitle() and not (after and after[0].token == here)


def _of_the_land_before(seen: Scan, number: int) -> bool:
    """巴西米纳斯州: a town written right behind a country lies in it, whatever other land has one of that name."""
    found, before = seen.found[number], seen.found[number - 1]
    behind = number > 0 and before.end == found.start and before.name.kind is Kind.COUNTRY
    town = found.name.kind in TOWNS
    return behind and town and set(found.name.countries).isdisjoint(before.name.countries)
