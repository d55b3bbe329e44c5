"""Pages without a feed, read by a declared rule: a list of links on a web page, or a list in some JSON."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from lxml import etree

from ingest.parsers import level
from ingest.parsers.country import codes
from ingest.parsers.document import NOTHING_SEEN, Document, ParseError, Reading, Seen, Shape
from ingest.parsers.draft import Draft, finish
from ingest.parsers.pagerule import PageRule, items_path, places
from ingest.parsers.record import scalar
from ingest.text import fold, label

MOST = 1_000  # items of a page; a list that a person reads has some dozens
TEXT = 20_000  # characters read of one value
SKIPPED = frozenset(("script", "style", "noscript", "template"))
DATE = re.compile(  # a date within other words: 2026-01-02 10:30, 2026年1月2日, 02.01.2026, 2 January 2026, Jan 2, 2026
    r"(?<!\d)(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)(?:\s?日)?"
    r"(?:[ T\xa0]{1,3}\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|\s?[+-]\d\d:?\d\d)?)?"
    r"|(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)[^\W\d_]{3,10}\.?\s\d{1,2},?\s(?:19|20)\d\d(?!\d)"
)
FINDS = "The page's rule finds"

Values = Callable[[str], str]


def read_page(
    text: str, rule: PageRule, *, base: str | None = None, zone: str | None = None, now: datetime,
    seen: Seen = NOTHING_SEEN,
) -> Reading:  # fmt: skip
    """The items that the rule finds, in the page's order.

    `text` is the decoded page, `base` its address (aware `now` as everywhere). ParseError, one sentence: the page is
    not of the rule's form, or the rule finds no items, or none with a title: then the layout has changed. Items that
    lack a title, a link or a readable date are counted in `problems`; without a title and a link they are left out.
    """
    found = _json_items(text, rule) if rule.form == "json" else _html_items(text, rule)
    if not found:
        raise ParseError(f"{FINDS} no items ({fold(rule.item, 80)}): its layout has changed, or this is another page.")
    shape = Shape.JSON if rule.form == "json" else Shape.XML
    document = Document(shape, None, now, base, rule.zone or zone, seen=seen)
    drafts = [_draft(values, where, rule, document) for values, where in found[:MOST]]
    kept = [draft for draft in drafts if draft.title or draft.link]
    if not any(draft.title for draft in kept):
        raise ParseError(f"{FINDS} {len(found)} items but a title in none ({fold(rule.title, 80)}): mend the rule.")
    items = tuple(finish(draft, document) for draft in kept)
    return Reading("page", items, None, rule.language or None, tuple(_problems(drafts, items, rule, len(found))))


def _draft(values: Values, base: str, rule: PageRule, document: Document) -> Draft:
    title = values("title")
    grade = level.written(values("level")) if rule.level else None
    return Draft(
        title=title,
        title_is_plain=rule.form == "html",
        body=values("text"),
        body_is_plain=rule.form == "html",
        link=values("link") or None,
        bases=(base or None,),
        language=rule.language or None,
        published=_date(values("date"), rule.date_format, document),
        countries=codes(values("country")),
        extra={"advisory_level": str(grade)} if grade else {},
    )


def _problems(drafts: list[Draft], items: tuple[Any, ...], rule: PageRule, count: int) -> Iterator[str]:
    lacking = {
        "title": sum(not draft.title for draft in drafts),
        "link": sum(not draft.link for draft in drafts) if rule.link else 0,
        "readable date": sum(item.published is None for item in items) if rule.date else 0,
    }
    for what, many in lacking.items():
        if many:
            yield f"{FINDS} {len(drafts)} items, {many} of them without a {what}; see whether the layout has changed."
    if count > MOST:
        yield f"{FINDS} {count:,} items; only the first {MOST:,} were read. Make its selector narrower."


def _date(text: str, form: str, document: Document) -> str | None:
    """The date within a text, in a form that is read without doubt; the text itself when it holds none."""
    text = fold(text, 200)
    if form:
        return _formatted(text, form, document)
    found = DATE.search(text)
    return found[0].replace("\xa0", " ") if found else text or None


def _formatted(text: str, form: str, document: Document) -> str | None:
    """ISO form of a date in the declared format; without a year, the last such day. None when it does not fit."""
    tzinfo = ZoneInfo(document.zone) if document.zone else UTC
    now = document.now
    has_year = any(sign in form for sign in ("%Y", "%y"))
    for year in (now.year + 1, now.year, now.year - 1) if not has_year else (0,):
        try:
            moment = datetime.strptime(f"{year} {text}" if year else text, f"%Y {form}" if year else form)  # noqa: DTZ007
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=tzinfo)
        if has_year or moment <= now + timedelta(days=1):
            return moment.isoformat()
    return None


def _html_items(text: str, rule: PageRule) -> list[tuple[Values, str]]:
    """A way to ask each item for its fields, and the address that the page says its links start from."""
    root = html_tree(text)
    base = next((str(one) for one in root.xpath("//base/@href")[:1]), "")
    return [(_html_values(element, rule), base) for element in items_path(rule)(root)]


def html_tree(text: str) -> Any:
    """The tree of a web page, mended as browsers do. ParseError when there is none."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ParseError("This address answers no web page that can be read; see whether it opens in a browser.")
    return root


def _html_values(element: Any, rule: PageRule) -> Values:
    def value(field: str) -> str:
        if field == "date" and rule.date == "." and DATE.search(around := around_links(element)):
            return around  # a title may name a date of its own
        return next(filter(None, (_html_value(element, place) for place in places(rule).get(field, ()))), "")

    return value


def _html_value(element: Any, place: Any) -> str:
    found = [element] if place.xpath is None else place.xpath(element)[:1]
    if not found:
        return ""
    if place.attribute:
        return str(found[0].get(place.attribute) or "").strip()[:TEXT]
    return label(" ".join(_texts(found[0]))[:TEXT], TEXT)


def around_links(element: Any) -> str:
    """What an item says outside its links."""
    return " ".join(element.xpath("descendant::text()[not(ancestor::a)]"))[:TEXT]


def _texts(element: Any) -> Iterator[str]:
    for inner in element.iter():
        tag = inner.tag if isinstance(inner.tag, str) else ""
        if inner.text and tag not in SKIPPED:
            yield inner.text
        if inner.tail and inner is not element:
            yield inner.tail


def _json_items(text: str, rule: PageRule) -> list[tuple[Values, str]]:
    try:
        value = orjson.loads(text)
        found = items_path(rule).search(value)
    except (orjson.JSONDecodeError, ValueError, RecursionError) as error:
        raise ParseError("This address answers no JSON that can be read, as its rule says it would.") from error
    if isinstance(found, dict):
        found = list(found.values())
    return [(_json_values(one, rule), "") for one in found if one is not None] if isinstance(found, list) else []


def _json_values(record: Any, rule: PageRule) -> Values:
    def value(field: str) -> str:
        path = places(rule).get(field)
        try:
            return scalar(path.search(record))[:TEXT] if path else ""
        except (ValueError, RecursionError):  # a function of the path that this record does not fit
            return ""

    return value
