"""Owners: who must act. Levels 1–2 go to the central lead, 3–4 to the local one; exactly one is accountable."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from yaml.nodes import Node

from ingest.place.countries import CODES
from rules.decision import Duty
from rules.document import Document, DocumentError
from rules.level import ACKNOWLEDGE, LEVELS, Level
from rules.routes import read_routes
from rules.routing import CENTRAL, Asked, Route, route
from rules.situation import Owner
from scoring.category import CATEGORIES, Category

# Only when a caller has no owners at all: an alert without an addressee would be lost in silence.
LAST_RESORT = Owner("central-lead", "Central lead / 总部总负责", central=True)


class OwnersError(DocumentError):
    """An owners file cannot be used."""


def parse_owners(text: str, name: str = "owners.yaml") -> tuple[Owner, ...]:
    """Read owners; OwnersError lists every fault with its line and what to do about it."""
    return parse_house(text, name)[0]


def parse_house(text: str, name: str = "owners.yaml") -> tuple[tuple[Owner, ...], Route | None]:
    """Owners, and the tree that routes to them if the file has one; OwnersError lists every fault of both."""
    document = Document(name, OwnersError)
    root = document.table(document.root(text), "the owners file", ("owners",), ("regions", "routes"))
    nodes = document.items(root.get("owners"), "owners")
    owners = [_owner(document, node) for node in nodes]
    routed = "routes" in root
    _distinct(document, nodes, owners, by_scope=not routed)
    tree = read_routes(document, root, {owner.key: node for owner, node in zip(owners, nodes, strict=True)})
    if owners and not routed and not any(_catches_all(owner) for owner in owners):
        what = "no central owner without countries, categories and levels"
        document.fault(root.get("owners"), what, "Add one with `central: true`: who acts when nobody else matches?")
    document.finish()
    return tuple(owners), tree


def default_owners_text() -> str:
    """The shipped owners file as it is written."""
    return files("rules").joinpath("defaults", "owners.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def default_owners() -> tuple[Owner, ...]:
    """The shipped owners: roles, not persons."""
    return parse_owners(default_owners_text(), "owners.yaml")


def find_owners(
    owners: Sequence[Owner],
    countries: Sequence[str],
    categories: Sequence[Category],
    level: Level,
    now: datetime,
    *,
    acknowledge: Mapping[Level, timedelta] = ACKNOWLEDGE,
    clause: str = "",
    routes: Route | None = None,
    organisation: str = "",
    sites: Sequence[str] = (),
    roster: str = "",
) -> tuple[Duty, ...]:
    """One accountable duty first, then the supporting ones; by the tree if there is one, else by the owners' own words.

    Levels 1–2: the central lead is accountable, the local lead of each country supports. Level 3: the local lead of
    the first country is accountable, those of the others and the central lead support. Level 4: the same without the
    central lead. Who knows the country goes before who knows the category; specialists without a country support.
    """
    by = now + acknowledge[level]
    if routes is not None:
        asked = Asked(level, "", tuple(categories), organisation, tuple(sites), roster)
        return route(routes, asked, countries, now, by, clause)
    fitting = [owner for owner in owners if _fits(owner, countries, categories, level)]
    central = _best([owner for owner in fitting if owner.central], countries) or _fallback(owners)
    local = _local_leads([owner for owner in fitting if not owner.central], countries)
    first = central if level in CENTRAL or not local else local[0]
    support = [owner for owner in local if owner.key != first.key]
    if level is Level.YELLOW and central.key not in (first.key, *(owner.key for owner in support)):
        support.append(central)
    return (
        Duty(first.key, "accountable", by, clause),
        *(Duty(owner.key, "support", by, clause) for owner in support),
    )


def _fits(owner: Owner, countries: Sequence[str], categories: Sequence[Category], level: Level) -> bool:
    return (
        (not owner.countries or any(code in owner.countries for code in countries))
        and (not owner.categories or any(key in owner.categories for key in categories))
        and (not owner.levels or level in owner.levels)
    )


def _best(owners: Iterable[Owner], countries: Sequence[str]) -> Owner | None:
    return min(owners, key=lambda owner: _closeness(owner, countries), default=None)


def _closeness(owner: Owner, countries: Sequence[str]) -> tuple[int, bool, int, bool, str]:
    """Smaller is closer: the earlier country, few countries, a category, a level, then the key for a fixed order."""
    place = next((place for place, code in enumerate(countries) if code in owner.countries), len(countries))
    return (place, not owner.categories, len(owner.countries), not owner.levels, owner.key)


def _local_leads(owners: Sequence[Owner], countries: Sequence[str]) -> list[Owner]:
    """The closest owner of each country, in the countries' order, then the specialists who know no country."""
    leads: dict[str, Owner] = {}
    for code in countries:
        lead = _best([owner for owner in owners if code in owner.countries], (code,))
        if lead is not None:
            leads.setdefault(lead.key, lead)
    for owner in sorted(owners, key=lambda owner: _closeness(owner, countries)):
        if not owner.countries:
            leads.setdefault(owner.key, owner)
    return list(leads.values())


def _fallback(owners: Sequence[Owner]) -> Owner:
    """A central owner whatever it asks for, else anybody."""
    return min(owners, key=lambda owner: (not owner.central, not _catches_all(owner), owner.key), default=LAST_RESORT)


def _catches_all(owner: Owner) -> bool:
    return owner.central and not (owner.countries or owner.categories or owner.levels)


def _owner(document: Document, node: Node) -> Owner:
    found = document.table(node, "owner", ("key", "name"), ("countries", "categories", "levels", "central"))
    central = document.choice(found.get("central"), "value of central", ("true", "false"))
    return Owner(
        key=document.text(found.get("key"), "key", 80),
        name=document.text(found.get("name"), "name", 120),
        countries=_several(document, found, "countries", "country", CODES),
        categories=tuple(Category(key) for key in _several(document, found, "categories", "category", CATEGORIES)),
        levels=tuple(Level(int(key)) for key in _several(document, found, "levels", "level", LEVELS)),
        central=central == "true",
    )


def _several(document: Document, found: dict[str, Node], key: str, one: str, known: Iterable[str]) -> tuple[str, ...]:
    if key not in found:
        return ()
    nodes = document.items(found[key], f"{key} (leave it out to mean all)")
    values = [document.choice(node, one, known) for node in nodes]
    for node, value, before in zip(nodes, values, (values[:place] for place in range(len(values))), strict=True):
        if value and value in before:
            document.fault(node, f"{one} {value} stands twice", "Keep one of them.")
    return tuple(value for value in values if value)


def _distinct(document: Document, nodes: Sequence[Node], owners: Sequence[Owner], *, by_scope: bool) -> None:
    keys: dict[str, Node] = {}
    scopes: dict[tuple[object, ...], Owner] = {}
    for node, owner in zip(nodes, owners, strict=True):
        scope = (owner.central, frozenset(owner.countries), frozenset(owner.categories), frozenset(owner.levels))
        if owner.key and owner.key in keys:
            document.fault(node, f"owner {owner.key} stands twice", "Give each owner its own key.")
        elif by_scope and scope in scopes:
            what = f"{owner.key} has the same countries, categories and levels as {scopes[scope].key}"
            document.fault(node, what, "Only one of them would ever act: tell them apart or leave one out.")
        keys.setdefault(owner.key, node)
        scopes.setdefault(scope, owner)
