"""The invented world: its documents are read as what they are, and its story appears over time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.entry import Item, Status
from ingest.parse import Parsed, parse_document
from service.demo.feeds import SENDER, edition
from service.demo.telling import LINGER, Telling, in_print
from service.demo.world import load_world

WORLD = load_world()
START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TELLING = Telling("0a1b2c3d", START)
BASE = "http://127.0.0.1:8000"
END = WORLD.length + 1
FORMATS = {"rss": "rss20", "atom": "atom10", "rdf": "rss10", "json": "jsonfeed", "cap": "cap"}
LETTERS = {"ar": ("؀", "ۿ"), "ru": ("Ѐ", "ӿ"), "zh": ("一", "鿿")}


def read(outlet: str, seconds: float, telling: Telling = TELLING) -> Parsed:
    """An outlet's document at a moment of the story, as ingest reads it."""
    now = telling.moment(seconds)
    made = edition(WORLD.outlets[outlet], telling, in_print(WORLD, telling, outlet, now), BASE)
    found = parse_document(
        made.body, content_type=made.content_type, base=f"{BASE}/demo/feeds/{outlet}", now=now + timedelta(seconds=3)
    )
    assert found.problems == ()
    return found


def one(outlet: str, seconds: float, piece: str) -> Item:
    """One item of it, by its piece."""
    (item,) = [item for item in read(outlet, seconds).items if item.link and item.link.endswith(f"/{piece}")]
    return item


@pytest.mark.parametrize("outlet", WORLD.outlets)
def test_every_feed_is_read_whole(outlet: str) -> None:
    parsed, known = read(outlet, END), WORLD.outlets[outlet]
    assert parsed.format == FORMATS[known.form]
    assert {item.title for item in parsed.items} == {piece.versions[-1].title for piece in WORLD.of(outlet)}
    assert {item.link for item in parsed.items} == {f"{BASE}/demo/story/{piece.id}" for piece in WORLD.of(outlet)}
    assert len({item.key for item in parsed.items}) == len(parsed.items)
    assert all(item.published and item.published <= START + timedelta(seconds=END) for item in parsed.items)


@pytest.mark.parametrize("outlet", WORLD.outlets)
def test_everything_says_that_it_is_a_demonstration(outlet: str) -> None:
    known = WORLD.outlets[outlet]
    made = edition(known, TELLING, in_print(WORLD, TELLING, outlet, START), BASE).body.decode(known.encoding)
    assert "演示" in known.name
    assert "Demo" in known.name
    assert "Demonstration: everything here is invented" in made
    assert SENDER.endswith(".invalid")


def test_one_feed_is_written_in_gb18030() -> None:
    lantern = WORLD.outlets["lantern"]
    body = edition(lantern, TELLING, in_print(WORLD, TELLING, "lantern", TELLING.moment(END)), BASE).body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "喀麦隆" in body.decode("gb18030")


def test_words_are_in_the_language_that_is_said() -> None:
    assert {piece.language for piece in WORLD.pieces} == {"zh", "en", "fr", "es", "ar", "ru"}
    for piece in WORLD.pieces:
        for version in piece.versions:
            found = {name for name, (low, high) in LETTERS.items() if any(low <= c <= high for c in version.title)}
            assert found == ({piece.language} & set(LETTERS)), piece.id


def test_the_story_has_its_size() -> None:
    assert 80 <= len(WORLD.pieces) <= 120
    assert 9 <= len(WORLD.outlets) <= 12
    assert 360 <= WORLD.length <= 480
    calm = [piece for piece in WORLD.pieces if piece.id.startswith("calm")]
    assert len(calm) > len(WORLD.pieces) / 2
    stories = {piece.id.split("-")[0] for piece in WORLD.pieces if piece not in calm}
    assert {"coup", "money", "listing", "boycott", "quake", "rumour", "exercise"} <= stories


def test_the_coup_comes_early_and_in_many_tongues() -> None:
    told = [piece for piece in WORLD.pieces if piece.id.startswith("coup-announced")]
    assert len({piece.language for piece in told}) == 6
    assert min(piece.versions[0].at for piece in told) < 45


def test_nothing_is_told_before_its_time() -> None:
    assert all(item.published and item.published <= START for item in read("kite", 0).items)
    assert "coup-announced" not in str([item.link for item in read("herald", 21).items])
    assert one("herald", 22, "coup-announced").published == START + timedelta(seconds=22)


@given(st.sampled_from(list(WORLD.outlets)), st.floats(-10, 500), st.floats(0, 100))
def test_what_was_told_stays_told(outlet: str, seconds: float, later: float) -> None:
    def keys(at: float) -> set[str]:
        return {printed.piece.id for printed in in_print(WORLD, TELLING, outlet, TELLING.moment(at))}

    assert keys(seconds) <= keys(seconds + later)


@given(st.floats(0.1, 60), st.floats(0, 500))
def test_speed_moves_every_moment_alike(speed: float, at: float) -> None:
    telling = Telling("x", START, speed)
    assert telling.elapsed(telling.moment(at)) == pytest.approx(at, abs=1e-4)
    assert telling.moment(-60) == START - timedelta(seconds=60)


def test_a_correction_is_a_revision_of_the_same_item() -> None:
    first, second = one("diario", 100, "quake-toll"), one("diario", 200, "quake-toll")
    assert first.key == second.key
    assert first.raw_hash != second.raw_hash
    assert first.published == second.published
    assert ("12 muertos" in first.title, "47 los muertos" in second.title) == (True, True)


def test_a_corrected_warning_is_an_update_of_the_same_alert() -> None:
    first, second = one("tremor", 100, "quake-alert"), one("tremor", 120, "quake-alert")
    assert first.key == second.key
    assert (first.status, second.status) == (Status.ACTUAL, Status.UPDATE)
    assert first.countries == second.countries == ("PE",)
    assert second.extra["cap_severity"] == "Severe"


def test_an_exercise_says_that_it_is_one() -> None:
    assert one("tremor", 130, "exercise-tsunami").status is Status.EXERCISE
    assert one("tremor", 230, "calm_official-test").status is Status.TEST


def test_the_same_moment_gives_the_same_bytes_and_a_change_another_validator() -> None:
    def at(seconds: float) -> tuple[bytes, str]:
        items = in_print(WORLD, TELLING, "diario", TELLING.moment(seconds))
        made = edition(WORLD.outlets["diario"], TELLING, items, BASE)
        return made.body, made.etag

    assert at(100) == at(101)
    assert at(100)[1] != at(200)[1]


def test_two_tellings_share_no_identity() -> None:
    other = Telling("ffffffff", START)
    assert not {item.key for item in read("kite", END).items} & {item.key for item in read("kite", END, other).items}


def test_a_story_is_over_a_while_after_its_end() -> None:
    end = TELLING.moment(WORLD.length)
    assert not TELLING.is_over(WORLD, end + LINGER)
    assert TELLING.is_over(WORLD, end + LINGER + timedelta(seconds=1))
