"""ReliefWeb's API (UN OCHA): reports and disasters, one `fields` object each."""

from collections.abc import Mapping
from typing import Any

from ingest.entry import NOTHING
from ingest.parsers.country import codes
from ingest.parsers.document import Document, Reading, most
from ingest.parsers.draft import Draft, finish, point
from ingest.parsers.record import listed, scalar


def accepts(value: Any) -> bool:
    """True for a list of objects that keep everything but their number under `fields`."""
    members = value.get("data") if isinstance(value, Mapping) else None
    return isinstance(members, list) and any(
        isinstance(one, Mapping) and isinstance(one.get("fields"), Mapping) for one in members
    )


def read(document: Document) -> Reading:
    """One item for each report or disaster."""
    entries = [entry for entry in listed(document.content.get("data")) if isinstance(entry.get("fields"), Mapping)]
    kept, problems = most(entries)
    return Reading("reliefweb", tuple(finish(_draft(entry), document) for entry in kept), None, None, problems)


def _draft(entry: Mapping[str, Any]) -> Draft:
    fields = entry["fields"]
    dates = _mapping(fields.get("date"))
    countries = [one for country in listed(fields.get("country")) for one in codes(scalar(country.get("iso3")).upper())]
    where = next((_mapping(one.get("location")) for one in listed(fields.get("primary_country"))), NOTHING)
    return Draft(
        title=scalar(fields.get("title")) or scalar(fields.get("name")),
        title_is_plain=True,
        body=scalar(fields.get("body-html")) or scalar(fields.get("body")) or scalar(fields.get("description")),
        link=scalar(fields.get("url_alias")) or scalar(fields.get("url")) or scalar(entry.get("href")) or None,
        guid=scalar(entry.get("id")) or None,
        language=next((scalar(one.get("code")) for one in listed(fields.get("language"))), None),
        published=scalar(dates.get("original")) or scalar(dates.get("created")) or scalar(dates.get("event")) or None,
        updated=scalar(dates.get("changed")) or None,
        occurred=scalar(dates.get("event")) or None,
        countries=tuple(dict.fromkeys(countries)),
        point=point(where.get("lat"), where.get("lon")),
        extra={
            "publisher": "; ".join(scalar(one.get("name")) for one in listed(fields.get("source"))),
            "categories": "; ".join(scalar(one.get("name")) for one in listed(fields.get("theme"))),
            "glide": scalar(fields.get("glide")),
            "status": scalar(fields.get("status")) if fields.get("glide") or fields.get("type") else "",
            "hazard": "; ".join(scalar(one.get("name")) for one in _kinds(fields)),
        },
    )


def _kinds(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The kinds of a disaster, of those that a report is about, or the one that is called the main one."""
    of_disasters = [kind for one in listed(fields.get("disaster")) for kind in listed(fields.get("disaster_type"))]
    return listed(fields.get("type")) or listed(fields.get("primary_type")) or of_disasters[:5]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
