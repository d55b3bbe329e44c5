"""Severity and urgency of own sentences, with traps, and properties over any text."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assessment import ReasonKind
from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.impact_words import LEDE
from scoring.indicator_files import table
from service.locale.catalogue import Catalogue
from tests.scoring.judging import FINANCIAL, NOW, POLITICAL, SECURITY, codes, judge


def test_nothing_without_a_label() -> None:
    impact = judge("12 killed in blast", labels=())
    assert impact.severity == 0
    assert codes(impact, ReasonKind.SEVERITY) == set()


@pytest.mark.parametrize(
    ("title", "low", "high"),
    [
        ("3 killed in village attack", 0.5, 0.62),
        ("19 killed in village attack", 0.5, 0.62),
        ("20 killed in village attack", 0.75, 0.9),
        ("199 killed in village attack", 0.75, 0.9),
        ("200 killed in village attack", 1.0, 1.0),
        ("袭击造成数十人死亡", 0.75, 0.9),
        ("地震致三百余人遇难", 1.0, 1.0),
        ("Sismo deja cientos de muertos", 1.0, 1.0),
        ("Сотни погибших при наводнении", 1.0, 1.0),
        ("عشرات القتلى في غارة", 0.75, 0.9),
        ("Magnitude 7.4 earthquake strikes coast", 0.7, 0.85),
        ("里氏4.3级地震 无人员伤亡", 0.2, 0.5),
        ("Minor blaze in warehouse, no casualties", 0.2, 0.4),
    ],
)
def test_severity_follows_the_guide(title: str, low: float, high: float) -> None:
    assert low <= judge(title).severity <= high


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        ((POLITICAL,), "Soldiers announce coup on state television"),
        ((POLITICAL,), "军人宣布政变 总统被扣押"),
        ((POLITICAL,), "Golpe de Estado: militares toman el palacio"),
        ((POLITICAL,), "Coup d'État : l'armée prend le pouvoir"),
        ((POLITICAL,), "Военный переворот: президент арестован"),
        ((POLITICAL,), "انقلاب عسكري يطيح بالرئيس"),
        ((POLITICAL,), "President declares martial law"),
        ((FINANCIAL,), "Central bank imposes capital controls"),
        ((FINANCIAL,), "央行实施外汇管制"),
        ((FINANCIAL,), "Government defaults on foreign debt"),
        ((FINANCIAL,), "Дефолт: министерство прекращает выплаты"),
    ],
)
def test_official_measures_are_major(labels: tuple[Category, ...], title: str) -> None:
    assert judge(title, labels=labels).severity >= 0.74


@pytest.mark.parametrize(
    ("labels", "title", "most"),
    [
        ((POLITICAL,), "Thousands march in anti-coup protest", 0.6),
        ((POLITICAL,), "Court opens coup trial of former general", 0.6),
        ((POLITICAL,), "Army denies coup", 0.5),
        ((POLITICAL,), "军方否认政变", 0.5),
        ((SECURITY,), "Default browser flaw found", 0.6),
        ((POLITICAL,), "Ministers discuss tariff plan", 0.45),
    ],
)
def test_words_that_only_sound_grave(labels: tuple[Category, ...], title: str, most: float) -> None:
    assert judge(title, labels=labels).severity <= most


def test_subtypes_of_labels_weigh_and_others_do_not() -> None:
    coup = judge("Officers seize palace", labels=(POLITICAL,), subtypes=("coup",))
    assert coup.severity >= 0.85
    assert judge("Officers seize palace", labels=(POLITICAL,), subtypes=("kidnapping",)).severity < 0.6
    assert judge("Army denies coup", labels=(POLITICAL,), subtypes=("coup",)).severity <= 0.5


def test_a_running_toll_weighs_less_than_the_days_own() -> None:
    assert judge("900 killed since the war began").severity < judge("900 killed in one night").severity


def test_victims_of_an_anniversary_are_past() -> None:
    impact = judge("Anniversary of quake that left 22,000 dead")
    assert impact.severity < 0.65
    assert impact.urgency == 0
    assert "urgency.anniversary" in codes(impact, ReasonKind.URGENCY)
    assert judge("Police arrest dozens on coup anniversary", labels=(POLITICAL,)).urgency > 0


@pytest.mark.parametrize(
    ("title", "low", "high"),
    [
        ("Attack imminent, embassy warns", 1.0, 1.0),
        ("即将登陆：强台风逼近", 1.0, 1.0),
        ("Fighting continues in capital", 0.9, 0.9),
        ("冲突仍在持续", 0.9, 0.9),
        ("Продолжаются бои за город", 0.9, 0.9),
        ("Huelga general mañana", 0.8, 0.8),
        ("Grève prévue la semaine prochaine", 0.6, 0.6),
        ("New tax rule next year", 0.3, 0.3),
        ("10周年纪念活动举行", 0.0, 0.0),
        ("Blast at market", 0.7, 0.7),
    ],
)
def test_urgency(title: str, low: float, high: float) -> None:
    assert low <= judge(title).urgency <= high


def test_old_items_are_less_urgent_and_future_dates_are_not_believed() -> None:
    def aged(days: int) -> float:
        return judge("Blast at market", published=NOW - timedelta(days=days)).urgency

    assert aged(0) == aged(-30) == 0.7
    assert aged(0) > aged(5) > aged(20) > aged(100) > 0
    assert judge("Blast at market", published=None).urgency == 0.7


def test_every_reason_has_its_words_in_both_languages() -> None:
    words = Catalogue()
    measures, manner = table("measures"), table("manner")
    known = [f"severity.{code}" for group in ("least", "shift") for code in measures[group]]
    known += [f"urgency.{code}" for code in manner["urgency"]]
    known += [f"concern.{code}" for code in ("nationals", "companies", "mission")]
    known += [
        f"severity.{kind}{end}"
        for kind in ("dead", "injured", "missing", "taken", "displaced")
        for end in ("", "_some")
    ]
    assert [key for key in known if not words.has(key)] == []


def test_every_kind_has_a_prior() -> None:
    priors = table("priors")
    assert set(priors["subtypes"]) == set(SUBTYPES)
    assert set(priors["categories"]) == {category.value for category in CATEGORIES}
    for pair in priors["pairs"]:
        assert set(pair.split()) <= set(priors["categories"])


_PIECES = st.sampled_from(
    [
        "12 ",
        "killed ",
        "造成",
        "29人",
        "死亡",
        "，",
        "reportedly ",
        "مقتل ",
        "عشرات ",
        "погибли ",
        "$",
        "coup ",
        "denies ",
        "数",
        "万",
    ]
)


@settings(max_examples=150)
@given(
    st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=20).map("".join)),
    st.text(max_size=200),
    st.lists(st.sampled_from(CATEGORIES), unique=True),
    st.sampled_from("ABCDEFx"),
)
def test_any_text_is_weighed_and_spans_are_verbatim(title: str, text: str, labels: list[Category], letter: str) -> None:
    impact = judge(title, text, tuple(labels), reliability=letter)
    words = f"{title}\n{text[:LEDE]}"
    for value in (impact.severity, impact.urgency, impact.certainty):
        assert 0 <= value <= 1
    for reason in impact.reasons:
        assert reason.words in words
        assert "." in reason.code


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.sampled_from(["{} killed in attack", "{}人死亡", "Mueren {} personas"]),
)
def test_more_dead_are_never_less_severe(one: int, other: int, form: str) -> None:
    low, high = sorted((one, other))
    assert judge(form.format(low)).severity <= judge(form.format(high)).severity
