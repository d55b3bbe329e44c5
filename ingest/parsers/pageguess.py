"""A rule for a page that lists links, proposed from how it is built: a repeated element with a link and a date."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Any

from ingest.parsers.document import ParseError
from ingest.parsers.page import DATE, around_links, html_tree
from ingest.parsers.pagerule import PageRule, RuleError, items_path, rule_of
from ingest.text import fold

ROWS = frozenset(("li", "tr", "dd", "dt", "article", "div", "section", "p", "a"))
LEAST = 3  # links of one build that make a list
SAMPLE = 60  # elements of a list that are looked at closely
LINKS = 3_000  # links of a page that are looked at
TITLE_LEAST = 4  # characters of the shortest titles: menus are shorter
CLIMB = 6  # elements above a link that may be its item
MOSTLY = 0.6
HEADINGS = ("h1", "h2", "h3", "h4", "h5")
FEW_DIGITS = 2  # list16 is a kind of list, post-48213 one post
PLAIN_CLASS = str.maketrans("", "", "-_")


@dataclass(frozen=True, slots=True)
class Group:
    """The first elements of one build under parents of one build, each with its main link, and how many there are."""

    elements: Sequence[Any]
    links: Sequence[Any]
    count: int

    @property
    def worth(self) -> float:
        """How much the group looks like a list of news: many long, distinct links with dates."""
        titles = [_title(link) for link in self.links]
        distinct = len({link.get("href") for link in self.links})
        length = median(map(_width, titles))
        if distinct < LEAST or length < TITLE_LEAST * 2:
            return 0.0
        dates = sum(DATE.search(_text(element)) is not None for element in self.elements) / len(self.elements)
        bare = 0.9 if self.elements[0].tag == "a" else 1.0  # the row around a link holds more than the link
        return min(distinct, 40) * min(length, 60) * bare * (1.0 if dates >= MOSTLY else 0.2)


def guess_rule(html: str) -> PageRule | None:
    """A rule that reads the page's main list, for a person to check; None when nothing repeats as a list does."""
    try:
        root = html_tree(html)
    except ParseError:
        return None
    groups = sorted(_groups(root), key=lambda group: group.worth, reverse=True)
    for group in groups[:5]:
        if group.worth > 0 and (rule := _rule(root, group)):
            return rule
    return None


def _groups(root: Any) -> list[Group]:
    """Links gathered by the build of the element around them, at each height above them."""
    found: defaultdict[tuple[str, ...], dict[Any, Any]] = defaultdict(dict)
    widths: dict[Any, int] = {}
    for link in root.xpath("//a[@href]")[:LINKS]:
        element, widths[link] = link, _width(_title(link))
        for _ in range(CLIMB):
            parent = element.getparent()
            if parent is None or not isinstance(parent.tag, str):
                break
            if element.tag in ROWS:
                members = found[_build(parent), _row(element)]
                members[element] = max(members.get(element, link), link, key=lambda one: widths[one])
            element = parent
    return [
        Group(tuple(members)[:SAMPLE], tuple(members.values())[:SAMPLE], len(members))
        for members in found.values()
        if len(members) >= LEAST
    ]


def _rule(root: Any, group: Group) -> PageRule | None:
    link = _within(group, [_path(link, element) for element, link in zip(group.elements, group.links, strict=True)])
    titled = sum(_width(one.get("title") or "") >= _width(_text(one)) > 0 for one in group.links)
    own = link == "."
    selector = "" if own else link
    declared = {
        "item": _selector(group.elements[0]),
        "title": f"{selector}@title || {link}" if titled >= MOSTLY * len(group.links) else _title_place(group, link),
        "link": f"{selector}@href",
        "date": _date_place(group),
    }
    try:
        rule = rule_of({name: text for name, text in declared.items() if text})
    except RuleError:
        return None
    hits = set(items_path(rule)(root))
    return rule if len(hits) <= 2 * group.count and len(hits & set(group.elements)) >= LEAST else None


def _title_place(group: Group, link: str) -> str:
    """The link's text, or the longest part of it where the date stands inside the link too."""
    if sum(DATE.search(_text(one)) is not None for one in group.links) < MOSTLY * len(group.links):
        return link
    parts = []
    for element, one in zip(group.elements, group.links, strict=True):
        inner = [part for part in one.iterdescendants() if isinstance(part.tag, str) and not DATE.search(_text(part))]
        if inner:
            parts.append(_path(max(inner, key=lambda part: _width(_text(part))), element))
    return max(set(parts), key=parts.count) if len(parts) >= MOSTLY * len(group.links) else link


def _date_place(group: Group) -> str:
    """Where the date stands: a time element, else the smallest element that holds one, else the item's own text."""
    places: defaultdict[str, int] = defaultdict(int)
    for element, link in zip(group.elements, group.links, strict=True):
        if times := element.xpath("descendant::time[@datetime]"):
            places[f"{_path(times[0], element)}@datetime"] += 1
        elif place := _dated(element, link):
            places[place] += 1
    if sum(places.values()) < MOSTLY * len(group.elements):
        return ""
    return max(places, key=lambda place: places[place])


def _dated(element: Any, link: Any) -> str:
    """The smallest element with a date outside the link, as a title may name a date too; else the item, else within."""
    inside = set(link.iter())
    inner = [one for one in element.iterdescendants() if isinstance(one.tag, str) and DATE.search(_text(one))]
    if outside := [one for one in inner if one not in inside and link not in one.iter()]:
        return _path(outside[-1], element)
    if DATE.search(around_links(element)):
        return "."
    within = [one for one in inner if one is not link]
    return _path(within[-1], element) if within else "." if DATE.search(_text(element)) else ""


def _within(group: Group, paths: list[str]) -> str:
    """The commonest of the paths to the links, or any link where they differ much."""
    usual = max(set(paths), key=paths.count)
    return usual if paths.count(usual) >= MOSTLY * len(group.elements) else "a"


def _path(inner: Any, element: Any) -> str:
    """A short selector of an element within an item: its heading or class, its tag, its place among equals."""
    if inner is element:
        return "."
    outer = inner.getparent()
    own = _build(inner)
    if outer is not element and outer is not None and outer.tag in HEADINGS:
        own = f"{outer.tag} {inner.tag}"
    same = [one for one in element.iter(inner.tag) if one is not element]
    if own == inner.tag and len(same) > 1 and inner.getparent() is element:
        nth = [one for one in element if one.tag == inner.tag].index(inner) + 1
        return own if nth == 1 else f"{inner.tag}:nth-of-type({nth})"
    return own


def _selector(element: Any) -> str:
    """The element under its parent, the parent under the next one above that has a name of its own."""
    parent = element.getparent()
    steps = [_row(element), _build(parent)]
    outer = parent.getparent()
    while steps[-1] == parent.tag and outer is not None and isinstance(outer.tag, str) and outer.tag != "html":
        if _build(outer) != outer.tag:
            return f"{_build(outer)} {parent.tag} > {steps[0]}"
        outer = outer.getparent()
    return f"{steps[1]} > {steps[0]}"


def _build(element: Any) -> str:
    """Tag and first class or id that is a plain word, as a selector: `li.news`; numbered ones are left out."""
    for name in (element.get("class") or "").split()[:1]:
        if _is_word(name):
            return f"{element.tag}.{name}"
    name = element.get("id") or ""
    return f"{element.tag}#{name}" if _is_word(name) else str(element.tag)


def _row(element: Any) -> str:
    """As `_build`, without the class of a row: odd and even ones, the first and the last have classes of their own."""
    return str(element.tag) if element.tag in ("li", "tr", "dd") else _build(element)


def _is_word(name: str) -> bool:
    digits = sum(map(str.isdigit, name))
    return name.isascii() and name[:1].isalpha() and name.translate(PLAIN_CLASS).isalnum() and digits <= FEW_DIGITS


def _title(link: Any) -> str:
    return max(fold(link.get("title") or "", 300), _text(link), key=_width)


def _width(text: str) -> int:
    """Columns: a Chinese character says as much as two or three Latin letters."""
    return sum(2 if char > "\u2e7f" else 1 for char in text)


def _text(element: Any) -> str:
    return fold(" ".join(islice(element.itertext(), 200))[:2_000], 500)
