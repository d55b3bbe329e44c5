"""The JSON Schema: shipped as it is made, and it fits the shipped guideline."""

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml

from rules.guideline import default_text
from rules.schema import guideline_schema

SCHEMA = guideline_schema()


def test_the_shipped_schema_is_the_one_that_is_made() -> None:
    text = files("rules").joinpath("schemas", "guideline.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == SCHEMA, "write it anew: watchfire rules schema > rules/schemas/guideline.schema.json"


def wrong(value: Any, schema: dict[str, Any], where: str = "") -> str:
    """What does not fit, by the few words that our schema uses; "" when all does."""
    if "$ref" in schema:
        return wrong(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    if schema.get("type") == "object":
        if not isinstance(value, dict):
            return f"{where} is no table"
        keys = {str(key): one for key, one in value.items()}
        odd = set(keys) - set(schema["properties"]) or set(schema["required"]) - set(keys)
        told = (wrong(one, schema["properties"][key], f"{where}.{key}") for key, one in keys.items() if not odd)
        return f"{where}: {odd}" if odd else next((one for one in told if one), "")
    if schema.get("type") == "array":
        told = (wrong(one, schema["items"], f"{where}[{place}]") for place, one in enumerate(value))
        return next((one for one in told if one), "")
    if "enum" in schema:
        return "" if value in schema["enum"] else f"{where}: {value}"
    if schema.get("type") == "number":
        fits = isinstance(value, int | float) and schema["minimum"] <= value <= schema["maximum"]
        return "" if fits else f"{where}: {value}"
    return ""


def test_the_shipped_guideline_fits_the_schema() -> None:
    assert wrong(yaml.safe_load(default_text()), SCHEMA) == ""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("hold: 72 h", "holds: 72 h"),
        ("subtype: coup", "subtype: cuop"),
        ("1: 64", "1: 640"),
        ("category: legal", "a: b"),
    ],
)
def test_a_slip_does_not_fit(good: str, bad: str) -> None:
    assert wrong(yaml.safe_load(default_text().replace(good, bad, 1)), SCHEMA)
