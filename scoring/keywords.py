"""Words alone: what reads entries while there is no model. It says so wherever its name is shown.

Each concept of `signals.txt` that points to a category speaks for it, and for its sub-type. Nothing is learnt, no
encoder is needed, and nothing is known of how words stand together: on real headlines macro-F1 is 0.49 in English and
0.64 in Chinese, and half of what is no risk is tagged. For the hours until a model is back: `WATCHFIRE_MODEL=keywords`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from scoring.category import CATEGORIES, SUBTYPES, Category
from scoring.encoder import DIMENSIONS, Encoded
from scoring.features import BUCKETS, LEDE, bucket
from scoring.model import ANY, Calibration, Model, load
from scoring.signals import signals

NAME = "keywords"
WORTH = 8.0  # of raw score, for a text of nothing but one concept
OFFSET = -2.0
BAR, LEFT_OPEN = 0.5, 0.35
SUBTYPE_BAR = 1.6  # of raw score


class NoEncoder:
    """Reads nothing: vectors of nought, no features."""

    name = "none"
    width = 0
    dense = LEDE

    def read(self, texts: Sequence[str]) -> Encoded:
        """Nought, in the shapes of an encoder."""
        count = len(texts)
        return Encoded(np.zeros((count, DIMENSIONS), np.float32), np.zeros((count, 0), np.float32))


@cache
def keyword_model() -> Model:
    """The fallback as a model like any other, made from the list of words."""
    subtypes = tuple(SUBTYPES)
    columns = len(CATEGORIES) + len(subtypes) + 1
    words = np.zeros((BUCKETS, columns), dtype=np.int8)
    for concept, (category, subtype) in signals().kinds.items():
        if category in tuple(Category):
            words[bucket("§" + concept), CATEGORIES.index(Category(category))] = 1
        if subtype:
            words[bucket("§" + concept), len(CATEGORIES) + subtypes.index(subtype)] = 1
    each = np.ones(len(CATEGORIES), dtype=np.float32)
    return Model(
        name=f"{NAME}-{signals().version[:8]}",
        subtypes=subtypes,
        dense=np.zeros((0, columns), dtype=np.float32),
        words=words,
        scale=np.full(columns, WORTH, dtype=np.float32),
        bias=np.zeros(columns, dtype=np.float32),
        subtype_bar=np.full(len(subtypes), SUBTYPE_BAR, dtype=np.float32),
        calibrations={ANY: Calibration(each, each * OFFSET, each * BAR, each * LEFT_OPEN)},
        card={"name": NAME, "fallback": True, "encoder": NoEncoder.name, "limits": (__doc__ or "").strip()},
        encoder=NoEncoder(),
    )


def model_at(path: Path | None) -> Model:
    """The model at `path` (None: the shipped one), or the fallback where the path is its name. Raises ModelError."""
    return keyword_model() if is_fallback(path) else load(path)


def is_fallback(path: Path | None) -> bool:
    """Whether a path means no file but the fallback."""
    return path == Path(NAME)
