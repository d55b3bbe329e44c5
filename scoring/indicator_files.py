"""The lists of words in `indicators/`, as they are written there."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.loaders import TEXTS

_FOLDER = Path(__file__).with_name("indicators")


@cache
def table(name: str) -> Mapping[str, Any]:
    """One of the shipped files, every scalar a string."""
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=TEXTS))  # noqa: S506
