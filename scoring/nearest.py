"""The labelled examples that read most like an entry: what the model was shown of such things.

The vectors of the corpus lie beside the model, on their 192 main axes and in eight bits (`python -m scoring.nearest`
writes them). 140 bytes a row; of the two nearest it finds 85 %, and what it finds instead lies 0.002 further away. Kept
in the package, not made at set-up: encoding the corpus takes half a minute of one core, which every installation would
pay, and the file goes stale with the weights beside it, which a test notices.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.category import Category
from scoring.encoder import DIMENSIONS, Encoder
from scoring.features import gist
from scoring.model import Floats, load
from scoring.sample import CORPUS, Sample, read_samples

SHIPPED = Path(__file__).parent / "models" / "nearest.npz"
AXES = 192
BATCH = 64
STEP = 127.0  # of eight bits


@dataclass(frozen=True, slots=True)
class Example:
    """A row of the corpus; without labels it is no risk. `cosine` is along the main axes: 0.015 too low as a rule."""

    key: str
    title: str
    language: str
    labels: tuple[Category, ...]
    cosine: float


class _Index(NamedTuple):
    encoder: str
    axes: Floats  # (512, AXES)
    rows: Floats  # (n, AXES)
    samples: Sequence[Sample]


def nearest(vector: bytes | NDArray[np.floating], encoder: str, count: int = 2) -> tuple[Example, ...]:
    """The `count` nearest rows, the likest first. `vector`: 512 numbers as in Assessment (bytes: float16), read by the
    encoder of that name, or by the first of two readers. None for an entry without vector, or where the examples were
    read by another encoder.

    About 0.5 ms; the first call takes 0.2 s more.
    """
    index = _index()
    numbers = np.frombuffer(vector, dtype=np.float16) if isinstance(vector, bytes) else vector
    if len(numbers) != DIMENSIONS or index is None or index.encoder != encoder.partition("+")[0]:
        return ()
    likeness = index.rows @ (numbers.astype(np.float32) @ index.axes)
    first = np.argpartition(-likeness, min(count, len(likeness) - 1))[:count]
    ranked = sorted(first.tolist(), key=lambda i: (-likeness[i], i))
    return tuple(_example(index.samples[i], float(likeness[i])) for i in ranked)


def _example(sample: Sample, cosine: float) -> Example:
    text = sample.text
    return Example(sample.key, text.title or text.lede, text.language or "", sample.labels, round(cosine, 3))


@cache
def _index() -> _Index | None:
    """The shipped vectors with their rows; None where they are missing or of another corpus."""
    samples = read_samples(CORPUS)
    try:
        with np.load(SHIPPED, allow_pickle=False) as stored:
            if str(stored["corpus"]) != fingerprint(samples):
                return None
            rows = stored["rows"] * stored["scale"]
            return _Index(str(stored["encoder"]), stored["axes"].astype(np.float32), rows, samples)
    except (OSError, KeyError, ValueError):
        return None


def fingerprint(samples: Sequence[Sample]) -> str:
    """What the vectors were made of: changes with any text, and with the order of rows."""
    told = "\n".join(f"{sample.key}\t{sample.text.title}\t{sample.text.lede}" for sample in samples)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write(encoder: Encoder, path: Path = SHIPPED) -> None:
    """Encode the corpus and write its vectors along their main axes."""
    samples = read_samples(CORPUS)
    texts = [gist(sample.text, encoder.dense) for sample in samples]
    vectors = np.concatenate([encoder.read(texts[i : i + BATCH]).vectors for i in range(0, len(texts), BATCH)])
    _, turns = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    axes = np.ascontiguousarray(turns[:, ::-1][:, :AXES]).astype(np.float16)
    turned = vectors @ axes.astype(np.float32)
    scale = np.float32(np.abs(turned).max() / STEP)
    rows = np.rint(turned / scale).astype(np.int8)
    np.savez_compressed(path, axes=axes, rows=rows, scale=scale, corpus=fingerprint(samples), encoder=encoder.name)


if __name__ == "__main__":
    write(load().encoder)
