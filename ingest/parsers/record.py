"""Records: one object of a JSON list, one repeated element, one row of a table, read by what its fields are called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.parsers.country import codes
from ingest.parsers.draft import Draft, point
from ingest.parsers.markup import name

Record = Mapping[str, Any]

DEPTH = 6
CELLS = 60  # fields listed of a record that has no text of its own
CELL_LENGTH = 300

# What fields are called, best first; lower case, letters and digits only. A name matches a field or the last part of
# its path.
TITLE = (
    "title", "headline", "heading", "subject", "caption", "sdnname", "wholename", "fullname", "eventname",
    "incidentname", "orderalertname", "name", "nameenglish", "primaryname", "entityname", "entity", "event",
    "eventtitle", "label", "place", "location", "countryname", "countryeng", "标题", "firename", "nationalfireid",
)  # fmt: skip
PERSON = (
    ("firstname", "secondname", "thirdname", "fourthname", "lastname"),
    ("givenname", "lastname"),
    ("forename", "surname"),
    ("entityorship",),
    ("name1", "name2", "name3", "name4", "name5", "name6"),
)
TEXT = (
    "summary", "description", "advisorytext", "lead", "body", "bodyhtml", "contenthtml", "contenttext", "content",
    "text", "maintext", "message", "notes", "note", "details", "comments1", "comments", "remarks",
    "geographicdescription", "otherinformation", "statementofreasons", "changedescription", "instruction", "abstract",
)  # fmt: skip
LINK = (
    "url", "link", "weburl", "urlalias", "permalink", "href", "web", "uri", "fireurl", "sourceinformationurl",
    "detailsurl", "externalurl", "basepath", "infourl",
)  # fmt: skip
GUID = (
    "id", "guid", "uuid", "identifier", "eventid", "entnum", "entitynumber", "uid", "dataid", "referencenumber",
    "uniqueid", "groupid", "keycd", "ids", "code", "contentid", "globaleventid", "eventnumber", "dataiddate", "glide",
)  # fmt: skip
PUBLISHED = (
    "published", "publishedat", "datepublished", "pubdate", "publishdate", "publicationdate", "publicupdatedat",
    "issued", "issuetime", "issuedat", "sent", "datecreated", "created", "createdat", "leavedate", "reportdatetime",
    "listedon", "dateoflisting", "dateoflisted", "datelisted", "datedesignated", "startdate", "effectivedate",
    "original", "date", "eventdate", "effective", "timestamp",
)  # fmt: skip
UPDATED = (
    "updated", "updatedat", "lastupdated", "lastupdate", "modified", "lastmodified", "datemodified", "changed",
    "updatetime", "lastdayupdated", "statusdate", "reviewedat",
)  # fmt: skip
OCCURRED = (
    "time", "eventtime", "origintime", "eventstartdate", "ignitiondate", "onset", "eventdate", "occurredat", "at",
    "fromdate", "begindate",
)  # fmt: skip
COUNTRY = (
    "countryiso", "isoalpha2", "countrycode", "iso3", "iso3countrycode", "iso2", "isocode", "country", "countries",
    "countryname", "countryeng", "nationality", "nationalities", "citizenship", "citizenships", "category",
    "affectedcountries",
)  # fmt: skip
LATITUDE = ("latitude", "lat", "geolat", "y")
LONGITUDE = ("longitude", "lon", "lng", "long", "geolong", "x")
EMPTY = frozenset(("", "-0-", "null", "none", "n/a", "na"))
VOLATILE = re.compile(r"updat|modif|fetch|generat|retriev|objectid|sysid|version|sortkey|timestamp")


def plain_key(text: str) -> str:
    """`Date-Published`, `date_published` → `datepublished`."""
    return "".join(char for char in text.lower() if char.isalnum())


def of_element(element: Any, depth: int = DEPTH) -> Record:
    """Attributes and children by lower-case local name; repeated ones as a list, childless ones as their text."""
    found: dict[str, Any] = {}
    for key, value in element.attrib.items():
        found[str(key).rpartition("}")[2].lower()] = value
    for inner in element:
        key = name(inner)
        if not key:
            continue
        has_more = depth > 1 and (len(inner) or inner.attrib)
        value = of_element(inner, depth - 1) if has_more else (inner.text or "").strip()
        if isinstance(value, dict) and not len(inner) and (own := (inner.text or "").strip()):
            value["value"] = own
        found[key] = value if key not in found else [*_as_list(found[key]), value]
    return found


def scalar(value: Any) -> str:
    """The text of a value: the first of a list, the `value` of a mapping, "" for nothing."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("value", value.get("name"))
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str | int | float):
        text = str(value).strip()
        return "" if text.lower() in EMPTY else text
    return ""


def listed(value: Any) -> list[Record]:
    """The mappings in a value that may be one, a list of them, or neither."""
    return [one for one in _as_list(value) if isinstance(one, Mapping)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Fields:
    """A record's fields by plain key and by path, with look-up over synonyms."""

    def __init__(self, record: Record) -> None:
        self.by_path: dict[str, Any] = {}
        self.by_name: dict[str, str] = {}
        for path, value in _flattened(record, "", DEPTH):
            self.by_path.setdefault(path, value)
        for path in self.by_path:
            self.by_name.setdefault(path.rpartition("/")[2], path)

    def first(self, names: Iterable[str]) -> str:
        """Text of the first of the names that the record has, "" when it has none."""
        for wanted in names:
            for path in (wanted, self.by_name.get(wanted, "")):
                if path in self.by_path and (text := scalar(self.by_path[path])):
                    return text
        return ""

    def values(self, names: Iterable[str]) -> Iterator[str]:
        """Texts of all fields of these names, in the order of the names."""
        for wanted in names:
            for path, value in self.by_path.items():
                if path.rpartition("/")[2] == wanted and (text := scalar(value)):
                    yield text

    def listing(self) -> str:
        """All fields as "name: value" lines, for a record that has no text of its own."""
        shown = ((path, scalar(value)) for path, value in self.by_path.items() if not VOLATILE.search(path))
        cells = [f"{path.replace('/', ' ')}: {text[:CELL_LENGTH]}" for path, text in shown if text]
        return "; ".join(cells[:CELLS])


def _flattened(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            yield from _flattened(inner, f"{path}/{plain_key(str(key))}".lstrip("/"), depth - 1)
    elif isinstance(value, list) and depth and value and any(isinstance(one, Mapping | list) for one in value[:5]):
        for inner in value[:20]:
            yield from _flattened(inner, path, depth - 1)
    elif isinstance(value, list):
        yield path, "; ".join(filter(None, map(scalar, value[:50])))
    elif path:
        yield path, value


def person(fields: Fields) -> str:
    """A name put together from its parts, "" when the record has no such parts."""
    candidates: list[list[str]] = [[text for part in parts if (text := fields.first((part,)))] for parts in PERSON]
    longest = max(candidates, key=len)
    return " ".join(longest)


def has_title(record: Record) -> bool:
    """True when the record names something."""
    fields = Fields(record)
    return bool(fields.first(TITLE) or person(fields))


def draft(fields: Fields) -> Draft:
    """The item that a record means, by what its fields are called."""
    title = fields.first(TITLE[:5]) or person(fields) or fields.first(TITLE)
    text = fields.first(TEXT)
    return Draft(
        title=title,
        body=text or fields.listing(),
        body_is_plain=not text,
        link=fields.first(LINK) or None,
        guid=fields.first(GUID) or None,
        language=fields.first(("language", "locale", "lang")) or None,
        published=fields.first(PUBLISHED) or None,
        updated=fields.first(UPDATED) or None,
        occurred=fields.first(OCCURRED) or None,
        countries=countries(fields),
        point=point(fields.first(LATITUDE), fields.first(LONGITUDE)),
        hashed=() if text else (fields.listing(),),
    )


def countries(fields: Fields) -> tuple[str, ...]:
    """Alpha-2 codes of all countries that fields of their own declare."""
    found = [one for text in fields.values(COUNTRY) for one in codes(text)]
    return tuple(dict.fromkeys(found))[:30]
