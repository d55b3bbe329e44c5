"""Exposure: what of an organisation an event touches, and by how much that raises its score.

Where an event is: the point that a document declares, else the towns named in it; where only a country is known, the
country. How far it reaches: the guideline's table by kind (and magnitude). What is touched weighs by nearness and
importance; the factor on the score is never below 1 and never above the guideline's `most`, so that exposure raises
and never excuses. Companies are found by name wherever they are: a direct hit, with a least level of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.evidence import EARSHOT, Same
from rules.holdings import Hit, Holdings, Point, Site, SiteKind
from rules.level import Level, graver
from rules.reach import ExposureRule, NamedRule, Reach, kinds_of
from rules.situation import Report, Situation
from scoring.category import SUBTYPES

COUNTED = 20  # hits that enter the factor: more of them add next to nothing
FAR_EDGE = 0.3  # what is left of a site's weight at the edge of the reach
SURE = 0.5  # least confidence of a place
TOLD = 12  # hits that a decision tells
NAME = "name"  # the kind of a hit that is no site


@dataclass(frozen=True, slots=True)
class Exposure:
    """The factor on the score (1 or more), the level that a direct hit demands at least, and everything touched."""

    factor: float = 1.0
    level: Level | None = None
    hits: tuple[Hit, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """Where an event is and how far it reaches. `vague` are countries of which no closer place is known."""

    points: tuple[Point, ...]
    km: float
    countries: tuple[str, ...]  # where it is a matter of the whole country
    vague: tuple[str, ...]
    kinds: frozenset[str]


UNTOUCHED = Exposure()


def exposure_of(reports: Sequence[Report], holdings: Holdings | None, rule: ExposureRule) -> Exposure:
    """What of these holdings the reports' event touches; the order of the reports does not matter."""
    if holdings is None or not reports:
        return UNTOUCHED
    spread = spread_of(reports, rule)
    hits = [*_sites(spread, holdings, rule), *_names(reports, holdings, rule)]
    if not hits:
        return UNTOUCHED
    hits.sort(key=lambda hit: (-hit.weight, hit.km if hit.km is not None else 0.0, hit.why, hit.id))
    left = 1.0
    for hit in hits[:COUNTED]:
        left *= 1.0 - hit.weight
    factor = round(1.0 + (rule.most - 1.0) * (1.0 - left), 4)
    return Exposure(factor, _least(hits, spread.kinds, rule.named), tuple(hits[:TOLD]), len(hits))


def touched(reports: Sequence[Report], everybody: Holdings, rule: ExposureRule) -> frozenset[int]:
    """The organisations of which the event touches something: they are decided for, the others need not be."""
    if not reports or not everybody.organisations:
        return frozenset()
    spread = spread_of(reports, rule)
    found = {partner.organisation for one in reports for partner, _ in everybody.named(one.title, one.text)}
    for point in spread.points:
        found.update(site.organisation for site, _ in everybody.near(point, spread.km).values())
    for country in (*spread.countries, *spread.vague):
        found.update(everybody.owners_in(country))
    return frozenset(found)


def may_touch(reports: Sequence[Report], everybody: Holdings, rule: ExposureRule) -> frozenset[int]:
    """The organisations that any of these reports, by itself or with others, may touch: more rather than fewer."""
    spread = spread_of(reports, rule)
    found = {partner.organisation for one in reports for partner, _ in everybody.named(one.title, one.text)}
    for point in spread.points:
        found.update(site.organisation for site, _ in everybody.near(point, spread.km).values())
    for country in {code for one in reports for code in one.assessment.countries}:
        found.update(everybody.owners_in(country))
    return frozenset(found)


def spread_of(reports: Sequence[Report], rule: ExposureRule) -> Spread:
    """Where the reports' event is, and how far it reaches: found once for everybody whom it may touch."""
    return _spread(Same(reports), rule)


@lru_cache(maxsize=EARSHOT)
def _spread(reports: Sequence[Report], rule: ExposureRule) -> Spread:
    kinds: set[str] = set()
    places: dict[Point, None] = {}
    precise: set[str] = set()
    countries: dict[str, None] = {}
    magnitude: float | None = None
    for report in reports:
        made = report.assessment
        kinds.update(kinds_of(made.labels, made.subtypes))
        magnitude = max((one for one in (magnitude, magnitude_of(report)) if one is not None), default=None)
        countries.update(dict.fromkeys(made.countries))
        if report.point is not None:
            places[report.point] = None
            precise.update(made.countries)
            continue
        for place in made.places:
            if place.town and place.point is not None and place.confidence >= SURE:
                places[place.point] = None
                precise.add(place.country)
    reaches = [reach_of(kind, rule) for kind in sorted(kinds)]
    km = max((reach.at(magnitude) for reach in reaches), default=0.0)
    national = any(reach.country for reach in reaches)
    return Spread(
        points=tuple(sorted(places)),
        km=km,
        countries=tuple(countries) if national else (),
        vague=() if national or not reaches else tuple(code for code in countries if code not in precise),
        kinds=frozenset(kinds),
    )


def reach_of(kind: str, rule: ExposureRule) -> Reach:
    """How far a sub-type or category reaches."""
    return rule.reach.get(kind) or rule.reach[SUBTYPES[kind].value]


def magnitude_of(report: Report) -> float | None:
    """The magnitude that a report declares or tells; None where there is none."""
    if report.magnitude is not None:
        return report.magnitude
    for reason in report.assessment.reasons:
        if reason.code == "severity.magnitude":
            try:
                return float(reason.value.replace(",", "."))
            except ValueError:
                return None
    return None


def _sites(spread: Spread, holdings: Holdings, rule: ExposureRule) -> list[Hit]:
    found: dict[int, Hit] = {}
    for point in spread.points:
        for site, km in holdings.near(point, spread.km).values():
            _keep(found, _near(site, km, spread.km, rule))
    for weight, why, countries in (
        (rule.country, "country", spread.countries),
        (rule.somewhere, "somewhere", spread.vague),
    ):
        for country in countries:
            for site in holdings.inside(country)[:COUNTED]:
                _keep(found, _hit(site, why, weight * site.importance))
    return list(found.values())


def _keep(found: dict[int, Hit], hit: Hit) -> None:
    """The weightier of two for one site; a known distance stays told."""
    before = found.get(hit.id)
    if before is None:
        found[hit.id] = hit
    elif before.km is not None and (hit.km is None or hit.km >= before.km):
        found[hit.id] = replace(before, weight=max(before.weight, hit.weight))
    else:
        found[hit.id] = replace(hit, weight=max(before.weight, hit.weight))


def _near(site: Site, km: float, reach: float, rule: ExposureRule) -> Hit:
    close = 1.0 - (1.0 - FAR_EDGE) * (km / reach if reach else 0.0)
    why = "along" if site.kind is SiteKind.ROUTE else "near"
    return _hit(site, why, rule.near * close * site.importance, round(km, 1), round(reach, 1))


def _hit(site: Site, why: str, weight: float, km: float | None = None, reach: float | None = None) -> Hit:
    return Hit(
        why=why,
        id=site.id,
        name=site.name,
        kind=site.kind.value,
        weight=round(weight, 6),
        km=km,
        reach=reach,
        country=site.country,
        people=site.people,
        criticality=site.criticality,
    )


def _names(reports: Iterable[Report], holdings: Holdings, rule: ExposureRule) -> list[Hit]:
    found: dict[int, Hit] = {}
    for report in reports:
        for partner, words in holdings.named(report.title, report.text):
            why, weight = ("own", rule.own) if partner.own else ("partner", rule.partner)
            hit = Hit(why, partner.id, partner.name, NAME, weight, words=words)
            if partner.id not in found or hit.words < found[partner.id].words:  # one spelling, whatever the order
                found[partner.id] = hit
    return list(found.values())


def _least(hits: Iterable[Hit], kinds: frozenset[str], rules: Iterable[NamedRule]) -> Level | None:
    whys = {hit.why for hit in hits}
    categories = {SUBTYPES[kind].value for kind in kinds if kind in SUBTYPES}
    least: Level | None = None
    for rule in rules:
        if ("own" if rule.own else "partner") in whys and rule.of & (kinds | categories):
            least = graver(least, rule.level)
    return least


def sites_of(hits: Iterable[Hit]) -> tuple[str, ...]:
    """The keys of the sites among these, by which routes know them: their names, whatever the case."""
    return tuple(dict.fromkeys(hit.name.casefold() for hit in hits if hit.kind != NAME))


def touched_in(situation: Situation, hits: Iterable[Hit]) -> tuple[str, ...]:
    """The keys of the sites that are touched now; where nothing is known to be, of those that an open alert told."""
    return sites_of(hits) or (situation.standing.sites if situation.standing is not None else ())


def hit_values(hit: Hit) -> Mapping[str, object]:
    """A hit as it is kept and shown, without what is unknown."""
    values = {name: getattr(hit, name) for name in Hit.__slots__}
    return {name: value for name, value in values.items() if value not in (None, "")}
