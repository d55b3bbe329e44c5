"""Trees that were grown elsewhere answer here as there, and speak the way they were told to."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from scoring.headlines import digest
from scoring.joint import outside
from scoring.joint.grow import SPEAKS
from scoring.joint.outside import read_outside
from scoring.joint.pair import NAMES
from scoring.joint.trees import DEPTH, of_boosting, unpacked
from scoring.joint.weights import load


@pytest.mark.parametrize("rounds", [1, 40])
def test_trees_answer_as_they_were_grown(rounds: int) -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(600, 4)).astype(np.float32)
    same = rows[:, 0] * rows[:, 1] + rows[:, 2] > 0.4
    grower = HistGradientBoostingClassifier(max_depth=DEPTH, max_iter=rounds, early_stopping=False)
    grown = grower.fit(rows, same)
    trees = of_boosting(grown)
    assert len(trees.values) == rounds
    np.testing.assert_allclose(trees.odds(rows), grown.decision_function(rows), atol=1e-4)
    np.testing.assert_array_equal(unpacked(trees.packed()).odds(rows), trees.odds(rows))


def test_a_tree_that_ends_early_is_one_value() -> None:
    rows = np.ones((80, 2), dtype=np.float32)  # nothing to ask
    grown = HistGradientBoostingClassifier(max_depth=DEPTH, max_iter=2, early_stopping=False).fit(
        rows, [True, False] * 40
    )
    np.testing.assert_allclose(of_boosting(grown).odds(rows[:3]), grown.decision_function(rows[:3]), atol=1e-6)


def test_parts_that_do_not_fit_are_refused() -> None:
    parts = load().trees.packed()
    with pytest.raises(ValueError, match="shape"):
        unpacked(parts | {"values": parts["values"][:-1]})
    with pytest.raises(KeyError):
        unpacked({key: part for key, part in parts.items() if key != "bars"})


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(SPEAKS)))
def test_who_says_that_it_is_another_happening_never_joins_for_saying_so(seed: int, name: str) -> None:
    row = np.random.default_rng(seed).uniform(0, 1.5, len(NAMES)).astype(np.float32)
    row[NAMES.index(name)] = 0
    said = row.copy()
    said[NAMES.index(name)] = 1
    joint, rows = load(), np.stack([row, said])
    for odds in (joint.trees.odds(rows), joint.odds(rows)):
        before, after = odds.tolist()
        assert after <= before + 1e-5


def test_what_was_read_outside_is_found_by_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "corpora").mkdir()
    (tmp_path / "history" / "bbc_home_headlines.csv").write_text(
        "first_seen,title,summary\n2022-03-02T09:00:00-05:00,A bridge falls,Two are hurt --- of another\n"
        "2022-03-03T09:00:00+00:00,Unread,\n2022-04-03T09:00:00+00:00,It measures,\n",
        encoding="utf-8",
    )
    (tmp_path / "history" / "cctv_xwlb_items.csv").write_text(
        "date,n,title,lead\n2022-03-02,7,一座桥垮塌,\n", encoding="utf-8"
    )
    reddit = {
        "source_dataset": "fwd-news-reddit",
        "lang": "en",
        "date": "March 2, 2022 12:30 PM",
        "title": "Bridge",
        "text": "",
    }
    (tmp_path / "corpora" / "pool.jsonl").write_text(json.dumps(reddit) + "\n", encoding="utf-8")
    read = tmp_path / "read.tsv"
    read.write_text(
        "".join(
            f"{digest(source, published, title)}\t{stretch}\t{happening}\n"
            for source, published, title, stretch, happening in (
                ("bbc_home_headlines", "2022-03-02T14:00:00+00:00", "A bridge falls", "01", 0),
                ("cctv_xwlb_items", "2022-03-02T11:07:00+00:00", "一座桥垮塌", "01", 0),
                ("fwd-news-reddit", "2022-03-02T12:30:00+00:00", "Bridge", "01", 1),
                ("bbc_home_headlines", "2022-04-03T09:00:00+00:00", "It measures", "m1", 0),
            )
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(outside, "READ", read)
    (stretch,) = read_outside(tmp_path / "corpora")
    assert [(row["title"], row["event"], row["text"]) for row in stretch] == [
        ("一座桥垮塌", "01-0", ""),
        ("Bridge", "01-1", ""),
        ("A bridge falls", "01-0", "Two are hurt"),
    ]
    assert [[row["event"] for row in rows] for rows in read_outside(tmp_path / "corpora", measuring=True)] == [["m1-0"]]
