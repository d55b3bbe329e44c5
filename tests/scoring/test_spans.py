"""Spans: the words of a reason where the reader finds them."""

from hypothesis import given
from hypothesis import strategies as st

from scoring.assessment import Reason, ReasonKind
from scoring.spans import TEXT, TITLE, Span, spans


def said(*words: str) -> list[Reason]:
    """Reasons with these words."""
    return [Reason(ReasonKind.CATEGORY, "category.words", "security", one) for one in words]


def test_the_title_comes_first_and_what_is_nowhere_has_no_span() -> None:
    found = spans(
        "Blast in Lomé", "The blast killed twelve in Lomé.", said("killed twelve", "Blast", "Lomé", "", "gas")
    )
    assert found == (Span(TITLE, 0, 5, 1), Span(TITLE, 9, 13, 2), Span(TEXT, 10, 23, 0))


@given(st.text("ab炸 ", max_size=30), st.text("ab炸 ", max_size=30), st.lists(st.text("ab炸 ", max_size=5), max_size=6))
def test_every_span_holds_its_words(title: str, text: str, words: list[str]) -> None:
    parts = {TITLE: title, TEXT: text}
    found = spans(title, text, said(*words))
    assert all(parts[span.part][span.start : span.end] == words[span.reason] for span in found)
