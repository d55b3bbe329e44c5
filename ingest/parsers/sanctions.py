"""Sanctions lists: OFAC, US consolidated screening, UN, EU, UK, Canada, Switzerland; XML, JSON or table."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.advice import CUT_OFF
from ingest.entry import digest
from ingest.parsers.collection import in_json, in_rows, is_header, tagged
from ingest.parsers.document import Document, Reading, Shape, most
from ingest.parsers.draft import Draft, finish
from ingest.parsers.markup import name, words
from ingest.parsers.record import Fields, Record, draft, fingerprint, listed, person, plain_key, scalar

# Root element → the elements that are records.
LISTS = {
    "sdnlist": ("sdnentry",),
    "consolidated_list": ("individual", "entity"),
    "export": ("sanctionentity",),
    "whole": ("entity",),
    "designations": ("designation",),
    "arrayoffinancialsanctionstarget": ("financialsanctionstarget",),
    "swiss-sanctions-list": ("target",),
    "sanctionsdata": ("entity",),
    "data-set": ("record",),
    "sanctions": ("distinctparty",),
}
# Columns of OFAC's tables, which have no header; by how many there are.
OFAC = {
    12: ("ent_num", "sdn_name", "sdn_type", "program", "title_", "call_sign", "vess_type", "tonnage", "grt",
         "vess_flag", "vess_owner", "remarks"),
    6: ("ent_num", "add_num", "address", "city", "country", "remarks"),
    5: ("ent_num", "alt_num", "alt_type", "name", "remarks"),
    2: ("ent_num", "remarks"),
}  # fmt: skip
NOTHING = "-0-"
WHOLE_NAMES = ("sdnname", "wholename", "namealiaswholename", "fullname")
ALIAS = ("profile", "identity", "alias", "documentedname")  # OFAC's advanced list keeps names this deep
WORDS = frozenset((
    "program", "programs", "sdnname", "sdntype", "listingdate", "listedon", "dateoflisting", "dateofdesignation",
    "regime", "regimename", "standardorder", "federalregisternotice", "sourcelisturl", "sanctions", "ofsigroupid",
    "groupid", "grouptype", "frcitation", "effectivedate", "uniqueid", "namealias", "namealiaswholename",
    "entitylogicalid", "sanctionsimposed", "controldate", "instrumentofdesignation", "listinginformation", "committees",
    "uksanctionslistdatedesignated", "schedule", "listtype", "unlisttype", "idregistre", "registredetail",
    "suppname", "debarfromdate", "datasets", "referents", "lastchange",
))  # fmt: skip
ENOUGH_WORDS = 2
# Fields that tell whose dates are written 03/04/2026: the 3rd of April in Britain, the 4th of March in America.
BRITISH = frozenset(("ofsigroupid", "uksanctionslistdatedesignated", "uksanctionslistref", "grouptype", "regimename"))
AMERICAN = frozenset(("frcitation", "federalregisternotice", "sdntype", "standardorder", "debarfromdate"))
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$")
PROGRAMMES = (
    "program", "programs", "programme", "regime", "regimename", "unlisttype", "entityregulationprogramme",
    "entityprogramme",
)  # fmt: skip
NUMBERS = ("entitylogicalid", "entityeureferencenumber", "ssid")  # of the record itself, where it has no plain `id`
LISTED = ("entitydesignationdate", "entityregulationpublicationdate", "datelisted")
TYPES = ("sdntype", "type", "entitysubjecttype", "subjecttype")
PARTS = ("name1", "name2", "name3", "name4", "name5", "name6")
COUNTS = (("publshinformation", "record_count"), ("publishinformation", "record_count"), ("recordcount",))


def accepts(content: Any) -> bool:
    """True for a known root, an OFAC table, or fields that only sanctions lists have."""
    if isinstance(content, tuple):
        return bool(content) and (_is_ofac(content) or any(_speaks_of_sanctions(row) for row in content[:3]))
    if isinstance(content, Mapping | list):
        return any(_speaks_of_sanctions(record) for record in in_json(content)[:3])
    return name(content) in LISTS and next(tagged(content, *LISTS[name(content)]), None) is not None


def read(document: Document) -> Reading:
    """One item for each person, entity or ship listed."""
    problems: tuple[str, ...] = ()
    if document.shape is Shape.XML:
        records = list(tagged(document.content, *LISTS[name(document.content)]))
    elif document.shape is Shape.JSON:
        records = in_json(document.content)
    else:
        columns = OFAC.get(_width(document.content)) if _is_ofac(document.content) else None
        records, problems = in_rows(document.content, columns)
    kept, cut = most(records)
    drafts = [_draft(record) for record in kept]
    items = tuple(finish(one, document) for one in (_by_alias(drafts) if _has_rows(document) else drafts))
    return Reading("sanctions", items, None, None, (*problems, *cut, *_endings(document, len(records))))


def _has_rows(document: Document) -> bool:
    """True for lists that give each alias a row of its own, under the number of who bears it."""
    if document.shape is Shape.XML:
        return name(document.content) == "arrayoffinancialsanctionstarget"
    return document.shape is Shape.TABLE


def _by_alias(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Where numbers repeat, keys of number and name, so that an amended row is a revision and a new alias an entry."""
    counts = Counter(draft.guid for draft in drafts if draft.guid)
    repeats = any(count > 1 for count in counts.values())
    for one in drafts:
        yield replace(one, key=f"{one.guid[:200]}:{digest(one.title)[:16]}") if repeats and one.guid else one


def _endings(document: Document, count: int) -> Iterator[str]:
    """What tells that the list ends too early: XML that breaks off, or fewer records than it declares."""
    if document.shape is not Shape.XML:
        return
    if any("what could be read was kept" in problem for problem in document.problems):
        yield f"{CUT_OFF}: its XML breaks off after {count:,} records; what is missing is not de-listed."
    declared = next(filter(str.isdecimal, (words(document.content, *path) for path in COUNTS)), "0")[:9]
    if int(declared) > count:
        yield f"{CUT_OFF}: it declares {int(declared):,} records and holds {count:,}; what is missing is not de-listed."


def _draft(record: Record) -> Draft:
    fields = Fields(record)
    basis = draft(fields)
    steady = _sorted(record)
    programme = "; ".join(sorted(set(fields.values(PROGRAMMES))))
    number = basis.guid or fields.own(NUMBERS) or None
    listing = (fields if steady == record else Fields(steady)).listing()
    title = _name(record, fields) or basis.title or fields.first(("remarks",))
    which = fields.first(("source", "listtype", "schedule"))
    return replace(
        basis,
        title=title,
        guid=number,
        key=None if number else "listed:" + digest(title, programme, which),
        title_is_plain=True,
        body=listing,
        body_is_plain=True,
        published=_date(str(basis.published or fields.first(LISTED)), fields) or None,
        updated=_date(str(basis.updated or ""), fields) or None,
        extra={"programme": programme, "list": which},
        hashed=(fingerprint(steady),),
    )


def _sorted(value: Any) -> Any:
    """A record with its lists in an order of our own: publishers shuffle aliases and addresses."""
    if isinstance(value, Mapping):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted((_sorted(inner) for inner in value), key=str) if isinstance(value, list) else value


def _name(record: Record, fields: Fields) -> str:
    """The main name, its parts in reading order."""
    whole = fields.first(WHOLE_NAMES)
    if whole:
        return _in_reading_order(whole, fields)
    if found := _first_alias(record) or _primary(record) or person(fields):
        return found
    plain_name = fields.own(("name",))
    return _in_reading_order(plain_name, fields) if plain_name else ""


def _in_reading_order(text: str, fields: Fields) -> str:
    """ "INVENTED, Ivan" of a person as "Ivan INVENTED"; names of companies keep their commas."""
    last, comma, first = text.partition(", ")
    is_person = fields.first(TYPES).lower() in ("individual", "person", "p")
    return f"{first} {last}" if comma and is_person and "," not in first and len(first) > 3 else text


def _primary(record: Record) -> str:
    """Britain: the parts of the name that is marked as primary, the last of them the family's."""
    names = [one for group in listed(record.get("names")) for one in listed(group.get("name"))]
    main = next((one for one in names if scalar(one.get("nametype")).lower().startswith("primary")), None)
    found = main or next(iter(names), {})
    return " ".join(filter(None, (scalar(found.get(part)) for part in PARTS)))


def _date(text: str, fields: Fields) -> str:
    """A date whose day and month the publisher's country tells apart, in ISO's order; any other text as it is."""
    found = SLASHED.match(text)
    if not found:
        return text
    if not BRITISH.isdisjoint(fields.by_name):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    return f"{found[3]}-{found[1]:0>2}-{found[2]:0>2}" if not AMERICAN.isdisjoint(fields.by_name) else text


def _first_alias(record: Record) -> str:
    """The parts of the first name under the first alias, "" in lists of another make."""
    inner = record
    for step in ALIAS:
        found = listed(inner.get(step))
        if not found:
            return ""
        inner = found[0]
    parts = (scalar(part.get("namepartvalue")) for part in listed(inner.get("documentednamepart")))
    return " ".join(filter(None, parts))


def _is_ofac(rows: Sequence[Sequence[str]]) -> bool:
    sample = rows[:20]
    if _width(rows) not in OFAC or is_header(rows[0]):
        return False
    if _width(rows) == len(OFAC[2]):  # notes by number
        return all(len(row) == len(OFAC[2]) and row[0].isdigit() and not row[1].isdigit() for row in sample[:-1])
    return sum(NOTHING in row for row in sample) * 2 >= len(sample)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return len(rows[0]) if rows else 0


def _speaks_of_sanctions(names: Any) -> bool:
    return len({plain_key(str(one)) for one in names} & WORDS) >= ENOUGH_WORDS
