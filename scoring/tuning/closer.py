"""`python -m scoring.tuning.closer FILE.jsonl… --outside FOLDER`: teach the closer look of joining.

FILE holds told happenings, as for `scoring.joint.train`; run it after that: mostly it learns from pairs that the
features cannot tell. About an hour of one core that multiplies in bfloat16.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from scoring.joint.closer import FILE, in_a_row, shown
from scoring.joint.lessons import Beside, beside, read_told
from scoring.joint.outside import read_outside
from scoring.joint.weights import Joint
from scoring.joint.weights import load as load_joint
from scoring.model import load
from scoring.pieces import WIDTH, pieces
from scoring.tuning.loop import Pace, descend, padded
from scoring.tuning.transformer import Lower, graph

LAYERS = 6
STEPS = 3000
TOLD = 10  # times that the loss is printed on the way
SAME, NEAR, FAR = 24, 36, 8  # pairs of a lot: of one happening, what features nearly take for one, the rest
NEARLY = -6.0  # log-odds by the features of what is near
THINNED = 2000  # of the rest, in each stretch
CUTS = (20, 28, 40)  # pieces of a text
RATE, LOWER = 1.2e-4, 0.9  # of the highest layer; of each below it as a share of the one above
TOP = 1e-3  # of the answer
WARM, LEAST = 60, 0.03
SMOOTH = 0.04  # of an answer: nobody is sure beyond this


class Couples(Lower):
    """Two texts in a row → log-odds that they tell of one happening, (n,)."""

    def __init__(self, layers: int) -> None:
        super().__init__(layers, 1)
        self.second = nn.Parameter(torch.zeros(WIDTH))

    def forward(self, vectors: Tensor, mask: Tensor, later: Tensor) -> Tensor:
        """`later` (n, t) is 1 where a piece is of the second text."""
        return self.seen(vectors + later[..., None] * self.second, mask)[:, 0]


Couple = tuple[list[int], list[int]]


class Taught(NamedTuple):
    """Pairs by what they are, as pieces."""

    same: list[Couple]
    near: list[Couple]
    far: list[Couple]


def taught(stretches: Iterable[Beside], joint: Joint, chance: np.random.Generator) -> Taught:
    """What there is to learn from."""
    found = Taught([], [], [])
    for one in stretches:
        cut = [shown(entry.text, max(CUTS)) for entry in one.found]
        odds = joint.odds(one.rows)
        far = np.flatnonzero(~one.same & (odds <= NEARLY))
        far = chance.choice(far, min(len(far), THINNED), replace=False)
        parts = (np.flatnonzero(one.same), np.flatnonzero(~one.same & (odds > NEARLY)), far)
        for pairs, some in zip(found, parts, strict=True):
            pairs += [(cut[i], cut[j]) for i, j in (one.pairs[k] for k in some.tolist())]
    return found


def tune(found: Taught, layers: int, steps: int, seed: int) -> Couples:
    """Train on pairs; prints the loss `TOLD` times."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    network = Couples(layers)
    rates = torch.optim.AdamW(_groups(network), betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    epochs = (_lots(found, steps // TOLD, chance) for _ in range(TOLD))
    descend(network, rates, epochs, partial(_loss, network), Pace(steps, WARM, LEAST), TOLD / steps)
    return network.eval()


class _Lot(NamedTuple):
    vectors: Tensor
    mask: Tensor
    later: Tensor
    same: Tensor


def _groups(network: Couples) -> list[dict[str, object]]:
    rates = [(list(layer.parameters()), RATE * LOWER**i) for i, layer in enumerate(reversed(list(network.layers)))]
    rates.append(([network.places, *network.norm.parameters()], RATE * LOWER ** len(rates)))
    rates.append(([*network.top.parameters(), network.second], TOP))
    return [{"params": params, "lr": rate, "base": rate} for params, rate in rates]


def _loss(network: Couples, lot: _Lot) -> Tensor:
    wanted = lot.same * (1 - SMOOTH) + SMOOTH / 2
    return functional.binary_cross_entropy_with_logits(network(lot.vectors, lot.mask, lot.later), wanted)


def _lots(found: Taught, count: int, chance: np.random.Generator) -> Iterator[_Lot]:
    for _ in range(count):
        drawn = [
            (pairs[k], same)
            for pairs, size, same in zip(found, (SAME, NEAR, FAR), (1.0, 0.0, 0.0), strict=True)
            for k in chance.integers(len(pairs), size=size)
        ]
        yield _lot([_drawn(pair, chance) for pair, _ in drawn], [same for _, same in drawn])


def _drawn(pair: Couple, chance: np.random.Generator) -> Couple:
    """Whichever first, and cut somewhere: as entries come."""
    cut = int(chance.choice(CUTS))
    one, other = pair if chance.random() < 0.5 else pair[::-1]
    return one[:cut], other[:cut]


def _lot(pairs: Sequence[Couple], same: Sequence[float]) -> _Lot:
    ids, mask = padded([in_a_row(*pair) for pair in pairs])
    later = np.zeros(ids.shape, dtype=np.float32)
    for row, (one, _) in zip(later, pairs, strict=True):
        row[len(one) :] = 1.0
    vectors = pieces().vectors(ids.ravel()).reshape(*ids.shape, -1)
    return _Lot(torch.from_numpy(vectors), torch.from_numpy(mask), torch.from_numpy(later), torch.tensor(same))


def keep(network: Couples, path: Path) -> None:
    """Write what was learnt."""
    second = network.second.detach().numpy().astype(np.float32)
    np.savez_compressed(path, graph=np.frombuffer(graph(network), dtype=np.uint8), second=second)


def main() -> None:
    """Read the options, teach, and write."""
    options = _options()
    torch.set_num_threads(options.threads)
    model, joint = load(), load_joint()
    told = [read_told(path) for path in options.files]
    read = beside([*told, *read_outside(options.outside)], model, joint.rarity)
    found = taught(read, joint, np.random.default_rng(options.seed))
    print(f"{len(found.same)} pairs of one happening, {len(found.near)} near, {len(found.far)} far", flush=True)
    keep(tune(found, options.layers, options.steps, options.seed), options.out)
    print(f"written: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning.closer", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="told happenings (JSON lines)")
    parser.add_argument("--outside", type=Path, required=True, help="folder with others' headlines")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
