"""A small deterministic encoder, and invented text to learn from."""

from collections.abc import Sequence
from itertools import product
from zlib import crc32

import numpy as np

from scoring.category import Category
from scoring.encoder import DIMENSIONS, Encoded, Vectors
from scoring.features import Text
from scoring.sample import Sample


class PlainEncoder:
    """Each word has a direction; a text is their sum, of unit length."""

    name = "plain"
    width = DIMENSIONS
    dense = 60

    def read(self, texts: Sequence[str]) -> Encoded:
        """Rows of unit length, shape (len(texts), 512), as vectors and as features."""
        rows = [self._row(text) for text in texts]
        vectors = np.stack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)
        return Encoded(vectors, vectors)

    def _row(self, text: str) -> Vectors:
        seeds = [crc32(word.encode("utf-8", "replace")) for word in text.lower().split()] or [0]
        total = sum(np.random.default_rng(seed).standard_normal(DIMENSIONS) for seed in seeds)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


TOPICS = {
    Category.SECURITY: ("bomb kills soldiers", "gunmen abduct workers", "flood drowns villagers"),
    Category.POLITICAL: ("soldiers seize power", "premier resigns today", "border closed envoy expelled"),
    Category.LEGAL: ("court fines company", "regulator raids offices", "firms put on sanctions list"),
    Category.FINANCIAL: ("currency devalued sharply", "state defaults on bonds", "tariffs doubled on steel"),
    Category.REPUTATIONAL: ("shoppers boycott brand", "factory accused of child labour", "recall over unsafe brakes"),
    None: ("team wins cup final", "singer opens festival", "museum shows paintings"),
}
KINDS = dict(zip(Category, ("terrorism", "coup", "sanctions", "sovereign_debt", "boycott"), strict=True))
PLACES = ("in Chad", "in Peru", "in Laos", "in Iran", "in Fiji", "in Mali")


def samples() -> list[Sample]:
    """108 samples in six topics; enough for a model to tell them apart."""
    found = []
    for topic, happenings in TOPICS.items():
        for happening, place in product(happenings, PLACES):
            title = f"{happening} {place}"
            labels, kinds = ((), ()) if topic is None else ((topic,), (KINDS[topic],))
            found.append(Sample(title, Text(title, language="en"), labels, kinds, 0 if topic is None else 2, (place,)))
    return found
