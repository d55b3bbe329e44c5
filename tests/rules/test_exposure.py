"""Exposure: nearer, more and more important never weighs less; whom an event does not touch it does not raise."""

import math
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.decide import decide
from rules.exposure import exposure_of, touched
from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.holdings import Holdings, Partner, Site, SiteKind, distance
from rules.situation import Report, Situation
from scoring.assessment import Place
from scoring.category import SUBTYPES, Category
from tests.rules.making import NOW, alone, report, some_reports, some_standing

RULE = default_guideline().exposure
NIAMEY, AGADEZ = (13.51, 2.11), (16.97, 7.99)
SEED = st.integers(0, 2**32)


def site(number: int = 1, **values: object) -> Site:
    usual: dict[str, object] = {"organisation": 1, "kind": SiteKind.SITE, "name": f"Site {number}", "country": "NE"}
    return Site(id=number, **{**usual, **values})  # type: ignore[arg-type]


def attack(**values: object) -> Report:
    """A bombing in Niamey."""
    usual: dict[str, Any] = {
        "labels": (Category.SECURITY,),
        "subtypes": ("terrorism",),
        "severity": 0.5,
        "certainty": 0.8,
    }
    places = (Place("NE", 0.9, "Niamey", NIAMEY, True),)
    return report(**{**usual, "places": places, **values})


def anywhere(random: Random) -> tuple[float, float]:
    return random.uniform(-90, 90), random.uniform(-180, 180)


def some_sites(random: Random, count: int) -> list[Site]:
    return [
        Site(
            id=number,
            organisation=random.randint(1, 5),
            kind=random.choice(list(SiteKind)),
            name=f"Site {number}",
            country=random.choice(("NE", "ML", "KE", "CL", None)),
            points=tuple(anywhere(random) for _ in range(random.choice((0, 1, 1, 3)))),
            radius=random.choice((0.0, 0.0, 5.0, 40.0)),
            people=random.choice((0, 3, 50, 5000)),
            criticality=random.randint(1, 3),
        )
        for number in range(count)
    ]  # fmt: skip


def test_the_same_event_has_different_levels_for_different_organisations() -> None:
    near = Holdings([site(points=((13.6, 2.2),), people=400, criticality=3)])
    far = Holdings([site(points=(AGADEZ,), criticality=3)])
    levels = {
        name: decide([attack()], replace(alone(), holdings=holdings), default_guideline(), NOW).level
        for name, holdings in (("near", near), ("far", far), ("none", None))
    }
    assert levels == {"near": 2, "far": 3, "none": 3}


def test_a_hit_says_what_how_far_and_why() -> None:
    camp = site(points=((13.6, 2.2),), people=400)
    (hit,) = exposure_of([attack()], Holdings([camp]), RULE).hits
    assert (hit.why, hit.name, hit.reach, hit.people) == ("near", "Site 1", 100, 400)
    assert hit.km is not None
    assert abs(hit.km - distance(NIAMEY, (13.6, 2.2))) < 0.1


def test_an_earthquake_reaches_further_than_a_robbery_and_the_stronger_the_further() -> None:
    there = Holdings([site(points=((14.6, 2.2),))])  # 120 km away
    quake = {"subtypes": ("natural_hazard",)}
    assert exposure_of([attack(subtypes=("violent_crime",))], there, RULE).count == 0
    assert exposure_of([attack(**quake)], there, RULE).count == 0
    strong = replace(attack(**quake), magnitude=7.1)
    assert exposure_of([strong], there, RULE).hits[0].reach == 302


def test_a_coup_is_a_matter_of_the_country_and_not_of_its_neighbours() -> None:
    mine = Holdings([site(1, points=(AGADEZ,)), site(2, country="ML", points=((14.5, 0.3),))])
    coup = report(places=(Place("NE", 0.9, "Niger", NIAMEY, False),))
    assert [hit.id for hit in exposure_of([coup], mine, RULE).hits] == [1]


def test_where_only_the_country_is_known_the_capital_is_not_taken_for_the_place() -> None:
    mine = Holdings([site(points=(NIAMEY,))])
    vague = attack(places=(Place("NE", 0.9, "Niger", NIAMEY, False),))
    (hit,) = exposure_of([vague], mine, RULE).hits
    assert (hit.why, hit.km) == ("somewhere", None)
    assert hit.weight < exposure_of([attack()], mine, RULE).hits[0].weight


def test_a_declared_point_goes_before_the_towns_that_are_named() -> None:
    mine = Holdings([site(points=(AGADEZ,))])
    assert exposure_of([replace(attack(), point=AGADEZ)], mine, RULE).hits[0].km == 0


def test_a_route_is_touched_between_its_points() -> None:
    road = site(kind=SiteKind.ROUTE, points=((6.4, 2.4), NIAMEY, AGADEZ))
    halfway = replace(attack(subtypes=("violent_crime",)), point=(15.3, 5.0))
    (hit,) = exposure_of([halfway], Holdings([road]), RULE).hits
    assert hit.why == "along"
    assert hit.km is not None
    assert hit.km < 15


def test_own_company_on_a_sanctions_list_is_a_direct_hit() -> None:
    own = Partner(1, 1, True, "Acme Trading Ltd", ("阿克米贸易",))
    mild = {"labels": (Category.LEGAL,), "subtypes": ("sanctions",), "severity": 0.3, "places": ()}
    listed = replace(attack(**mild), title="ACME TRADING LIMITED", text="Programme: XYZ")
    made = decide([listed], replace(alone(), holdings=Holdings((), [own])), default_guideline(), NOW)
    assert (made.level, made.exposure[0].why, made.exposure[0].words) == (2, "own", "ACME TRADING")
    partner = Holdings((), [replace(own, own=False)])
    assert decide([listed], replace(alone(), holdings=partner), default_guideline(), NOW).level == 3
    assert decide([listed], alone(), default_guideline(), NOW).level == 4


@given(SEED)
@example(193082)  # with exposure a clause that names the kind reaches the level too
@settings(max_examples=120, deadline=None)
def test_exposure_only_raises(seed: int) -> None:
    random = Random(seed)
    reports, standing = some_reports(random), some_standing(random)
    if standing is not None and standing.withdrawn:
        return  # a new alert takes its place, at a level of its own
    situation = replace(alone(), standing=standing)
    exposed = replace(situation, holdings=Holdings(some_sites(random, 12)))
    bare, made = (decide(reports, one, default_guideline(), NOW) for one in (situation, exposed))
    # A clause that names the kind of event goes before a general one of the same level, with the score of its own.
    if made.clause == bare.clause:
        assert made.score >= bare.score
    if bare.level is not None:
        assert made.level is not None
        assert made.level <= bare.level


@given(SEED)
@settings(max_examples=120, deadline=None)
def test_the_grid_finds_what_a_look_at_every_site_finds(seed: int) -> None:
    random = Random(seed)
    sites = some_sites(random, 60)
    holdings = Holdings(sites)
    corner = (random.choice((-90.0, 89.9, 0.0, 60.0)), random.choice((-180.0, 180.0, 179.9, 0.0)))
    point = random.choice((corner, (random.uniform(-90, 90), random.uniform(-180, 180))))
    km = random.choice((10.0, 300.0, 2000.0))
    found = holdings.near(point, km)
    for one in sites:
        if len(one.points) == 1:
            away = max(0.0, distance(point, one.points[0]) - one.radius)
            assert (one.id in found) == (away <= km)


@given(SEED)
@settings(max_examples=120, deadline=None)
def test_who_is_touched_is_exactly_who_has_a_hit(seed: int) -> None:
    random = Random(seed)
    everybody = Holdings(some_sites(random, 30), [Partner(1, 9, True, "Acme Trading")])
    subtype = random.choice(list(SUBTYPES))
    where = (random.uniform(-60, 60), random.uniform(-180, 180))
    one = attack(
        labels=(SUBTYPES[subtype],),
        subtypes=(subtype,),
        countries=(random.choice(("NE", "KE")),),
        places=(Place("NE", 0.9, "x", where, random.random() < 0.5),),
    )
    told = replace(one, title=random.choice(("", "Acme trading", "Raid on Acme Trading")))
    by_hit = {key for key, part in everybody.parts.items() if exposure_of([told], part, RULE).count}
    assert touched([told], everybody, RULE) == by_hit


@given(SEED)
@settings(max_examples=120, deadline=None)
def test_the_order_of_reports_and_sites_changes_nothing(seed: int) -> None:
    random = Random(seed)
    sites, partners = some_sites(random, 20), [Partner(1, 1, True, "Acme Trading"), Partner(2, 1, False, "Beta Mining")]
    reports = [
        replace(
            one,
            source=one.entry,
            origin=one.entry,
            title=random.choice(("", "Acme Trading", "ACME TRADING", "Beta Mining")),
            point=random.choice((None, anywhere(random))),
            magnitude=random.choice((None, 6.5)),
        )
        for one in some_reports(random, plain=True)
    ]
    situation = replace(alone(), holdings=Holdings(sites, partners))
    made = decide(reports, situation, default_guideline(), NOW)
    random.shuffle(reports)
    random.shuffle(sites)
    other = replace(alone(), holdings=Holdings(sites, partners))
    assert decide(reports, other, default_guideline(), NOW) == made


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 9000), st.integers(1, 3))
def test_nearer_more_and_more_important_never_weighs_less(one: float, other: float, people: int, critical: int) -> None:
    near, far = sorted((one, other))

    def factor(degrees: float, **values: int) -> float:
        lies = site(points=((NIAMEY[0] + degrees, NIAMEY[1]),), **values)
        return exposure_of([attack()], Holdings([lies]), RULE).factor

    assert factor(near) >= factor(far)
    assert factor(near, people=people + 10) >= factor(near, people=people)
    assert factor(near, criticality=critical) <= factor(near, criticality=min(3, critical + 1))
    assert 1.0 <= factor(near) <= RULE.most


def test_reaches_are_complete_and_faults_are_told_with_their_line() -> None:
    assert {category.value for category in Category} <= set(RULE.reach)
    before, after = "    - of: [violent_crime]\n      km: 15", "    - of: [violent_crim]\n      km: 99999"
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(default_text().replace(before, after))
    told = [fault.what for fault in caught.value.every]
    assert told == ["unknown category or sub-type violent_crim", "km 99999 is outside 0–2000"]


def test_distances_are_right() -> None:
    assert math.isclose(distance((51.5, -0.12), (48.86, 2.35)), 343, abs_tol=2)
    assert math.isclose(distance((0, 179.5), (0, -179.5)), 111.2, abs_tol=0.2)


def test_a_situation_without_holdings_is_as_before() -> None:
    assert decide([report()], Situation(None, ()), default_guideline(), NOW).exposure == ()
