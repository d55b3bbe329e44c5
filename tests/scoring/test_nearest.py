"""The nearest examples: in the corpus, in order, and of the encoder in use."""

from pathlib import Path

import numpy as np
import pytest

from scoring.features import gist
from scoring.model import Model, load
from scoring.nearest import SHIPPED, nearest
from scoring.sample import read_samples
from tests.scoring.plain import PlainEncoder

CORPUS = Path(__file__).parents[2] / "scoring" / "corpus"
AGAIN = "Run `python -m scoring.nearest`: the examples are of another corpus or encoder."


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


def test_a_row_of_the_corpus_is_its_own_nearest(model: Model) -> None:
    rows = read_samples(CORPUS)[::200]
    vectors = model.encoder.read([gist(row.text, model.encoder.dense) for row in rows]).vectors
    found = [nearest(vector, model.encoder.name) for vector in vectors]
    assert [pair[0].key for pair in found if pair] == [row.key for row in rows], AGAIN
    assert min(pair[0].cosine for pair in found) > 0.7
    assert all(pair[0].cosine >= pair[1].cosine for pair in found)
    assert [pair[0].labels for pair in found] == [row.labels for row in rows]


def test_an_entry_like_an_example_is_shown_that_example(model: Model) -> None:
    vector = model.encoder.read(["Gunmen on motorbikes killed villagers near the Malian border"]).vectors[0]
    first, second, third = nearest(vector.astype(np.float16).tobytes(), model.encoder.name, 3)
    assert "security" in first.labels
    assert first.cosine >= second.cosine >= third.cosine > 0.3
    assert [one.key for one in nearest(vector, model.encoder.name)] == [first.key, second.key]


def test_without_a_vector_or_with_another_encoder_nothing_is_shown(model: Model) -> None:
    assert nearest(b"", model.encoder.name) == ()
    assert nearest(np.ones(512, dtype=np.float32), PlainEncoder.name) == ()


def test_it_is_small() -> None:
    assert SHIPPED.stat().st_size < 200 * len(read_samples(CORPUS)) + 300_000
