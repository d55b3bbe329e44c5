"""Broken readings are told from true ones: levels of advice, and lists of the sanctioned."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.advice import (
    CUT_OFF,
    HOLD,
    Memory,
    Move,
    compare,
    is_implausible,
    is_truncated,
    levels,
    passable,
    stands,
    weigh,
)
from ingest.entry import Item

WORLD = {
    f"advice:{first}{second}": str(1 + i % 4) for i, first in enumerate("ABCDEFGHIJ") for second in "KLMNOPQRSTUVW"
}
KEYS = list(WORLD)


def changed(count: int, to: str | None, start: int = 0) -> dict[str, str | None]:
    return {**WORLD, **dict.fromkeys(KEYS[start : start + count], to)}


def without(count: int) -> dict[str, str | None]:
    return {key: WORLD[key] for key in KEYS[count:]}


def test_a_rise_and_a_fall_are_told_apart_and_named() -> None:
    after = {**WORLD, KEYS[0]: "4", KEYS[-1]: "1"}

    change = compare(WORLD, after)

    assert change.moves == (Move(KEYS[0], 1, 4), Move(KEYS[-1], 2, 1))
    assert [move.is_rise for move in change.moves] == [True, False]
    assert (change.lost, change.gone, change.new) == ((), (), ())


def test_levels_that_appear_or_vanish_are_no_moves() -> None:
    change = compare({"A": "2", "B": None, "C": "3"}, {"A": None, "B": "2", "D": "4"})

    assert change.moves == ()
    assert (change.lost, change.gone, change.new) == (("A",), ("C",), ("D",))


@pytest.mark.parametrize("after", [WORLD, changed(2, "4"), changed(9, "4"), changed(1, None), changed(2, None)])
def test_what_governments_do_on_a_bad_day_is_believed(after: dict[str, str | None]) -> None:
    assert is_implausible(WORLD, after) is None


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (changed(130, None), "130 of 130 levels are gone"),  # the page says everywhere that it has no summary
        (changed(5, None), "5 of 130 levels are gone"),
        (without(20), "20 of 130 countries are gone"),  # a whole class of countries fell off the list
        ({}, "130 of 130 countries are gone"),
        (changed(130, "4", 0), "levels changed at once"),  # every country is read as the gravest
        (changed(1, "5"), "not between 1 and 4"),
        (changed(1, "0"), "not between 1 and 4"),
    ],
)
def test_a_broken_reading_says_why_in_one_sentence(after: dict[str, str | None], words: str) -> None:
    said = is_implausible(WORLD, after)

    assert said is not None
    assert words in said
    assert "advice:" not in said
    assert len(said) < 300


def test_the_first_reading_is_believed() -> None:
    assert is_implausible({}, WORLD) is None
    assert is_implausible({}, dict.fromkeys(KEYS, "9")) is not None


def test_a_feed_of_the_latest_changes_loses_its_tail_every_day() -> None:
    latest = dict.fromkeys(KEYS[:20], "2")

    assert is_implausible(latest, dict.fromkeys(KEYS[20:40], "3")) is None


def test_everything_that_moved_is_believed_when_it_stands_in_a_second_look() -> None:
    held = changed(120, "4")

    assert is_implausible(WORLD, held)
    assert stands(WORLD, held, held)
    assert stands(WORLD, held, {**held, KEYS[-1]: "3"})  # one more country moved meanwhile
    assert not stands(WORLD, held, WORLD)  # the spook is over
    assert not stands(WORLD, held, changed(130, "1"))  # another broken picture


def test_a_few_lost_levels_are_believed_in_the_end_but_never_most_of_them() -> None:
    assert stands(WORLD, changed(5, None), changed(5, None))
    assert not stands(WORLD, changed(130, None), changed(130, None))
    assert stands(WORLD, without(20), without(20))
    assert not stands(WORLD, without(90), without(90))
    assert not stands(WORLD, changed(1, "7"), changed(1, "7"))


def test_a_true_move_in_a_doubted_reading_need_not_wait() -> None:
    doubted = {**changed(6, None), KEYS[-1]: "4"}

    assert is_implausible(WORLD, doubted)
    assert passable(WORLD, doubted) == {KEYS[-1]}
    assert passable(WORLD, changed(120, "4")) == frozenset()


NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def test_a_plausible_reading_is_believed_at_once() -> None:
    weighed = weigh(Memory(WORLD), changed(2, "4"), NOON)

    assert weighed.doubt is None
    assert weighed.memory == Memory(changed(2, "4"))


def test_a_doubted_reading_is_believed_when_it_stands_for_hours_and_not_before() -> None:
    everywhere = changed(130, "4")
    first = weigh(Memory(WORLD), everywhere, NOON)
    soon = weigh(first.memory, everywhere, NOON + timedelta(hours=1))
    late = weigh(soon.memory, everywhere, NOON + HOLD)

    assert first.doubt == soon.doubt is not None
    assert first.memory.levels == soon.memory.levels == WORLD
    assert (late.doubt, late.memory) == (None, Memory(everywhere))


def test_a_doubt_that_passes_leaves_nothing_behind() -> None:
    first = weigh(Memory(WORLD), changed(130, None), NOON)

    assert weigh(first.memory, WORLD, NOON + timedelta(days=1)).memory == Memory(WORLD)


def test_a_page_that_lost_its_levels_is_never_believed_however_long_it_stands() -> None:
    memory = Memory(WORLD)
    for day in range(40):
        weighed = weigh(memory, changed(130, None), NOON + timedelta(days=day))
        assert weighed.doubt is not None
        memory = weighed.memory

    assert memory.levels == WORLD


def test_a_move_that_passes_is_remembered_so_that_it_is_told_once() -> None:
    doubted = {**changed(6, None), KEYS[-1]: "4"}
    first = weigh(Memory(WORLD), doubted, NOON)
    again = weigh(first.memory, doubted, NOON + timedelta(hours=1))

    assert first.passable == {KEYS[-1]}
    assert again.doubt is not None
    assert again.passable == frozenset()
    assert weigh(again.memory, doubted, NOON + HOLD).memory == Memory(doubted)


def test_levels_are_remembered_by_key_with_the_first_of_two() -> None:
    items = [Item("a", "h", "A", extra={"advisory_level": "3"}), Item("b", "h", "B"), Item("a", "i", "A2")]

    assert levels(items) == {"a": "3", "b": None}


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["1", "2", "3", "4", None, "x"])))
def test_the_same_reading_again_is_never_a_change(reading: dict[str, str | None]) -> None:
    change = compare(reading, reading)

    assert (change.moves, change.lost, change.gone, change.new) == ((), (), (), ())
    assert (is_implausible(reading, reading) is None) == ("x" not in reading.values())


LISTED = [f"ofac:{number}" for number in range(1_000)]


@pytest.mark.parametrize("after", [LISTED, LISTED[30:], [*LISTED, "ofac:new"], [*LISTED[90:], "ofac:new"]])
def test_listings_and_de_listings_are_no_truncation(after: list[str]) -> None:
    assert is_truncated(LISTED, after) is None


@pytest.mark.parametrize("after", [LISTED[:850], LISTED[:10], []])
def test_a_list_that_is_much_shorter_is_cut_off(after: list[str]) -> None:
    said = is_truncated(LISTED, after)

    assert said is not None
    assert said.startswith(CUT_OFF)


def test_only_the_beginning_of_a_long_list_is_remembered_yet_its_length_counts() -> None:
    assert is_truncated(LISTED, LISTED, size=17_000) is not None
    assert is_truncated(LISTED, [*LISTED, *map(str, range(16_000))], size=17_000) is None


def test_a_list_whose_keys_all_changed_is_another_form_of_it_and_no_news() -> None:
    said = is_truncated(LISTED, [f"new:{number}" for number in range(1_000)])

    assert said is not None
    assert "changed its form" in said


def test_what_the_parser_says_of_the_end_of_a_list_counts_however_long_it_is() -> None:
    assert (
        is_truncated([], LISTED, problems=["Odd.", f"{CUT_OFF}: it declares more."]) == f"{CUT_OFF}: it declares more."
    )
    assert is_truncated([], LISTED, problems=["Odd."]) is None
