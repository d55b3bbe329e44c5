"""Reach: how far events of each kind reach, and how much what they touch weighs. A part of the guideline, as data."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from yaml.nodes import MappingNode, Node, ScalarNode

from rules.document import Document, Words
from rules.level import LEVELS, Level
from scoring.category import CATEGORIES, SUBTYPES, Category

FARTHEST = 2000.0  # km
KINDS = (*SUBTYPES, *(category.value for category in CATEGORIES))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one kind of event reaches: `km` around its place, and with `country` the whole country.

    `by_magnitude` are pairs of magnitude and km, rising; between two of them the reach is in between.
    """

    km: float
    country: bool
    why: Words
    by_magnitude: tuple[tuple[float, float], ...] = ()

    def at(self, magnitude: float | None) -> float:
        """Km for an event of this magnitude; that of its kind where none is known."""
        if magnitude is None or not self.by_magnitude:
            return self.km
        place = bisect_right([one for one, _ in self.by_magnitude], magnitude)
        if place == 0:
            return min(self.km, self.by_magnitude[0][1])
        if place == len(self.by_magnitude):
            return self.by_magnitude[-1][1]
        (low, near), (high, far) = self.by_magnitude[place - 1], self.by_magnitude[place]
        return near + (far - near) * (magnitude - low) / (high - low)


@dataclass(frozen=True, slots=True)
class NamedRule:
    """An own company (`own`) or a partner named in an event of one of these kinds is of this level at least."""

    own: bool
    of: frozenset[str]
    level: Level
    why: Words


@dataclass(frozen=True, slots=True)
class ExposureRule:
    """The factor is 1 + (most − 1) × (1 − ∏(1 − weight)) over everything that is touched: it only ever raises.

    A site weighs `near` × how close × importance, or `country` × importance in a country matter, or `somewhere` ×
    importance where no more than the country of an event is known; a named company weighs `own` or `partner`.
    """

    most: float
    near: float
    country: float
    somewhere: float
    own: float
    partner: float
    reach: Mapping[str, Reach] = field(hash=False)  # sub-type or category
    named: tuple[NamedRule, ...]


def exposure_rule(document: Document, node: Node | None) -> ExposureRule:
    """The `exposure` of a guideline; every fault goes to the document."""
    weights = ("near", "country", "somewhere", "own", "partner")
    found = document.table(node, "exposure", ("most", *weights, "reach"), ("named",))
    values = {key: document.number(found.get(key), key, 0, 1) for key in weights}
    most = document.number(found.get("most"), "most", 1, 3)
    named = document.items(found.get("named"), "named")
    return ExposureRule(
        most=most,
        reach=_reaches(document, found.get("reach")),
        named=tuple(_named(document, one) for one in named),
        **values,
    )


def _reaches(document: Document, node: Node | None) -> Mapping[str, Reach]:
    reaches: dict[str, Reach] = {}
    for one in document.items(node, "reach"):
        found = document.table(one, "reach", ("of", "why"), ("km", "country", "magnitude"))
        reach = Reach(
            km=document.number(found.get("km"), "km", 0, FARTHEST),
            country=document.choice(found.get("country"), "value of country", ("true", "false")) == "true",
            why=document.words(found.get("why"), "why"),
            by_magnitude=_magnitudes(document, found.get("magnitude")),
        )
        if found and "km" not in found and not reach.country:
            document.fault(one, "reach says neither km nor country", "Add `km: 25` or `country: true`.")
        for kind in _kinds(document, found.get("of")):
            if kind in reaches:
                document.fault(found.get("of"), f"{kind} has a reach already", "Keep one of them.")
            reaches.setdefault(kind, reach)
    missing = [category.value for category in CATEGORIES if category.value not in reaches]
    if node is not None and missing:
        what = f"category {missing[0]} has no reach of its own"
        document.fault(node, what, "Add one: it holds for whatever sub-type has none.")
    return MappingProxyType(reaches)


def _kinds(document: Document, node: Node | None) -> tuple[str, ...]:
    return document.choices(node, "of", "category or sub-type", KINDS)


def _magnitudes(document: Document, node: Node | None) -> tuple[tuple[float, float], ...]:
    if node is None:
        return ()
    if not isinstance(node, MappingNode):
        document.fault(node, "magnitude is not a table", "Write magnitude and km: `{5: 30, 6: 100}`.")
        return ()
    pairs = []
    for key, value in node.value:
        where = f"km of magnitude {key.value}" if isinstance(key, ScalarNode) else "km of a magnitude"
        pairs.append((document.number(key, "magnitude", 0, 10), document.number(value, where, 0, FARTHEST)))
    rising = all(one[0] < other[0] and one[1] <= other[1] for one, other in pairwise(pairs))
    if not rising:
        document.fault(node, "magnitudes and their km do not rise", "A stronger event reaches at least as far.")
    return tuple(pairs)


def _named(document: Document, node: Node) -> NamedRule:
    found = document.table(node, "named", ("who", "of", "level", "why"))
    level = document.choice(found.get("level"), "level", LEVELS)
    return NamedRule(
        own=document.choice(found.get("who"), "value of who", ("own", "partner")) == "own",
        of=frozenset(_kinds(document, found.get("of"))),
        level=Level(int(level)) if level else Level.BLUE,
        why=document.words(found.get("why"), "why"),
    )


@lru_cache(maxsize=256)
def kinds_of(labels: tuple[Category, ...], subtypes: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of an event, by which clauses and reaches are found: sub-types, and categories without one."""
    named = [key for key in subtypes if SUBTYPES.get(key) in labels]
    covered = {SUBTYPES[key] for key in named}
    return (*named, *(label.value for label in labels if label not in covered))
