"""Copies of one telling."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.same import same_origin
from tests.scoring.happenings import ROWS

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
