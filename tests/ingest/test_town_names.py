"""Towns with a name in both languages, found by any spelling."""

import pytest

from ingest.place.gazetteer import table
from ingest.place.town_names import town, town_name


@pytest.mark.parametrize(
    ("country", "words", "english", "chinese"),
    [
        ("PE", "Lima", "Lima", "利马"),
        ("PE", "利馬", "Lima", "利马"),
        ("UA", "Киеве", "Kyiv", "基辅"),
        ("UA", "كييف", "Kyiv", "基辅"),
        ("CN", "Pekín", "Beijing", "北京"),
        ("SD", "بالخرطوم", "Khartoum", "喀土穆"),
        ("NG", "Lagos", "Lagos", "拉各斯"),
        ("CD", "戈马", "Goma", "戈马"),
        ("EG", "LE CAIRE", "Cairo", "开罗"),
    ],
)
def test_a_town_has_both_names(country: str, words: str, english: str, chinese: str) -> None:
    assert town(country, words) == english
    assert town_name(country, english, "zh") == chinese
    assert town_name(country, english, "en") == english


@pytest.mark.parametrize(
    ("country", "words"),
    [("CL", "Lima"), ("US", "Moscow"), ("SG", "Singapore"), ("PA", "Panamá"), ("XX", "Lima"), ("PE", ""), ("PE", "，")],
)
def test_what_is_not_sure_is_no_town(country: str, words: str) -> None:
    assert town(country, words) is None


def test_no_two_towns_of_a_country_bear_one_chinese_name() -> None:
    for country, told in table()["towns"].items():
        chinese = list(told["names"].values())
        assert len(chinese) == len(set(chinese)), country


def test_a_capital_does_not_take_the_name_of_another_town() -> None:
    assert town("BI", "Bujumbura") == "Bujumbura"
    assert town_name("BI", "Gitega", "zh") == "Gitega"
    assert town_name("PS", "East Jerusalem", "zh") == "East Jerusalem"
