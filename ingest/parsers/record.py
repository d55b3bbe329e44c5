"""Records: one object of a JSON list, one repeated element, one row of a table, read by what its fields are called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ingest.entry import digest
from ingest.parsers.country import codes
from ingest.parsers.draft import Draft, point
from ingest.parsers.markup import name

Record = Mapping[str, Any]

DEPTH = 6
CELLS = 60  # fields listed of a record that has no text of its own
CELL_LENGTH = 300
REPEATED = 30  # values kept of a field that repeats

# What fields are called, best first; lower case, letters and digits only. A name matches a field or the last part of
# its path.
TITLE = (
    "title", "headline", "heading", "subject", "caption", "sdnname", "wholename", "fullname", "eventname",
    "incidentname", "orderalertname", "name", "nameenglish", "primaryname", "entityname", "entity", "event",
    "eventtitle", "label", "place", "location", "nameofindividualorentity", "ttl",
    "标题", "firename", "nationalfireid", "titre", "titulo", "titel", "titolo", "nom", "nombre",
)  # fmt: skip
PERSON = (
    ("firstname", "secondname", "thirdname", "fourthname", "lastname"),
    ("givenname", "lastname"),
    ("forename", "surname"),
    ("prenom", "nom"),
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
    "detailsurl", "externalurl", "basepath", "infourl", "itemdefaulturl",
)  # fmt: skip
GUID = (
    "id", "guid", "uuid", "identifier", "eventid", "eid", "entnum", "entitynumber", "uid", "dataid", "referencenumber",
    "logicalid", "publicid", "uniqueid", "groupid", "keycd", "ids", "code", "contentid", "globaleventid",
    "eventnumber", "glide", "idregistre", "fixedref",
)  # fmt: skip
PUBLISHED = (
    "published", "publishedat", "datepublished", "pubdate", "publishdate", "publicationdate", "publicupdatedat",
    "issued", "issuetime", "issuedat", "sent", "datecreated", "dateadded",
    "created", "createdat", "leavedate", "reportdatetime",
    "listedon", "dateoflisting", "dateoflisted", "datelisted", "datedesignated", "startdate", "effectivedate",
    "original", "date", "eventdate", "effective", "timestamp",
)  # fmt: skip
UPDATED = (
    "updated", "updatedat", "lastupdated", "lastupdate", "modified", "lastmodified", "datemodified", "changed",
    "updatetime", "lastdayupdated", "statusdate", "reviewedat",
)  # fmt: skip
OCCURRED = (
    "time", "eventtime", "origintime", "eventstartdate", "ignitiondate", "onset", "eventdate", "occurredat", "at",
    "fromdate", "begindate", "acqdate",
)  # fmt: skip
COUNTRY = (
    "countryiso", "isoalpha2", "countrycode", "iso3", "iso3countrycode", "iso2", "isocode", "country", "countries",
    "countryname", "countryeng", "countryiso2code", "nationality", "nationalities", "citizenship", "citizenships",
    "affectedcountries",
)  # fmt: skip
LATITUDE = ("latitudenumeric", "latitude", "lat", "geolat", "y")
LONGITUDE = ("longitudenumeric", "longitude", "lon", "lng", "long", "geolong", "x")
SAYING = ("value", "rendered", "$t", "#text", "name")  # where an object keeps what it says
EMPTY = frozenset(("", "-0-", "null", "none", "n/a", "na"))
DULL = re.compile(r"https?://|1\d{9}$|1\d{12}$")
KNOWN = frozenset((*TITLE, *TEXT, *LINK, *GUID, *PUBLISHED, *UPDATED, *OCCURRED, *COUNTRY, *LATITUDE, *LONGITUDE))
IDENTIFYING = re.compile(r"(?:cve|event|alert|incident|record|item|article|news|notice|report)(?:id|no|number)\w*$")
CLOCK = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:$|[T ]\d)")
NAMING = re.compile(r"name|.*(?:name|title)$")
LONGEST_EMPTY = max(map(len, EMPTY))
VOLATILE = re.compile(r"updat|modif|fetch|generat|retriev|objectid|sysid|version|sortkey|timestamp")


@lru_cache(maxsize=4096)  # the rows of one document share their columns
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
    if isinstance(value, dict):
        value = next((value[key] for key in SAYING if key in value), None)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str | int | float):
        text = str(value).strip()
        return "" if len(text) <= LONGEST_EMPTY and text.lower() in EMPTY else text
    return ""


def texts(value: Any) -> list[str]:
    """All texts of a value that may be a list."""
    return [text for one in _as_list(value) if (text := scalar(one))]


def listed(value: Any) -> list[Record]:
    """The mappings in a value that may be one, a list of them, or neither."""
    return [one for one in _as_list(value) if isinstance(one, Mapping)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def fingerprint(record: Record) -> str:
    """Digest of all that a record says, less what changes by itself."""
    return digest(str(_steady(record)))


def _steady(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted(
            (str(key), _steady(inner)) for key, inner in value.items() if not VOLATILE.search(plain_key(str(key)))
        )
    return [_steady(inner) for inner in value] if isinstance(value, list) else value


class Fields:
    """A record's fields by plain key and by path, with look-up over synonyms."""

    def __init__(self, record: Record) -> None:
        self.by_path: dict[str, Any] = {}
        self.by_name: dict[str, str] = {}
        for path, value in _flattened(record, "", DEPTH):
            self.by_path[path] = (
                value if path not in self.by_path else [*_as_list(self.by_path[path]), value][:REPEATED]
            )
        for path in sorted(self.by_path, key=lambda path: path.count("/")):
            self.by_name.setdefault(path.rpartition("/")[2], path)

    def first(self, names: Iterable[str]) -> str:
        """Text of the first of the names that the record has, "" when it has none."""
        for wanted in names:
            path = self.by_name.get(wanted)
            if path is not None and (text := scalar(self.by_path[path])):
                return text
        return ""

    def own(self, names: Iterable[str]) -> str:
        """Like `first`, but of the record itself only: the `id` of a part is not the record's."""
        found = (scalar(self.by_path[wanted]) for wanted in names if wanted in self.by_path)
        return next(filter(None, found), "")

    def values(self, names: Iterable[str]) -> Iterator[str]:
        """Texts of all fields of these names, in the order of the names."""
        for wanted in names:
            if wanted not in self.by_name:
                continue
            for path, value in self.by_path.items():
                if path.rpartition("/")[2] == wanted:
                    yield from texts(value)

    def listing(self) -> str:
        """All fields as "name: value", for a record that has no text of its own; addresses and clocks left out."""
        shown = ((path, "; ".join(texts(value))) for path, value in self.by_path.items() if not VOLATILE.search(path))
        cells = [
            f"{path.replace('/', ' ')}: {text[:CELL_LENGTH]}" for path, text in shown if text and not DULL.match(text)
        ]
        return "; ".join(cells[:CELLS])


def _flattened(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and depth:
        own = next((key for key in SAYING[:-1] if key in value), None) if path else None
        if own:
            yield path, value[own]
        for key, inner in value.items():
            if key == own:
                continue
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
    if pieces := list(fields.values(("namepart",))):
        return " ".join(pieces[:3])
    candidates: list[list[str]] = [[text for part in parts if (text := fields.first((part,)))] for parts in PERSON]
    longest = max(candidates, key=len)
    return " ".join(longest)


def guid_of(fields: Fields) -> str | None:
    """The record's own identifier."""
    found = fields.own(GUID)
    if not found:
        named = (path for path in fields.by_path if IDENTIFYING.match(path))
        found = next(filter(None, (scalar(fields.by_path[path]) for path in named)), "")
    return found or None


def is_telling(record: Record) -> bool:
    """True when the record names something and says when, where, or more of it."""
    fields = Fields(record)
    if not (_title(fields) or fields.first(TEXT)):
        return False
    return bool(
        fields.own(GUID) or fields.first((*TEXT, *LINK, *PUBLISHED, *UPDATED, *OCCURRED, *LATITUDE)) or _clock(fields)
    )


def is_dated(record: Record) -> bool:
    """True when the record says when; what tells a lone record from a message of the server."""
    return bool(Fields(record).first((*PUBLISHED, *UPDATED, *OCCURRED)))


def _clock(fields: Fields) -> str:
    """The first value that is a date by its looks, whatever its field is called."""
    return next((text for value in fields.by_path.values() if CLOCK.match(text := scalar(value))), "")


def draft(fields: Fields) -> Draft:
    """The item that a record means, by what its fields are called."""
    title = _title(fields)
    text = fields.first(TEXT)
    listing = "" if text else fields.listing()
    return Draft(
        title=title,
        body=text or listing,
        body_is_plain=not text,
        link=fields.first(LINK) or None,
        guid=guid_of(fields),
        language=fields.first(("language", "locale", "lang")) or None,
        published=fields.first(PUBLISHED) or fields.first(OCCURRED) or None,
        updated=fields.first(UPDATED) or None,
        occurred=fields.first(OCCURRED) or None,
        countries=countries(fields),
        point=point(fields.first(LATITUDE), fields.first(LONGITUDE)),
    )


def is_placed(record: Record) -> bool:
    """True when the record says when or where; a catalogue of books, which is no feed, does not."""
    fields = Fields(record)
    return bool(fields.first((*PUBLISHED, *UPDATED, *OCCURRED, *LATITUDE, *COUNTRY, *LINK)) or _clock(fields))


def _title(fields: Fields) -> str:
    if found := fields.first(TITLE[:5]) or person(fields) or fields.first(TITLE):
        return found
    named = (
        text
        for path in fields.by_path
        if NAMING.match(path) and path not in COUNTRY and (text := scalar(fields.by_path[path]))
    )
    return next(named, "") or fields.first(("countryname", "countryeng", "country"))


def countries(fields: Fields) -> tuple[str, ...]:
    """Alpha-2 codes of all countries that fields of their own declare."""
    found = [one for text in fields.values(COUNTRY) for one in codes(text)]
    return tuple(dict.fromkeys(found))[:30]
