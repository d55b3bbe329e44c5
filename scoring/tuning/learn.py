"""The training loop: lessons → network → model. Deterministic for one machine and number of threads."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.category import CATEGORIES, SUBTYPES
from scoring.encoder import universal
from scoring.features import Text, bags, gist
from scoring.tokens import vocabulary
from scoring.tuning.lessons import GUIDED, Lesson
from scoring.tuning.loop import Bag, Pace, bag_of, cost_of, descend, lots_of, padded
from scoring.tuning.network import Network

EPOCHS = 4
BATCH = 32
RATES: Mapping[str, float] = {"w": 3e-4, "like": 2e-4, "linear": 3e-3, "words": 0.02, "habit": 0.01}
WARM = 100  # steps in which the rates rise
LEAST_RATE = 0.02
TITLE_ALONE = 0.3  # of the texts are read without their lede, as many feeds have none
LIKE = 0.5  # what the vector of likeness weighs against the categories
MAIN_LANGUAGES = ("en", "zh")


class Prepared(NamedTuple):
    """A lesson as numbers."""

    tokens: list[int]
    title_tokens: list[int]
    buckets: NDArray[np.int64]
    values: NDArray[np.float32]
    wanted: NDArray[np.float32]  # columns as in the model; -1 where nobody told or two differ
    weight: float
    habit: int
    vector: NDArray[np.float32]  # of likeness, as the untuned encoder gives it


class _Lot(NamedTuple):
    """A batch as tensors."""

    tokens: Tensor
    mask: Tensor
    bag: Bag
    wanted: Tensor
    weight: Tensor
    habit: Tensor
    vectors: Tensor


def prepare(found: Sequence[Lesson], subtypes: Sequence[str]) -> list[Prepared]:
    """Lessons as numbers; about 5 ms each."""
    texts = [lesson.sample.text for lesson in found]
    rows, tokens = bags(texts), vocabulary().tokens
    vectors = np.concatenate(
        [universal().encode([gist(text) for text in texts[i : i + 64]]) for i in range(0, len(texts), 64)]
    )
    habits: dict[tuple[str, str], int] = {}
    return [
        Prepared(
            tokens(gist(lesson.sample.text)),
            tokens(gist(Text(lesson.sample.text.title))),
            rows.buckets[rows.starts[i] : rows.starts[i + 1]],
            rows.values[rows.starts[i] : rows.starts[i + 1]],
            wanted_of(lesson, subtypes),
            lesson.weight,
            0 if lesson.hand == GUIDED else habits.setdefault(habit_of(lesson), len(habits) + 1),
            vectors[i],
        )
        for i, lesson in enumerate(found)
    ]


def tune(found: Sequence[Prepared], columns: int, seed: int = 0, epochs: int = EPOCHS) -> Network:
    """Train a network on lessons; prints the loss of each epoch."""
    torch.manual_seed(0)  # all networks begin alike: only then can their weights be averaged
    network = Network(columns, max(one.habit for one in found) + 1)
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    rates = _groups(network)
    lots = (_lots(found, chance) for _ in range(epochs))
    pace = Pace(epochs * (len(found) // BATCH + 1), WARM, LEAST_RATE)
    descend(network, rates, lots, partial(_loss, network), pace, BATCH / len(found))
    return network.eval()


def wanted_of(lesson: Lesson, subtypes: Sequence[str]) -> NDArray[np.float32]:
    """What each column of the model should say of a lesson; -1 where nobody told or two differ."""
    sample, unknown = lesson.sample, -1.0
    if lesson.guess is not None:
        return np.array([*lesson.guess[:-1], *(unknown for _ in subtypes), lesson.guess[-1]], dtype=np.float32)
    labels = [unknown if c in lesson.disputed else float(c in sample.labels) for c in CATEGORIES]
    told = lesson.kinds or not sample.labels
    kinds = [
        float(key in sample.subtypes) if told or SUBTYPES[key] not in sample.labels else unknown for key in subtypes
    ]
    severity = unknown if sample.severity is None else float(sample.severity)
    return np.array([*labels, *kinds, severity], dtype=np.float32)


def habit_of(lesson: Lesson) -> tuple[str, str]:
    """Whose way of labelling it is: the hand's, in the language where it labelled much."""
    language = lesson.sample.text.language or ""
    return lesson.hand, language if language in MAIN_LANGUAGES else ""


def _groups(network: Network) -> torch.optim.AdamW:
    parts = {
        "w": [value for key, value in network.w.items() if not key.startswith("like_")],
        "like": [value for key, value in network.w.items() if key.startswith("like_")],
        **{name: list(getattr(network, name).parameters()) for name in ("linear", "words", "habit")},
    }
    groups = [
        {"params": params, "lr": RATES[name], "base": RATES[name], "weight_decay": 0.01 * (name in ("w", "linear"))}
        for name, params in parts.items()
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _loss(network: Network, lot: _Lot) -> Tensor:
    scored, like = network(lot.tokens, lot.mask, lot.bag)
    scored = scored + network.habit(lot.habit) * (lot.habit > 0)[:, None]
    loss = cost_of(scored, lot.wanted, lot.weight)
    return loss + LIKE * (1 - (like * lot.vectors).sum(1)).mean()


def _lots(found: Sequence[Prepared], chance: np.random.Generator) -> Iterator[_Lot]:
    """All lessons once, in batches of like length and chance order."""
    order = [(one, one.title_tokens if chance.random() < TITLE_ALONE else one.tokens) for one in found]
    for some, tokens in lots_of(order, BATCH, chance):
        yield _lot(some, tokens)


def _lot(found: Sequence[Prepared], tokens: Sequence[list[int]]) -> _Lot:
    ids, mask = padded(tokens)
    vectors = vocabulary().vectors(ids.ravel()).reshape(*ids.shape, -1)
    return _Lot(
        torch.from_numpy(vectors),
        torch.from_numpy(mask[..., None].astype(np.float32)),
        bag_of(found),
        torch.from_numpy(np.stack([one.wanted for one in found])),
        torch.tensor([one.weight for one in found]),
        torch.tensor([one.habit for one in found]),
        torch.from_numpy(np.stack([one.vector for one in found])),
    )
