"""The classifier: weights in one `.npz`, everything worth reading about them in the JSON card beside it.

A linear model over the encoder's features and the hashed words of `scoring.features`: one column for each category and
sub-type, and one for severity. Categories are calibrated (Platt) by language where there was enough text to do so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from scoring.card import CardError, fingerprint, read_card, write_card
from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.encoder import DIMENSIONS, Encoder, Vectors, universal
from scoring.features import BUCKETS, Text, bags, gist
from scoring.second import TwoReaders, restored
from scoring.signals import signals
from scoring.tuned import TunedEncoder, unpacked

SHIPPED = Path(__file__).parent / "models" / "watchfire.npz"  # two readers
LIGHT = SHIPPED.with_name("light.npz")  # the first of them alone: faster, smaller, a little worse
FORMAT = 2
GRAVEST = 4.0  # of severity
BEHIND = 1.0  # of raw score: a second sub-type this far behind the first is noise more often than not
ANY = ""  # the calibration of every language that has none of its own

Floats = NDArray[np.float32]
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")


class ModelError(Exception):
    """The model file is missing, damaged or of another make; the message says what to do."""


class Calibration(NamedTuple):
    """Five numbers of each: p = 1 / (1 + exp(-(slope · z + offset))); held at p ≥ high, left open at p ≥ low."""

    slope: Floats
    offset: Floats
    high: Floats
    low: Floats


class Prediction(NamedTuple):
    """What the model says of n texts; columns follow CATEGORIES and `Model.subtypes`."""

    probabilities: Floats  # (n, 5)
    labels: NDArray[np.bool_]  # (n, 5)
    uncertain: NDArray[np.bool_]  # (n, 5), never where labels is true
    subtypes: NDArray[np.bool_]  # (n, S), only under a held or open category
    severity: Floats  # (n,), 0–4 as people give it, before anything is counted
    vectors: Vectors  # (n, 512)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, and the encoder that they were learnt with. C = 5 + number of sub-types + 1.

    `name` ends in the first letters of the weights' hash once they are stored: assessments keep it.
    """

    name: str
    subtypes: tuple[str, ...]
    dense: Floats  # (encoder.width, C)
    words: NDArray[np.int8]  # (BUCKETS, C), to be multiplied by `scale`
    scale: Floats  # (C,)
    bias: Floats  # (C,)
    subtype_bar: Floats  # (S,), in units of z
    calibrations: Mapping[str, Calibration]
    card: Mapping[str, Any]
    encoder: Encoder

    def scores(self, texts: Sequence[Text], features: Vectors) -> Floats:
        """Raw scores z, shape (n, C)."""
        return self.word_scores(texts) + features @ self.dense + self.bias

    def word_scores(self, texts: Sequence[Text]) -> Floats:
        """The part of the scores that comes from words, shape (n, C)."""
        rows = bags(texts)
        weighted = self.words[rows.buckets] * rows.values[:, None]
        return np.asarray(np.add.reduceat(weighted, rows.starts[:-1], axis=0) * self.scale, dtype=np.float32)

    def predict(self, texts: Sequence[Text]) -> Prediction:
        """Read texts; batches of 64 are a good size."""
        if not texts:
            return _nothing(len(self.subtypes))
        encoded = self.encoder.read([gist(text, self.encoder.dense) for text in texts])
        return self.judge(self.scores(texts, encoded.features), [language(text) for text in texts], encoded.vectors)

    def judge(self, z: Floats, languages: Sequence[str], vectors: Vectors) -> Prediction:
        """Raw scores → calibrated probabilities, labels, what stays open, and sub-types."""
        fits = [self.calibrations.get(key) or self.calibrations[ANY] for key in languages]
        slope, offset, high, low = (np.stack(parts) for parts in zip(*fits, strict=True))
        split = len(CATEGORIES)
        probabilities = sigmoid(slope * z[:, :split] + offset)
        labels = probabilities >= high
        uncertain = (probabilities >= low) & ~labels
        subtypes = self._clear(z[:, split:-1] - self.subtype_bar, labels | uncertain)
        return Prediction(probabilities, labels, uncertain, subtypes, np.clip(z[:, -1], 0.0, GRAVEST), vectors)

    def _clear(self, margins: Floats, live: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Sub-types over their bar, under a live category, and not far behind the clearest one of that category."""
        flags = margins >= 0
        parents = np.array([CATEGORIES.index(SUBTYPES[key]) for key in self.subtypes], dtype=np.int64)
        for parent in range(len(CATEGORIES)):
            columns = np.flatnonzero(parents == parent)
            if len(columns):
                best = margins[:, columns].max(axis=1, keepdims=True)
                flags[:, columns] &= live[:, [parent]] & (margins[:, columns] >= best - BEHIND)
        return flags


def language(text: Text) -> str:
    """The primary tag of the declared language; undeclared, `zh` for mostly Han text without kana, else ANY."""
    if text.language:
        return re.split("[-_]", text.language.lower())[0]
    sample = text.title or text.lede
    mostly_han = len(_HAN.findall(sample)) * 3 > len(sample) and not _KANA.search(sample)
    return "zh" if mostly_han else ANY


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + exp(-z)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)), dtype=np.float32)


def save(model: Model, path: Path) -> None:
    """Write `path` (.npz) and the card beside it (.json), which carries the hash of the weights."""
    groups = sorted(model.calibrations)
    encoder = model.encoder
    tuned: dict[str, Any] = encoder.stored() if isinstance(encoder, TunedEncoder | TwoReaders) else {}
    stored = BytesIO()
    np.savez_compressed(
        stored,
        dense=model.dense.astype(np.float16),
        words=model.words,
        scale=model.scale,
        bias=model.bias,
        subtype_bar=model.subtype_bar,
        calibration=np.stack([np.stack(model.calibrations[group]) for group in groups]),
        **tuned,
    )
    weights = stored.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(weights)
    about = {
        "format": FORMAT,
        "name": model.name.rpartition("-")[0] or model.name,
        "encoder": model.encoder.name,
        "sha256": fingerprint(weights),
    }
    shape = {"buckets": BUCKETS, "signals": signals().version, "subtypes": list(model.subtypes), "calibrations": groups}
    told = {key: value for key, value in model.card.items() if key not in about and key not in shape}
    write_card(path.with_suffix(".json"), {**about, **shape, **told})


def load(path: Path | None = None, encoder: Encoder | None = None) -> Model:
    """The model at `path` (None: the shipped one). Raises ModelError, whose sentence says what to do."""
    where = path or SHIPPED
    try:
        card = read_card(where.with_suffix(".json"))
        weights = where.read_bytes()
        _check(card, weights)
        with np.load(BytesIO(weights), allow_pickle=False) as file:
            stored = dict(file)
            return _assemble(stored, card, encoder or _encoder(stored, card))
    except FileNotFoundError as error:
        raise ModelError(_sentence(where, "is missing")) from error
    except OSError as error:
        raise ModelError(_sentence(where, f"cannot be read ({error.strerror})")) from error
    except (CardError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ModelError(_sentence(where, f"is damaged or of another make ({error})")) from error


def _check(card: Mapping[str, Any], weights: bytes) -> None:
    if card["sha256"] != fingerprint(weights):
        raise CardError("its weights do not have the hash that the card names")
    if card["format"] != FORMAT or card["buckets"] != BUCKETS or card["signals"] != signals().version:
        raise CardError("it was trained by another version, whose words were others")


def _encoder(stored: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> Encoder:
    """The encoder that the weights were learnt with: tuned ones bring their layers along."""
    if card["encoder"] == TwoReaders.name:
        return restored(stored)
    return TunedEncoder(unpacked(stored)) if card["encoder"] == TunedEncoder.name else universal()


def _assemble(stored: Mapping[str, NDArray[Any]], card: Mapping[str, Any], encoder: Encoder) -> Model:
    if card["encoder"] != encoder.name:
        raise CardError(f"it needs the encoder {card['encoder']}, this is {encoder.name}")
    subtypes = tuple(card["subtypes"])
    width = len(CATEGORIES) + len(subtypes) + 1
    if stored["words"].shape != (BUCKETS, width) or stored["dense"].shape != (encoder.width, width):
        raise CardError("its weights do not have the shape that the card names")
    if not set(subtypes) <= SUBTYPES.keys() or ANY not in card["calibrations"]:
        raise CardError("its card names sub-types or languages that do not fit")
    numbers = stored["calibration"].astype(np.float32)
    return Model(
        name=f"{card['name']}-{card['sha256'][:8]}",
        subtypes=subtypes,
        dense=stored["dense"].astype(np.float32),
        words=stored["words"],
        scale=stored["scale"].astype(np.float32),
        bias=stored["bias"].astype(np.float32),
        subtype_bar=stored["subtype_bar"].astype(np.float32),
        calibrations={key: Calibration(*numbers[i]) for i, key in enumerate(card["calibrations"])},
        card=card,
        encoder=encoder,
    )


def _sentence(path: Path, what: str) -> str:
    advice = (
        "Run `watchfire train` to make one, or set WATCHFIRE_MODEL to a model file (.npz with its .json); "
        "until then WATCHFIRE_MODEL=keywords reads by words alone."
    )
    return f"The model file {path} {what}. {advice}"


def _nothing(subtypes: int) -> Prediction:
    none = np.zeros((0, len(CATEGORIES)), dtype=np.float32)
    flags = none.astype(np.bool_)
    vectors = np.zeros((0, DIMENSIONS), dtype=np.float32)
    return Prediction(none, flags, flags, np.zeros((0, subtypes), dtype=np.bool_), none[:, 0], vectors)


def names(flags: NDArray[np.bool_]) -> tuple[Category, ...]:
    """The categories whose flag is set, in the order of CATEGORIES."""
    return tuple(category for category, flag in zip(CATEGORIES, flags, strict=True) if flag)
