"""Governments' travel advice as JSON, XML or table: one record a country, with its level from 1 to 4."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.parsers import japan, level
from ingest.parsers.collection import in_json, in_rows
from ingest.parsers.country import code, codes
from ingest.parsers.document import Document, Reading, Shape, most
from ingest.parsers.draft import Draft, finish
from ingest.parsers.graded import FLAGS, STATES, grade
from ingest.parsers.markup import name
from ingest.parsers.record import TEXT, Fields, Record, draft, of_element, plain_key, texts
from ingest.text import fold

SAMPLE = 10
LOOK_DEPTH = 5
CODES = ("countryisoalp2", "isoalpha2", "iso2", "countryiso", "isocode", "iso3", "iso3countrycode", "countrycode")
NAMES = ("countryname", "countryengnm", "countryeng", "country", "countrynm", "location", "name", "destination")
PUBLISHED = (
    "published", "datepublished", "date", "publicupdatedat", "effective", "writtendt", "wrtdt", "lastmodified",
    "dateupdated", "updated", "updatedat", "lastupdated",
)  # fmt: skip
# Fields that avalanche bulletins, malware lists and harbours have too: advice only where a country stands beside them.
COMMON = frozenset(("risklevel", "threatlevel", "dangerlevel", "alertstatus", "securitylevel", "securitystatus"))
CHANGE = ("changedescription", "latestupdate", "updatemessage")
TAILS = (" travel advice", " travel advisory", " travel warning")
HEADS = ("reisadvies ", "travel advice for ", "travel advice ", "conseils aux voyageurs ")


def accepts(content: Any) -> bool:
    """True when records carry a state of advice, or the document says that it is travel advice."""
    if isinstance(content, tuple):
        return len(content) > 1 and any(_is_stated({plain_key(cell) for cell in row}) for row in content[:3])
    if not isinstance(content, Mapping | list):
        return japan.accepts(content) or _stated_tag(content) is not None
    return any(_is_advice(record) for record in _records(content)[:SAMPLE])


def read(document: Document) -> Reading:
    """One item for each country's advice, in document order."""
    problems: tuple[str, ...] = ()
    if document.shape is Shape.XML and japan.accepts(document.content):
        return japan.read(document)
    if document.shape is Shape.TABLE:
        records, problems = in_rows(document.content)
    elif document.shape is Shape.XML:
        records = _elements(document.content)
    else:
        records = [record for record in _records(document.content) if _is_advice(record)]
    kept, cut = most(_merged(records))
    drafts = _distinct([_draft(record) for record in kept])
    return Reading("advisory", tuple(finish(draft, document) for draft in drafts), None, None, (*problems, *cut))


def _distinct(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts with keys of their own: parts of a country that have advice of their own are told apart by their names."""
    counts = Counter(one.key for one in drafts)
    for one in drafts:
        is_shared = one.key is not None and counts[one.key] > 1
        yield replace(one, key=f"{one.key}:{fold(one.title, 100)}") if is_shared else one


def _records(value: Any) -> list[Record]:
    if isinstance(value, Mapping) and _is_advice(value):
        return [value]
    return next(_groups(value, LOOK_DEPTH), None) or in_json(value)


def _groups(value: Any, depth: int) -> Iterator[list[Record]]:
    """Lists, or mappings by key, most of whose objects are advice; scalars beside them are passed over."""
    members = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    objects = [member for member in members if isinstance(member, Mapping)]
    sample = objects[:SAMPLE]
    if sample and sum(map(_is_advice, sample)) * 2 >= len(sample):
        yield objects
    elif depth:
        for member in members[: SAMPLE * 2]:
            yield from _groups(member, depth - 1)


def _is_stated(keys: set[str]) -> bool:
    """True for names of fields that only advice has."""
    flags = {flag[0] for flag in FLAGS[:2]}
    return not keys.isdisjoint(STATES) or flags <= keys or any(key.endswith("advicelevel") for key in keys)


def _is_advice(record: Record) -> bool:
    keys = {plain_key(str(key)) for key in record}
    kind = f"{record.get('document_type', '')} {record.get('schema_name', '')}"
    if "travel_advice_index" in kind:  # a list of advice, none itself
        return False
    title = next((str(value) for key, value in record.items() if plain_key(str(key)) in ("title", "name")), "")
    if _is_stated(keys - COMMON) or "advisory" in keys or "travel_advice" in kind:
        return True
    if not keys.isdisjoint(COMMON) and (_titled(title) or not keys.isdisjoint((*CODES, *NAMES[:5]))):
        return True
    is_coloured = "introduction" in keys and "kleurcode" in str(record.get("introduction", "")).lower()
    return is_coloured or ("title" in keys and level.EXPLICIT.search(title) is not None)


def _stated_tag(root: Any) -> str | None:
    """Local name of the elements that hold a state of advice."""
    for element in root.iter():
        parent = element.getparent()
        if parent is None or parent is root:
            continue
        if plain_key(name(element)) in STATES or (name(element) == "introduction" and "kleurcode" in _text(element)):
            return name(parent)
    return None


def _text(element: Any) -> str:
    return "".join(element.itertext())[:20_000].lower()


def _elements(root: Any) -> list[Record]:
    tag = _stated_tag(root)
    return [of_element(element) for element in root.iter() if name(element) == tag and len(element)]


def _merged(records: Sequence[Record]) -> list[Record]:
    """One record a country where a government states each part of a country in a row of its own (South Korea)."""
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for i, record in enumerate(records):
        keys = {plain_key(str(key)): value for key, value in record.items()}
        groups[str(keys["countryisoalp2"]) if keys.get("countryisoalp2") else f"{i}."].append(record)
    return [group[0] if len(group) == 1 else _together(group) for group in groups.values()]


def _together(rows: Sequence[Record]) -> Record:
    """The row that holds for the whole country, else the gravest, with what the rows say of parts."""
    rows = sorted(rows, key=lambda row: str(row))  # as the publisher's order changes from day to day
    graded = [(grade(Fields(row)).level or 0, Fields(row), row) for row in rows]
    whole = [row for row in graded if row[1].first(("regionty",)) in ("전체", "전지역", "")]
    main = max(whole or graded, key=lambda row: row[0])
    parts = [f"{row[1].first(('remark',))} ({row[0]})" for row in graded if row[1].first(("remark",))]
    return {**main[2], "remark": "; ".join(parts), "regional": str(max(row[0] for row in graded))}


def _draft(record: Record) -> Draft:
    fields = Fields(record)
    basis = draft(fields)
    title = basis.title or fields.first(NAMES)
    countries = basis.countries or codes(fields.first(CODES)) or _titled(basis.title) or _titled(fields.first(NAMES))
    countries = countries or codes(fields.first(("slug",)).replace("-", " ").title())
    return replace(
        basis,
        title=title,
        body=_body(fields),
        body_is_plain=False,
        key=None if basis.guid else f"advice:{countries[0] if len(countries) == 1 else fold(title, 100)}",
        link=basis.link or fields.first(("canonical", "dataurl")) or None,
        countries=countries,
        published=fields.first(PUBLISHED) or basis.published,
        extra=dict(_extra(fields)),
    )


def _extra(fields: Fields) -> Iterator[tuple[str, str]]:
    found = grade(fields)
    regional = level.number(fields.first(("regional",))) or found.regional or 0
    yield "advisory_level", str(found.level or "")
    yield "advisory_regional", str(regional) if regional > (found.level or 0) else ""
    yield "advice", fields.first(("advisorytext", "statustext"))


def _titled(title: str) -> tuple[str, ...]:
    head = title.split(" - ")[0].split(":")[0].strip()
    for tail in TAILS:
        head = head[: -len(tail)] if head.lower().endswith(tail) else head
    for start in HEADS:
        head = head[len(start) :] if head.lower().startswith(start) else head
    found = code(head)
    return (found,) if found else ()


def _body(fields: Fields) -> str:
    """What changed, as the government puts it, then its text; the words of a state where it has none."""
    change = next(iter(texts(fields.first(CHANGE))), "")
    text = fields.first(TEXT) or fields.first(("introduction", "remark")) or grade(fields).words
    return f"{change}<br>{text}" if change and change != text else text
