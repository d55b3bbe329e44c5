"""Told happenings put through the shipped joiner: a floor under what it reaches, and the scorer itself."""

import json
from pathlib import Path

import pytest

from tests.scoring.joined import joined_by_us, pairs_right, score

HERE = Path(__file__).with_name("joining")
GOLD = {row["id"]: row["event"] for row in map(json.loads, (HERE / "half-1.jsonl").read_text().splitlines())}
PAIRS = [json.loads(line) for line in (HERE / "pairs-1.jsonl").read_text().splitlines()]


def test_told_happenings_are_put_together() -> None:
    # The weights have seen these rows: a floor against breakage, no measure of quality (docs/decisions/0016).
    answers = joined_by_us(HERE / "half-1.jsonl")
    found = score(answers, GOLD)
    assert found.f1 >= FLOOR, found
    assert found.overmerged <= CEILING, found
    assert pairs_right(answers, PAIRS)[2] <= 0.12


FLOOR, CEILING = 0.86, 0.05


def test_the_scorer_on_a_small_case() -> None:
    gold = {"a": "1", "b": "1", "c": "2", "d": "3"}
    found = score({"a": "x", "b": "x", "c": "x", "d": "y"}, gold)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.recall == 1.0
    assert (found.pair_precision, found.pair_recall) == (pytest.approx(1 / 3), 1.0)
    assert found.overmerged == 0.25
    assert score(gold, gold)[:6] == (1.0,) * 6
