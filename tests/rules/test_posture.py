"""Posture: what a crisis changes, that it never makes anything calmer, and how it begins and ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.backtest import changed_kinds
from rules.decide import decide
from rules.decision import Action, Decision
from rules.explain import explain
from rules.guideline import GuidelineError, default_guideline, default_text, parse_guideline
from rules.level import Level
from rules.owners import default_owners, parse_house
from rules.plan_file import default_plans
from rules.posture import (
    CRISIS,
    Due,
    Posture,
    PostureRule,
    countries_of,
    due,
    here,
    is_place,
    opening,
    posture_of,
)
from rules.replay import Heard, follow, next_look, replay
from rules.situation import Situation, Standing
from tests.rules.making import NOW, alone, raised, report, share, some_reports, some_standing, stands

GUIDELINE = default_guideline()
OWNERS = default_owners()
MANY = settings(max_examples=1000, deadline=None)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
randoms = st.integers(0, 2**40).map(Random)


def crisis(place: str = "NE", since: datetime = NOW - HOUR, ended: datetime | None = None, days: int = 7) -> Posture:
    return Posture(place, since, since + days * DAY, "duty", "coup", ended=ended)


def in_crisis(standing: Standing | None = None, *postures: Posture) -> Situation:
    return replace(alone(standing), postures=postures or (crisis(),))


def level_of(decision: Decision, standing: Standing | None) -> int:
    withdrawn = standing is not None and standing.withdrawn and decision.action is Action.NONE
    return 5 if withdrawn or decision.action is Action.WITHDRAW else decision.level or 5


@MANY
@given(randoms)
def test_a_crisis_never_gives_a_calmer_level_nor_a_later_deadline(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    calm = decide(many, alone(standing), GUIDELINE, NOW)
    places = [crisis(random.choice(("NE", "ML", "KE", "africa-west")), NOW - timedelta(hours=random.randint(0, 90)))]
    grave = decide(many, in_crisis(standing, *places), GUIDELINE, NOW)
    assert level_of(grave, standing) <= level_of(calm, standing)
    again = Action.OPEN  # what was withdrawn and opens anew is given its time anew
    if grave.level == calm.level and grave.duties and (grave.action is again) == (calm.action is again):
        before = {duty.owner: duty.acknowledge_by for duty in calm.duties}
        assert all(duty.acknowledge_by <= before.get(duty.owner, duty.acknowledge_by) for duty in grave.duties)


@MANY
@given(randoms)
def test_graver_never_gives_a_calmer_level_in_a_crisis(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    place = random.randrange(len(many))
    if many[place].assessment.denied:
        return
    more = raised(many, place, {name: share(random) for name in ("severity", "urgency", "certainty")})
    situation = in_crisis(standing, crisis("NE"), crisis("KE"))
    one, other = (decide(some, situation, GUIDELINE, NOW) for some in (more, many))
    # Countries alone may differ by what is told; the posture is the same where they are.
    assert level_of(one, standing) <= level_of(other, standing)


@settings(max_examples=300, deadline=None)
@given(randoms)
def test_replay_with_postures_equals_life_to_the_byte(random: Random) -> None:
    reports = sorted((replace(one, latest=True) for one in some_reports(random)), key=lambda one: (one.seen, one.entry))
    heard = [Heard(one.seen, one.entry, one) for one in reports]
    begun = NOW - timedelta(hours=random.randint(0, 200))
    postures = (crisis(random.choice(("NE", "ML")), begun, begun + timedelta(hours=random.randint(1, 100))),)
    until = NOW + 30 * DAY
    told = replay(heard, GUIDELINE, OWNERS, until, postures=postures)
    changes = [(one.at, repr(one.decision)) for one in told if one.decision.action is not Action.NONE]
    assert changes == _lived(heard, postures, until)


def _lived(heard: list[Heard], postures: tuple[Posture, ...], until: datetime) -> list[tuple[datetime, str]]:
    """The plainest way to live: from each moment to the next at which anything may happen."""
    standing: Standing | None = None
    told: list[tuple[datetime, str]] = []
    where = {code for one in heard for code in one.report.assessment.countries}
    edges = [at for one in postures if one.covers(where) for at in (one.since, one.ended) if at is not None]
    at: datetime | None = heard[0].at
    while at is not None:
        known = [one.report for one in heard if one.at <= at]
        decision = decide(known, Situation(standing, OWNERS, postures=postures), GUIDELINE, at)
        told += [(at, repr(decision))] if decision.action is not Action.NONE else []
        standing = follow(standing, decision, at)
        looks = next_look(standing, GUIDELINE)
        moments = [*(one.at for one in heard), *edges, *([looks] if looks is not None else [])]
        at = min((one for one in moments if at < one < until), default=None)
    return told


def test_a_lower_threshold_gives_a_graver_level_and_says_so() -> None:
    for severity in (number / 100 for number in range(20, 100)):
        many = [report(severity=severity, certainty=0.9, reliability="B")]
        calm, grave = decide(many, alone(), GUIDELINE, NOW), decide(many, in_crisis(), GUIDELINE, NOW)
        if calm.level != grave.level:
            break
    assert (grave.level or 5) < (calm.level or 5)
    assert calm.score == grave.score
    assert [one.value for one in grave.reasons if one.code == "grade.posture"] == ["0.85"]
    assert not [one for one in calm.reasons if one.code == "grade.posture"]
    threshold = next(one.value for one in grave.reasons if one.code == "grade.threshold")
    assert float(threshold) == pytest.approx(GUIDELINE.by_id[grave.clause].thresholds[(grave.level or 4) - 1] * 0.85)
    made = explain(many, in_crisis(), GUIDELINE, NOW)
    assert made.facts is not None
    assert made.facts.posture == CRISIS


def test_elsewhere_and_at_other_times_nothing_changes() -> None:
    many = [report(severity=0.5)]
    calm = decide(many, alone(), GUIDELINE, NOW)
    for other in (crisis("KE"), crisis(since=NOW + HOUR), crisis(ended=NOW), crisis("south-asia")):
        assert decide(many, in_crisis(None, other), GUIDELINE, NOW) == calm


def test_a_region_is_its_countries() -> None:
    assert {"NE", "ML"} < countries_of("africa-west")
    assert countries_of("NE") == {"NE"}
    assert posture_of(("FR", "NE"), [crisis("africa-west")], NOW) == CRISIS
    assert [is_place(key) for key in ("NE", "africa-west", "hazards", "ZZ", "")] == [True, True, False, False, False]
    assert [one.place for one in here(("NE",), [crisis("NE"), crisis("africa-west", NOW - DAY)], NOW)] == [
        "africa-west",
        "NE",
    ]


def test_new_duties_are_to_be_answered_in_half_the_time() -> None:
    made = decide([report()], in_crisis(), GUIDELINE, NOW)
    assert made.level is not None
    wait = GUIDELINE.levels[made.level].acknowledge
    assert {duty.acknowledge_by for duty in made.duties} == {NOW + wait / 2}


def test_what_stood_already_is_to_be_answered_as_if_it_came_with_the_crisis() -> None:
    opened = decide([report(severity=0.4)], alone(), GUIDELINE, NOW - timedelta(minutes=30))
    standing = follow(None, opened, NOW - timedelta(minutes=30))
    assert standing is not None
    assert standing.level is Level.YELLOW
    again = decide([report(severity=0.4)], in_crisis(standing, crisis(since=NOW)), GUIDELINE, NOW)
    assert again.action is Action.NONE
    assert {duty.acknowledge_by for duty in again.duties} == {NOW + 2 * HOUR}
    # One that comes at the same moment as the crisis that it opens keeps its time.
    same = replace(standing, since=NOW, due=NOW + 4 * HOUR)
    kept = decide([report(severity=0.4)], in_crisis(same, crisis(since=NOW)), GUIDELINE, NOW)
    assert {duty.acknowledge_by for duty in kept.duties} == {NOW + 4 * HOUR}


def test_the_roster_of_a_crisis_is_asked_while_it_lasts() -> None:
    owners, tree = parse_house(
        """
owners:
  - {key: centre, name: Centre, central: true}
  - {key: lead, name: Lead}
  - {key: cell, name: Crisis cell}
routes:
  central: centre
  local: lead
  routes:
    - {name: Crisis, when: {roster: crisis}, local: cell}
"""
    )
    for situation, wanted in ((alone(), "lead"), (in_crisis(), "cell")):
        asked = replace(situation, owners=owners, routes=tree)
        made = decide([report(severity=0.4)], asked, GUIDELINE, NOW)
        assert made.duties[0].owner == wanted


def test_no_rule_alone_starts_an_evacuation() -> None:
    many = [report(reliability="A", certainty=0.95), report("2", reliability="A", certainty=0.95)]
    for by_rule, wanted in ((True, "coup"), (False, "evacuation")):
        asked = replace(in_crisis(None, replace(crisis(), by_rule=by_rule)), plans=default_plans())
        made = decide(many, asked, GUIDELINE, NOW)
        assert (made.level, made.plan) == (Level.RED, wanted)


def test_an_alert_of_level_1_opens_a_crisis_in_its_main_country() -> None:
    rule = GUIDELINE.crisis
    found = opening(Level.RED, None, ("NE", "FR"), rule, (), NOW)
    assert found == Posture("NE", NOW, NOW + 7 * DAY, "rules", by_rule=True)
    assert opening(Level.RED, Level.ORANGE, ("NE",), rule, (), NOW) is not None
    assert opening(Level.RED, Level.RED, ("NE",), rule, (), NOW) is None
    assert opening(Level.ORANGE, None, ("NE",), rule, (), NOW) is None
    assert opening(Level.RED, None, (), rule, (), NOW) is None
    assert opening(None, None, ("NE",), rule, (), NOW) is None
    assert opening(Level.RED, None, ("NE",), rule, (crisis("africa-west"),), NOW) is None
    assert opening(Level.RED, None, ("NE",), PostureRule(), (), NOW) is None


@pytest.mark.parametrize(
    ("at", "lapses", "asked", "grave", "wanted"),
    [
        (-1, True, None, False, Due.NOTHING),
        (0, False, None, False, Due.ASK),
        (1, False, 1, False, Due.NOTHING),
        (30, False, 25, False, Due.ASK),
        (0, True, None, False, Due.LAPSE),
        (0, True, None, True, Due.ASK),
        (3, True, 1, True, Due.NOTHING),
        (3, True, 1, False, Due.LAPSE),
    ],
)
def test_on_the_return_date_the_desk_is_asked(
    at: int, lapses: bool, asked: int | None, grave: bool, wanted: Due
) -> None:
    one = crisis(since=NOW - 7 * DAY)
    rule = replace(GUIDELINE.crisis, lapses=lapses)
    before = NOW + at * HOUR - asked * HOUR if asked is not None else None
    assert due(one, rule, before, NOW + at * HOUR, grave=grave) is wanted
    assert due(replace(one, ended=NOW - DAY), rule, before, NOW + at * HOUR, grave=grave) is Due.NOTHING


SECTION = default_text()[default_text().index("posture:\n  crisis:") : default_text().index("# What is said when a s")]


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("thresholds: 0.85", "thresholds: 1.2", "over 1: a crisis would make things calmer"),
        ("acknowledge: 0.5", "acknowledge: 2", "over 1"),
        ("polling: 0.25", "polling: 0", "outside"),
        ("polling: 0.25", "poling: 0.25", "unknown key poling"),
        ("report_every: 6 h", "report_every: 6", "not a time span"),
        ("report_every: 6 h", "report_every: 0 h", "no time"),
        ("{level: 1, lasts: 7 d}", "{level: 4, lasts: 7 d}", "every usual alert"),
        ("{level: 1, lasts: 7 d}", "{level: 1, lasts: 200 d}", "over 92 d"),
        ("- {level: 1, lasts: 7 d}", "- {level: 1, lasts: 7 d}\n      - {level: 1, lasts: 3 d}", "stands twice"),
        ("lapses: false", "lapses: perhaps", "unknown value of lapses"),
        ("crisis:\n    thresholds", "krisis:\n    thresholds", "crisis"),
    ],
)
def test_a_faulty_section_is_told_with_line_and_advice(good: str, bad: str, words: str) -> None:
    assert good in SECTION
    text = default_text().replace(SECTION, SECTION.replace(good, bad))
    with pytest.raises(GuidelineError) as caught:
        parse_guideline(text)
    hits = [one for one in caught.value.every if words in one.what]
    assert hits, [str(one) for one in caught.value.every]
    assert hits[0].advice
    assert text.splitlines()[hits[0].line - 1].strip()


def test_without_a_section_the_shipped_one_holds() -> None:
    text = default_text().replace(SECTION, "")
    assert parse_guideline(text).crisis == GUIDELINE.crisis
    assert GUIDELINE.crisis.report_every == 6 * HOUR


def test_another_crisis_is_a_change_of_everything() -> None:
    other = parse_guideline(default_text().replace("thresholds: 0.85", "thresholds: 0.7"))
    assert changed_kinds(GUIDELINE, other) is None


def test_the_countries_of_an_open_alert_count_too() -> None:
    made = decide([report(countries=())], in_crisis(stands(1)), GUIDELINE, NOW)
    assert any(one.code == "grade.posture" for one in made.reasons)
