"""JSON gone wrong: members lost, doubled, nested, of another type, under another name."""

import json
from random import Random
from typing import Any

KEYS = (
    "type", "features", "properties", "geometry", "coordinates", "title", "name", "id", "url", "date", "data", "fields",
    "items", "version", "alert", "info", "identifier", "msgType", "advisory-state", "warning", "country", "updated",
    "program", "value", "text", "lat", "lon", "score", "", "error", "errors", "feed", "entry", "$t", "content",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -0.0, 10**30, float("nan"), float("inf"), "", " ", "\u0000", "\ud800", "a" * 3000,
    "<b>" * 200, [], {}, [[]], [None], {"": None}, "2026-13-45", 1709596800000, "javascript:x", [1, 2], "EN-GB", "-0-",
    {"value": {"value": "x"}}, [["a", "b"], ["c"]], "٥ مارس ٢٠٢٤",
)  # fmt: skip
LONG = 20_000  # a longer one is multiplied no further


def change_json(text: str, random: Random) -> str:
    """One to four changes of members; a text that is no JSON stays as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    for _ in range(random.randint(1, 4)):
        value = _changed(value, random, 8)
        text = json.dumps(value, ensure_ascii=random.random() < 0.5)
        if len(text) > LONG:
            break
    return text.encode("utf-8", "replace").decode()


def _changed(value: Any, random: Random, depth: int) -> Any:
    inner = isinstance(value, dict | list) and value and depth
    if inner and random.random() < 0.8:
        key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
        value[key] = _changed(value[key], random, depth - 1)
        return value
    return random.choice((_replaced, _nested, _multiplied, _renamed, _lost))(value, random)


def _replaced(value: Any, random: Random) -> Any:
    return json.loads(json.dumps(random.choice(VALUES)))


def _nested(value: Any, random: Random) -> Any:
    for _ in range(random.choice((1, 2, 60))):
        value = [value] if random.random() < 0.5 else {random.choice(KEYS): value}
    return value


def _multiplied(value: Any, random: Random) -> Any:
    if isinstance(value, list):
        return value * random.choice((0, 2, 50))
    return [value] * random.choice((0, 2, 50))


def _renamed(value: Any, random: Random) -> Any:
    if not isinstance(value, dict):
        return {random.choice(KEYS): value}
    return {(random.choice(KEYS) if random.random() < 0.3 else key): inner for key, inner in value.items()}


def _lost(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if random.random() < 0.6}
    return value[: len(value) // 2] if isinstance(value, list | str) else None
