"""Training: deterministic, honest about too little text, and learning what it is shown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring.calibrate import best_bar
from scoring.category import CATEGORIES, Category
from scoring.features import Text
from scoring.model import load
from scoring.sample import SampleError, TrainingError, read_samples, sample_of
from scoring.train import train
from tests.scoring.plain import PlainEncoder, samples

CORPUS = Path(__file__).parents[2] / "scoring" / "corpus"


def test_the_same_text_gives_the_same_weights() -> None:
    one, other = train(samples(), PlainEncoder(), hints=()), train(samples(), PlainEncoder(), hints=())
    assert np.array_equal(one.words, other.words)
    assert np.array_equal(one.dense, other.dense)
    assert one.card == other.card


def test_it_learns_what_it_is_shown() -> None:
    model = train(samples(), PlainEncoder(), hints=())
    prediction = model.predict([Text("state defaults on bonds in Togo"), Text("museum shows paintings in Togo")])
    assert prediction.labels[0].tolist() == [False, False, False, True, False]
    assert not prediction.labels[1].any()


def test_too_little_text_is_refused_with_a_count() -> None:
    few = [sample for sample in samples() if Category.LEGAL not in sample.labels]
    with pytest.raises(TrainingError, match="0 samples with legal and"):
        train(few, PlainEncoder(), hints=())
    with pytest.raises(TrainingError, match="Add labelled text"):
        train([], PlainEncoder(), hints=())


def test_the_best_bar_parts_what_can_be_parted() -> None:
    probabilities = np.array([0.1, 0.2, 0.3, 0.6, 0.7], dtype=np.float32)
    assert 0.3 < best_bar(probabilities) < 0.61


def test_a_dearer_miss_lowers_the_bar() -> None:
    generator = np.random.default_rng(7)
    probabilities = generator.random(500).astype(np.float32)
    bars = [best_bar(probabilities, cost) for cost in (0.5, 1.0, 2.0, 4.0)]
    assert bars == sorted(bars, reverse=True)


def test_the_whole_corpus_can_be_read() -> None:
    found = read_samples(CORPUS)
    assert len(found) > 2000
    assert {label for sample in found for label in sample.labels} == set(CATEGORIES)
    assert all(sample.text.title or sample.text.lede for sample in found)


def test_the_shipped_weights_were_learnt_from_the_corpus_that_ships() -> None:
    """New volumes may wait for the next training; nothing that was learnt from may be missing."""
    learnt = sum(not sample.fixed for sample in read_samples(CORPUS))
    assert load().card["data"]["sources"]["corpus (own)"] <= learnt


def test_nothing_is_learnt_from_the_fixed_test_set() -> None:
    shown = samples()
    spoilt = [replace(sample, labels=(), subtypes=()) if sample.fixed else sample for sample in shown]
    assert any(sample.fixed for sample in shown)
    one, other = train(shown, PlainEncoder(), hints=()), train(spoilt, PlainEncoder(), hints=())
    assert np.array_equal(one.words, other.words)
    assert one.card == other.card
    assert one.card["data"]["samples"] == sum(not sample.fixed for sample in shown)


def test_one_corpus_row_in_eight_is_set_aside() -> None:
    found = read_samples(CORPUS)
    assert 0.10 < sum(sample.fixed for sample in found) / len(found) < 0.15


def test_rows_in_both_spellings_of_nothing() -> None:
    assert sample_of({"id": 1, "title": "x", "labels": ["none"]}).labels == ()
    assert sample_of({"id": 1, "title": "x", "labels": []}).labels == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": 1}', "few.jsonl, line 2: 'title'|few.jsonl, line 2: 'labels'"),
        ('{"id": 1, "title": "x", "labels": ["weather"]}', "line 2: 'weather'"),
        ('{"id": 1, "title": "x", "labels": [], "subtypes": ["rain"]}', "unknown sub-type rain"),
        ("[]", "line 2"),
        ("{", "line 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "few.jsonl").write_text('{"id": 1, "title": "x", "labels": []}\n' + line + "\n\n")
    with pytest.raises(SampleError, match=said):
        read_samples(tmp_path)


def test_text_of_others_may_have_its_own_subtypes(tmp_path: Path) -> None:
    file = tmp_path / "theirs.jsonl"
    file.write_text('{"id": 1, "title": "x", "labels": ["legal"], "subtypes": ["rain", "sanctions"], "severity": null}')
    assert read_samples(file, strict=False)[0].subtypes == ("sanctions",)


def test_no_text_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match=r"holds no \.jsonl file"):
        read_samples(tmp_path)
    with pytest.raises(SampleError, match="cannot be read"):
        read_samples(tmp_path / "absent.jsonl")
