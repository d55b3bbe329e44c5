"""The lower layers of multilingual-e5-small in PyTorch, for the second reader and the closer look of joining, and how
they become the graph that ships."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from scoring.features import BUCKETS
from scoring.pieces import WIDTH, numbers, opened, package_file
from scoring.second import LONGEST
from scoring.tuning.network import BAG_DROPOUT

HEADS = 12
INNER = 4 * WIDTH
EPS = 1e-12
DROPOUT = 0.2  # of what is pooled
FAR = -1e4  # of a place that is not read
LINEAR, NORM = ("q", "k", "v", "ao", "fi", "fo"), ("aln", "oln")  # the package's names of a layer's parts


class Lower(nn.Module):
    """Vectors of pieces → log-odds (n, columns), by the package's lower layers. Vectors stay as they are; everything
    else is tuned."""

    def __init__(self, layers: int, columns: int) -> None:
        super().__init__()
        stored = opened(package_file()).tensors
        self.places = nn.Parameter(_floats(stored["emb.pos"]).view(-1, WIDTH) + _floats(stored["emb.type"])[:WIDTH])
        self.norm = _norm(stored, "emb.ln")
        self.layers = nn.ModuleList(_Layer(stored, f"l{number}.") for number in range(layers))
        self.top = nn.Linear(2 * WIDTH, columns)
        nn.init.normal_(self.top.weight, std=0.02)
        nn.init.zeros_(self.top.bias)

    def seen(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """`vectors` (n, t, 384), `mask` (n, t), True where there is a piece."""
        x = self.norm(vectors + self.places[: vectors.shape[1]])
        bar = torch.zeros(mask.shape).masked_fill(~mask, FAR)[:, None, None, :]
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                x = layer(x, bar.to(torch.bfloat16))
        return self._read(x.float(), mask)

    def _read(self, x: Tensor, mask: Tensor) -> Tensor:
        seen = mask[..., None]
        mean = (x * seen).sum(1) / seen.sum(1)
        most = x.masked_fill(~seen, FAR).max(1)[0]
        return self.top(functional.dropout(torch.cat([mean, most], -1), DROPOUT, self.training))  # type: ignore[no-any-return]


class Transformer(Lower):
    """The second reader: what is seen, and words beside it."""

    def __init__(self, layers: int, columns: int, hands: int) -> None:
        super().__init__(layers, columns)
        self.words = nn.EmbeddingBag(BUCKETS, columns, mode="sum")
        self.habit = nn.Embedding(hands, columns)  # whose labels they are: taken off once it is learnt
        for weight in (self.words.weight, self.habit.weight):
            nn.init.zeros_(weight)

    def forward(self, vectors: Tensor, mask: Tensor, bag: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """`bag` is buckets, starts, values; the rest as `seen`."""
        buckets, starts, values = bag
        read = self.words(buckets, starts, per_sample_weights=values)
        if self.training:
            read = read * (torch.rand(len(read), 1) > BAG_DROPOUT).float()
        return self.seen(vectors, mask) + read  # type: ignore[no-any-return]


class _Layer(nn.Module):
    def __init__(self, stored: Mapping[str, NDArray[np.uint8]], prefix: str) -> None:
        super().__init__()
        for name in LINEAR:
            setattr(self, name, _linear(stored, prefix + name, WIDTH if name != "fo" else INNER))
        for name in NORM:
            setattr(self, name, _norm(stored, prefix + name))

    def forward(self, x: Tensor, bar: Tensor) -> Tensor:
        n, t, width = x.shape
        q, k, v = (part(x).view(n, t, HEADS, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        likeness = (q * (width / HEADS) ** -0.5) @ k.transpose(-1, -2)
        shares = torch.softmax(likeness + bar, -1).to(v.dtype)
        x = self.aln(x + self.ao((shares @ v).transpose(1, 2).reshape(n, t, width)))
        return self.oln(x + self.fo(functional.gelu(self.fi(x))))  # type: ignore[no-any-return]


class _Alone(nn.Module):
    """One text, (t, 384), nothing masked, in full precision. Queries, keys and values are made in one go: each product
    of eight bits first looks for the largest number of its rows."""

    def __init__(self, network: Lower) -> None:
        super().__init__()
        self.network = network
        self.looks = nn.ModuleList(_side_by_side(layer.q, layer.k, layer.v) for layer in network.layers)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.network
        x = inner.norm(x + inner.places[: x.shape[0]])
        for layer, look in zip(inner.layers, self.looks, strict=True):
            q, k, v = look(x).view(x.shape[0], 3 * HEADS, -1).transpose(0, 1).split(HEADS)
            shares = torch.softmax(q @ k.transpose(-1, -2), -1)
            x = layer.aln(x + layer.ao((shares @ v).transpose(0, 1).reshape(x.shape[0], WIDTH)))
            x = layer.oln(x + layer.fo(functional.gelu(layer.fi(x))))
        return inner.top(torch.cat([x.mean(0, keepdim=True), x.max(0, keepdim=True)[0]], -1))  # type: ignore[no-any-return]


def _side_by_side(q: nn.Linear, k: nn.Linear, v: nn.Linear) -> nn.Linear:
    made, scale = nn.Linear(WIDTH, 3 * WIDTH), (WIDTH / HEADS) ** -0.5
    made.weight = nn.Parameter(torch.cat([q.weight * scale, k.weight, v.weight]).detach())
    made.bias = nn.Parameter(torch.cat([q.bias * scale, k.bias, v.bias]).detach())
    return made


def graph(network: Lower) -> bytes:
    """What is seen of one text as the ONNX graph that `scoring.second` runs: eight bits a weight, a scale a column."""
    with TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            _Alone(network.eval()), (torch.zeros(LONGEST, WIDTH),), str(plain),
            input_names=["x"], output_names=["z"], dynamic_axes={"x": {0: "t"}}, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()


def _linear(stored: Mapping[str, NDArray[np.uint8]], name: str, width: int) -> nn.Linear:
    weight = torch.from_numpy(numbers(stored[f"{name}.w"], width))
    made = nn.Linear(width, len(weight))
    made.weight, made.bias = nn.Parameter(weight), nn.Parameter(_floats(stored[f"{name}.b"]))
    return made


def _norm(stored: Mapping[str, NDArray[np.uint8]], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, EPS)
    made.weight, made.bias = (nn.Parameter(_floats(stored[f"{name}.{part}"])) for part in "wb")
    return made


def _floats(stored: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(stored.view("<f4").copy())
