"""The joiner by itself: names across scripts, figures, what a person reads off it, and what it must never do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.joint import weights
from scoring.joint.crowd import Crowd, crowd_keys
from scoring.joint.figures import figures
from scoring.joint.index import Index
from scoring.joint.joiner import WINDOW, Joiner
from scoring.joint.pair import NAMES, features
from scoring.joint.sounds import name_key, sound_keys
from scoring.joint.title import Told, best_title
from scoring.joint.traits import Traits, Word
from scoring.joint.weights import JointError, load

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
RNG = np.random.default_rng(7)


def some(key: str, hours: float = 0.0, **changed: object) -> Traits:
    """An entry about a ferry that sank in the Philippines; the vector is its own where none is given."""
    vector = RNG.normal(size=512).astype(np.float32)
    made = Traits(
        key=key, at=NOW + timedelta(hours=hours), source="wire", script="latin",
        vector=vector / np.linalg.norm(vector), chances=(0.9, 0.2, 0.2, 0.2, 0.2),
        subtypes=frozenset(("accident",)), where=frozenset(("PH",)), lands=frozenset(("PH",)), points=(),
        words={1: Word(0.8, 0.8, 0.9), 2: Word(0.6, 0.6, 0.8)}, sounds={7: (0.9, True)},
        things={5: Word(1.0, 1.0, 0.8)}, numbers={180.0: 1.0}, sizes=frozenset(), title_sizes=frozenset(),
        title_points=(), leads=(1, 2, 7), title_sounds=True, title_things=True, names=False, tolls={},
        places=frozenset(), title_places=frozenset(), apart=False, again=False,
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


FERRY = some("first")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Zelenskiy", "Зеленский", "泽连斯基", "زيلينسكي"),
        ("Netanyahu", "内塔尼亚胡", "نتنياهو"),
        ("Kalemie", "卡莱米", "卡萊米"),
        ("Dilovasi", "迪洛瓦瑟", "ديلوفاسي"),
        ("Trump", "特朗普"),
    ],
)
def test_a_name_has_one_sound_in_all_scripts(spellings: tuple[str, ...]) -> None:
    keys = [set(sound_keys(f"x {name} y")) for name in spellings]
    assert set.intersection(*keys)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Haoda recalls 42,000 electric SUVs", [42_000.0]),
        ("召回4.2万辆", [42_000.0]),
        ("九百万用户", [9_000_000.0]),
        ("9 million shoppers", [9_000_000.0]),
        ("620 000 manifestants le 19 mars", [620_000.0]),
        ("27日6.4级地震", [6.4]),
        ("In 2024 three died", [3.0]),
    ],
)
def test_figures_are_values(text: str, values: list[float]) -> None:
    assert list(figures(text)) == values


def test_a_telling_joins_and_a_stranger_does_not() -> None:
    joiner = Joiner(load())
    joiner.add("ferry", FERRY)
    again = some("second", 3, vector=FERRY.vector)
    stranger = some("other", 3, where=frozenset(("PE",)), lands=frozenset(("PE",)), leads=(9,),
                    words={9: Word(1.0, 1.0, 0.9)}, sounds={}, numbers={}, things={})  # fmt: skip
    assert (found := joiner.find(again)) is not None
    assert found.event == "ferry"
    assert joiner.find(stranger) is None


def test_what_is_over_or_barred_or_dropped_is_not_found() -> None:
    joiner = Joiner(load())
    joiner.add("ferry", FERRY)
    late = some("late", WINDOW.total_seconds() / 3600 + 1, vector=FERRY.vector)
    again = some("again", 1, vector=FERRY.vector)
    assert joiner.find(late) is None
    assert joiner.find(again, barred=("ferry",)) is None
    joiner.drop("ferry")
    assert joiner.find(again) is None


def test_pruning_changes_no_answer() -> None:
    joiner = Joiner(load())
    for number in range(40):
        joiner.add(f"old{number}", some(f"o{number}", -200))
    joiner.add("ferry", FERRY)
    before = joiner.find(some("again", 1, vector=FERRY.vector))
    joiner.prune(NOW)
    assert len(joiner) == 1
    assert joiner.find(some("again", 1, vector=FERRY.vector)) == before


def test_another_magnitude_and_a_denied_link_speak_against_it() -> None:
    weights = dict(zip(NAMES, load().weights.tolist(), strict=True))
    for name in ("title_sizes_apart", "apart", "again", "lands_apart"):
        assert weights[name] < 0, name


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 100), st.sets(st.sampled_from(["PH", "PE", "US"])), st.booleans(), st.booleans(), st.integers(0, 3))
def test_a_pair_is_the_same_both_ways(hours: float, lands: set[str], apart: bool, again: bool, words: int) -> None:
    other = some("b", hours + 0.01, lands=frozenset(lands), where=frozenset(lands), apart=apart, again=again,
                 words={n: Word(0.5, 0.5, 0.8 if n == 2 else 0.9) for n in range(words)})  # fmt: skip
    crowd = Crowd(["PH", "PH", "PH/accident"])
    assert features(FERRY, other, 0.4, crowd) == features(other, FERRY, 0.4, crowd)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_in_which_events_are_known_changes_no_answer(order: list[int]) -> None:
    kin = [some(f"e{i}", -i, words={i: Word(1.0, 1.0, 0.9)}) for i in range(5)]
    asked = some("asked", 1)
    joiner = Joiner(load())
    for number in order:
        joiner.add(f"e{number}", replace(kin[number], vector=np.eye(5, 512, dtype=np.float32)[number]))
    plain = Joiner(load())
    for number in range(5):
        plain.add(f"e{number}", replace(kin[number], vector=np.eye(5, 512, dtype=np.float32)[number]))
    assert [event for _, event in joiner.ranked(asked)] == [event for _, event in plain.ranked(asked)]


def test_the_best_title_is_full_and_reliable_and_of_its_language() -> None:
    told = [
        Told("Ferry sinks?", "en", "B", 0.4, NOW),
        Told("Ferry with 180 aboard sinks off Basilan in southern Philippines", "en", "A", 0.8, NOW),
        Told("菲律宾南部一渡轮沉没 已救起137人", "zh", "B", 0.8, NOW),
        Told("菲律賓南部一渡輪沉沒", "zh-Hant", "C", 0.5, NOW),
    ]
    english, chinese = best_title(told, "en"), best_title(told, "zh")
    assert english is not None
    assert english.title.startswith("Ferry with 180")
    assert chinese is not None
    assert "137" in chinese.title
    assert best_title(told, "fr") is None


def test_a_crowd_counts_what_is_open_and_forgets_what_is_over() -> None:
    crowd = Crowd()
    for number in range(8):
        for key in crowd_keys(FERRY):
            crowd.add(key, until=float(number))
    busy = crowd.share(["PH"])
    assert 0.0 < busy < 1.0
    assert crowd.share(["PH", "PE"]) == 0.0  # the rarest counts
    crowd.forget(6.5)
    assert crowd.share(["PH"]) == crowd.share(["PH/accident"]) == 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sets(st.sampled_from("ABC")), st.integers(-5, 5)), min_size=1), st.integers(0, 999))
def test_the_index_finds_what_looking_at_everything_finds(rows: list[tuple[set[str], int]], seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(rows), 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    one_by_one, at_once = Index(4), Index(4)
    for slot, (lands, last) in enumerate(rows):
        one_by_one.put(slot, lands, vectors[slot], last)
    at_once.put_all([sorted(lands) for lands, _ in rows], vectors, np.array([last for _, last in rows], dtype=float))
    asked = vectors[0]
    fit = [slot for slot, (lands, last) in enumerate(rows) if abs(last) <= 3 and (not lands or lands & {"A", "B"})]
    want = sorted(fit, key=lambda slot: -float(vectors[slot] @ asked))[:3]
    for index in (one_by_one, at_once):
        found = index.nearest(["A", "B"], asked, 0.0, 3.0, 3)
        assert (vectors[found] @ asked).tolist() == pytest.approx((vectors[want] @ asked).tolist(), abs=1e-4)


@pytest.mark.parametrize("spellings", [("Goma", "戈马", "غوما"), ("Jenin", "جنين"), ("Syzran", "Сызрань")])
def test_a_place_has_one_sound_though_it_is_short(spellings: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in spellings}) == 1
    assert name_key(spellings[0])


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_damaged_weights_are_a_clear_error(content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "tables.npz"
    file.write_bytes(content)
    monkeypatch.setattr(weights, "TABLES", file)
    with pytest.raises(JointError, match="cannot be read"):
        load.__wrapped__()
