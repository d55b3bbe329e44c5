"""Sites and companies as people give them: in a form, a command, a CSV file or JSON. Checked in one place."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.place.countries import CODES
from rules.holdings import SiteKind
from service.desk.words import clean_label, one_line
from service.errors import Invalid

MOST_POINTS, MOST_SPELLINGS = 500, 40
MOST_PEOPLE, WIDEST = 1_000_000, 200.0
NOTE = 500
PARTNER_KINDS = ("own", "partner")
CRITICALITY = {
    "low": 1,
    "usual": 2,
    "vital": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "低": 1,
    "一般": 2,
    "中": 2,
    "高": 3,
    "关键": 3,
}
KINDS_ZH = {"场所": "site", "项目": "project", "线路": "route", "人员": "people"}
PARTNERS_ZH = {"己方": "own", "伙伴": "partner", "合作伙伴": "partner"}
PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,\s，]\s*(-?\d+(?:\.\d+)?)\s*")
YES, NO = frozenset(("", "yes", "true", "1", "是")), frozenset(("no", "false", "0", "否"))


@dataclass(frozen=True, slots=True)
class SiteGiven:
    """A site that can be stored."""

    name: str
    kind: str = "site"
    country: str | None = None
    points: tuple[tuple[float, float], ...] = ()
    radius_km: float = 0.0
    people: int = 0
    criticality: int = 2
    note: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class PartnerGiven:
    """A company that can be stored."""

    name: str
    kind: str = "partner"
    spellings: tuple[str, ...] = ()
    country: str | None = None
    note: str = ""
    active: bool = True


def site_given(given: Mapping[str, str]) -> SiteGiven:
    """A site from words; Invalid says what cannot be used. Keys: name, kind, country, latitude, longitude, route (pairs
    `lat lon` with semicolons between), radius_km, people, criticality (low, usual, vital), note, active."""
    words = {key: one_line(value) for key, value in given.items()}
    kind = words.get("kind", "").lower() or "site"
    return checked_site(
        SiteGiven(
            name=words.get("name", ""),
            kind=KINDS_ZH.get(kind, kind),
            country=words.get("country") or None,
            points=_points(words),
            radius_km=_number(words.get("radius_km", ""), "radius_km", 0, WIDEST),
            people=int(_number(words.get("people", ""), "people", 0, MOST_PEOPLE)),
            criticality=_criticality(words.get("criticality", "")),
            note=words.get("note", ""),
            active=_yes(words.get("active", "")),
        )
    )


def checked_site(given: SiteGiven) -> SiteGiven:
    """The site with its words cleaned; Invalid when the rules could not use it."""
    if given.kind not in tuple(SiteKind):
        raise Invalid(f"'{given.kind[:30]}' is no kind of site.", f"Use {', '.join(SiteKind)}.")
    if not 0 <= given.people <= MOST_PEOPLE:
        raise Invalid(f"people is outside 0–{MOST_PEOPLE:,}.", "Give the usual head-count.")
    if not (math.isfinite(given.radius_km) and 0 <= given.radius_km <= WIDEST):
        raise Invalid(f"radius_km is outside 0–{WIDEST:g}.", "Give the radius of the site itself.")
    if given.criticality not in (1, 2, 3):
        raise Invalid(f"criticality {given.criticality} is none.", "Use 1 (low), 2 (usual) or 3 (vital).")
    for lat, lon in given.points:
        _on_earth(lat, lon)
    country = _country(given.country)
    _enough(given, country)
    return SiteGiven(
        name=clean_label(given.name, "site"),
        kind=given.kind,
        country=country,
        points=tuple((round(lat, 5), round(lon, 5)) for lat, lon in given.points),
        radius_km=given.radius_km,
        people=given.people,
        criticality=given.criticality,
        note=one_line(given.note)[:NOTE],
        active=given.active,
    )


def _enough(given: SiteGiven, country: str | None) -> None:
    if given.kind == SiteKind.ROUTE:
        if not 2 <= len(given.points) <= MOST_POINTS:
            raise Invalid(f"A route has 2 to {MOST_POINTS} points.", "Write `lat lon; lat lon; …` in route.")
    elif len(given.points) > 1:
        raise Invalid("Only a route has several points.", "Give one point, or make its kind route.")
    elif not given.points and country is None:
        raise Invalid("It has neither point nor country.", "Give latitude and longitude, or at least the country.")


def partner_given(given: Mapping[str, str]) -> PartnerGiven:
    """A company from words: name, kind (own, partner), spellings with semicolons between, country, note, active."""
    words = {key: one_line(value) for key, value in given.items()}
    kind = words.get("kind", "").lower() or "partner"
    return checked_partner(
        PartnerGiven(
            name=words.get("name", ""),
            kind=PARTNERS_ZH.get(kind, kind),
            spellings=tuple(re.split(r"[;；|]", words.get("spellings", ""))),
            country=words.get("country") or None,
            note=words.get("note", ""),
            active=_yes(words.get("active", "")),
        )
    )


def checked_partner(given: PartnerGiven) -> PartnerGiven:
    """The company with its words cleaned; Invalid when it could not be looked for."""
    if given.kind not in PARTNER_KINDS:
        raise Invalid(f"'{given.kind[:30]}' is no kind of company.", "Use own or partner.")
    name = clean_label(given.name, "company")
    spellings = tuple(dict.fromkeys(one_line(one) for one in given.spellings if one_line(one)))
    if len(spellings) > MOST_SPELLINGS:
        raise Invalid(f"It has {len(spellings)} spellings.", f"Keep the {MOST_SPELLINGS} that are used.")
    _findable((name, *spellings))
    country = _country(given.country)
    return PartnerGiven(name, given.kind, spellings, country, one_line(given.note)[:NOTE], given.active)


def _findable(names: Iterable[str]) -> None:
    for name in names:
        if len(name) > 120:
            raise Invalid(f"The name '{name[:30]}…' is too long.", "Use at most 120 characters.")
        if sum(char.isalnum() for char in name) < 2:
            raise Invalid(f"The name '{name}' is too short to be looked for.", "Use at least two letters.")


def _points(words: Mapping[str, str]) -> tuple[tuple[float, float], ...]:
    if words.get("route"):
        return tuple(_pair(part) for part in re.split(r"[;；]", words["route"]) if part.strip())
    lat, lon = words.get("latitude", ""), words.get("longitude", "")
    if not lat and not lon:
        return ()
    if not lat or not lon:
        raise Invalid("Only one of latitude and longitude is given.", "Give both, or neither.")
    return ((_number(lat, "latitude", -90, 90), _number(lon, "longitude", -180, 180)),)


def _pair(part: str) -> tuple[float, float]:
    match = PAIR.fullmatch(part)
    if match is None:
        raise Invalid(f"'{part.strip()[:40]}' is no point of a route.", "Write latitude, a blank, longitude.")
    lat, lon = float(match[1]), float(match[2])
    _on_earth(lat, lon)
    return lat, lon


def _on_earth(lat: float, lon: float) -> None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid(
            f"{lat:g} {lon:g} is no point on earth.", "Latitude goes from -90 to 90 and comes first, longitude to 180."
        )


def _number(written: str, name: str, low: float, high: float) -> float:
    if not written:
        return 0.0
    try:
        value = float(written.replace(" ", ""))
    except ValueError:
        raise Invalid(f"{name} '{written[:30]}' is not a number.", "Write digits and a decimal point.") from None
    if not low <= value <= high:
        raise Invalid(f"{name} {written[:30]} is outside {low:,.9g} to {high:,.9g}.", "Check it.")
    return value


def _criticality(written: str) -> int:
    if not written:
        return 2
    if written.lower() not in CRITICALITY:
        raise Invalid(f"criticality '{written[:30]}' is not known.", "Use low, usual or vital.")
    return CRITICALITY[written.lower()]


def _yes(written: str) -> bool:
    if written.lower() in YES:
        return True
    if written.lower() in NO:
        return False
    raise Invalid(f"active '{written[:30]}' is neither yes nor no.", "Use yes or no.")


def _country(written: str | None) -> str | None:
    if not written:
        return None
    code = written.strip().upper()
    if code not in CODES:
        raise Invalid(f"'{written[:20]}' is no country.", "Use the two letters of ISO 3166, such as NE.")
    return code
