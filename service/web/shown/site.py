"""Sites and partners as a page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk.site_file import WORDS
from service.notify.text import clean, shorten
from service.store.exposure import hit_reason
from service.store.tables import PartnerRow, SiteRow
from service.web.shown.row import Telling


@dataclass(frozen=True, slots=True)
class SiteShown:
    """One site in the list."""

    id: int
    name: str
    kind: str
    kind_key: str
    country: str
    where: str
    people: int
    criticality: str
    critical: int
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class PartnerShown:
    """One company in the list."""

    id: int
    name: str
    own: bool
    kind: str
    spellings: str
    country: str
    note: str
    active: bool


@dataclass(frozen=True, slots=True)
class HitShown:
    """One thing of one's own that an event touches."""

    text: str
    about: str
    link: str


def site_shown(row: SiteRow, telling: Telling) -> SiteShown:
    """A site in the reader's words."""
    return SiteShown(
        id=row.id or 0,
        name=shorten(clean(row.name), 120),
        kind=telling.say(f"exposure.kind.{row.kind}"),
        kind_key=row.kind,
        country=telling.country(row.country) if row.country else "",
        where=_where(row, telling),
        people=row.people,
        criticality=telling.say(f"exposure.criticality.{row.criticality}"),
        critical=row.criticality,
        note=shorten(clean(row.note), 300),
        active=row.active,
    )


def _where(row: SiteRow, telling: Telling) -> str:
    if not row.points:
        return telling.say("exposure.no_point")
    if len(row.points) > 1:
        return telling.say("exposure.points", count=len(row.points))
    return degrees(row.points[0])


def degrees(point: Sequence[float]) -> str:
    """`13.51° N 2.11° E`."""
    lat, lon = point
    return f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'} {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def partner_shown(row: PartnerRow, telling: Telling) -> PartnerShown:
    """A company in the reader's words."""
    return PartnerShown(
        id=row.id or 0,
        name=shorten(clean(row.name), 120),
        own=row.kind == "own",
        kind=telling.say(f"exposure.partner.{row.kind}"),
        spellings=" · ".join(shorten(clean(one), 60) for one in row.spellings),
        country=telling.country(row.country) if row.country else "",
        note=shorten(clean(row.note), 300),
        active=row.active,
    )


def site_asked(row: SiteRow) -> dict[str, str]:
    """A site as its form holds it."""
    alone = row.points[0] if len(row.points) == 1 else None
    return {
        "name": row.name,
        "kind": row.kind,
        "country": row.country or "",
        "latitude": f"{alone[0]:g}" if alone else "",
        "longitude": f"{alone[1]:g}" if alone else "",
        "route": "; ".join(f"{lat:g} {lon:g}" for lat, lon in row.points) if len(row.points) > 1 else "",
        "radius_km": f"{row.radius_km:g}",
        "people": str(row.people),
        "criticality": WORDS[row.criticality - 1],
        "note": row.note,
        "active": "yes" if row.active else "no",
    }


def partner_asked(row: PartnerRow) -> dict[str, str]:
    """A company as its form holds it."""
    return {
        "name": row.name,
        "kind": row.kind,
        "spellings": "; ".join(row.spellings),
        "country": row.country or "",
        "note": row.note,
        "active": "yes" if row.active else "no",
    }


def hits_shown(hits: Iterable[Mapping[str, Any]], telling: Telling) -> tuple[HitShown, ...]:
    """What an event touches, with the people there."""
    return tuple(_hit(hit, telling) for hit in hits)


def _hit(hit: Mapping[str, Any], telling: Telling) -> HitShown:
    facts = []
    if hit.get("kind") != "name":
        facts.append(telling.say(f"exposure.kind.{hit.get('kind')}"))
        if hit.get("people"):
            facts.append(telling.say("exposure.people_count", count=telling.words.number(hit["people"], telling.lang)))
        facts.append(telling.say(f"exposure.criticality.{hit.get('criticality', 2)}"))
        if hit.get("reach"):
            facts.append(telling.say("exposure.reach", km=f"{hit['reach']:.0f}"))
    elif hit.get("words") and hit.get("words") != hit.get("name"):
        facts.append(telling.say("notify.quote", words=clean(str(hit["words"]))).strip())
    text = shorten(clean(telling.words.reason_text(hit_reason(hit), telling.lang)), 160)
    anchor = "partner" if hit.get("kind") == "name" else "site"
    return HitShown(text, telling.say("web.joint.facts").join(facts), f"/sites#{anchor}-{hit.get('id')}")
