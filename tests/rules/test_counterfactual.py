"""Counterfactuals: what is told is true when it is tried."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.counterfactual import counterfactuals
from rules.decide import decide
from rules.evidence import sift
from rules.exposure import exposure_of
from rules.grade import grade
from rules.guideline import default_guideline
from rules.holdings import Holdings
from rules.situation import Report, Situation
from tests.rules.making import NOW, alone, report, some_reports, some_standing
from tests.rules.test_exposure import attack, site, some_sites

GUIDE = default_guideline()


def codes(reports: list[Report], situation: Situation) -> dict[str, str]:
    assert decide(reports, situation, GUIDE, NOW).counterfactuals == ()  # nobody pays for what nobody asked for
    return {reason.code: reason.value for reason in counterfactuals(reports, situation, GUIDE, NOW)}


def test_without_a_source_the_level_would_be_calmer() -> None:
    grave = report("1", source="Wire", severity=0.7, certainty=0.8)
    mild = report("2", source="Post", severity=0.4, certainty=0.8)
    assert codes([grave, mild], alone()) == {"counter.without.3": "Wire", "counter.more.1": ""}


def test_one_more_source_would_raise_it() -> None:
    doubtful = attack(severity=0.5, certainty=0.1)
    assert codes([doubtful], alone()) == {"counter.more.3": ""}


def test_without_ones_own_nearby_it_would_be_calmer() -> None:
    near = replace(alone(), holdings=Holdings([site(points=((13.6, 2.2),), people=400, criticality=3)]))
    assert "counter.untouched.3" in codes([attack()], near)


@given(st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_what_is_told_holds(seed: int) -> None:
    random = Random(seed)
    reports = [replace(one, source=one.entry, origin=one.entry) for one in some_reports(random)]
    holdings = Holdings(some_sites(random, 8))
    situation = Situation(some_standing(random), (), holdings=holdings)
    told = codes(reports, situation)
    for code, value in told.items():
        _, what, level = code.split(".")
        if what == "without":
            assert _level([one for one in reports if one.source != value], situation) == int(level)
        if what == "untouched":
            assert _level(reports, replace(situation, holdings=None)) == int(level)


def _level(reports: list[Report], situation: Situation) -> int:
    evidence = sift(reports, GUIDE.time, standing=situation.standing is not None, now=NOW)
    graded = grade(evidence, GUIDE, exposure=exposure_of(evidence.live, situation.holdings, GUIDE.exposure))
    return int(graded.level or 0) if graded is not None else 0
