"""Drift: nothing moves by itself, what moves is seen, and chance is not taken for a change."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.category import CATEGORIES, Category
from scoring.drift import Shift, Window, drift, shift, tenths

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500), max_size=8)


@given(COUNTS)
def test_a_window_has_not_moved_from_itself(counts: dict[str, int]) -> None:
    assert shift(counts, counts).psi == pytest.approx(0.0)


@given(COUNTS, COUNTS)
def test_the_index_is_finite_never_negative_and_the_same_both_ways(one: dict[str, int], other: dict[str, int]) -> None:
    there, back = shift(one, other), shift(other, one)
    assert 0 <= there.psi < 50
    assert there.psi == pytest.approx(back.psi)
    assert there.chance == pytest.approx(back.chance)


@given(COUNTS, COUNTS)
def test_neither_order_nor_empty_kinds_matter(one: dict[str, int], other: dict[str, int]) -> None:
    turned = dict(reversed(one.items())) | {"none of these": 0}
    assert shift(turned, other) == shift(one, other)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(50, 500), min_size=2), st.integers(2, 50))
def test_what_counts_is_the_share_not_the_number(counts: dict[str, int], times: int) -> None:
    more = {key: count * times for key, count in counts.items()}
    assert shift(counts, more).psi < 0.01


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_further_it_moves_the_larger_it_is(a: int, b: int) -> None:
    nearer, further = sorted((a, b))
    at = [shift({"x": 500, "y": 500}, {"x": 500 + moved, "y": 500 - moved}).psi for moved in (nearer, further)]
    assert at[0] <= at[1]


def test_two_samples_of_one_population_are_steady_however_small() -> None:
    generator = np.random.default_rng(3)
    shares = generator.dirichlet(np.ones(12) * 3)
    drawn = [[Counter(map(str, generator.choice(12, n, p=shares).tolist())) for n in (120, 60)] for _ in range(200)]
    found = [shift(*pair) for pair in drawn]
    assert 0.02 < np.mean([one.psi > one.chance for one in found]) < 0.1
    assert np.mean([one.state == "steady" for one in found]) > 0.9


def test_what_may_be_chance_is_no_shift() -> None:
    found = [Shift(psi, chance).state for psi, chance in ((0.3, 0.1), (0.2, 0.1), (0.05, 0.01), (0.3, 0.4))]
    assert found == ["shifted", "shifting", "steady", "steady"]


def test_a_new_language_and_higher_scores_are_seen() -> None:
    before = Window({Category.SECURITY: tenths([0.1] * 900 + [0.9] * 100)}, {"en": 800, "zh": 200}, {"wire": 1000})
    now = Window({Category.SECURITY: tenths([0.1] * 150 + [0.9] * 100)}, {"en": 150, "ru": 100}, {"wire": 250})
    found = drift(before, now)
    assert found.scores[Category.SECURITY].state == "shifted"
    assert found.languages.state == "shifted"
    assert found.sources.state == "steady"
    assert found.scores[Category.LEGAL] == Shift(0.0, 0.0)
    assert set(found.scores) == set(CATEGORIES)


@given(st.lists(st.floats(0, 1), max_size=50))
def test_every_probability_has_its_tenth(probabilities: list[float]) -> None:
    counts = tenths(probabilities)
    assert len(counts) == 10
    assert sum(counts) == len(probabilities)
