"""Build the table of place names: `python -m ingest.place.generate`. The same packages give the same bytes."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from ingest.parsers import country
from ingest.place import forms, money, sources, town_sources
from ingest.place.building import UNSPACED, Table, Value, key_of
from ingest.place.fold import fold
from ingest.place.gazetteer import TABLE, Kind
from ingest.place.han import simplified
from ingest.place.rivals import rivals
from ingest.place.text import words_of
from ingest.place.towns import arabic, chinese, city_spellings, provinces, small_towns, towns


def build() -> dict[str, object]:
    """The whole table as plain data."""
    table = Table()
    for fill in _STEPS:
        fill(table)
    values = table.values()
    index = {value: number for number, value in enumerate(values)}
    return {
        "names": sources.territory_names(),
        "countries": sources.geography(),
        "towns": town_sources.build(city_spellings, key_of),
        "values": values,
        "others": dict(sorted(table.others.items())),
        "money": _numbered(table.money, index),
        "local": {
            language: {fold(name): index[(Kind.ACRONYM.value, code)] for code, names in row.items() for name in names}
            for language, row in sources.additions("names")["capitals_in"].items()
        },
        **{
            shelf: {key: index[value] for key, value in sorted(names.items())}
            for shelf, names in table.shelves().items()
        },
    }


def _numbered(shelves: Mapping[str, Mapping[str, Value]], index: Mapping[Value, int]) -> dict[str, dict[str, int]]:
    return {language: {key: index[value] for key, value in sorted(row.items())} for language, row in shelves.items()}


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
    english = {name for names in sources.additions("adjectives")["en"].values() for name in names.split()}
    table.add("中非", Kind.DOUBTFUL, ["CF"])
    for language, code, name in sources.spellings():
        words = words_of(name)
        if name in english:  # Israeli is what Swahili calls the land
            continue
        # A short word of one language is a common word of another: Áo (Austria), Ý (Italy).
        if not UNSPACED.search(name) and len(words) == 1 and len(fold(words[0])) < 4 and not arabic(name):
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


_LISTED = {  # our lists by what they hold
    Kind.REGION: ("regions", "sites", "provinces_ar"),
    Kind.SEAT: ("seats", "leaders"),
    Kind.BODY: ("bodies", "institutions"),
}


def _places(table: Table) -> None:
    for kind, lists in _LISTED.items():
        for code, name in _listed(lists):
            if kind is not Kind.BODY:
                _add_cases(table, name, kind, [code])
            else:
                table.add(name, Kind.INITIALS if name.isascii() and name.isupper() else kind, [code])
    for name in sources.states():
        table.add(name, Kind.REGION, ["US"])
    for row in sources.additions("waters"):
        for name in row["names"]:
            table.add(name, Kind.WATER, row["countries"])


def _listed(lists: Iterable[str]) -> Iterator[tuple[str, str]]:
    for part in lists:
        for code, names in sources.additions(part).items():
            for name in names:
                yield code, name


def _money(table: Table) -> None:
    for language, code, noun in money.notes():
        if UNSPACED.search(noun):
            table.add(noun, Kind.BODY, [code])
        elif key_of(noun) not in table.words and key_of(noun) not in table.small:
            table.add_money(language, noun, code)
    for code, name in money.peoples():
        table.add(name, Kind.PEOPLE, [code])


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


_STEPS = (_traps, _own_names, _countries, _adjectives, chinese, towns, _places, _short, provinces, small_towns, _money,
          rivals)  # fmt: skip

if __name__ == "__main__":
    print(f"{TABLE.name}: {write()} bytes")
    print(f"{country.TABLE.name}: {country.write_names()} bytes")
