"""Faults of files of rules are told in Chinese: every sentence that can be said of one, its advice, and where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.document import NOTHING, STRUCTURE
from service.locale.catalogue import SLOT, Catalogue
from service.locale.file_fault import STANDS_FOR, fault_told, located
from service.locale.refusal import refusal
from tests.locale.chinese import english
from tests.locale.said_in_source import UNFOLLOWED, places, sentences
from tests.web.tongues import HAN

CATALOGUE = Catalogue()
SENTENCES = sorted(set(sentences()))
PLACES = sorted({one for one in places() if one[1] != UNFOLLOWED})
OURS = [
    "clause",
    "of",
    "in",
    "level",
    "1",
    "title",
    "is",
    "empty",
    "has",
    "no",
    "English",
    "unknown",
    "stands",
    "twice",
]


def test_enough_was_found_to_mean_something() -> None:
    assert len([one for one in SENTENCES if one[0] == "what"]) > 120
    assert len([one for one in SENTENCES if one[0] == "advice"]) > 110
    assert len(PLACES) > 180


def test_what_stands_for_no_word_is_known_by_the_words_of_the_reader() -> None:
    assert set(STANDS_FOR) == {STRUCTURE, NOTHING}


@pytest.mark.parametrize("what", [text for kind, text in SENTENCES if kind == "what"])
def test_whatever_can_be_wrong_has_chinese_words(what: str) -> None:
    told = fault_told(CATALOGUE, what, "", "zh")
    assert told is not None
    assert HAN.search(told[0])
    assert told[0].endswith("。")
    assert english(told[0]) == []


@pytest.mark.parametrize("advice", [text for kind, text in SENTENCES if kind == "advice"])
def test_whatever_can_be_advised_has_chinese_words(advice: str) -> None:
    told = fault_told(CATALOGUE, "the file is empty", advice, "zh")
    assert told is not None
    assert HAN.search(told[1])
    assert told[1].endswith(("。", "？"))
    assert english(told[1]) == []


@pytest.mark.parametrize(("kind", "words"), PLACES)
def test_wherever_it_is_has_chinese_words(kind: str, words: str) -> None:
    what = {"table": f"{words} has no x1", "sort": f"unknown {words} x1", "spot": f"{words} is empty"}[kind]
    told = fault_told(CATALOGUE, what, "", "zh")
    assert told is not None
    assert english(told[0]) == []


@pytest.mark.parametrize("words", ["the moon is blue", "a fault that nobody translated", "unknown", "x1 x1", ""])
def test_what_nobody_translated_is_no_chinese(words: str) -> None:
    assert fault_told(CATALOGUE, words, "", "zh") is None
    assert fault_told(CATALOGUE, "the file is empty", words or "Paint it.", "zh") is None


def test_english_stays_as_it_is() -> None:
    assert fault_told(CATALOGUE, "the file is empty", "Keep one of them.", "en") is None


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("hold of clause POL-1 72 hours is not a time span", "条款 POL-1 的 hold“72 hours”不是时长。"),
        ("title of clause POL-1 in Chinese is empty", "条款 POL-1 的 title 的中文为空。"),
        ("hold of clause is zero", "条款的 hold 为零。"),
        ("the guideline has no version", "指引没有 version。"),
        ("weights is not a table of keys", "weights 不是由键和值组成的表。"),
        ("unknown on_holidays (a structure)", "“嵌套结构”不是可用的 on_holidays 值。"),
        ("threshold (nothing) is not a number", "阈值“空”不是数字。"),
        ("level 2 stands twice", "级别“2”出现了两次。"),
        ("region 萨赫勒 is not a list with at least one item", "地区“萨赫勒”不是至少有一项的列表。"),
        ("plans a and b both start for coup at level 1 in NE", "预案 a 与 b 同时适用于 NE 的 1 级 coup。"),
        ("condition `a` is not CEL (odd tokens at character 3)", "条件 `a` 不是 CEL（odd tokens，第 3 个字符）。"),
    ],
)
def test_keys_and_what_people_wrote_stay_as_they_are(what: str, told: str) -> None:
    assert fault_told(CATALOGUE, what, "", "zh") == (told, "")


@pytest.mark.parametrize(
    ("advice", "told"),
    [
        ("Use one of A b, c and 7 more.", "请使用其中之一：A b, c 等，另有 7 个。"),
        ("Did you mean 春节?", "是否指“春节”？"),
        ("Give a, b, one a line.", "请写 a, b，每行一个。"),
        ("Keep one of them.", "请只保留一处。"),
    ],
)
def test_advice_names_what_can_be_used(advice: str, told: str) -> None:
    assert fault_told(CATALOGUE, "the file is empty", advice, "zh") == ("文件为空。", told)


def test_a_fault_with_its_line_is_told_wherever_it_is_put() -> None:
    fault = "my file.yaml:12: this is not YAML (odd. Very odd). Check indentation, colons and quotes."
    told = "my file.yaml 第 12 行：这不是 YAML（odd. Very odd）。请检查缩进、冒号和引号。"
    assert located(CATALOGUE, fault, "zh") == told
    assert refusal(CATALOGUE, f"The guideline cannot be used: {fault}", "", "zh") == (f"指引无法使用：{told}", "")
    assert refusal(CATALOGUE, fault, "", "zh") == (told, "")
    assert located(CATALOGUE, fault, "en") is None
    assert located(CATALOGUE, "a:1: the moon is blue. Paint it.", "zh") is None
    assert located(CATALOGUE, "a:1: the file is empty.", "zh") == "a 第 1 行：文件为空。"


def test_every_message_has_a_pattern_of_its_own() -> None:
    """Two with the same words would be one and the same fault."""
    shapes = [SLOT.sub("{}", text) for key, text in CATALOGUE.texts("en").items() if key.startswith("file_fault.")]
    assert {shape for shape in shapes if shapes.count(shape) > 1} == set()


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_breaks_it(what: str, advice: str) -> None:
    told = fault_told(CATALOGUE, what, advice, "zh")
    assert told is None or len(told) == 2
    assert located(CATALOGUE, what, "zh") is None


@given(st.lists(st.sampled_from(OURS), max_size=60))
def test_nor_does_any_row_of_our_own_words(words: list[str]) -> None:
    told = fault_told(CATALOGUE, " ".join(words), "", "zh")
    assert told is None or HAN.search(told[0])
