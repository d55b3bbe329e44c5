"""Reading the routing tree of an owners file: every fault with its line and what to do about it.

regions:
  sahel: [ML, BF, NE, TD]
routes:
  central: central-lead             # accountable at levels 1–2; at 3–4 where no local owner is named
  routes:
    - name: Sahel
      when: {regions: [sahel]}
      local: sahel-lead             # accountable at levels 3–4
      routes:
        - name: Sahel at night
          when: {hours: [daily 20:00-08:00], zone: Africa/Niamey}
          local: night-desk
    - name: Crisis                  # first, so that it goes before the others while it holds
      when: {roster: crisis}        # only where the guideline's posture names this tag
      local: crisis-cell
    - name: Law
      when: {categories: [legal]}
      support: [legal-counsel]      # names no lead: heard beside whatever else fits
"""

from collections.abc import Collection, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode

from ingest.place.countries import CODES
from rules.document import STRUCTURE, Document, line_of
from rules.hours import read_hours, read_zone
from rules.level import LEVELS, Level
from rules.routing import Route, When, named
from scoring.category import CATEGORIES, Category

KEYS = ("when", "central", "local", "support", "routes")
WHEN = ("organisations", "countries", "regions", "categories", "levels", "sites", "hours", "zone", "roster")
MOST_DEPTH = 20
Regions = Mapping[str, tuple[str, ...]]


def read_routes(document: Document, root: Mapping[str, Node], owners: Mapping[str, Node]) -> Route | None:
    """The tree of an owners file, None when it has none. `owners` are the keys that may be named."""
    regions = _regions(document, root.get("regions"))
    if "routes" not in root:
        if "regions" in root:
            document.fault(root["regions"], "regions without routes", "Add `routes:` that name them.")
        return None
    tree = _route(document, root["routes"], regions, owners, None, 0)
    if not tree.central:
        document.fault(root["routes"], "the root of the routes names no central owner", "Add `central: KEY` there.")
    if tree.when != When():
        document.fault(root["routes"], "the root of the routes has conditions", "Put them on a route below it.")
    for key in sorted(set(owners) - named(tree)):
        document.fault(owners[key], f"no route leads to owner {key}", "Name it in a route, or leave it out.")
    return tree


def _regions(document: Document, node: Node | None) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        document.fault(node, "regions is not a table", "Give each region its countries: `sahel: [ML, NE]`.")
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for key, value in node.value:
        name = key.value.strip() if isinstance(key, ScalarNode) else ""
        if not name or name in found:
            document.fault(key, f"region {name or STRUCTURE} stands twice or has no name", "Keep one of them.")
        found[name] = document.choices(value, f"region {name}", "country", CODES)
    return found


def _route(
    document: Document,
    node: Node,
    regions: Regions,
    owners: Collection[str],
    parent: When | None,
    depth: int,
) -> Route:
    if depth > MOST_DEPTH:
        document.fault(node, "the routes are nested too deeply", f"Use at most {MOST_DEPTH} levels.")
        return Route("")
    found = document.table(node, "route", () if parent is None else ("name",), ("name", *KEYS))
    name = document.text(found["name"], "name of the route", 80) if "name" in found else "root"
    when = _when(document, found.get("when"), regions)
    if parent is not None and (field := parent.excludes(when)):
        document.fault(found["when"], f"route {name} can never fit: its {field} are none of its parent's", "Move it.")
    central, local = (document.choice(found.get(key), "owner", owners) for key in ("central", "local"))
    support = document.choices(found.get("support"), "support", "owner", owners)
    within = _narrowed(parent, when)
    nodes = document.items(found.get("routes"), "routes")
    children = tuple(_route(document, child, regions, owners, within, depth + 1) for child in nodes)
    if parent is not None and not (central or local or support or children):
        document.fault(node, f"route {name} names nobody", "Add `local:`, `central:` or `support:`.")
    _dead(document, nodes, children)
    return Route(name, when, central, local, support, children, line_of(node))


def _narrowed(parent: When | None, when: When) -> When:
    if parent is None:
        return when
    return When(
        when.organisations or parent.organisations,
        when.countries or parent.countries,
        levels=when.levels or parent.levels,
        roster=when.roster or parent.roster,
    )


def _dead(document: Document, nodes: list[Node], children: tuple[Route, ...]) -> None:
    """A lead behind one that takes everything that it would get is never followed."""
    for place, (node, child) in enumerate(zip(nodes, children, strict=True)):
        before = next((one for one in children[:place] if one.leads and one.when.covers(child.when)), None)
        if child.leads and before is not None:
            what = f"route {child.name} is never followed: {before.name} in line {before.line} takes all of it"
            document.fault(node, what, "Put the narrower one first.")


def _when(document: Document, node: Node | None, regions: Regions) -> When:
    if node is None:
        return When()
    found = document.table(node, "when", (), WHEN)
    if not found:
        document.fault(node, "when asks for nothing", "Leave it out, or say what for.")
    codes = document.choices(found.get("countries"), "countries", "country", CODES)
    for name in document.choices(found.get("regions"), "regions", "region", regions):
        codes += regions[name]
    zone = read_zone(document, found.get("zone"), "zone")
    if "hours" in found and "zone" not in found:
        document.fault(found["hours"], "hours without a zone", "Add `zone: Asia/Shanghai`: by whose clock?")
    return When(
        organisations=_texts(document, found, "organisations"),
        countries=tuple(dict.fromkeys(codes)),
        categories=tuple(
            Category(key) for key in document.choices(found.get("categories"), "categories", "category", CATEGORIES)
        ),
        levels=tuple(Level(int(key)) for key in document.choices(found.get("levels"), "levels", "level", LEVELS)),
        sites=tuple(name.casefold() for name in _texts(document, found, "sites")),
        hours=tuple(read_hours(document, one, "hours") for one in document.items(found.get("hours"), "hours")),
        zone=zone,
        roster=document.text(found.get("roster"), "roster", 40),
    )


def _texts(document: Document, found: Mapping[str, Node], key: str) -> tuple[str, ...]:
    return tuple(document.text(node, key, 80) for node in document.items(found.get(key), key))
