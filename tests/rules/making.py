"""Reports and situations for tests of the rules: by hand, and at random.

Random ones are made from a seeded generator, which hypothesis chooses: ten times faster than drawing each field, so
that thousands are seen in seconds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from ingest.entry import Status
from rules.guideline import default_guideline
from rules.level import Level
from rules.owners import default_owners
from rules.situation import Owner, Report, Situation, Standing
from scoring.assessment import Assessment, Reason, ReasonKind
from scoring.category import CATEGORIES, SUBTYPES, Category

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COUNTRIES = ("NE", "ML", "KE", "CL", "KZ", "NO")


def assessed(**values: Any) -> Assessment:
    """A grave, urgent, fairly certain report of a coup in Niger, but for what is given."""
    usual: dict[str, Any] = {
        "probabilities": {},
        "labels": (Category.POLITICAL,),
        "uncertain": (),
        "subtypes": ("coup",),
        "countries": ("NE",),
        "severity": 0.95,
        "urgency": 0.9,
        "certainty": 0.6,
        "concern": False,
        "hedged": False,
        "denied": False,
        "reasons": (Reason(ReasonKind.SEVERITY, "severity.power", "", "seize power", 0.9),),
        "model": "test",
    }
    return Assessment(**{**usual, **values})


def report(entry: str = "1", ago: timedelta = timedelta(minutes=10), **values: Any) -> Report:
    """A report seen `ago`; values that are no fields of Report go to its assessment."""
    own = {"source", "origin", "reliability", "status", "published", "seen", "latest"}
    source = values.get("source", f"source-{entry}")
    usual: dict[str, Any] = {
        "source": source,
        "origin": source,
        "reliability": "C",
        "status": Status.ACTUAL,
        "published": NOW - ago,
        "seen": NOW - ago,
    }
    given = {key: value for key, value in values.items() if key in own}
    made = assessed(**{key: value for key, value in values.items() if key not in own})
    return Report(entry=entry, assessment=made, **{**usual, **given})


def alone(standing: Standing | None = None, owners: tuple[Owner, ...] | None = None) -> Situation:
    """A situation with the shipped owners."""
    return Situation(standing, default_owners() if owners is None else owners)


def stands(level: int, **values: Any) -> Standing:
    """An alert about the coup that has stood for two days."""
    usual: dict[str, Any] = {
        "clause": "POL-1",
        "unconfirmed": False,
        "since": NOW - timedelta(days=2),
        "countries": ("NE",),
        "categories": (Category.POLITICAL,),
    }
    return Standing(level=Level(level), **{**usual, **values})


def share(random: Random) -> float:
    """0–1, with the corners and the guideline's own limits often among them."""
    return random.choice((0.0, 0.1, 0.4, 0.65, 0.9, 1.0, *(round(random.random(), 3) for _ in range(4))))


def some_reports(random: Random, *, plain: bool = False) -> list[Report]:
    """One to five reports of an event; `plain` ones are real, new, current, bear a category and deny nothing."""
    return [_some_report(random, str(number), plain) for number in range(random.randint(1, 5))]


def some_standing(random: Random) -> Standing | None:
    """No alert, or one that stands at some level."""
    if random.random() < 0.4:
        return None
    return Standing(
        level=random.choice(list(Level)),
        clause=random.choice([*default_guideline().by_id, "GONE-1"]),
        unconfirmed=random.random() < 0.5,
        since=NOW - timedelta(hours=random.randint(0, 300)),
        countries=_few(random, COUNTRIES, 2),
        categories=(random.choice(CATEGORIES),),
        calmer_since=random.choice((None, NOW - timedelta(hours=random.randint(0, 200)))),
        withdrawn=random.random() < 0.25,
        owners=_few(random, ("africa-lead", "central-lead"), 2),
    )


def _some_report(random: Random, entry: str, plain: bool) -> Report:
    seen = NOW - timedelta(minutes=random.randint(0, 600) if plain else random.randint(0, 12 * 24 * 60))
    late = timedelta() if plain else timedelta(hours=random.choice((0, 0, 1, 30, 150, 200)))
    statuses = (Status.ACTUAL,) if plain else (*(Status.ACTUAL,) * 6, *Status)
    return Report(
        entry=entry,
        source=random.choice("abcd"),
        origin=random.choice(("wire", "a", "b", "c", "")),
        reliability=random.choice("ABCDEF"),
        status=random.choice(statuses),
        published=random.choice((None, seen - late, seen - late, seen + timedelta(hours=1))),
        seen=seen,
        assessment=_some_assessment(random, plain),
        latest=plain or random.random() < 0.8,
    )


def _some_assessment(random: Random, plain: bool) -> Assessment:
    labels = _few(random, CATEGORIES, 2, least=1 if plain else 0)
    subtypes = [key for key in _few(random, tuple(SUBTYPES), 2) if random.random() < 0.5]
    subtypes += [random.choice([key for key, one in SUBTYPES.items() if one is label]) for label in labels]
    return assessed(
        labels=labels,
        uncertain=tuple(key for key in _few(random, CATEGORIES, 1) if key not in labels),
        subtypes=tuple(dict.fromkeys(subtypes[random.randint(0, len(subtypes)) :])),
        countries=_few(random, COUNTRIES, 3),
        severity=share(random),
        urgency=share(random),
        certainty=share(random),
        concern=random.random() < 0.3,
        hedged=random.random() < 0.3,
        denied=not plain and random.random() < 0.2,
        reasons=(),
    )


def _few(random: Random, of: Sequence[Any], most: int, least: int = 0) -> tuple[Any, ...]:
    return tuple(random.sample(of, random.randint(least, most)))


def raised(many: Sequence[Report], place: int, by: dict[str, float]) -> list[Report]:
    """The same reports, one of them graver, more urgent or more certain."""
    changed = list(many)
    made = changed[place].assessment
    values = {name: max(getattr(made, name), value) for name, value in by.items()}
    changed[place] = replace(changed[place], assessment=replace(made, **values))
    return changed
