"""Sanctions lists: OFAC, US consolidated screening, UN, EU, UK, Canada, Switzerland; XML, JSON or table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.entry import digest
from ingest.parsers.collection import in_json, in_rows, is_header, tagged
from ingest.parsers.document import Document, Reading, Shape, most
from ingest.parsers.draft import Draft, finish
from ingest.parsers.markup import name
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
    return Reading(
        "sanctions", tuple(finish(_draft(record), document) for record in kept), None, None, (*problems, *cut)
    )


def _draft(record: Record) -> Draft:
    fields = Fields(record)
    basis = draft(fields)
    programme = "; ".join(
        dict.fromkeys(fields.values(("program", "programs", "programme", "regime", "regimename", "unlisttype")))
    )
    listing = fields.listing()
    title = (
        fields.first(WHOLE_NAMES) or _first_alias(record) or person(fields) or basis.title or fields.first(("remarks",))
    )
    which = fields.first(("source", "listtype", "schedule"))
    return replace(
        basis,
        title=title,
        key=None if basis.guid else "listed:" + digest(title, programme, which),
        title_is_plain=True,
        body=listing,
        body_is_plain=True,
        extra={"programme": programme, "list": which},
        hashed=(fingerprint(record),),
    )


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
