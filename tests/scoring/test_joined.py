"""Told happenings put through the shipped joiner: a floor under what it reaches, and the scorer itself."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from scoring.joint.joiner import WINDOW, Joiner
from scoring.joint.traits import Traits, traits
from scoring.joint.weights import load
from tests.scoring.happenings import FIRST, NOW, ROWS, assessment, entry, vectors_of
from tests.scoring.joined import joined_by_us, pairs_right, score

HERE = Path(__file__).with_name("joining")
GOLD = {row["id"]: row["event"] for row in map(json.loads, (HERE / "half-1.jsonl").read_text().splitlines())}
PAIRS = [json.loads(line) for line in (HERE / "pairs-1.jsonl").read_text().splitlines()]
FLOOR, CEILING = 0.85, 0.06


def test_told_happenings_are_put_together() -> None:
    # The weights have seen these rows: a floor against breakage, no measure of quality (docs/decisions/0016).
    answers = joined_by_us(HERE / "half-1.jsonl")
    found = score(answers, GOLD)
    assert found.f1 >= FLOOR, found
    assert found.overmerged <= CEILING, found
    assert pairs_right(answers, PAIRS)[2] <= 0.12


def test_the_scorer_on_a_small_case() -> None:
    gold = {"a": "1", "b": "1", "c": "2", "d": "3"}
    found = score({"a": "x", "b": "x", "c": "x", "d": "y"}, gold)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.recall == 1.0
    assert (found.pair_precision, found.pair_recall) == (pytest.approx(1 / 3), 1.0)
    assert found.overmerged == 0.25
    assert score(gold, gold)[:6] == (1.0,) * 6


@cache
def read(number: int) -> Traits:
    return traits(entry(number), assessment(number), load().rarity)


def known(*numbers: int) -> Joiner:
    """A joiner that heard these tellings an hour ago, each put into its happening."""
    joiner = Joiner(load())
    for number in numbers:
        joiner.add(ROWS[number]["event"], replace(read(number), at=NOW - timedelta(hours=1)))
    return joiner


def found_by(joiner: Joiner, telling: Traits) -> str | None:
    match = joiner.find(telling, now=NOW)
    return match.event if match is not None else None


def test_no_telling_finds_another_happening_by_its_title_alone() -> None:
    joiner = known(*FIRST.values())
    later = [number for number, row in enumerate(ROWS) if FIRST[row["event"]] != number]
    found = {number: found_by(joiner, read(number)) for number in later}
    assert {number: event for number, event in found.items() if event not in (None, ROWS[number]["event"])} == {}
    # A floor against breakage: 24 of 39 are found from their first telling.
    assert sum(event is not None for event in found.values()) >= 0.6 * len(later)


def test_different_happenings_stay_apart() -> None:
    alone = [known(number) for number in range(len(ROWS))]
    joined = [
        (ROWS[a]["title"], ROWS[b]["title"])
        for a, b in permutations(range(len(ROWS)), 2)
        if ROWS[a]["event"] != ROWS[b]["event"] and found_by(alone[b], read(a))
    ]
    assert len(joined) <= 4, joined


def test_the_likest_is_chosen() -> None:
    bukavu = [number for number, row in enumerate(ROWS) if row["event"] == "bukavu"]
    both = [number for number, row in enumerate(ROWS) if row["event"] in ("goma", "bukavu") and number != bukavu[0]]
    assert found_by(known(*both), read(bukavu[0])) == "bukavu"
    assert found_by(known(*both[::-1]), read(bukavu[0])) == "bukavu"


def test_what_lies_too_far_back_is_over() -> None:
    old = Joiner(load())
    old.add("coup-a", replace(read(0), at=NOW - WINDOW - timedelta(minutes=1)))
    assert found_by(known(0), read(0)) == "coup-a"
    assert found_by(old, read(0)) is None
    assert found_by(known(), read(0)) is None


def test_a_denial_joins_what_it_denies() -> None:
    title = "Army denies seizing power in Niger"
    telling = replace(entry(0), item=replace(entry(0).item, title=title))
    denied = replace(assessment(0), vector=vectors_of([title])[0], denied=True)
    assert found_by(known(0), traits(telling, denied, load().rarity)) == "coup-a"


def test_what_was_read_without_a_vector_joins_nothing_and_breaks_nothing() -> None:
    blind = replace(read(0), vector=np.zeros(512, dtype=np.float32))
    joiner = known(*FIRST.values())
    assert found_by(joiner, replace(blind, words={}, sounds={}, things={}, numbers={}, leads=())) is None
    joiner.add("blind", replace(blind, at=NOW - timedelta(hours=1)))
    assert found_by(joiner, read(0)) in ("coup-a", "blind")
