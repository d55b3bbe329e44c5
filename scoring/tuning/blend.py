"""`python -m scoring.tuning.blend A.npz B.npz --shares 0.4 0.6`: one model from several that were tuned from one start.

Networks that began alike end close enough for the mean of their weights to read better than either: it stands for an
ensemble at the cost of one. Calibration and bars are set anew on the lessons kept back, with the weights as they are
stored.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.evaluate import evaluate
from scoring.model import LIGHT, Floats, Model, load, save
from scoring.sample import CORPUS, read_samples
from scoring.train import quantise
from scoring.tuned import CHANNELS, ORDERS, TunedEncoder, thin
from scoring.tuning.lessons import kept_back, lessons
from scoring.tuning.settle import settled


def blend(models: Sequence[Model], shares: Sequence[float]) -> Model:
    """The mean of models by shares that sum to 1. They must know the same sub-types and bring a tuned encoder."""
    first = models[0]
    if any(model.subtypes != first.subtypes for model in models):
        raise ValueError("The models do not know the same sub-types: tune them on the same lessons.")
    encoders = [_whole(model) for model in models]
    mixed = _mean([model.words.astype(np.float64) * model.scale for model in models], shares)
    words, scale = quantise(mixed.astype(np.float64))
    return replace(
        first,
        dense=_mean([model.dense for model in models], shares),
        words=words,
        scale=scale,
        bias=_mean([model.bias for model in models], shares),
        encoder=TunedEncoder(thin({key: _mean([one[key] for one in encoders], shares) for key in encoders[0]})),
    )


def _whole(model: Model) -> Mapping[str, Floats]:
    """The encoder's weights with second layers in one piece, as they are averaged."""
    assert isinstance(model.encoder, TunedEncoder)
    found = dict(model.encoder.weights)
    for branch, (size, _) in enumerate(ORDERS):
        wide = found.pop(f"wide{branch}").reshape(CHANNELS, size, -1).transpose(1, 0, 2).reshape(size * CHANNELS, -1)
        found[f"second{branch}"] = wide @ found.pop(f"narrow{branch}")
    return found


def _mean(parts: Sequence[NDArray[np.floating]], shares: Sequence[float]) -> Floats:
    return np.asarray(sum(share * part for share, part in zip(shares, parts, strict=True)), dtype=np.float32)


def main() -> None:
    """Blend, calibrate, measure on the fixed test set and write."""
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning.blend", description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="weights to blend; the last one's card is kept")
    parser.add_argument("--shares", type=float, nargs="+", required=True, help="of each, together 1")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--outside", type=Path)
    parser.add_argument("--out", type=Path, default=LIGHT)
    options = parser.parse_args()
    models = [load(path) for path in options.models]
    held = [lesson for lesson in lessons(options.corpus, options.outside) if kept_back(lesson)]
    model = settled(blend(models, options.shares), held)
    card = {**models[-1].card, "blended": dict(zip((model.name for model in models), options.shares, strict=True))}
    model = replace(model, card=card)
    fixed = [sample for sample in read_samples(options.corpus) if sample.fixed]
    card["metrics"] = {"fixed": evaluate(fixed, model)}
    save(model, options.out)
    print(f"macro-F1 on the fixed test set: {card['metrics']['fixed']['macro_f1']}; written: {options.out}")


if __name__ == "__main__":
    main()
