"""Build the table of place names: `python -m ingest.place.generate`. The same packages give the same bytes."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import orjson

from ingest.parsers import country
from ingest.place import forms, sources
from ingest.place.fold import fold
from ingest.place.gazetteer import TABLE, Kind
from ingest.place.han import simplified
from ingest.place.text import words_of
from ingest.place.traps import Traps

_HAN = re.compile(r"[\u3400-\u9fff·（）()-]+")
_BURMESE = re.compile(r"[\u1000-\u109f -]+")
_UNSPACED = re.compile(r"[\u1000-\u109f\u3400-\u9fff]")
_MILLION = 1_000_000
# Letters that Russian and Arabic do not have: the spelling is of another language.
_FOREIGN_CYRILLIC = re.compile(r"[іїєґўјљњћђџќѓәғқңөұүһҳҷӣӯӑӗҫӧӹ]", re.IGNORECASE)
_FOREIGN_ARABIC = re.compile(r"[پچژڤگڑٹڈںےۆێۇەڵڕیکہھټډښ،]")
# What wins when one spelling means several things.
_RANK = "xAwcadrkibshqyuvm"


Value = tuple[str | float, ...]  # kind, countries, then a latitude and a longitude for each town


class Table:
    """Names gathered so far; a spelling keeps the strongest kind that was given to it."""

    def __init__(self) -> None:
        self.words: dict[str, Value] = {}
        self.small: dict[str, Value] = {}
        self.stems: dict[str, Value] = {}
        self.han: dict[str, Value] = {}
        self.held: set[Value] = set()  # values that no spelling of every language has

    def add(self, name: str, kind: Kind, codes: Iterable[str], points: Iterable[tuple[float, float]] = ()) -> None:
        """One spelling. Names that fold to nothing, or to a bare letter, are left out."""
        value: Value = (kind.value, " ".join(codes), *(part for point in points for part in point))
        key = _key(name)
        shelf = self.words
        if _UNSPACED.search(name):
            shelf = self.han
        elif kind is Kind.ADJECTIVE:
            shelf = self.small
        elif kind is Kind.MINOR and "\u0400" <= key[:1] <= "\u04ff" and " " not in key:
            shelf, key = self.stems, forms.russian_stem(key)
        if len(key) < 2 or (key in shelf and _RANK.index(str(shelf[key][0])) <= _RANK.index(kind.value)):
            return
        shelf[key] = value

    def shelves(self) -> dict[str, dict[str, Value]]:
        """The four maps by name."""
        return {"words": self.words, "small": self.small, "stems": self.stems, "han": self.han}

    def values(self) -> list[Value]:
        """Every distinct value, in order."""
        return sorted(self.held.union(*(shelf.values() for shelf in self.shelves().values())))


def _key(name: str) -> str:
    if _UNSPACED.search(name):
        return simplified(name).replace(" ", "")
    return " ".join(fold(word) for word in words_of(name))


def build() -> dict[str, object]:
    """The whole table as plain data."""
    table = Table()
    for fill in (_traps, _own_names, _countries, _adjectives, _chinese, _capitals_and_cities, _places, _short, _parts):
        fill(table)
    values = table.values()
    index = {value: number for number, value in enumerate(values)}
    return {
        "names": sources.territory_names(),
        "countries": sources.geography(),
        "values": values,
        "local": {
            language: {fold(name): index[(Kind.ACRONYM.value, code)] for code, names in row.items() for name in names}
            for language, row in sources.additions("names")["capitals_in"].items()
        },
        **{shelf: {key: index[value] for key, value in sorted(names.items())} for shelf, names in table.shelves().items()},
    }


def write(path: Path = TABLE) -> int:
    """Write the table; the number of bytes written. The time stamp is left out, so that builds can be compared."""
    data = gzip.compress(orjson.dumps(build(), option=orjson.OPT_SORT_KEYS), compresslevel=9, mtime=0)
    path.write_bytes(data)
    return len(data)


def _traps(table: Table) -> None:
    traps = sources.additions("traps")
    for name in traps["nowhere"]:
        table.add(name, Kind.NOWHERE, ())
    for name, beside in traps["parts_of_words"].items():
        for piece in [before + name for before in beside[0]] + [name + after for after in beside[1]]:
            table.add(piece, Kind.NOWHERE, ())


def _own_names(table: Table) -> None:
    own = sources.additions("names")
    doubtful = {simplified(name) for name in own["doubtful"]}
    for row in own["either"]:
        for name in row["names"]:
            _add_cases(table, name, Kind.COUNTRY, row["countries"])
    for code, names in own["names"].items():
        for name in names:
            kind = Kind.DOUBTFUL if name in doubtful else Kind.COUNTRY
            _add_cases(table, name, kind, [code])
    for code, names in own["capitals"].items():
        for name in names:
            table.add(name, Kind.ACRONYM, [code])
    for row in own["capitals_in"].values():
        for code in row:
            table.held.add((Kind.ACRONYM.value, code))


def _countries(table: Table) -> None:
    doubtful = set(sources.additions("names")["doubtful"])
    table.add("中非", Kind.DOUBTFUL, ["CF"])
    for language, code, name in sources.spellings():
        words = words_of(name)
        # A short word of one language is a common word of another: Áo (Austria), Ý (Italy).
        if not _UNSPACED.search(name) and len(words) == 1 and len(fold(words[0])) < 4 and not _arabic(name):
            continue
        kind = Kind.DOUBTFUL if name in doubtful else Kind.COUNTRY
        if language == "ru":
            _add_cases(table, name, kind, [code])
        else:
            table.add(name, kind, [code])


def _adjectives(table: Table) -> None:
    own = sources.additions("adjectives")
    for code, names in own["en"].items():
        for name in names.split():
            table.add(name.replace("_", " "), Kind.PEOPLE, [code])
    for language in ("es", "pt", "fr", "ru", "ar"):
        for code, names in own[language].items():
            for form in sorted(form for name in names.split() for form in forms.adjective(name, language)):
                table.add(form, Kind.ADJECTIVE, [code])
    for code, stem in own["ru_people"].items():
        for form in sorted(forms.russian_people(stem)):
            table.add(form, Kind.ADJECTIVE, [code])


def _capitals_and_cities(table: Table) -> None:
    traps = Traps(_key)
    homes = _homes_by_name()
    for code, names in sources.additions("cities_zh").items():
        for rank, name in enumerate(names.split()):
            points = [city.point for city in homes.get(_key(name), ()) if city.country == code][:1]
            table.add(name, traps.doubt(_key(name)) or (Kind.CITY if rank else Kind.CAPITAL), [code], points)
    for code, names in sources.additions("exonyms").items():
        for name in names:
            points = [city.point for city in homes.get(_key(name), ()) if city.country == code][:1]
            table.add(name, traps.doubt(_key(name)) or Kind.CITY, [code], points)
    for key, shared in sorted(homes.items()):
        doubt = traps.doubt(key)
        if key in table.small or (not doubt and traps.leaves_out(key, small=all(city.minor for city in shared))):
            continue
        rivals = _rivals(key, shared)
        kind = doubt or _sort_of(rivals, strong=key in traps.strong or bool(_UNSPACED.search(key)))
        table.add(key, kind, [city.country for city in rivals], [city.point for city in rivals])
    for language, code, name in sources.exemplars():
        if not traps.leaves_out(_key(name), small=False) and len(_key(name)) > (2 if _UNSPACED.search(name) else 3):
            for form in sorted(forms.russian(" ".join(words_of(name)))) if language == "ru" else [name]:
                table.add(form, traps.doubt(_key(name)) or Kind.CITY, [code])


def _homes_by_name() -> dict[str, list[sources.City]]:
    homes: dict[str, list[sources.City]] = {}
    for city in sources.cities():
        for key in {_key(name) for name in _city_spellings(city)}:
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
    return city.population * (10 if city.capital else 1) * (20 if _key(city.name) == key else 1)


def _city_spellings(city: sources.City) -> set[str]:
    """The spellings worth having: all scripts for large cities, the name itself for the rest."""
    large = city.population >= (100_000 if city.capital else _MILLION)
    found = {city.name}
    for name in city.names:
        letter = name[0]
        if _HAN.fullmatch(name):
            keep = len(name) >= 3 or (city.country == "CN" and city.population >= _MILLION and len(name) == 2)
        elif "\u0400" <= letter <= "\u04ff":
            keep = len(name) >= 4 and not _FOREIGN_CYRILLIC.search(name)
            spaced = " ".join(words_of(name))
            found |= forms.russian(spaced) if keep and (not city.minor or " " in spaced) else set()
        elif _arabic(name):
            keep = len(name) >= 4 and not _FOREIGN_ARABIC.search(name)
        elif "\u0900" <= letter <= "\u097f" or _BURMESE.fullmatch(name):
            keep = large and len(name) >= 4
        else:
            keep = large and len(name) >= 5 and letter.isupper() and name[1].islower()
        if keep:
            found.add(name)
    return found


def _arabic(name: str) -> bool:
    return "\u0600" <= name[0] <= "\u06ff"


def _places(table: Table) -> None:
    for code, names in sources.additions("regions").items():
        for name in names:
            _add_cases(table, name, Kind.REGION, [code])
    for name in sources.states():
        table.add(name, Kind.REGION, ["US"])
    for code, names in sources.additions("seats").items():
        for name in names:
            _add_cases(table, name, Kind.SEAT, [code])
    for code, names in sources.additions("bodies").items():
        for name in names:
            table.add(name, Kind.BODY, [code])
    for row in sources.additions("waters"):
        for name in row["names"]:
            table.add(name, Kind.WATER, row["countries"])


def _chinese(table: Table) -> None:
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


def _parts(table: Table) -> None:
    traps = Traps(_key)
    homes: dict[str, list[str]] = {}
    for part in sources.parts():
        for name in part.names:
            homes.setdefault(name, []).append(part.country)
    for name, codes in sorted(homes.items()):
        if not traps.leaves_out(_key(name), small=True) and len(name) >= (3 if _UNSPACED.search(name) else 4):
            known = table.han.get(_key(name)[:-1])
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


def _short(table: Table) -> None:
    own = sources.additions("short_zh")
    letters = own["countries"]
    for letter, code in letters.items():
        made = [(letter + actor, Kind.SEAT) for actor in own["actors"]]
        made += [(towards + letter, Kind.SHORT) for towards in own["towards"]]
        made += [(letter + part, Kind.SHORT) for part in own["parts"]]
        for name, kind in made:
            if name not in own["not"]:
                table.add(name, kind, [code])
    for code, names in own["more"].items():
        for name in names:
            table.add(name, Kind.SHORT if name[0] in own["towards"] else Kind.SEAT, [code])
    for pair in own["pairs"]:
        table.add(pair, Kind.SHORT, [letters.get(letter) or own["in_pairs"][letter] for letter in pair])
    for pair, codes in own["other_pairs"].items():
        table.add(pair, Kind.SHORT, codes)
    for name, codes in own["if_named"].items():
        table.add(name, Kind.IF_NAMED, codes)


def _add_cases(table: Table, name: str, kind: Kind, codes: Iterable[str]) -> None:
    cyrillic = "\u0400" <= name[0] <= "\u04ff"
    for form in sorted(forms.russian(" ".join(words_of(name)))) if cyrillic else [name]:
        table.add(form, kind, codes)


if __name__ == "__main__":
    print(f"{TABLE.name}: {write()} bytes")
    print(f"{country.TABLE.name}: {country.write_names()} bytes")
