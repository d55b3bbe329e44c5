"""Words that counted, marked in the text: no letter is changed, none is torn, whatever the script."""

import re
import time
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.locale.catalogue import Catalogue
from service.notify.text import clean
from service.web.shown.carried import Carried, carried
from service.web.shown.row import Telling

TELLING = Telling(Catalogue(), "en", datetime(2026, 11, 21, 9, 40, tzinfo=UTC), {})
KINDS = ("category", "subtype", "country", "severity", "urgency", "certainty", "concern")


def reason(kind: str, words: str, code: str = "severity.dead", value: str = "12") -> dict[str, Any]:
    return {"kind": kind, "code": code, "value": value, "words": words, "weight": 1.0}


def bare(html: str) -> str:
    return unescape(re.sub(r"</?mark[^>]*>", "", html))


def marks(html: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"<mark[^>]*>(.*?)</mark>", html)]


@settings(deadline=None)  # the first one reads the names of countries
@given(st.text(max_size=60), st.text(max_size=120), st.lists(st.tuples(st.sampled_from(KINDS), st.text(max_size=8))))
def test_no_letter_is_changed_and_no_other_tag_comes_in(title: str, text: str, said: list[tuple[str, str]]) -> None:
    title, text = clean(title), clean(text)
    shown = carried(title, text, len(text) // 2, [reason(kind, words) for kind, words in said], TELLING)
    assert bare(shown.title) == title
    assert bare(shown.start) + bare(shown.rest) == text
    for html in (shown.title, shown.start, shown.rest):
        assert "<" not in re.sub(r'<mark class="[a-z -]*" title="[^<>"]*">|</mark>', "", html)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("🚒🔥 12 dead near Niamey", "12 dead", ["12 dead"]),
        ("医院方面称至少12人死亡。", "12人死亡", ["12人死亡"]),
        ("مقتل 12 شخصا في الهجوم", "مقتل 12", ["مقتل 12"]),
        ("cafe\u0301 bombed", "cafe", ["cafe\u0301"]),
        ("👩🏽\u200d🚒 hurt", "👩", ["👩🏽\u200d🚒"]),
        ('a <b>& "12" dead', '<b>& "12"', ['<b>& "12"']),
        ("no such words", "Niamey", []),
        ("I am one", "I", []),
        ("死者", "死", ["死"]),
    ],
)
def test_where_words_stand(text: str, words: str, marked: list[str]) -> None:
    shown = carried("", text, len(text), [reason("severity", words)], TELLING)
    assert marks(shown.start) == marked
    assert shown.kinds == (("severity",) if marked else ())


def test_what_overlaps_bears_both_and_a_cut_tears_no_mark_open() -> None:
    said = [reason("severity", "12 dead in riot"), reason("category", "riot in Lagos", "category.words", "security")]
    shown = carried("", "Now 12 dead in riot in Lagos", 15, said, TELLING)
    assert marks(shown.start) == ["12 dead in "]
    assert marks(shown.rest) == ["riot", " in Lagos"]
    assert 'class="carried carried-category carried-severity"' in shown.rest
    assert shown.kinds == ("category", "severity")


def test_the_title_comes_before_the_text() -> None:
    shown = carried("12 dead", "12 dead", 7, [reason("severity", "12 dead")], TELLING)
    assert (marks(shown.title), marks(shown.start)) == (["12 dead"], [])


def test_sixty_long_reports_are_marked_within_ten_milliseconds_each() -> None:
    text = "Residents reported sustained gunfire before dawn. " * 60
    said = [reason(kind, f"word {number} {kind}") for number in range(6) for kind in KINDS]
    said += [reason("severity", "gunfire before dawn"), reason("country", "Residents")]

    def once() -> Carried:
        return carried("Gunfire in the capital", text[:3000], 700, said, TELLING)

    once()
    begun = time.perf_counter()
    for _ in range(20):
        once()
    assert (time.perf_counter() - begun) / 20 < 0.01
