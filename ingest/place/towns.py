"""Which towns and provinces the table knows, in which spellings: GeoNames, CLDR, ISO 3166-2 and our own lists."""

import re
from collections.abc import Iterable

from ingest.place import forms, sources
from ingest.place.building import UNSPACED, Table, key_of
from ingest.place.gazetteer import Kind
from ingest.place.text import words_of
from ingest.place.traps import Traps

_HAN = re.compile(r"[\u3400-\u9fff·（）()-]+")
_BURMESE = re.compile(r"[\u1000-\u109f -]+")
_MILLION, _LARGE = 1_000_000, 100_000
_LONG = 5  # letters of a small town's name; shorter ones are words
# Letters that Russian and Arabic do not have: the spelling is of another language.
_FOREIGN_CYRILLIC = re.compile(r"[іїєґўјљњћђџќѓәғқңөұүһҳҷӣӯӑӗҫӧӹ]", re.IGNORECASE)
_FOREIGN_ARABIC = re.compile(r"[پچژڤگڑٹڈںےۆێۇەڵڕیکہھټډښ،]")


def chinese(table: Table) -> None:
    """Provinces, towns and bodies that Chinese news names without their country."""
    own = sources.additions("china")
    mainland = own["CN"]
    with_suffix = mainland["with_suffix"].split()
    for name in mainland["provinces"].split():
        table.add(name + "省", Kind.REGION, ["CN"])
        table.add(name, Kind.REGION, ["CN"])
    for name in mainland["cities"].split():
        table.add(name + "市", Kind.CITY, ["CN"])
        if name not in with_suffix:
            table.add(name, Kind.CITY, ["CN"])
    for code in ("HK", "MO", "TW"):
        for name in own[code]["places"].split():
            table.add(name, Kind.REGION, [code])
    for code, row in own.items():
        for name in row["bodies"].split():
            table.add(name, Kind.BODY, [code])


def towns(table: Table) -> None:
    """Capitals and cities of all lands, in the spellings worth having."""
    traps = Traps(key_of)
    homes = _homes_by_name((city, city_spellings(city)) for city in sources.cities())
    _own_towns(table, traps, homes)
    for key, shared in sorted(homes.items()):
        doubt = traps.doubt(key)
        small = all(city.minor for city in shared)
        if key in table.small or (not doubt and traps.leaves_out(key, small=small)):
            continue
        rivals = _rivals(key, shared)
        kind = doubt or _sort_of(rivals, strong=key in traps.strong or bool(UNSPACED.search(key)))
        table.add(key, kind, [city.country for city in rivals], [city.point for city in rivals])
    _exemplars(table, traps)


def _own_towns(table: Table, traps: Traps, homes: dict[str, list[sources.City]]) -> None:
    rows = [(code, names.split(), True) for code, names in sources.additions("cities_zh").items()]
    rows += [(code, names, False) for code, names in sources.additions("exonyms").items()]
    for code, names, led_by_capital in rows:
        for rank, name in enumerate(names):
            points = [city.point for city in homes.get(key_of(name), ()) if city.country == code][:1]
            kind = Kind.CAPITAL if led_by_capital and not rank else Kind.CITY
            table.add(name, traps.doubt(key_of(name)) or kind, [code], points)


def _exemplars(table: Table, traps: Traps) -> None:
    for language, code, name in sources.exemplars():
        key = key_of(name)
        if traps.leaves_out(key, small=False) or len(key) < (3 if UNSPACED.search(name) else 4):
            continue
        for form in sorted(forms.russian(" ".join(words_of(name)))) if language == "ru" else [name]:
            table.add(form, traps.doubt(key) or Kind.CITY, [code])


def _homes_by_name(rows: Iterable[tuple[sources.City, set[str]]]) -> dict[str, list[sources.City]]:
    """Cities with their spellings → folded spelling with the cities that bear it."""
    homes: dict[str, list[sources.City]] = {}
    for city, names in rows:
        for key in {key_of(name) for name in names}:
            homes.setdefault(key, []).append(city)
    return homes


def _sort_of(shared: list[sources.City], *, strong: bool) -> Kind:
    if shared[0].capital:
        return Kind.CAPITAL
    if shared[0].anglo and not strong:
        return Kind.WEAK
    return Kind.MINOR if shared[0].minor else Kind.CITY


def _rivals(key: str, shared: list[sources.City]) -> list[sources.City]:
    """The towns of one name, one a country, best known first; those a sixth of its size or smaller do not compete."""
    ranked = sorted(shared, key=lambda city: -_fame(key, city))
    rivals: dict[str, sources.City] = {}
    for city in ranked:
        if city.population * 6 >= ranked[0].population:
            rivals.setdefault(city.country, city)
    return list(rivals.values())[:3]


def _fame(key: str, city: sources.City) -> int:
    """A town's size; more for capitals, more for those that bear the name first of all: Delhi is Dili's too."""
    return city.population * (10 if city.capital else 1) * (20 if key_of(city.name) == key else 1)


def city_spellings(city: sources.City) -> set[str]:
    """The spellings worth having: all scripts for large cities, the name itself for the rest."""
    large = city.population >= (_LARGE if city.capital else _MILLION)
    found = {city.name}
    for name in city.names:
        letter = name[0]
        if _HAN.fullmatch(name):
            keep = len(name) >= 3 or (city.country == "CN" and city.population >= _MILLION and len(name) == 2)
        elif "\u0400" <= letter <= "\u04ff":
            keep = len(name) >= 4 and not _FOREIGN_CYRILLIC.search(name)
            spaced = " ".join(words_of(name))
            found |= forms.russian(spaced) if keep and (not city.minor or " " in spaced) else set()
        elif arabic(name):
            keep = len(name) >= 4 and not _FOREIGN_ARABIC.search(name)
        elif "\u0900" <= letter <= "\u097f" or _BURMESE.fullmatch(name):
            keep = large and len(name) >= 4
        else:
            keep = large and len(name) >= 5 and letter.isupper() and name[1].islower()
        if keep:
            found.add(name)
    return found


def arabic(name: str) -> bool:
    """Whether a name is written in Arabic letters."""
    return "\u0600" <= name[0] <= "\u06ff"


def small_towns(table: Table) -> None:
    """The last resort: towns of some thousands, and what other languages call the larger ones."""
    traps = Traps(key_of)
    rows = [(city, _small_spellings(city)) for city in sources.small_towns()]
    rows += [(city, _exonyms(city)) for city in sources.cities() if city.population >= _LARGE and not city.anglo]
    for key, shared in sorted(_homes_by_name(rows).items()):
        if (
            min(map(len, key.split())) > 1
            and len(key) >= _LONG
            and not traps.doubt(key)
            and not traps.leaves_out(key, small=True)
        ):
            rivals = _rivals(key, shared)
            points = [city.point for city in rivals]
            table.add(key, Kind.TINY, [city.country for city in rivals], points)


def _small_spellings(city: sources.City) -> set[str]:
    return {city.name, *(name for name in city.names if _spelt_for_news(name))}


def _exonyms(city: sources.City) -> set[str]:
    return {name for name in city.names if name[0].isupper() and name[0] < "\u0250" and name[1:].islower()}


def _spelt_for_news(name: str) -> bool:
    """Russian and Arabic spellings; Chinese ones of four characters, since shorter ones come about by chance."""
    if "\u0400" <= name[0] <= "\u04ff":
        return not _FOREIGN_CYRILLIC.search(name)
    return (arabic(name) and not _FOREIGN_ARABIC.search(name)) or (len(name) > 3 and bool(_HAN.fullmatch(name)))


def provinces(table: Table) -> None:
    """The provinces and states of ISO 3166-2."""
    traps = Traps(key_of)
    homes: dict[str, list[str]] = {}
    for part in sources.parts():
        for name in part.names:
            homes.setdefault(name, []).append(part.country)
    for name, codes in sorted(homes.items()):
        if not traps.leaves_out(key_of(name), small=True) and len(name) >= (3 if UNSPACED.search(name) else 4):
            known = table.han.get(key_of(name)[:-1])
            if known and not set(codes) & set(str(known[1]).split()):
                continue  # 佛罗里达州 is a part of Uruguay too
            for form in _part_forms(name):
                table.add(form, Kind.MINOR, list(dict.fromkeys(codes)))


def _part_forms(name: str) -> set[str]:
    """A province's name in its cases; in Chinese also without the character for province or state."""
    if "\u0400" <= name[0] <= "\u04ff":
        return forms.russian(name) if " " in name else {name}
    bare = name[:-1] if name[-1] in "省州府邦县郡区" and len(name) >= 4 else name
    return {name, bare}
