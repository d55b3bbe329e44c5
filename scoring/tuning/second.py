"""`python -m scoring.tuning.second`: teach the second reader, and put it beside the first of the model that ships.

Run it after `python -m scoring.tuning` (and `.blend`): the first reader's weights are taken as they are, and it guesses
at the headlines that nobody has read. About three quarters of an hour of one core that multiplies in bfloat16.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.evaluate import evaluate
from scoring.features import Text, bags, gist
from scoring.model import ANY, SHIPPED, Floats, Model, load, save
from scoring.pieces import pieces
from scoring.sample import CORPUS, read_samples
from scoring.second import UNIT, Gate, TwoReaders, numbered
from scoring.train import quantise
from scoring.tuned import TunedEncoder
from scoring.tuning.gate import ranges
from scoring.tuning.guess import guessed
from scoring.tuning.learn import TITLE_ALONE, habit_of, wanted_of
from scoring.tuning.lessons import GUIDED, Lesson, kept_back, lessons, unread
from scoring.tuning.loop import SPLIT, Bag, Pace, bag_of, cost_of, descend, lots_of
from scoring.tuning.settle import settled
from scoring.tuning.transformer import Transformer, graph

LAYERS = 6
TAUGHT = 128  # pieces of a text that are learnt from
EPOCHS = 2
BATCH = 64
RATE, LOWER = 1.5e-4, 0.9  # of the highest layer; of each below it as a share of the one above
TOP = {"top": 1e-3, "words": 0.02, "habit": 0.01}
WARM, LEAST = 150, 0.02
SHARE = 0.5  # of the second reader's say where it is asked
FRESH = 3  # one in so many unread headlines tells where the first reader is not sure


class Read(NamedTuple):
    """A lesson as numbers."""

    pieces: list[int]
    title: list[int]
    wanted: NDArray[np.float32]
    weight: float
    habit: int
    buckets: NDArray[np.int64]
    values: NDArray[np.float32]


def prepare(found: Sequence[Lesson], subtypes: Sequence[str]) -> list[Read]:
    """Lessons as numbers."""
    words, habits = pieces(), dict[tuple[str, str], int]()
    rows = bags([one.sample.text for one in found])
    return [
        Read(
            numbered(gist(one.sample.text), words, TAUGHT),
            numbered(gist(Text(one.sample.text.title)), words),
            wanted_of(one, subtypes),
            one.weight,
            0 if one.hand == GUIDED else habits.setdefault(habit_of(one), len(habits) + 1),
            rows.buckets[rows.starts[i] : rows.starts[i + 1]],
            rows.values[rows.starts[i] : rows.starts[i + 1]],
        )
        for i, one in enumerate(found)
    ]


def tune(found: Sequence[Read], columns: int, layers: int, epochs: int, seed: int) -> Transformer:
    """Train on lessons; prints the loss of each epoch."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = Transformer(layers, columns, max(one.habit for one in found) + 1)
    rates = torch.optim.AdamW(_groups(network), betas=(0.9, 0.98), fused=True)
    lots = (_lots(found, chance) for _ in range(epochs))
    pace = Pace(epochs * (len(found) // BATCH + 1), WARM, LEAST)
    descend(network, rates, lots, partial(_loss, network), pace, BATCH / len(found))
    return network.eval()


class _Lot(NamedTuple):
    vectors: Tensor
    mask: Tensor
    bag: Bag
    wanted: Tensor
    weight: Tensor
    habit: Tensor


def _groups(network: Transformer) -> list[dict[str, object]]:
    layers = list(network.layers)
    rates = [(list(layer.parameters()), RATE * LOWER**i) for i, layer in enumerate(reversed(layers))]
    rates.append(([network.places, *network.norm.parameters()], RATE * LOWER ** len(layers)))
    rates += [(list(getattr(network, name).parameters()), rate) for name, rate in TOP.items()]
    return [
        {"params": params, "lr": rate, "base": rate, "weight_decay": 0.01 * (i < len(rates) - 2)}
        for i, (params, rate) in enumerate(rates)
    ]


def _loss(network: Transformer, lot: _Lot) -> Tensor:
    scored: Tensor = network(lot.vectors, lot.mask, lot.bag)
    scored = scored + network.habit(lot.habit) * (lot.habit > 0)[:, None]
    return cost_of(scored, lot.wanted, lot.weight)


def _lots(found: Sequence[Read], chance: np.random.Generator) -> Iterator[_Lot]:
    """All lessons once, in batches of like length and chance order."""
    order = [(one, one.title if chance.random() < TITLE_ALONE else one.pieces) for one in found]
    for some, read in lots_of(order, BATCH, chance):
        yield _lot(some, read)


def _lot(found: Sequence[Read], read: Sequence[list[int]]) -> _Lot:
    longest = max(map(len, read))
    ids, mask = np.zeros((len(found), longest), dtype=np.int64), np.zeros((len(found), longest), dtype=np.bool_)
    for i, row in enumerate(read):
        ids[i, : len(row)], mask[i, : len(row)] = row, True
    vectors = pieces().vectors(ids.ravel()).reshape(len(found), longest, -1)
    return _Lot(
        torch.from_numpy(vectors),
        torch.from_numpy(mask),
        bag_of(found),
        torch.from_numpy(np.stack([one.wanted for one in found])),
        torch.tensor([one.weight for one in found]),
        torch.tensor([one.habit for one in found]),
    )


def beside(model: Model, network: Transformer, held: Sequence[Lesson], fresh: Sequence[Text]) -> Model:
    """The model with a second reader beside its first: where both read, the mean of their log-odds of categories, and
    of severity. Words belong to both. Calibration and bars come from lessons that neither learnt from, the gate from
    headlines that nobody read."""
    first, width = model.encoder, model.encoder.width
    if not isinstance(first, TunedEncoder):
        raise SystemExit("Take a model with one reader: `python -m scoring.tuning` makes one.")
    always = Gate(model.dense, model.bias, np.full(SPLIT, -np.inf), np.full(SPLIT, np.inf))
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
    return settled(replace(both, encoder=gated), held)


def _features(model: Model, texts: Sequence[Text]) -> Floats:
    return model.encoder.read([gist(text, model.encoder.dense) for text in texts]).features


def _bars(model: Model) -> Floats:
    """The log-odds that a tag needs."""
    fit = model.calibrations[ANY]
    return np.asarray((np.log(fit.high / (1 - fit.high)) - fit.offset) / fit.slope, dtype=np.float32)


def main() -> None:
    """Read the options, teach, and write the model with both readers."""
    options = _options()
    torch.set_num_threads(options.threads)
    model = load(options.model)
    found = lessons(options.corpus, options.outside)
    teaching = [*(one for one in found if not kept_back(one)), *guessed(options.outside, [model])]
    print(f"{len(teaching)} lessons", flush=True)
    network = tune(prepare(teaching, model.subtypes), len(model.bias), options.layers, options.epochs, options.seed)
    fresh = [one.sample.text for one in unread(options.outside)][::FRESH]
    both = beside(model, network, [one for one in found if kept_back(one)], fresh)
    fixed = [sample for sample in read_samples(options.corpus) if sample.fixed]
    about = {"from": "multilingual-e5-small", "layers": options.layers, "learnt_from": len(teaching)}
    card = {**both.card, "second": about, "metrics": {"fixed": evaluate(fixed, both)}}
    save(replace(both, card=card, name="watchfire-two-new"), options.out)
    print(f"macro-F1 on the fixed test set: {card['metrics']['fixed']['macro_f1']}; written: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning.second", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="own labelled text")
    parser.add_argument("--outside", type=Path, required=True, help="folder with train.jsonl and pool.jsonl of others")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="whose first reader stays")
    parser.add_argument("--out", type=Path, default=SHIPPED.with_name("two.npz"))
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
