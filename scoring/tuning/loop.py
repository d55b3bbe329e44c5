"""What both readers' trainings share: the loop, lots of texts of like length, and what a wrong score costs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from scoring.category import CATEGORIES

SORTED = 16  # batches whose texts are sorted by length together, so that little is padded
SMOOTH = 0.04  # of a label: nobody is sure beyond this
SEVERITY, KIND = 0.1, 0.3  # what severity and sub-types weigh against the categories
SPLIT = len(CATEGORIES)

Bag = tuple[Tensor, Tensor, Tensor]  # buckets, where texts start, values


class Worded(Protocol):
    """A lesson with its hashed words."""

    @property
    def buckets(self) -> NDArray[np.int64]:
        """Their buckets."""
        ...

    @property
    def values(self) -> NDArray[np.float32]:
        """What each weighs."""
        ...


One = TypeVar("One")
Lot = TypeVar("Lot")


class Pace(NamedTuple):
    """How the rates rise over `warm` steps, and fall to `least` of what they were over `steps`."""

    steps: int
    warm: int
    least: float

    def at(self, step: int) -> float:
        """The share of its rate that each group has at a step."""
        return min(1.0, step / self.warm) * max(self.least, 1 - step / self.steps)


def descend(
    network: nn.Module,
    rates: torch.optim.Optimizer,
    epochs: Iterable[Iterator[Lot]],
    cost: Callable[[Lot], Tensor],
    pace: Pace,
    share: float,
) -> None:
    """Learn from the lots of each epoch; prints its loss, of which a lot is `share`."""
    step, began = 0, monotonic()
    for epoch, lots in enumerate(epochs):
        network.train()
        total = 0.0
        for lot in lots:
            for group in rates.param_groups:
                group["lr"] = group["base"] * pace.at(step)
            rates.zero_grad()
            loss = cost(lot)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            rates.step()
            total, step = total + loss.item(), step + 1
        print(f"epoch {epoch}: loss {total * share:.4f}, {monotonic() - began:.0f} s", flush=True)


def lots_of(
    order: Sequence[tuple[One, list[int]]], size: int, chance: np.random.Generator
) -> Iterator[tuple[list[One], list[list[int]]]]:
    """Lessons with what is read of them, once each, `size` of like length together, in chance order."""
    order = [order[i] for i in chance.permutation(len(order))]
    lots: list[list[tuple[One, list[int]]]] = []
    for i in range(0, len(order), size * SORTED):
        part = sorted(order[i : i + size * SORTED], key=lambda pair: len(pair[1]))
        lots += [part[j : j + size] for j in range(0, len(part), size)]
    for i in chance.permutation(len(lots)):
        yield [one for one, _ in lots[i]], [read for _, read in lots[i]]


def padded(read: Sequence[list[int]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """What is read of a lot, as long as its longest, and where it is not filler; (n, longest) both."""
    longest = max(map(len, read))
    ids, mask = np.zeros((len(read), longest), dtype=np.int64), np.zeros((len(read), longest), dtype=np.bool_)
    for i, row in enumerate(read):
        ids[i, : len(row)], mask[i, : len(row)] = row, True
    return ids, mask


def bag_of(found: Sequence[Worded]) -> Bag:
    """The words of a lot, laid end to end."""
    starts = np.cumsum([0, *(len(one.buckets) for one in found[:-1])])
    buckets, values = (np.concatenate([getattr(one, part) for one in found]) for part in ("buckets", "values"))
    return torch.from_numpy(buckets), torch.from_numpy(starts), torch.from_numpy(values)


def cost_of(scored: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """What scores cost, (n, C) each; where `wanted` is below nought nobody told."""
    soft = wanted * (1 - SMOOTH) + SMOOTH / 2
    right = functional.binary_cross_entropy_with_logits(scored[:, :-1], soft[:, :-1], reduction="none")
    right = right * (wanted[:, :-1] >= 0).float()
    loss = (right[:, :SPLIT].mean(1) * weight).mean()
    loss = loss + KIND * (right[:, SPLIT:].mean(1) * weight).mean()
    rated = (wanted[:, -1] >= 0).float()
    return loss + SEVERITY * ((scored[:, -1] - wanted[:, -1]).square() * rated * weight).mean()
