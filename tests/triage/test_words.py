"""The words by which texts are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.words import LONGEST, MOST_ASKED, Question, fold, question_of, words_of

SCRIPTS = st.text(st.sampled_from("abc ÄéЖ苏丹港口ナイก่ا١2-'\"*():&|!\\\x00\u200b\u202e😀"), max_size=60)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Port Sudan, port sudan!", ["port", "sudan"]),
        ("苏丹港口", ["苏丹", "丹港", "港口", "口"]),
        ("Élan ＡＢＣ", ["elan", "abc"]),
        ("在Rabak的煤", ["在", "rabak", "的煤", "煤"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of([text]) == words


def test_questions() -> None:
    assert question_of("sudan po") == Question(("sudan", "po"))
    assert question_of("sudan port") == Question(("sudan",), "port")
    assert question_of("sudan port ") == Question(("sudan", "port"))
    assert question_of("苏丹港") == Question(("苏丹", "丹港"))
    assert question_of("煤") == Question((), "煤")
    assert question_of(" … ").empty


@given(SCRIPTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(SCRIPTS, SCRIPTS, SCRIPTS)
def test_a_part_of_a_text_between_spaces_is_found_in_it(before: str, part: str, after: str) -> None:
    held = set(words_of([f"{before} {part} {after}"]))
    asked = question_of(part)
    assert len(asked.whole) <= MOST_ASKED
    assert set(asked.whole) <= held
    assert asked.begun is None or any(word.startswith(asked.begun) for word in held)
    assert all(0 < len(word) <= LONGEST and word.isalnum() for word in held)
