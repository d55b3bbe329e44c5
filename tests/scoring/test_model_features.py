"""Words, concepts and their places."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.category import Category
from scoring.explain import explain
from scoring.features import Text, bag, bags, grams
from scoring.model import Model, load
from scoring.signals import parse, signals
from scoring.words import normalise, words


def keys(text: str) -> set[str]:
    return {gram.key for gram in grams(normalise(text))}


def concepts(text: str) -> set[str]:
    return {key[1:] for key in keys(text) if key.startswith("§")}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("US adds chipmakers to Entity List", "sanctions"),
        ("美國將晶片企業列入實體清單", "sanctions"),
        ("Правительство ввело санкции", "sanctions"),
        ("وزارة الخزانة تفرض عقوبات", "sanctions"),
        ("Đình công tại nhà máy", "strike_work"),
        ("بندرگاہ پر ہڑتال", "strike_work"),
        ("अस्पताल में हैजा फैला", "epidemic"),
        ("စစ်ကောင်စီ အာဏာသိမ်း", "coup"),
        ("Wafanyakazi wagoma bandarini", "strike_work"),
        ("Golpe de Estado en marcha", "coup"),
        ("کودتا در پایتخت", "coup"),
        ("Grève générale au port", "strike_work"),
    ],
)
def test_a_concept_is_found_in_every_language(text: str, concept: str) -> None:
    assert concept in concepts(text)


def test_traditional_and_simplified_are_the_same_words() -> None:
    assert keys("經濟衰退與貿易戰") == keys("经济衰退与贸易战")


def test_burmese_is_cut_into_syllables_not_into_marks() -> None:
    assert {"မြန်", "မာ", "မြန်မာ"} <= keys("မြန်မာ")


def test_hindi_words_stay_whole() -> None:
    assert [word.key for word in words("हड़ताल से बंद")] == ["हड़ताल", "से", "बंद"]


def test_numbers_are_known_by_their_length() -> None:
    assert keys("killed 37 people") == keys("killed 64 people")
    assert keys("killed 37 people") != keys("killed 370 people")


def test_a_phrase_needs_all_its_words_and_beginnings_match_only_where_starred() -> None:
    found = parse("# a comment\nlist: entity list, sanction*, coup\n")
    assert [w.key for w in found.in_words(list(words("the entity list of sanctions")))] == ["list", "list"]
    assert list(found.in_words(list(words("entity of coupons list")))) == []


def test_every_concept_of_the_list_can_be_found() -> None:
    known = {p.concept for table in (signals().exact, signals().stems) for ps in table.values() for p in ps}
    assert len(known) > 60
    assert known >= {concept for found in signals().runs.values() for concept in found}


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_a_bag_of_unit_length(title: str, lede: str) -> None:
    weights = bag(Text(title, lede))
    assert sum(weight * weight for weight in weights.values()) == pytest.approx(1.0)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_bags_lie_end_to_end(titles: list[str]) -> None:
    rows = bags([Text(title) for title in titles])
    for i, title in enumerate(titles):
        part = slice(rows.starts[i], rows.starts[i + 1])
        assert rows.buckets[part].tolist() == list(bag(Text(title)))
    assert rows.starts[-1] == len(rows.buckets) == len(rows.values)


@given(st.text(max_size=120))
def test_grams_stand_inside_the_text(text: str) -> None:
    folded = normalise(text)
    assert all(0 <= gram.start < gram.end <= len(folded) for gram in grams(folded))


@cache
def shipped() -> Model:
    return load()


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=200))
def test_reasons_are_verbatim(title: str, lede: str) -> None:
    for reason in explain(Text(title, lede), shipped(), list(Category)):
        assert reason.words in title or reason.words in lede


def test_reasons_name_the_words_that_carried_it() -> None:
    model = load()
    (first, *_) = explain(Text("Ministers meet as factory owners default on BONDS"), model, [Category.FINANCIAL])
    assert first.code == "category.words"
    assert "default" in first.words
    assert first.weight > 0
    assert explain(Text("…"), model, [Category.LEGAL])[0].code == "category.meaning"
    assert explain(Text("anything"), model, []) == ()


def test_reasons_keep_their_place_where_folding_changes_the_length() -> None:
    title = "ﬁre: İstanbul port strike ½ sanctions"
    found = explain(Text(title), load(), [Category.LEGAL])
    assert "sanctions" in [reason.words.split()[-1] for reason in found if reason.words]
