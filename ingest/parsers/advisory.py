"""Governments' travel advice as JSON or XML: one record a country, with its level, 1 (normal) to 4 (do not travel)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.parsers import level
from ingest.parsers.collection import in_json, tagged
from ingest.parsers.country import code, codes
from ingest.parsers.document import Document, Reading, Shape, most
from ingest.parsers.draft import Draft, finish
from ingest.parsers.markup import child, name
from ingest.parsers.record import TEXT, Fields, Record, draft, scalar

# Fields that only travel advice has.
STATES = ("advisorystate", "advisorylevel", "alertstatus", "threatlevel", "risklevel", "advicelevel", "dangerlevel")
# Germany: what each of four booleans says when it is set, gravest first.
WARNINGS = (
    ("warning", 4, "Reisewarnung"),
    ("partialwarning", 3, "Teilreisewarnung"),
    ("situationwarning", 3, "Sicherheitshinweis"),
    ("situationpartwarning", 2, "Sicherheitshinweis für Landesteile"),
)
# Statuses of the United Kingdom's content API.
STATUSES = {
    "avoid_all_travel_to_whole_country": 4,
    "avoid_all_travel_to_parts": 3,
    "avoid_all_but_essential_travel_to_whole_country": 3,
    "avoid_all_but_essential_travel_to_parts": 2,
}
ZERO_BASED = ("advisorystate",)  # Canada counts 0 to 3
SAMPLE = 10


def accepts(content: Any) -> bool:
    """True when the records carry a state of advice, or the document says that it is travel advice."""
    if not isinstance(content, Mapping | list):
        return name(content) == "opendata" and child(content, "mail") is not None
    return any(_is_advice(record) for record in _records(content)[:SAMPLE])


def read(document: Document) -> Reading:
    """One item for each country's advice, in document order."""
    if document.shape is Shape.XML:
        return _read_japan(document)
    records, problems = most([record for record in _records(document.content) if _is_advice(record)])
    items = tuple(finish(_draft(record), document) for record in records)
    return Reading("advisory", items, None, None, problems)


def _records(value: Any) -> list[Record]:
    if isinstance(value, Mapping) and _is_advice(value):
        return [value]
    return in_json(value)


def _is_advice(record: Record) -> bool:
    keys = {"".join(char for char in str(key).lower() if char.isalnum()) for key in record}
    if not keys.isdisjoint(STATES) or {"warning", "partialwarning"} <= keys or "advisory" in keys:
        return True
    if any(key.endswith("advicelevel") for key in keys):
        return True
    kind = f"{record.get('document_type', '')} {record.get('schema_name', '')}"
    title = next((str(value) for key, value in record.items() if str(key).lower() == "title"), "")
    if "travel_advice_index" in kind:  # a list of advice, none itself
        return False
    return "travel_advice" in kind or ("title" in keys and level.EXPLICIT.search(title) is not None)


def _draft(record: Record) -> Draft:
    fields = Fields(record)
    basis = draft(fields)
    countries = basis.countries or _titled(basis.title) or codes(fields.first(("slug",)).replace("-", " ").title())
    grade = _level(fields)
    extra = {"advisory_level": str(grade)} if grade else {}
    return replace(
        basis,
        title=basis.title or fields.first(("countryname", "countryeng", "name")),
        body=_body(fields),
        body_is_plain=False,
        key=f"advice:{countries[0]}" if not basis.guid and len(countries) == 1 else None,
        countries=countries,
        published=fields.first(("published", "datepublished", "date", "publicupdatedat", "effective"))
        or basis.published,
        extra=extra | ({"advice": text} if (text := fields.first(("advisorytext", "statustext"))) else {}),
    )


def _titled(title: str) -> tuple[str, ...]:
    head = title.split(" - ")[0].split(":")[0].removesuffix(" travel advice").removesuffix(" Travel Advisory")
    found = code(head)
    return (found,) if found else ()


def _level(fields: Fields) -> int | None:
    """1 to 4 from whatever the record has: a state, four booleans, a status, a phrase. None when it says nothing."""
    if WARNINGS[0][0] in fields.by_name:
        return _german(fields)[0]
    statuses = fields.first(("alertstatus",)).split("; ")
    if found := max((STATUSES.get(status, 0) for status in statuses), default=0):
        return found
    if score := fields.by_path.get("advisory/score"):  # an index of 0 to 5
        return min(max(round(float(score)) - 1, 1), 4) if isinstance(score, int | float) else None
    for field in STATES:
        state = fields.first((field,))
        if state[:1].isdigit() and 0 <= (number := int(state[0]) + (field in ZERO_BASED)) <= 4:
            return max(number, 1)
    return level.written(
        " ".join(
            fields.values(
                ("title", "advisorytext", "statustext", "threatlevel", "message", "advicelevel", "overalladvicelevel")
            )
        )
    )


def _german(fields: Fields) -> tuple[int, str]:
    """Level and words of the gravest boolean that is set."""
    said = (
        (grade, words) for field, grade, words in WARNINGS if fields.first((field,)).lower() in ("yes", "true", "1")
    )
    return next(said, (1, ""))


def _body(fields: Fields) -> str:
    return fields.first(TEXT) or (_german(fields)[1] if WARNINGS[0][0] in fields.by_name else "")


def _read_japan(document: Document) -> Reading:
    """Japan's consular mails (MOFA open data): times are Tokyo's."""
    items = []
    mails, problems = most(list(tagged(document.content, "mail")))
    for record in mails:
        fields = Fields(record)
        text = fields.first(("title", "lead", "maintext"))
        grade = level.written(text) if "危険" in fields.first(("infoname", "infonamelong")) else None
        items.append(
            finish(
                replace(
                    draft(fields),
                    title=fields.first(("title",)),
                    body=" ".join(fields.values(("lead", "maintext"))),
                    guid=fields.first(("keycd",)) or None,
                    published=fields.first(("leavedate",)) or None,
                    zone="Asia/Tokyo",
                    language="ja",
                    countries=tuple(one for text in fields.values(("name",)) for one in codes(text)),
                    extra={"advisory_level": str(grade)} if grade else {},
                    hashed=(scalar(record.get("lead")),),
                ),
                document,
            )
        )
    return Reading("advisory", tuple(items), None, "ja", problems)
