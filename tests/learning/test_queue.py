"""What is worth a label, and how drift is told: pure choices, no database."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring.drift import Shift
from service.desk.drift import Drifted, window, word_of
from service.desk.queue import AGAIN, Why, choose, weigh
from service.store.learning import Read, Unjudged

KNOWN = {"en": 2000, "zh": 2000, "sw": 20}
CLEAR = {"security": 0.97, "political": 0.02, "legal": 0.01, "financial": 0.01, "reputational": 0.01}


def one(number: int = 1, **more: Any) -> Unjudged:
    values: dict[str, Any] = {
        "entry": number,
        "source": number,
        "event": None,
        "title": f"title {number}",
        "language": "en",
        "extra": {},
        "probabilities": CLEAR,
        "uncertain": (),
    }
    return Unjudged(**values | more)


def test_what_is_clear_asks_for_nothing() -> None:
    assert weigh(one(), KNOWN).worth == 0
    assert weigh(one(language="sw"), KNOWN).worth == 0
    assert choose([one()], KNOWN, 10) == []


def test_grounds_are_told() -> None:
    left = weigh(one(uncertain=["legal"], probabilities={**CLEAR, "legal": 0.45}), KNOWN)
    assert left.why == (Why("uncertain", "legal"),)
    near = weigh(one(probabilities={**CLEAR, "political": 0.55}), KNOWN)
    assert near.why == (Why("near", "political"),)
    rare = weigh(one(language="sw-KE", probabilities={**CLEAR, "political": 0.55}), KNOWN)
    assert rare.why == (Why("near", "political"), Why("language", "sw"))
    assert left.worth > near.worth < rare.worth


def test_a_document_that_declares_more_than_its_text_says() -> None:
    quiet = one(extra={"cap_severity": "Extreme", "cap_category": "Met"})
    assert weigh(quiet, KNOWN).why == (Why("declared", "security"),)
    loud = one(extra=quiet.extra, probabilities={**CLEAR, "security": 0.99})
    assert weigh(loud, KNOWN).worth == 0, "the text says it too"


def test_the_queue_is_spread_and_asks_nothing_twice() -> None:
    unsure = {"uncertain": ["legal"], "probabilities": {**CLEAR, "legal": 0.5}}
    many = [one(n, source=1, **unsure) for n in range(10)] + [one(20 + n, source=2, **unsure) for n in range(3)]
    assert Counter(n >= 20 for n in (pick.entry for pick in choose(many, KNOWN, 6))) == {True: 3, False: 3}
    same = [one(n, event=7, **unsure) for n in range(3)] + [one(n, title="t", **unsure) for n in (5, 6)]
    assert len(choose(same, KNOWN, 10)) == 2


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 1)), max_size=30), st.integers(1, 10))
def test_any_queue_is_short_and_the_first_is_worth_most(rows: list[tuple[int, float]], limit: int) -> None:
    many = [one(n, source=source, probabilities={**CLEAR, "legal": p}) for n, (source, p) in enumerate(rows)]
    picks = choose(many, KNOWN, limit)
    assert len(picks) <= limit
    assert len({pick.entry for pick in picks}) == len(picks)
    assert all(pick.worth > 0 for pick in picks)
    if picks:
        assert picks[0].worth == max(weigh(each, KNOWN).worth for each in many)
    assert 0 < AGAIN < 1


def test_windows_count_what_they_see() -> None:
    read = [Read("zh-Hans", "a", CLEAR, True, False), Read(None, "b", {**CLEAR, "security": 1.0}, False, True)]
    found = window(read)
    assert (found.entries, found.open, found.corrected) == (2, 0.5, 0.5)
    assert found.languages == {"zh": 1, "": 1}
    assert found.scores["security"] == {"9": 2}
    shifts = (None, Shift(0.05, 0), Shift(0.2, 0.01), Shift(0.3, 0.01), Shift(0.3, 0.4))
    assert [word_of(one) for one in shifts] == ["unknown", "steady", "shifting", "shifted", "steady"]
    assert Drifted(datetime.now(UTC), found, found, {}).lately is found
