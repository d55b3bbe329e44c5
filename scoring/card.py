"""The model card: what the weights were learnt from, how well they do, and the hash that proves they are these."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class CardError(Exception):
    """The card cannot be read, or does not fit its weights; the message continues "… is damaged: "."""


def fingerprint(weights: bytes) -> str:
    """SHA-256 hex digest of the weight file."""
    return hashlib.sha256(weights).hexdigest()


def read_card(path: Path) -> dict[str, Any]:
    """The card at `path`; FileNotFoundError when it is missing, CardError when it is no card."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CardError(f"its card {path.name} is not JSON") from error
    if not isinstance(card, dict):
        raise CardError(f"its card {path.name} is not a JSON object")
    return card


def write_card(path: Path, card: Mapping[str, Any]) -> None:
    """Write a card, readable and with keys in the order given."""
    path.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
