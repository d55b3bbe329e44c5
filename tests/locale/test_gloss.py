"""Glosses in words of both languages."""

import logging

import pytest

from scoring.category import SUBTYPES
from scoring.indicator_files import table
from service.locale.catalogue import Catalogue
from service.locale.gloss import both, glossed

WORDS = Catalogue()
HELD = {"labels": ["security", "political"], "subtypes": ["unrest"], "countries": ["PE"]}


def test_a_title_is_glossed_for_whoever_does_not_know_its_language() -> None:
    title = "Al menos 3 muertos en protestas en Lima"
    assert glossed(WORDS, "zh", title, "es", **HELD) == "西班牙文 · 秘鲁 · 利马 · 骚乱 · 政治 · 至少3人死亡"
    assert glossed(WORDS, "en", title, "es", **HELD) == "Spanish · Peru · Lima · unrest · Political · at least 3 dead"
    assert glossed(WORDS, "zh", "秘鲁三人死亡", "zh", **HELD) == ""
    assert both(WORDS, "秘鲁3人死亡", "zh", **HELD) == {
        "zh": None,
        "en": "Chinese · Peru · unrest · Political · 3 dead",
    }


def test_a_brief_one_leaves_out_what_stands_beside_it() -> None:
    assert glossed(WORDS, "zh", "Protestas en Lima", "es", brief=True, **HELD) == "西班牙文 · 利马 · 骚乱"
    assert glossed(WORDS, "zh", "Protestas", "es", brief=True, labels=["political"], countries=["PE"]) == ""


@pytest.mark.parametrize(
    ("title", "language", "lang", "said"),
    [
        ("Fine of $3 billion", "en", "zh", "$30亿"),
        ("罚款3.5亿欧元", "zh", "en", "350 million euros"),
        ("约20亿美元", "zh", "en", "about 2 billion US dollars"),
        ("Más de 20.000 heridos", "es", "en", "at least 20,000 injured"),
        ("7.2级地震", "zh", "en", "earthquake of magnitude 7.2"),
    ],
)
def test_numbers_are_written_as_in_the_readers_language(title: str, language: str, lang: str, said: str) -> None:
    assert said in glossed(WORDS, lang, title, language, labels=["security"], countries=["XK"]).split(" · ")


def test_a_language_that_the_catalogue_does_not_name_has_the_name_of_cldr() -> None:
    assert glossed(WORDS, "en", "x", "ckb", countries=["IQ"]).startswith("Central Kurdish · Iraq")
    assert glossed(WORDS, "en", "x", "qqx", countries=["IQ"]).startswith("qqx · ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_has_words(lang: str, caplog: pytest.LogCaptureFixture) -> None:
    raw = table("gloss")
    codes = [f"severity.{code}" for code in raw["signs"]]
    codes += [f"gloss.{concept}" for concepts in raw["concepts"].values() for concept in concepts]
    codes += [
        "gloss.freed",
        "gloss.relief",
        "gloss.talk",
        "urgency.anniversary",
        *(f"certainty.{c}" for c in ("retracted", "denied")),
    ]
    with caplog.at_level(logging.WARNING):
        assert all(WORDS.say(code, lang) != code for code in codes)
    assert not caplog.records
    assert set(raw["concepts"]) <= set(SUBTYPES)
