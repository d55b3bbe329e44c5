"""Clauses with a condition: which one speaks, what cannot be meant, and that nothing runs away."""

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.condition import Condition, ConditionError, Facts, context_of, parse_condition
from rules.decide import decide
from rules.decision import Action
from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.situation import Report, Standing
from scoring.category import Category
from tests.rules.making import NOW, alone, raised, report, share, some_reports, some_standing

COUP = "  - id: POL-1\n"
MANY = settings(max_examples=1500, deadline=None)


def clause(
    when: str, thresholds: str = "{1: 60, 2: 40, 3: 24, 4: 12}", identity: str = "POL-1A", more: str = ""
) -> str:
    """One more clause about coups, with a condition; eight lines and those of `more`."""
    return (
        f"  - id: {identity}\n    category: political\n    subtype: coup\n    when: {when}\n{more}"
        f"    title: {{en: Another, zh: 另一条}}\n    thresholds: {thresholds}\n"
        "    why: {en: Because., zh: 因为。}\n"
    )


def before(text: str) -> str:
    """The shipped guideline with a clause before that of coups."""
    return default_text().replace(COUP, text + COUP)


def behind(text: str) -> str:
    """The shipped guideline with a clause behind that of coups."""
    return default_text().replace("  - id: POL-2\n", text + "  - id: POL-2\n")


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


# what is planted: (the file, what the line begins with, words of the message)
PLANTED: dict[str, tuple[str, str, str]] = {
    "no CEL": (before(clause("severity >")), "when: severity >", "is not CEL"),
    "unknown fact": (before(clause("severty > 0.5")), "when: severty", "looks at severty, which is not known"),
    "wrong type": (before(clause("best > 0.5 && severity > 0.2")), "when: best", "fails: "),
    "no truth": (before(clause("sources + 1")), "when: sources", "answers int, not true or false"),
    "unknown function": (before(clause("severity.near(0.5)")), "when: severity", "fails: "),
    "percent for fraction": (before(clause("severity >= 65.0")), "when: severity", "never holds"),
    "always": (before(clause("severity >= 0.0")), "when: severity", "always holds"),
    "constant": (before(clause("'true == true'")), "when: 'true", "always holds"),
    "contradicts itself": (
        before(clause("sources > 2 && reports < 2 && sources < 2")),
        "when: sources",
        "never holds",
    ),
    "calmer when graver": (before(clause("severity < 0.5")), "when: severity", "stops to hold when things get graver"),
    "fewer sources": (before(clause("sources == 1")), "when: sources", "stops to hold when things get graver"),
    "not of ours": (before(clause('"!concern"')), 'when: "!concern', "stops to hold"),
    "country": (before(clause("\"'XX' in countries\"")), "when: \"'XX'", 'names "XX", which is no value of countries'),
    "sub-type": (before(clause("\"'cuop' in subtypes\"")), "when: \"'cuop'", 'names "cuop"'),
    "posture": (before(clause("posture == 'panic'")), "when: posture", 'names "panic"'),
    "reliability": (before(clause("best == 'Z'")), "when: best", 'names "Z"'),
    "too long": (before(clause(" || ".join(["severity > 0.5"] * 40))), "when: severity", "characters"),
    "too many macros": (
        before(clause('"countries.exists(a, countries.exists(b, countries.exists(c, a == b)))"')),
        'when: "countries',
        "more than 2 of all",
    ),
    "division": (before(clause("1 / (sources - 1) > 0")), "when: 1 /", "fails: "),
    "unreachable": (behind(clause("concern")), "- id: POL-1A", "unreachable: POL-1 in line"),
    "said twice": (
        before(clause("concern") + clause("concern", identity="POL-1B")),
        "- id: POL-1B",
        "same condition as POL-1A",
    ),
    "graver and graded calmer": (
        before(clause("severity > 0.8", "{1: 90, 2: 80, 3: 70, 4: 60}")),
        "- id: POL-1A",
        "contradicts POL-1",
    ),
    "graver and weighed dearer": (
        before(clause("severity > 0.8", more="    weights: {certainty: 0.9}\n")),
        "- id: POL-1A",
        "contradicts POL-1",
    ),
    "id taken": (before(clause("concern", identity="POL-1")), "- id: POL-1", "clause id POL-1 is taken by"),
    "empty": (before(clause('""')), 'when: ""', "when of clause POL-1A is empty"),
    "level out of reach": (
        default_text().replace("{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 99.9, 2: 46, 3: 28, 4: 14}"),
        "- id: POL-1",
        "out of reach",
    ),
    "hold of nothing": (
        default_text().replace("hold: 14 d", "hold: 0 d"),
        "- id: SEC-4A",
        "is zero",
    ),
    "dead floor": (
        default_text().replace("  - severity: 0.65\n    level: 3", "  - severity: 0.65\n    level: 2"),
        "- severity: 0.9",
        "the floor of severity 0.9 never holds",
    ),
    "the same floor twice": (
        default_text().replace(
            "floors:\n", "floors:\n  - {severity: 0.9, level: 2, least_urgency: 0.1, why: {en: A, zh: 一}}\n"
        ),
        "- severity: 0.9",
        "never holds",
    ),
    "loop": (default_text().replace("clauses:\n", "clauses: &all\n  - *all\n", 1), "clauses: &all", "a loop"),
    "category only with conditions": (
        default_text().replace(
            "  - id: LEG-0\n    category: legal\n", "  - id: LEG-0\n    category: legal\n    when: concern\n"
        ),
        "- id: SEC-0",
        "category legal has no clause of its own",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_at_its_line_with_advice(fault: str) -> None:
    text, start, words = PLANTED[fault]
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(text, "mine.yaml")
    hits = [one for one in caught.value.every if words in one.what]
    assert hits, [str(one) for one in caught.value.every]
    lines = text.splitlines()
    assert lines[hits[0].line - 1].strip().startswith(start), str(hits[0])
    assert hits[0].advice
    assert len(caught.value.every) == 1


def test_the_first_clause_whose_condition_holds_speaks() -> None:
    guideline = default_guideline()
    facts = Facts(concern=True)
    kidnapped = ([Category.SECURITY], ["kidnapping"])
    assert [one.id for one in guideline.clauses_of(*kidnapped, context_of(facts))] == ["SEC-4A"]
    assert [one.id for one in guideline.clauses_of(*kidnapped, context_of(replace(facts, concern=False)))] == ["SEC-4"]
    assert [one.id for one in guideline.clauses_of(*kidnapped)] == ["SEC-4"]


def test_a_sub_type_with_conditions_alone_falls_back_to_its_category() -> None:
    text = default_text().replace("    subtype: piracy\n", "    subtype: piracy\n    when: sources > 1\n")
    guideline = parse_guideline(text)
    at_sea = ([Category.SECURITY], ["piracy"])
    assert [one.id for one in guideline.clauses_of(*at_sea, context_of(Facts(sources=2)))] == ["SEC-6"]
    assert [one.id for one in guideline.clauses_of(*at_sea, context_of(Facts(sources=1)))] == ["SEC-0"]


def test_own_people_taken_are_graver_than_others() -> None:
    taken = {"labels": (Category.SECURITY,), "subtypes": ("kidnapping",), "severity": 0.5, "urgency": 0.8}
    ours, theirs = (
        decide([report(**taken, concern=concern)], alone(), default_guideline(), NOW) for concern in (True, False)
    )
    assert (ours.clause, theirs.clause) == ("SEC-4A", "SEC-4")
    assert ours.level is not None
    assert theirs.level is not None
    assert ours.level < theirs.level


STRANGE = parse_guideline(
    before(
        clause("severity >= 0.5 && sources > 1 && certainty > 0.4", identity="POL-1A")
        + clause("countries.exists(c, c in ['NE', 'ML']) && posture == 'crisis'", identity="POL-1B")
        + clause("best in ['A', 'B'] || reports > 3", identity="POL-1C")
    )
)


@MANY
@given(st.integers(0, 2**40).map(Random))
def test_graver_never_gives_a_calmer_level_with_conditions(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    many = [
        replace(one, assessment=replace(one.assessment, labels=(Category.POLITICAL,), subtypes=("coup",)))
        for one in many
    ]
    place = random.randrange(len(many))
    if many[place].assessment.denied:
        return
    more = raised(many, place, {name: share(random) for name in ("severity", "urgency", "certainty")})
    assert level_in_force(more, standing) <= level_in_force(many, standing)


def level_in_force(many: list[Report], standing: Standing | None) -> int:
    decision = decide(many, alone(standing), STRANGE, NOW)
    withdrawn = standing is not None and standing.withdrawn and decision.action is Action.NONE
    return 5 if withdrawn or decision.action is Action.WITHDRAW else decision.level or 5


def test_what_fails_does_not_hold() -> None:
    condition = parse_condition("1 / reports > 0")
    assert condition.holds(context_of(Facts(reports=0))) is False
    with pytest.raises(ConditionError):
        condition.tried(Facts(reports=0))


@pytest.mark.parametrize(
    "source",
    [
        "countries.exists(a, countries.exists(b, a != b && (a + b).matches('(A+)+$')))",
        "(" * 150 + "true" + ")" * 150,
        "!" * 390 + "true",
        "'" + "a" * 380 + "' == ''",
    ],
)
def test_the_worst_that_is_let_through_is_quick(source: str) -> None:
    many = tuple(f"A{number}" for number in range(5000))
    began = time.process_time()
    try:
        condition: Condition | None = parse_condition(source)
    except ConditionError:
        condition = None
    if condition is not None:
        condition.holds(context_of(Facts(countries=many)))
    assert time.process_time() - began < 0.5
