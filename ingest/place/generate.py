"""Build the table of place names: `python -m ingest.place.generate`. The same packages give the same bytes."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import orjson

from ingest.parsers import country
from ingest.place import forms, sources, town_sources
from ingest.place.fold import fold
from ingest.place.gazetteer import TABLE, Kind
from ingest.place.han import simplified
from ingest.place.text import words_of

_HAN = re.compile(r"[\u3400-\u9fff·（）()-]+")
_BURMESE = re.compile(r"[\u1000-\u109f -]+")
_UNSPACED = re.compile(r"[\u1000-\u109f\u3400-\u9fff]")
_MILLION = 1_000_000
# What wins when one spelling means several things.
_RANK = "xAwcadrkishqyuv"


class Table:
    """Names gathered so far; a spelling keeps the strongest kind that was given to it."""

    def __init__(self) -> None:
        self.words: dict[str, tuple[str, str]] = {}
        self.small: dict[str, tuple[str, str]] = {}
        self.han: dict[str, tuple[str, str]] = {}

    def add(self, name: str, kind: Kind, codes: Iterable[str]) -> None:
        """One spelling. Names that fold to nothing, or to a bare letter, are left out."""
        value = (kind.value, " ".join(codes))
        key = _key(name)
        shelf = self.words
        if _UNSPACED.search(name):
            shelf = self.han
        elif kind is Kind.ADJECTIVE:
            shelf = self.small
        if len(key) < 2 or (key in shelf and _RANK.index(shelf[key][0]) <= _RANK.index(kind.value)):
            return
        shelf[key] = value

    def values(self) -> list[tuple[str, str]]:
        """Every distinct value, in order."""
        return sorted({*self.words.values(), *self.small.values(), *self.han.values()})


def _key(name: str) -> str:
    if _UNSPACED.search(name):
        return simplified(name).replace(" ", "")
    return " ".join(fold(word) for word in words_of(name))


def build() -> dict[str, object]:
    """The whole table as plain data."""
    table = Table()
    for fill in (_traps, _own_names, _countries, _adjectives, _capitals_and_cities, _places, _short):
        fill(table)
    values = table.values()
    index = {value: number for number, value in enumerate(values)}
    shelves = {"words": table.words, "small": table.small, "han": table.han}
    return {
        "names": sources.territory_names(),
        "countries": sources.geography(),
        "towns": town_sources.build(_city_spellings, _key),
        "values": values,
        **{shelf: {key: index[value] for key, value in sorted(names.items())} for shelf, names in shelves.items()},
    }


def write(path: Path = TABLE) -> int:
    """Write the table; the number of bytes written. The time stamp is left out, so that builds can be compared."""
    data = gzip.compress(orjson.dumps(build(), option=orjson.OPT_SORT_KEYS), compresslevel=9, mtime=0)
    path.write_bytes(data)
    return len(data)


def _traps(table: Table) -> None:
    for name in sources.additions("traps")["nowhere"]:
        table.add(name, Kind.NOWHERE, ())


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
    traps = {key: {_key(name) for name in names} for key, names in sources.additions("traps").items()}
    for code, names in sources.additions("cities_zh").items():
        for rank, name in enumerate(names.split()):
            table.add(name, _doubt(name, traps) or (Kind.CITY if rank else Kind.CAPITAL), [code])
    homes: dict[str, list[sources.City]] = {}
    for city in sources.cities():
        for key in {_key(name) for name in _city_spellings(city)}:
            homes.setdefault(key, []).append(city)
    for key, shared in sorted(homes.items()):
        doubt = _doubt(key, traps)
        if key in traps["never"] and not doubt:
            continue
        kind = Kind.CAPITAL if any(city.capital for city in shared) else Kind.CITY
        if kind is Kind.CITY and shared[0].anglo and key not in traps["strong"] and not _UNSPACED.search(key):
            kind = Kind.WEAK
        table.add(key, doubt or kind, _homes(shared))


def _doubt(key: str, traps: dict[str, set[str]]) -> Kind | None:
    return Kind.UNSURE if key in traps["unsure"] else Kind.WEAK if key in traps["weak"] else None


def _homes(shared: list[sources.City]) -> list[str]:
    """The countries of towns of one name, largest first; towns a sixth of its size or smaller do not compete."""
    ranked = sorted(shared, key=lambda city: (-city.capital, -city.population))
    rivals = [city.country for city in ranked if city.population * 6 >= ranked[0].population]
    return list(dict.fromkeys(rivals))[:3]


def _city_spellings(city: sources.City) -> set[str]:
    """The spellings worth having: all scripts for large cities, the name itself for the rest."""
    large = city.population >= (100_000 if city.capital else _MILLION)
    found = {city.name}
    for name in city.names:
        letter = name[0]
        if _HAN.fullmatch(name):
            keep = len(name) >= 3 or (city.country == "CN" and city.population >= _MILLION and len(name) == 2)
        elif "\u0400" <= letter <= "\u04ff":
            keep = len(name) >= 4 and city.population >= 300_000
            found |= forms.russian(name) if keep else set()
        elif _arabic(name):
            keep = len(name) >= (4 if large else 5) and (city.population >= 300_000 or city.capital or city.fragile)
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
    for row in sources.additions("waters"):
        for name in row["names"]:
            table.add(name, Kind.WATER if row["countries"] else Kind.NOWHERE, row["countries"])


def _short(table: Table) -> None:
    own = sources.additions("short_zh")
    letters = own["countries"]
    for letter, code in letters.items():
        made = [(letter + actor, Kind.SEAT) for actor in own["actors"]]
        made += [(towards + letter, Kind.SHORT) for towards in own["towards"]]
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
    for form in sorted(forms.russian(name)) if cyrillic else [name]:
        table.add(form, kind, codes)


if __name__ == "__main__":
    print(f"{TABLE.name}: {write()} bytes")
    print(f"{country.TABLE.name}: {country.write_names()} bytes")
