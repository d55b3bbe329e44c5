"""`python -m scoring.tuning.second OUT`: teach the second reader; `scoring.tuning.pair` puts it beside the first.

Run it after `python -m scoring.tuning` (and `.blend`): models guess at the headlines that nobody has read. About three
quarters of an hour of one core that multiplies in bfloat16.
"""

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.category import CATEGORIES
from scoring.features import Text, bags, gist
from scoring.model import SHIPPED, load
from scoring.pieces import pieces
from scoring.sample import CORPUS
from scoring.second import numbered
from scoring.tuning.guess import curious, guessed
from scoring.tuning.learn import TITLE_ALONE, habit_of, wanted_of
from scoring.tuning.lessons import GUIDED, Lesson, kept_back, lessons
from scoring.tuning.loop import Bag, Pace, bag_of, cost_of, descend, lots_of, padded
from scoring.tuning.transformer import Transformer

LAYERS = 6
TAUGHT = 128  # pieces of a text that are learnt from
EPOCHS = 2
BATCH = 64
RATE, LOWER = 1.5e-4, 0.9  # of the highest layer; of each below it as a share of the one above
TOP = {"top": 1e-3, "words": 0.02, "habit": 0.01}
WARM, LEAST = 150, 0.02


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
    ids, mask = padded(read)
    vectors = pieces().vectors(ids.ravel()).reshape(*ids.shape, -1)
    return _Lot(
        torch.from_numpy(vectors),
        torch.from_numpy(mask),
        bag_of(found),
        torch.from_numpy(np.stack([one.wanted for one in found])),
        torch.tensor([one.weight for one in found]),
        torch.tensor([one.habit for one in found]),
    )


def main() -> None:
    """Read the options, teach, and write the network."""
    options = _options()
    torch.set_num_threads(options.threads)
    subtypes = load().subtypes
    taught = [one for one in lessons(options.corpus, options.outside) if not kept_back(one)]
    teachers = [curious(load(path)) for path in options.teachers]
    teaching = [*taught, *(guessed(options.outside, teachers) if teachers else [])]
    print(f"{len(teaching)} lessons", flush=True)
    columns = len(CATEGORIES) + len(subtypes) + 1
    network = tune(prepare(teaching, subtypes), columns, options.layers, options.epochs, options.seed)
    torch.save(network.state_dict(), options.out)
    print(f"written: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning.second", description=__doc__)
    parser.add_argument("out", type=Path, help="the network, for scoring.tuning.pair")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="own labelled text")
    parser.add_argument("--outside", type=Path, required=True, help="folder with train.jsonl and pool.jsonl of others")
    parser.add_argument(
        "--teachers", type=Path, nargs="*", default=[SHIPPED], help="models that guess at unread headlines"
    )
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
