"""Words of a language that are spelt like a place elsewhere, read once from `indicators/place_common.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.place.fold import fold

_FILE = Path(__file__).with_name("indicators") / "place_common.yaml"
_NONE: frozenset[str] = frozenset()


def common_words(language: str) -> frozenset[str]:
    """Those of a language by its ISO 639 code, Latin ones as written, others folded; none of an unknown one."""
    return _common().get(language, _NONE)


@cache
def _common() -> Mapping[str, frozenset[str]]:
    raw: dict[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    return {language: frozenset(map(_spelt, words)) for language, words in raw.items()}


def _spelt(word: str) -> str:
    return word if word[0] < "\u0400" else fold(word)
