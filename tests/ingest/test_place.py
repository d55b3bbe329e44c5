"""The place table: complete, stable, quick to ask, and clear when it is missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.place import CODES, Kind, PlaceTableMissing, country, country_name, generate, places, simplified
from ingest.place.fold import fold
from ingest.place.forms import adjective, russian, russian_stem
from ingest.place.gazetteer import TABLE, table
from ingest.place.sources import LANGUAGES, cities


def kind_of(name: str) -> tuple[Kind, tuple[str, ...]] | None:
    shelves = places()
    for shelf in (shelves.words, shelves.small, shelves.han):
        if name in shelf:
            found = shelves.name(shelf[name])
            return found.kind, found.countries
    return None


def test_the_same_packages_give_the_same_bytes(tmp_path: Path) -> None:
    generate.write(tmp_path / "fresh.gz")
    assert (tmp_path / "fresh.gz").read_bytes() == TABLE.read_bytes(), "run `python -m ingest.place.generate`"


def test_a_missing_or_broken_table_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "broken.gz").write_bytes(b"not a table")
    (tmp_path / "cut.gz").write_bytes(TABLE.read_bytes()[:1000])
    for name in ("none.gz", "broken.gz", "cut.gz"):
        with pytest.raises(PlaceTableMissing, match=r"The place table is missing\. Run `make setup`\."):
            table(tmp_path / name)


def test_every_country_has_a_name_in_every_language() -> None:
    assert len(CODES) == len(set(CODES)) == 250
    for code in CODES:
        for language in LANGUAGES:
            assert country_name(code, language), (code, language)
        assert country(code).code == code
        assert set(country(code).neighbours) <= set(CODES)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("ML", "zh", "马里"),
        ("CI", "zh-TW", "象牙海岸"),
        ("CI", "zh_Hant_HK", "象牙海岸"),
        ("RU", "ar", "روسيا"),
        ("cd", "en", "DR Congo"),
        ("CD", "fr-CA", "Congo-Kinshasa"),
        ("BR", "pt_BR", "Brasil"),
        ("ML", "xx", "Mali"),
        ("ZZ", "zh", "ZZ"),
    ],
)
def test_country_names(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name


def test_all_capitals_that_matter_stand_in_the_table() -> None:
    with_city = {city.country for city in cities() if city.capital}
    assert len(with_city) > 200
    for code, name in [("ML", "巴马科"), ("SD", "喀土穆"), ("US", "华盛顿"), ("KZ", "阿斯塔纳"), ("ZW", "哈拉雷")]:
        assert kind_of(name) == (Kind.CAPITAL, (code,))
    capitals = {"bamako": "ML", "khartoum": "SD", "kyiv": "UA", "ouagadougou": "BF", "n djamena": "TD"}
    for name, code in capitals.items():
        assert kind_of(name) == (Kind.CAPITAL, (code,)), name


@pytest.mark.parametrize(
    ("name", "kind", "codes"),
    [
        ("索马里", Kind.COUNTRY, ("SO",)),
        ("寮国", Kind.COUNTRY, ("LA",)),
        ("刚果（金）", Kind.COUNTRY, ("CD",)),
        ("霍尔木兹海峡", Kind.WATER, ()),
        ("strait of hormuz", Kind.WATER, ()),
        ("red sea", Kind.WATER, ()),
        ("红海", Kind.WATER, ()),
        ("苏伊士运河", Kind.WATER, ("EG",)),
        ("国务院", Kind.BODY, ("CN",)),
        ("旺角", Kind.REGION, ("HK",)),
        ("quindio", Kind.REGION, ("CO",)),
        ("guinea pig", Kind.NOWHERE, ()),
        ("kremlin", Kind.SEAT, ("RU",)),
        ("drc", Kind.ACRONYM, ("CD",)),
        ("россии", Kind.COUNTRY, ("RU",)),
        ("китайских", Kind.ADJECTIVE, ("CN",)),
        ("norwegian", Kind.PEOPLE, ("NO",)),
        ("nice", Kind.WEAK, ("FR",)),
        ("俄军", Kind.SEAT, ("RU",)),
        ("俄乌", Kind.SHORT, ("RU", "UA")),
    ],
)
def test_names_have_their_kind(name: str, kind: Kind, codes: tuple[str, ...]) -> None:
    assert kind_of(name) == (kind, codes)


@pytest.mark.parametrize("word", ["mobile", "of", "man", "和平", "天府", "santos"])
def test_common_words_that_are_towns_are_left_out(word: str) -> None:
    found = kind_of(word)
    assert found is None or found[0] not in (Kind.CITY, Kind.CAPITAL)


@pytest.mark.parametrize(
    ("code", "point"),
    [("US", (38.895, -77.036)), ("CR", (9.934, -84.085)), ("BO", (-16.5, -68.15)), ("KZ", (51.18, 71.446))],
)
def test_the_capital_is_the_large_town_of_that_name(code: str, point: tuple[float, float]) -> None:
    found = country(code).point
    assert found is not None
    assert found == pytest.approx(point, abs=0.1)


def test_a_town_is_found_before_one_that_is_only_spelt_so() -> None:
    table = places()
    delhi = table.name(table.words["delhi"])
    assert delhi.countries == ("IN",), "Dili is Delhi too, in some languages"
    assert delhi.points == ((28.652, 77.231),)


def test_small_russian_towns_are_known_by_their_stem() -> None:
    table = places()
    assert russian_stem("будве") == russian_stem("будва") == "будв"
    assert table.name(table.stems["будв"]).countries == ("ME",)


def test_spellings_fold_together() -> None:
    assert fold("Türkiye") == "turkiye"
    assert fold("Đà") == "da"
    assert fold("إيران") == fold("ایران") == "ايران"
    assert fold("Йемен")[0] == "й", "й is a letter, not an accent"
    assert simplified("烏克蘭戰爭") == "乌克兰战争"


def test_forms_of_words() -> None:
    assert {"россия", "россии", "россию"} <= russian("россия")
    assert "южной кореи" in russian("южная корея")
    assert {"chino", "china", "chinos", "chinas"} <= adjective("chino", "es")
    assert {"malien", "maliens", "malienne", "maliennes"} == adjective("malien", "fr")
    assert {"صيني", "الصينية"} <= adjective("صين", "ar")


@given(st.text())
def test_folding_never_fails_and_keeps_chinese_offsets(text: str) -> None:
    assert len(simplified(text)) == len(text)
    if text:
        fold(text)


@pytest.mark.parametrize(
    ("language", "noun", "code"),
    [
        ("en", "naira", "NG"),
        ("ru", "тенге", "KZ"),
        ("id", "rupiah", "ID"),
        ("fr", "hryvnia", "UA"),
        ("es", "bahts", ""),
    ],
)
def test_money_tells_whose_it_is(language: str, noun: str, code: str) -> None:
    shelves = places()
    index = shelves.money[language].get(noun)
    assert ("".join(shelves.name(index).countries) if index is not None else "") == code


@pytest.mark.parametrize("noun", ["real", "won", "yuan", "dollar", "peso", "euro", "добра"])
def test_money_that_is_a_word_or_everybodys_tells_nothing(noun: str) -> None:
    assert not any(fold(noun) in nouns for nouns in places().money.values())


def test_lesser_towns_of_a_name_are_known_by_their_lands() -> None:
    others = places().others
    assert "MX" in others["cordoba"].split()
    assert "LB" in others["的黎波里"].split()
    assert set(" ".join(others.values()).split()) <= set(CODES)


def test_a_body_of_capitals_is_marked() -> None:
    shelves = places()
    assert shelves.name(shelves.words["nnpc"]).initials
    assert not shelves.name(shelves.words["petrobras"]).initials


def test_chinese_provinces_are_known() -> None:
    assert {"上奥地利州", "下加利福尼亚州"} <= set(places().han)
