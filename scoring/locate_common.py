"""What a language tells of places: words spelt like one, and its lands; read from `indicators/place_common.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.place.fold import fold

_FILE = Path(__file__).with_name("indicators") / "place_common.yaml"
_NONE: frozenset[str] = frozenset()


def homes(language: str | None) -> frozenset[str]:
    """The lands where a language other than English is written; none of the others."""
    return _lists("homes").get((language or "")[:2].lower(), _NONE)


def common_words(language: str) -> frozenset[str]:
    """Those of a language by its ISO 639 code, Latin ones as written, others folded; none of an unknown one."""
    return _lists("words").get(language, _NONE)


@cache
def _lists(part: str) -> Mapping[str, frozenset[str]]:
    raw: dict[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    return {language: frozenset(map(_spelt, words)) for language, words in raw[part].items()}


def _spelt(word: str) -> str:
    return word if word[0] < "\u0400" else fold(word)
