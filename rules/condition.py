"""Condition: when a clause speaks at all, in the Common Expression Language (https://cel.dev), compiled once.

CEL has no loops but its macros, no side effects and no input or output; its regular expressions run in linear time.
What is left to bound is bounded here: the length of an expression, the macros in it (each runs over a list), and the
length of the lists it is given. A condition that fails on an event does not hold there: the next clause speaks.

The expression language is loaded when a guideline has a first condition: it costs 0.1 s that few commands should pay.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from random import Random
from typing import Any

from rules.cel_words import cel_words
from rules.level import NORMAL, POSTURES

LONGEST = 400  # characters
MOST_MACROS = 2
MOST_LISTED = 50
MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|map|filter|transformList|transformMap)\s*\(")
NEEDLESS = re.compile(r"\s+")
GROWING = ("severity", "urgency", "certainty", "concern", "sources", "posture")  # graver when greater


class ConditionError(ValueError):
    """A condition cannot be used: what is wrong with it, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}. {advice}")
        self.what, self.advice = what, advice


@dataclass(frozen=True, slots=True)
class Facts:
    """What a condition may look at: the event as its live reports tell it.

    `severity`, `urgency` 0–1: the greatest that a current report claims; `certainty` 0–1: that of all independent
    voices together; `concern`: own people or projects among those struck; `sources`: independent voices; `best`: the
    best reliability among them, A–F; `indicators`: codes of what was read, such as severity.dead; `posture` of the
    country.
    """

    severity: float = 0.0
    urgency: float = 0.0
    certainty: float = 0.0
    concern: bool = False
    sources: int = 1
    reports: int = 1
    best: str = "F"
    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    posture: str = NORMAL


NAMES: tuple[str, ...] = tuple(Facts.__dataclass_fields__)
LISTS = ("countries", "categories", "subtypes", "indicators")


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled expression. `looks_at` are the facts that it names."""

    source: str
    looks_at: frozenset[str]
    program: Any = field(compare=False, repr=False)

    def holds(self, context: Any) -> bool:
        """Whether it holds in a context made by `context_of`."""
        try:
            return self.program.execute(context) is True
        except Exception:  # the language raises what fits the fault: TypeError, RuntimeError, ZeroDivisionError …
            return False

    def tried(self, facts: Facts) -> bool:
        """The same; ConditionError says why there is no answer."""
        try:
            said = self.program.execute(context_of(facts))
        except Exception as error:
            what = f"condition `{self.source}` fails: {cel_words(error)}"
            raise ConditionError(what, "Compare like with like: 2.0 with fractions, text in quotes.") from error
        if not isinstance(said, bool):
            what = f"condition `{self.source}` answers {type(said).__name__}, not true or false"
            raise ConditionError(what, "Compare it with something.")
        return said


def context_of(facts: Facts) -> Any:
    """The facts as the expression language takes them: made once for all conditions of a decision."""
    values = {name: getattr(facts, name) for name in NAMES}
    return _language().Context(variables={**values, **{key: list(values[key][:MOST_LISTED]) for key in LISTS}})


def parse_condition(source: str) -> Condition:
    """The compiled condition; ConditionError for what is no CEL, too long, or names what is not known."""
    source = NEEDLESS.sub(" ", source).strip()
    if len(source) > LONGEST:
        raise ConditionError(f"condition has {len(source)} characters", f"Keep it under {LONGEST}: split the clause.")
    if len(MACRO.findall(source)) > MOST_MACROS:
        raise ConditionError(
            f"condition has more than {MOST_MACROS} of all, exists, map and filter", "Each runs over a list: use fewer."
        )
    compiled = _language().compile
    try:
        program = compiled(source)
    except Exception as error:
        raise ConditionError(f"condition `{source}` is not CEL ({cel_words(error)})", "See https://cel.dev.") from error
    bound = set(re.findall(r"\(\s*([A-Za-z_]\w*)\s*,", source))  # what a macro names for itself
    unknown = [name for name in program.variables() if name not in NAMES and name not in bound]
    if unknown:
        raise ConditionError(f"condition looks at {unknown[0]}, which is not known", f"Known: {', '.join(NAMES)}.")
    return Condition(source, frozenset(program.variables()) & frozenset(NAMES), program)


def samples(condition: Condition, known: Mapping[str, Sequence[str]], most: int) -> tuple[list[Facts], bool]:
    """Facts on which a condition is tried: every combination of telling values of what it looks at, and True; or when
    these are more than `most`, so many of them, and False.

    `known` gives words of each list that the expression names itself; each is tried alone, all together, and none.
    """
    choices: dict[str, Sequence[Any]] = {
        "severity": (0.0, 0.2, 0.4, 0.65, 0.8, 0.9, 1.0),
        "urgency": (0.0, 0.1, 0.5, 0.7, 1.0),
        "certainty": (0.0, 0.2, 0.5, 0.85, 0.99),
        "concern": (False, True),
        "sources": (1, 2, 3, 10),
        "reports": (1, 2, 3, 10),
        "best": tuple("ABCDEF"),
        "posture": POSTURES,
    }
    for name in LISTS:
        words = tuple(known.get(name, ()))
        alone: list[tuple[str, ...]] = [(), *((word,) for word in words[:8])]
        choices[name] = [*alone, words[:MOST_LISTED]] if len(words) > 1 else alone
    asked = sorted(condition.looks_at, key=NAMES.index)
    several = [choices[name] for name in asked]
    whole = prod(len(one) for one in several) <= most
    some: Iterable[tuple[Any, ...]] = product(*several) if whole else _drawn(several, most)
    return [Facts(**dict(zip(asked, values, strict=True))) for values in some], whole


def _drawn(several: Sequence[Sequence[Any]], most: int) -> Iterator[tuple[Any, ...]]:
    draw = Random(7)  # noqa: S311 -- the same every time
    for _ in range(most):
        yield tuple(draw.choice(one) for one in several)


def greater(facts: Facts, looks_at: frozenset[str]) -> Iterator[Facts]:
    """The same event, graver in one of the growing facts that are looked at."""
    for name in GROWING:
        if name not in looks_at:
            continue
        if name == "concern":
            yield replace(facts, concern=True)
        elif name == "posture":
            yield replace(facts, posture=POSTURES[-1])
        elif name == "sources":
            yield replace(facts, sources=facts.sources + 1)
        else:
            value = getattr(facts, name)
            for step in (0.15, 1.0):
                yield replace(facts, **{name: min(1.0, value + step)})


def _language() -> Any:
    import cel  # noqa: PLC0415 -- see above

    return cel
