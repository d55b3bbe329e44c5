"""The contest: figures that can be counted by hand, and verdicts that follow from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from scoring.contest import Line, _above_guessing, _f1, _verdict


def line(name: str, difference: float, low: float, high: float, n: int = 200) -> Line:
    return Line(name, "all", "macro", 0.5, 0.5 + difference, difference, low, high, n)


GAIN = line("corrections", 0.2, 0.1, 0.3)
KEPT = line("fixed", 0.0, -0.005, 0.005)


@pytest.mark.parametrize(
    ("rows", "beyond", "judged", "code"),
    [
        ([KEPT, GAIN], GAIN, 200, "contest.better"),
        ([KEPT, GAIN], GAIN, 29, "contest.few"),
        ([KEPT], None, 0, "contest.few"),
        ([KEPT, line("corrections", 0.1, -0.01, 0.2)], GAIN, 200, "contest.no_gain"),
        ([KEPT, GAIN], line("corrections", 0.0, -0.1, 0.1), 200, "contest.guessed"),
        ([line("fixed", -0.011, -0.03, 0.01), GAIN], GAIN, 200, "contest.falls"),
        ([line("fixed", -0.004, -0.007, -0.001), GAIN], GAIN, 200, "contest.falls"),
        ([line("fixed", -0.009, -0.03, 0.01), GAIN], GAIN, 200, "contest.better"),
    ],
)
def test_verdicts(rows: list[Line], beyond: Line | None, judged: int, code: str) -> None:
    assert _verdict(rows, beyond, judged).code == code


def counts(*numbers: float) -> list[np.ndarray]:
    return [np.array([[number]]) for number in numbers]


def test_f1_by_hand() -> None:
    assert _f1(*counts(3, 4, 6), 20)[0, 0] == pytest.approx(0.6)
    assert _f1(*counts(0, 0, 5), 20)[0, 0] == 0
    assert _f1(*counts(0, 0, 0), 20)[0, 0] == 1  # nothing wanted, nothing held
    assert _f1(*counts(0, 3, 0), 20)[0, 0] == pytest.approx(0.85)


def test_who_holds_everything_has_guessed() -> None:
    assert _above_guessing(*counts(5, 20, 5), 20)[0, 0] == pytest.approx(0)
    assert _above_guessing(*counts(5, 5, 5), 20)[0, 0] == pytest.approx(0.75)


@given(arrays(np.bool_, (40,)), arrays(np.bool_, (40,)))
def test_measures_lie_between_their_ends(wanted: np.ndarray, held: np.ndarray) -> None:
    numbers = counts(float((wanted & held).sum()), float(held.sum()), float(wanted.sum()))
    assert 0 <= _f1(*numbers, 40)[0, 0] <= 1
    assert -1 <= _above_guessing(*numbers, 40)[0, 0] <= _f1(*numbers, 40)[0, 0]
