"""The JSON Schema (2020-12) of the guideline file, for editors that check and complete while one writes.

It says the shape. What no shape can say (thresholds that descend, dead clauses, conditions that never hold) is for
`watchfire rules check`.
"""

from collections.abc import Mapping
from typing import Any

from ingest.feed import KINDS
from rules.condition import LONGEST, NAMES
from rules.guideline import ID
from rules.level import LEVELS, Level
from rules.posture import CRISIS, FACTORS, LEAST, OPTIONAL
from rules.quiet_rule import ADDRESSEES, HELD, MOST, SAME, WHILE_OPEN
from rules.reach import FARTHEST
from rules.watching import MOST_LOOKS, Trouble
from scoring.category import CATEGORIES, SUBTYPES

Schema = dict[str, Any]
SPAN = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*(s|min|h|d)$", "examples": ["15 min", "36 h", "7 d"]}
LEVEL = {"enum": [int(level) for level in Level]}


def guideline_schema() -> Schema:
    """The schema as a value; keys of levels are text, as JSON has them."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Watchfire grading guideline",
        "description": "score = 100 × severity^a × urgency^b × certainty^c × concern, at most 100",
        **_table(
            {
                "version": {"type": ["string", "number"], "description": "Raise it whenever the content changes."},
                "title": _ref("words"),
                "weights": _ref("weights"),
                "levels": _levels(),
                "floors": _list(_floor()),
                "time": _time(),
                "sources": _list(_source()),
                "exposure": _exposure(),
                "restraint": _restraint(),
                "posture": _posture(),
                "clauses": _list(_clause()),
            },
            optional=("sources", "exposure", "restraint", "posture"),
        ),
        "$defs": {
            "words": _table({"en": {"type": "string", "minLength": 1}, "zh": {"type": "string", "minLength": 1}}),
            "weights": _weights(),
            "span": SPAN,
        },
    }


def _table(properties: Mapping[str, Any], *, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in properties if key not in optional],
        "properties": dict(properties),
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _number(low: float, high: float, description: str = "") -> Schema:
    said = {"description": description} if description else {}
    return {"type": "number", "minimum": low, "maximum": high, **said}


def _weights() -> Schema:
    names = ("severity", "urgency", "certainty")
    exponents = {name: _number(0.05, 4, f"exponent of {name}") for name in names}
    concern = _number(1, 3, "factor for own people, companies or projects")
    return _table({**exponents, "concern": concern}, optional=(*names, "concern"))


def _levels() -> Schema:
    both = _table({"acknowledge": _ref("span"), "hold": _ref("span")})
    calmest = _table({"acknowledge": _ref("span")})
    return _table({level: calmest if level == LEVELS[-1] else both for level in LEVELS})


def _floor() -> Schema:
    found = {
        "severity": _number(0, 1),
        "level": LEVEL,
        "least_urgency": _number(0, 0.3, "keeps looks back at history out"),
        "why": _ref("words"),
    }
    return _table(found, optional=("least_urgency",))


def _time() -> Schema:
    past = {"type": "array", "items": {"type": "string"}, "description": "reason codes of a look back"}
    return _table({"old_after": _ref("span"), "picture": _ref("span"), "past": past}, optional=("past",))


def _source() -> Schema:
    found = {
        "id": _identity(),
        "trouble": {"enum": [one.value for one in Trouble]},
        "of": _list({"enum": ["critical", "all", *KINDS]}),
        "looks": {"type": "integer", "minimum": 1, "maximum": MOST_LOOKS},
        "level": LEVEL,
        "title": _ref("words"),
        "why": _ref("words"),
    }
    return _table(found, optional=("looks",))


def _exposure() -> Schema:
    kinds = _list({"enum": [*(category.value for category in CATEGORIES), *SUBTYPES]})
    reach = {
        "of": kinds,
        "km": _number(0, FARTHEST),
        "country": {"enum": [True, False]},
        "magnitude": {"description": "magnitude: km, both rising"},
        "why": _ref("words"),
    }
    named = {"who": {"enum": ["own", "partner"]}, "of": kinds, "level": LEVEL, "why": _ref("words")}
    weights = {key: _number(0, 1) for key in ("near", "country", "somewhere", "own", "partner")}
    return _table(
        {
            "most": _number(1, 3),
            **weights,
            "named": _list(_table(named)),
            "reach": _list(_table(reach, optional=("km", "country", "magnitude"))),
        },
        optional=("named",),
    )


def _restraint() -> Schema:
    held = [str(int(level)) for level in HELD]
    spans = _table({level: _ref("span") for level in held}, optional=tuple(held))
    inhibit = {
        "by": LEVEL,
        "mutes": _list({"enum": [int(level) for level in HELD]}),
        "same": _list({"enum": list(SAME)}),
        "for": {"type": "string", "description": f"`{WHILE_OPEN}`, or a time span from when it came to its level"},
        "why": _ref("words"),
    }
    return _table(
        {
            "inhibit": _list(_table(inhibit, optional=("for",))),
            "cooldown": spans,
            "update": spans,
            "storm": _table({"alerts": _number(1, MOST), "within": _ref("span")}),
            "digest": _ref("span"),
            "budget": _table({key: _number(1, MOST) for key in ADDRESSEES}),
            "why": _ref("words"),
        },
        optional=("inhibit",),
    )


def _posture() -> Schema:
    opening = _table({"level": {"enum": [1, 2]}, "lasts": _ref("span")})
    found = {
        **{name: _number(LEAST, 1, "factor; 0.5 is half") for name in FACTORS},
        "report_every": _ref("span"),
        "roster": {"type": "string", "maxLength": 40, "description": "tag of the routes that hold besides"},
        "enter": _list(opening),
        "lapses": {"enum": [True, False]},
    }
    return _table({CRISIS: _table(found, optional=OPTIONAL)})


def _clause() -> Schema:
    when = {
        "type": "string",
        "maxLength": LONGEST,
        "description": f"A condition in the Common Expression Language over {', '.join(NAMES)}.",
    }
    found = {
        "id": _identity(),
        "category": {"enum": [key.value for key in CATEGORIES]},
        "subtype": {"enum": list(SUBTYPES)},
        "when": when,
        "title": _ref("words"),
        "weights": _ref("weights"),
        "thresholds": _table({level: _number(0, 100, f"least score of level {level}") for level in LEVELS}),
        "hold": _ref("span"),
        "why": _ref("words"),
    }
    return _table(found, optional=("subtype", "when", "weights", "hold"))


def _identity() -> Schema:
    return {"type": "string", "pattern": f"^{ID.pattern}$", "maxLength": 40}
