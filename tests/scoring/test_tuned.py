"""The tuned encoder: rows do not depend on company or memory, and storing loses next to nothing."""

import numpy as np
import pytest

from scoring import tuned
from scoring.encoder import DIMENSIONS, universal
from scoring.model import LIGHT, load
from scoring.tokens import LONGEST, vocabulary
from scoring.tuned import TunedEncoder, packed, unpacked

TEXTS = (
    "Dockers in Durban walk out",
    "军人宣布夺取政权",
    "",
    "x" * 600,
    "Un sismo sacude la costa",
    "زلزال يضرب الساحل",
)


@pytest.fixture(scope="module")
def encoder() -> TunedEncoder:
    shipped = load(LIGHT).encoder
    assert isinstance(shipped, TunedEncoder)
    return shipped


def test_shapes_and_length(encoder: TunedEncoder) -> None:
    vectors, features = encoder.read(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert features.shape == (len(TEXTS), encoder.width)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert encoder.read(()).vectors.shape == (0, DIMENSIONS)


def test_company_changes_nothing(encoder: TunedEncoder) -> None:
    together = encoder.read(TEXTS * 30)
    for i, text in enumerate(TEXTS):
        alone = encoder.read((text,))
        assert together.features[i + len(TEXTS)] == pytest.approx(alone.features[0], abs=1e-3)
        assert together.vectors[i] == pytest.approx(alone.vectors[0], abs=1e-3)


def test_forgetting_tokens_changes_nothing(encoder: TunedEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuned, "KEPT", 120)
    small = TunedEncoder(encoder.weights)
    for _ in range(2):
        for text in TEXTS:
            assert small.read((text,)).features == pytest.approx(encoder.read((text,)).features, abs=1e-3)


def test_likeness_stays_where_the_untuned_encoder_has_it(encoder: TunedEncoder) -> None:
    texts = ["Soldiers say they have taken power", "Central bank raises rates", "Un séisme détruit des maisons"]
    likeness = (encoder.read(texts).vectors * universal().encode(texts)).sum(axis=1)
    assert (likeness > 0.85).all()


def test_stored_weights_read_the_same(encoder: TunedEncoder) -> None:
    again = TunedEncoder(unpacked(packed(encoder.weights)))
    assert again.read(TEXTS).features == pytest.approx(encoder.read(TEXTS).features, abs=0.05)


def test_long_texts_are_cut_and_keep_their_end() -> None:
    words = vocabulary()
    assert len(words.tokens("word " * 500)) == LONGEST
    assert words.tokens("word " * 500)[-1] == words.tokens("word")[-1]
