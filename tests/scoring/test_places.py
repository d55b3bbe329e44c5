"""Places in own headlines of eight languages, a third of them traps: the floor that must hold."""

from pathlib import Path

import pytest

from scoring.locate import locate
from tests.scoring.places import Tally, read, tally

ROWS = read(Path(__file__).with_name("places_a.jsonl"))
FLOOR, CEILING = 0.97, 0.02  # of the countries where it happens, found; of those found, wrong


@pytest.fixture(scope="module")
def counted() -> dict[str, Tally]:
    return tally(ROWS)


def test_nearly_all_countries_are_found_and_few_others(counted: dict[str, Tally]) -> None:
    everything = counted["all"]
    assert everything.rows == len(ROWS) >= 280
    assert everything.recall >= FLOOR, everything.line("all")
    assert everything.excess <= CEILING, everything.line("all")


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "id", "pt", "ru", "zh"])
def test_no_language_falls_behind(counted: dict[str, Tally], language: str) -> None:
    assert counted[language].recall >= 0.9, counted[language].line(language)
    assert counted[language].excess <= 0.1, counted[language].line(language)


# The rows of b, c, e, f and g were new when first scored and have been read since: what holds is a floor, no measure.
# Those of d measure: nobody who works on the rules has read them, and whoever does must say so in docs/model.md.
@pytest.mark.parametrize(
    ("name", "floor", "ceiling"),
    [
        ("places_b.jsonl", 0.97, 0.03),
        ("places_c.jsonl", 0.98, 0.02),
        ("places_d.jsonl", 0.90, 0.09),
        ("places_e.jsonl", 0.94, 0.07),
        ("places_f.jsonl", 0.92, 0.16),
        ("places_g.jsonl", 0.95, 0.06),
    ],
)
def test_what_was_reached_holds(name: str, floor: float, ceiling: float) -> None:
    everything = tally(read(Path(__file__).with_name(name)))["all"]
    assert everything.recall >= floor, everything.line(name)
    assert everything.excess <= ceiling, everything.line(name)


def test_every_hit_has_a_point_and_a_confidence() -> None:
    for row in ROWS:
        for hit in locate(row["title"], row["text"], row["lang"]):
            assert 0 < hit.confidence <= 1
            assert hit.point is None or (abs(hit.point[0]) <= 90 and abs(hit.point[1]) <= 180)
