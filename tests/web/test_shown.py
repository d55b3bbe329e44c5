"""The small parts that pages are made of: text from outside, times, languages, addresses."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.place.countries import CODES
from scoring.category import CATEGORIES
from service.errors import SetupError
from service.locale.catalogue import Catalogue
from service.web.assets import manifest
from service.web.filters import SINCE, STATES, Filters, read_filters
from service.web.language import choose
from service.web.shown.audit import facts_of
from service.web.shown.outside import direction, outside
from service.web.shown.powers import raised
from service.web.shown.rest import hidden_address
from service.web.shown.row import Telling, initials, why
from service.web.shown.times import deadline, moment, time_left
from service.web.visit import local

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
WORDS = Catalogue()


class Reader(HTMLParser):
    """Collects text and the tags that stand around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(max_size=400), st.one_of(st.none(), st.text(max_size=20)))
def test_text_from_outside_is_one_short_line_that_turns_nothing(text: str, language: str | None) -> None:
    shown = outside(text, language)
    assert len(shown.text) <= 300
    assert not set(shown.text) & set("\n\r\t\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f\u200b")
    assert shown.lang is None or shown.lang.replace("-", "").isalnum()
    assert shown.dir in ("ltr", "rtl", "auto")


def test_directions() -> None:
    assert [direction(tag) for tag in ("ar", "fa-IR", "zh-Hans", None)] == ["rtl", "rtl", "ltr", "auto"]


@given(st.text(max_size=60))
def test_nobody_is_sent_elsewhere(path: str) -> None:
    found = local(path)
    assert found.startswith("/")
    assert not found.startswith("//")
    assert urlsplit(found).netloc == ""


@given(
    st.sets(st.sampled_from([1, 2, 3, 4])),
    st.sampled_from(STATES),
    st.sets(st.sampled_from([*CODES]), max_size=5),
    st.sampled_from([None, *(key.value for key in CATEGORIES)]),
    st.sampled_from(SINCE),
)
def test_filters_go_into_an_address_and_back(
    levels: set[int], state: str, countries: set[str], category: str | None, since: str
) -> None:
    asked = Filters(tuple(sorted(levels)), state, tuple(sorted(countries)), category, since=since)
    assert read_filters(parse_qsl(urlsplit(asked.href()).query)) == asked


def test_of_a_level_or_a_country_several_are_asked_for_and_taken_away_again() -> None:
    asked = Filters().toggled("level", 2).toggled("level", "1").toggled("country", "NE").toggled("country", "ML")
    assert asked.href() == "/?level=1&level=2&country=ML&country=NE"
    assert asked.toggled("level", 2).toggled("country", "ML").href() == "/?level=1&country=NE"
    assert asked.toggled("state", "open").toggled("state", "open") == asked


@given(st.dictionaries(st.sampled_from(["level", "state", "country", "category", "since"]), st.text(max_size=12)))
def test_nonsense_asks_for_nothing_that_is_not_there(query: dict[str, str]) -> None:
    asked = read_filters(query.items())
    assert {*asked.level} <= {1, 2, 3, 4}
    assert {*asked.country} <= {*CODES}
    assert asked.since in SINCE


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("zh", "en", "en", "zh"),
        (None, "zh", "en", "zh"),
        ("xx", None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "fr,en;q=0.5,zh;q=0.4", "en"),
        (None, None, "zh;q=x,en;q=0.1", "en"),
        (None, None, None, "en"),
    ],
)
def test_languages(query: str | None, cookie: str | None, accept: str | None, language: str) -> None:
    assert choose(query, cookie, accept) == language


@pytest.mark.parametrize(
    ("gone", "en", "alone", "zh"),
    [
        (timedelta(seconds=20), "now", "now", "刚刚"),
        (timedelta(minutes=12), "12 min ago", "12 min", "12 分钟前"),
        (timedelta(hours=47), "47 h ago", "47 h", "47 小时前"),
        (timedelta(days=3), "3 d ago", "3 d", "3 天前"),
        (-timedelta(minutes=5), "in 5 min", "in 5 min", "5 分钟后"),
        (timedelta(days=90), "2026-08-23", "2026-08-23", "2026-08-23"),
    ],
)
def test_ages(gone: timedelta, en: str, alone: str, zh: str) -> None:
    shown = [moment(NOW - gone, NOW, WORDS, language) for language in ("en", "zh")]
    assert [(one.ago, one.age) for one in shown if one] == [(en, alone), (zh, zh)]


@pytest.mark.parametrize(
    ("left", "en", "zh"),
    [
        (timedelta(minutes=12), "12 min left to acknowledge", "距确认时限还有 12 分钟"),
        (timedelta(seconds=40), "due now", "刚到时限"),
        (timedelta(), "due now", "刚到时限"),
        (-timedelta(seconds=40), "due now", "刚到时限"),
        (-timedelta(hours=3), "3 h past the deadline", "已超过确认时限 3 小时"),
    ],
)
def test_a_deadline_in_words(left: timedelta, en: str, zh: str) -> None:
    assert [time_left("web.deadline", NOW + left, NOW, WORDS, lang) for lang in ("en", "zh")] == [en, zh]


def _reason(kind: str, code: str, value: str = "", words: str = "") -> dict[str, object]:
    return {"kind": kind, "code": code, "value": value, "words": words, "weight": 0.5}


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (
            [
                _reason("severity", "severity.learnt", "3.1"),
                _reason("severity", "severity.dead", "12", "douze"),
                _reason("urgency", "urgency.ongoing"),
            ],
            "12 dead; going on now; similar texts: severity 3.1 of 4",
        ),
        (
            [
                _reason("severity", "severity.category", "security"),
                _reason("severity", "severity.learnt", "1.7"),
                _reason("urgency", "urgency.ongoing"),
                _reason("category", "category.words", "security", "hospitals"),
            ],
            "says “hospitals”; going on now; similar texts: severity 1.7 of 4",
        ),
        ([_reason("severity", "severity.learnt", "0.9")], "similar texts: severity 0.9 of 4"),
    ],
)
def test_a_row_says_what_can_be_pointed_at_before_what_was_learnt(reasons: list[dict[str, object]], told: str) -> None:
    assert why(reasons, Telling(WORDS, "en", NOW, {})) == told


@given(st.integers(-5000, 5000), st.integers(1, 5000))
def test_a_ring_only_ever_empties(passed: int, given_minutes: int) -> None:
    by = NOW + timedelta(minutes=given_minutes)
    at = NOW + timedelta(minutes=passed)
    now, later = (deadline(by, NOW, moment_, WORDS, "en") for moment_ in (at, at + timedelta(minutes=1)))
    assert now is not None
    assert later is not None
    assert 100 >= now.left >= later.left >= 0
    assert now.over == (now.left == 0)


def test_addresses_with_tokens_are_not_shown() -> None:
    assert hidden_address("slack", "https://u:p@hooks.example/services/T0/B0/secret") == "hooks.example/…"
    assert hidden_address("mail", "desk@example.org") == "desk@example.org"
    assert hidden_address("webhook", "nonsense") == "…"


def test_initials() -> None:
    assert [initials(name) for name in ("Central lead", "africa-lead", "总部总负责人", "")] == ["CL", "AL", "总部", ""]


def test_assets_that_were_never_built(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="Run `make setup`"):
        manifest(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [("a^0.35 × b", "a⁰·³⁵ × b"), ("a^1 × b^1.2.", "a × b¹·²."), ("a^10", "a¹⁰"), ("no power", "no power"), ("^", "^")],
)
def test_a_power_is_written_on_high_and_the_first_one_not_at_all(text: str, told: str) -> None:
    assert raised(text) == told


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["Entry", "Silence", "Alert 8", "changed", "12 dead (“douze”)", "Without al-fanar: level II"]),
        ("zh", ["已成条目", "静默", "预警 8", "更新", "12人死亡（“douze”）", "若无 al-fanar 的报道：II 级"]),
    ],
)
def test_an_audit_says_values_and_reasons_in_words(lang: str, told: list[str]) -> None:
    reason = {"kind": "severity", "code": "severity.dead", "value": "12", "words": "douze", "weight": 0.8}
    without = {"kind": "certainty", "code": "counter.without.2", "value": "al-fanar", "words": "", "weight": 1.0}
    detail = {
        "state": "accepted",
        "kind": "silence",
        "cause": "alert:8",
        "change": "update",
        "reasons": [reason],
        "otherwise": [without],
    }
    assert [value for _, value, _ in facts_of(detail, Telling(WORDS, lang, NOW, {}))] == told
