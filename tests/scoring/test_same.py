"""Joining by likeness alone, in what `scoring.joint` does not reach or takes otherwise; and copies of one telling.

What holds of the joiner in use is held there (`test_joined.py`).
"""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.same import Candidate, join, same_origin
from tests.scoring.happenings import FIRST, NOW, ROWS, VECTORS, assessment, entry


def candidate(number: int) -> Candidate:
    row = ROWS[number]
    return Candidate(
        event=row["event"],
        vector=VECTORS[number],
        countries=tuple(row["countries"]),
        categories=tuple(row["categories"]),
        subtypes=tuple(row["subtypes"]),
        title=row["title"],
        language=row["lang"],
        last_seen=NOW - timedelta(hours=1),
    )


def test_tellings_find_their_happening_across_languages() -> None:
    candidates = [candidate(number) for number in FIRST.values()]
    right = wrong = missed = 0
    for number, row in enumerate(ROWS):
        if FIRST[row["event"]] != number:
            found = join(assessment(number), entry(number), candidates, NOW)
            right += found == row["event"]
            missed += found is None
            wrong += found not in (None, row["event"])
    assert wrong == 0
    assert right / (right + missed) >= 0.9, (right, missed)


def test_another_country_or_another_field_is_another_event() -> None:
    assert join(assessment(0), entry(0), [replace(candidate(0), countries=("ML",))], NOW) is None
    assert join(assessment(0), entry(0), [replace(candidate(0), categories=("legal",))], NOW) is None


def test_without_a_country_the_likeness_must_be_greater() -> None:
    assert join(assessment(0), entry(0), [replace(candidate(0), countries=())], NOW) == "coup-a"
    assert join(assessment(2), entry(2), [replace(candidate(3), countries=())], NOW) is None


def test_without_vectors_nothing_is_joined_and_nothing_breaks() -> None:
    blind = replace(assessment(0), vector=b"")
    assert join(blind, entry(0), [candidate(0)], NOW) is None
    assert join(assessment(0), entry(0), [replace(candidate(0), vector=b"")], NOW) is None
    assert join(assessment(0), entry(0), [], NOW) is None


COPIES = [
    ("Dam bursts in north, 40 missing", "", "Dam bursts in north; 40 missing", ""),
    ("巴基斯坦煤矿爆炸致12人遇难", "", "巴基斯坦煤矿爆炸 致12人遇难", ""),
    (
        "Port shut",
        "The port of Tarrin was shut on Monday after dockers walked out over unpaid wages, the union said, and ships "
        "are waiting outside the harbour.",
        "Dockers' walkout closes Tarrin harbour",
        "The port of Tarrin was shut on Monday after dockers walked out over unpaid wages, the union said. Ships are "
        "waiting outside the harbour.",
    ),
]
OWN_WORDS = [
    ("Dam bursts in north, 40 missing", "", "Dam bursts in north, 61 missing", ""),
    ("Dam bursts in north, 40 missing", "", "Forty people unaccounted for after dam failure", ""),
    ("巴基斯坦煤矿爆炸致12人遇难", "", "巴基斯坦一煤矿发生瓦斯爆炸", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize("pair", COPIES)
def test_copies_have_one_origin(pair: tuple[str, str, str, str]) -> None:
    assert same_origin(*pair)


@pytest.mark.parametrize("pair", OWN_WORDS)
def test_own_words_are_an_origin_of_their_own(pair: tuple[str, str, str, str]) -> None:
    assert not same_origin(*pair)


def test_no_two_invented_tellings_are_copies() -> None:
    copies = [pair for pair in combinations(ROWS, 2) if same_origin(pair[0]["title"], "", pair[1]["title"], "")]
    assert copies == []


@given(st.text(max_size=60), st.text(max_size=120), st.text(max_size=60), st.text(max_size=120))
def test_being_a_copy_goes_both_ways(a_title: str, a_text: str, b_title: str, b_text: str) -> None:
    assert same_origin(a_title, a_text, b_title, b_text) == same_origin(b_title, b_text, a_title, a_text)


@given(st.text(alphabet="abcdefgh 中国", min_size=3, max_size=60).filter(str.strip))
def test_everything_is_a_copy_of_itself(title: str) -> None:
    assert same_origin(title, "", title, "")
