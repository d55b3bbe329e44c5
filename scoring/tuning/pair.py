"""`python -m scoring.tuning.pair NETWORK…`: put a second reader beside the first of the model that ships.

The networks are what `scoring.tuning.second` wrote; of several that began alike the mean of their weights is taken,
which reads better than either. The first reader's weights are taken as they are. Some three minutes of one core.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from scoring.evaluate import evaluate
from scoring.features import Text, gist
from scoring.model import ANY, LIGHT, SHIPPED, Floats, Model, load, save
from scoring.sample import CORPUS, read_samples
from scoring.second import UNIT, Gate, TwoReaders
from scoring.train import quantise
from scoring.tuned import TunedEncoder
from scoring.tuning.gate import ranges
from scoring.tuning.guess import wide_open
from scoring.tuning.lessons import Lesson, as_they_come, kept_back, lessons
from scoring.tuning.loop import SPLIT
from scoring.tuning.settle import settled
from scoring.tuning.transformer import Transformer, graph

SHARE = 0.5  # of the second reader's say where it is asked
FRESH = 24  # one in so many headlines tells where the first reader is not sure
BATCH = 64


def blended(paths: Sequence[Path]) -> Transformer:
    """The mean of networks that began alike. What they learnt of hands is left out: nobody asks for it any more."""
    stored = [torch.load(path, weights_only=True) for path in paths]
    means = {key: torch.stack([one[key] for one in stored]).mean(0) for key in stored[0] if "habit" not in key}
    layers = {key.split(".")[1] for key in means if key.startswith("layers.")}
    network = Transformer(len(layers), len(means["top.bias"]), 1)
    network.load_state_dict(means, strict=False)
    return network.eval()


def beside(model: Model, network: Transformer, held: Sequence[Lesson], fresh: Sequence[Text]) -> Model:
    """The model with a second reader beside its first: where both read, the mean of their log-odds of categories, and
    of severity. Words belong to both. Calibration and bars come from lessons that neither learnt from, the gate from
    headlines as they come; sub-types stay the first reader's, bars and all."""
    first, width = model.encoder, model.encoder.width
    if not isinstance(first, TunedEncoder):
        raise SystemExit("Take a model with one reader: `python -m scoring.tuning` makes one.")
    always = wide_open(Gate(model.dense, model.bias, np.zeros(SPLIT, np.float32), np.zeros(SPLIT, np.float32)))
    says = np.full(len(model.bias), SHARE)
    says[SPLIT:-1] = 0.0  # sub-types stay the first reader's: with both F1 was 0.48 for 0.51
    share = np.vstack([UNIT * np.diag(says), np.zeros((1, len(says)))])
    heard = network.words.weight.detach().numpy().astype(np.float64)
    words, scale = quantise(says * heard + (1 - says) * model.words * model.scale)
    dense = np.vstack([model.dense, share]).astype(np.float32)
    readers = TwoReaders(first, graph(network), always)
    both = settled(replace(model, encoder=readers, dense=dense, words=words, scale=scale), held)
    features = np.concatenate([_features(both, fresh[i : i + BATCH]) for i in range(0, len(fresh), BATCH)])
    said = both.word_scores(fresh) + features @ both.dense + both.bias
    alone = said - features[:, width:] @ dense[width:]
    bars = _bars(both)
    odds = (features[:, :width] @ model.dense + model.bias)[:, :SPLIT]
    least, most = ranges(odds, (said[:, :SPLIT] > bars) != (alone[:, :SPLIT] > bars), bars)
    gated = TwoReaders(first, readers.graph, always._replace(least=least, most=most))
    return replace(settled(replace(both, encoder=gated), held), subtype_bar=model.subtype_bar)


def _features(model: Model, texts: Sequence[Text]) -> Floats:
    return model.encoder.read([gist(text, model.encoder.dense) for text in texts]).features


def _bars(model: Model) -> Floats:
    """The log-odds that a tag needs."""
    fit = model.calibrations[ANY]
    return np.asarray((np.log(fit.high / (1 - fit.high)) - fit.offset) / fit.slope, dtype=np.float32)


def main() -> None:
    """Read the options, and write the model with both readers."""
    options = _options()
    torch.set_num_threads(1)
    network = blended(options.networks)
    held = [one for one in lessons(options.corpus, options.outside) if kept_back(one)]
    fresh = as_they_come(options.outside)[::FRESH]
    both = beside(load(options.model), network, held, fresh)
    fixed = [sample for sample in read_samples(options.corpus) if sample.fixed]
    about = {"from": "multilingual-e5-small", "layers": len(network.layers), "tunings": len(options.networks)}
    card = {**both.card, "second": about, "metrics": {"fixed": evaluate(fixed, both)}}
    save(replace(both, card=card, name=options.name), options.out)
    print(f"macro-F1 on the fixed test set: {card['metrics']['fixed']['macro_f1']}; written: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning.pair", description=__doc__)
    parser.add_argument("networks", type=Path, nargs="+", help="what scoring.tuning.second wrote")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="own labelled text")
    parser.add_argument("--outside", type=Path, required=True, help="folder with train.jsonl and pool.jsonl of others")
    parser.add_argument("--model", type=Path, default=LIGHT, help="whose first reader stays")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--name", default="watchfire")
    return parser.parse_args()


if __name__ == "__main__":
    main()
