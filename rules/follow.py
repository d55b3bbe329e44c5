"""Follow: what a subscriber asked to be told of."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.level import Level
from scoring.category import Category


@dataclass(frozen=True, slots=True)
class Follow:
    """Countries, categories and the calmest level that is still wanted. Empty tuples mean all.

    `least_level` 3 asks for levels 1, 2 and 3. `languages` are those to be told in, in order of preference: they
    choose the words of a notice, never whether there is one.
    """

    countries: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    least_level: Level = Level.BLUE
    languages: tuple[str, ...] = ()


def follows(follow: Follow, *, countries: Iterable[str], categories: Iterable[Category], level: Level | None) -> bool:
    """Whether an alert in these countries and categories, at this level, is for this subscriber."""
    if level is None or level > follow.least_level:
        return False
    if follow.countries and not any(code in follow.countries for code in countries):
        return False
    return not follow.categories or any(key in follow.categories for key in categories)
