"""One happening told many times, and copies of one telling."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entry import Entry, Item, Sharing
from scoring.assessment import Assessment
from scoring.category import CATEGORIES, Category
from scoring.encoder import universal
from scoring.same import WINDOW, Candidate, join, same_origin

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROWS = [json.loads(line) for line in Path(__file__).with_name("happenings.jsonl").read_text().splitlines()]
VECTORS = [row.astype(np.float16).tobytes() for row in universal().encode([row["title"] for row in ROWS])]


def assessment(number: int) -> Assessment:
    row = ROWS[number]
    return Assessment(
        probabilities=dict.fromkeys(CATEGORIES, 0.5),
        labels=tuple(Category(key) for key in row["categories"]),
        uncertain=(),
        subtypes=tuple(row["subtypes"]),
        countries=tuple(row["countries"]),
        severity=0.5,
        urgency=0.5,
        certainty=0.5,
        concern=False,
        hedged=False,
        denied=False,
        reasons=(),
        model="test",
        vector=VECTORS[number],
    )


def entry(number: int) -> Entry:
    row = ROWS[number]
    item = Item(key=str(number), raw_hash="", title=row["title"], language=row["lang"])
    return Entry("source", "B", Sharing.CLEAR, NOW, item)


def candidate(number: int) -> Candidate:
    row = ROWS[number]
    return Candidate(
        event=row["event"],
        vector=VECTORS[number],
        countries=tuple(row["countries"]),
        categories=tuple(row["categories"]),
        subtypes=tuple(row["subtypes"]),
        title=row["title"],
        language=row["lang"],
        last_seen=NOW - timedelta(hours=1),
    )


def test_tellings_find_their_happening_across_languages() -> None:
    first = {row["event"]: number for number, row in reversed(list(enumerate(ROWS)))}
    candidates = [candidate(number) for number in first.values()]
    right = wrong = missed = 0
    for number, row in enumerate(ROWS):
        if first[row["event"]] != number:
            found = join(assessment(number), entry(number), candidates, NOW)
            right += found == row["event"]
            missed += found is None
            wrong += found not in (None, row["event"])
    assert wrong == 0
    assert right / (right + missed) >= 0.9, (right, missed)


def test_different_happenings_stay_apart() -> None:
    joined = [
        (ROWS[a]["title"], ROWS[b]["title"])
        for a, b in permutations(range(len(ROWS)), 2)
        if ROWS[a]["event"] != ROWS[b]["event"] and join(assessment(a), entry(a), [candidate(b)], NOW)
    ]
    assert len(joined) <= 4, joined


def test_the_likest_is_chosen() -> None:
    goma = [number for number, row in enumerate(ROWS) if row["event"] == "goma"]
    both = [candidate(number) for number, row in enumerate(ROWS) if row["event"] in ("goma", "bukavu")]
    assert join(assessment(goma[1]), entry(goma[1]), both, NOW) == "goma"
    assert join(assessment(goma[1]), entry(goma[1]), both[::-1], NOW) == "goma"


def test_what_lies_too_far_back_is_over() -> None:
    late = NOW - WINDOW - timedelta(minutes=1)
    assert join(assessment(0), entry(0), [candidate(0)], NOW) == "coup-a"
    assert join(assessment(0), entry(0), [replace(candidate(0), last_seen=late)], NOW) is None


def test_another_country_or_another_field_is_another_event() -> None:
    assert join(assessment(0), entry(0), [replace(candidate(0), countries=("ML",))], NOW) is None
    assert join(assessment(0), entry(0), [replace(candidate(0), categories=("legal",))], NOW) is None


def test_without_a_country_the_likeness_must_be_greater() -> None:
    assert join(assessment(0), entry(0), [replace(candidate(0), countries=())], NOW) == "coup-a"
    assert join(assessment(2), entry(2), [replace(candidate(3), countries=())], NOW) is None


def test_a_denial_joins_what_it_denies() -> None:
    denial = "Army denies seizing power in Niger"
    vector = universal().encode([denial])[0].astype(np.float16).tobytes()
    denied = replace(assessment(0), vector=vector, denied=True)
    telling = replace(entry(0), item=replace(entry(0).item, title=denial))
    assert join(denied, telling, [candidate(0)], NOW) == "coup-a"


def test_without_vectors_nothing_is_joined_and_nothing_breaks() -> None:
    blind = replace(assessment(0), vector=b"")
    assert join(blind, entry(0), [candidate(0)], NOW) is None
    assert join(assessment(0), entry(0), [replace(candidate(0), vector=b"")], NOW) is None
    assert join(assessment(0), entry(0), [], NOW) is None


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
