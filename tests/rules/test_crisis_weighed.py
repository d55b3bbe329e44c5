"""In a crisis, too, all look through one door: deciding, explaining, what would be otherwise, telling again."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.backtest import changed_kinds, tallies
from rules.counterfactual import counterfactuals
from rules.decide import decide
from rules.explain import explain
from rules.guideline import default_guideline, default_text, parse_guideline
from rules.holdings import Holdings
from rules.owners import default_owners
from rules.parties import Party, relive
from rules.posture import CRISIS, Posture
from rules.replay import Heard, replay
from rules.routing import Route, When
from rules.situation import Situation
from rules.weigh import weigh
from tests.rules.making import NOW, report, some_reports, some_standing
from tests.rules.test_exposure import some_sites

GUIDE, OWNERS = default_guideline(), default_owners()
UNTIL = NOW + timedelta(days=30)
randoms = st.integers(0, 2**40).map(Random)


def crises(*places: str) -> tuple[Posture, ...]:
    begun = NOW - timedelta(hours=1)
    return tuple(Posture(place, begun, begun + timedelta(days=7), "duty", "coup") for place in places)


@settings(max_examples=300, deadline=None)
@given(randoms)
def test_what_is_explained_in_a_crisis_is_what_was_decided(random: Random) -> None:
    many = some_reports(random)
    situation = Situation(some_standing(random), OWNERS, postures=crises(random.choice(("NE", "KE", "africa-west"))))
    decision, made = decide(many, situation, GUIDE, NOW), explain(many, situation, GUIDE, NOW)
    assert replace(made.decision, counterfactuals=()) == decision
    weighed = weigh(many, situation, GUIDE, NOW)
    assert (made.situation, made.exposure) == (weighed.situation, weighed.exposure)
    assert made.facts is None or made.facts.posture == weighed.situation.posture


def test_what_would_be_otherwise_is_asked_in_the_crisis() -> None:
    told = 0
    for severity in (number / 100 for number in range(20, 100, 2)):
        many = [report("1", severity=severity, certainty=0.5), report("2", source="b", severity=0.3, certainty=0.4)]
        situation = Situation(None, OWNERS, postures=crises("NE"))
        for reason in counterfactuals(many, situation, GUIDE, NOW):
            if reason.code.startswith("counter.without."):
                graded = weigh([one for one in many if one.source != reason.value], situation, GUIDE, NOW).graded
                assert reason.code.endswith(f".{int(graded.level) if graded and graded.level else 0}")
                told += 1
    assert told


def test_the_routes_of_a_crisis_are_told_as_the_road_to_its_owner() -> None:
    cell = Route("Crisis", When(roster=GUIDE.crisis.roster or "crisis"), central="cell")
    rules = replace(GUIDE, crisis=replace(GUIDE.crisis, roster="crisis")) if not GUIDE.crisis.roster else GUIDE
    situation = Situation(None, OWNERS, routes=Route("House", central="head", children=(cell,)))
    many = [report(severity=0.95, reliability="A")]
    calm = explain(many, situation, rules, NOW)
    grave = explain(many, replace(situation, postures=crises("NE")), rules, NOW)
    assert (calm.path, calm.decision.duties[0].owner) == (("House",), "head")
    assert (grave.path, grave.decision.duties[0].owner) == (("House", "Crisis"), "cell")
    assert grave.situation.posture == CRISIS


@settings(max_examples=200, deadline=None)
@given(randoms)
def test_a_party_lives_through_the_postures_that_there_were(random: Random) -> None:
    reports = sorted((replace(one, latest=True) for one in some_reports(random)), key=lambda one: (one.seen, one.entry))
    heard = [Heard(one.seen, one.entry, one) for one in reports]
    begun = NOW - timedelta(hours=random.randint(0, 200))
    places = [Posture(place, begun, begun + timedelta(days=3), "duty", "coup") for place in ("NE", "ML")]
    postures = tuple(replace(one, ended=begun + timedelta(hours=random.randint(1, 60))) for one in places)
    party = Party(1, Situation(None, OWNERS, postures=postures))
    assert list(relive(heard, GUIDE, party, UNTIL)) == list(replay(heard, GUIDE, OWNERS, UNTIL, postures=postures))


def test_a_crisis_raises_another_organisation_s_alert_in_a_backtest_as_well() -> None:
    site = replace(some_sites(Random(1), 1)[0], organisation=7, country="NE", points=())
    everybody, since = Holdings([site]), NOW - timedelta(days=9)

    def graver(severity: float) -> bool:
        heard = [Heard(NOW, "1", report("1", severity=severity, certainty=0.9, reliability="B"))]
        levels = []
        for postures in ((), crises("NE")):
            party = Party(7, Situation(None, (), holdings=everybody, postures=postures), desk=False)
            tally = tallies([("1", heard)], (GUIDE, GUIDE), [party], everybody, since, UNTIL)[7]
            levels.append(min((old for old, _ in tally.matrix), default=5))
        assert levels[1] <= levels[0]
        return levels[1] < levels[0]

    assert any(graver(number / 100) for number in range(20, 100))


def test_other_words_on_crisis_or_restraint_change_every_kind() -> None:
    text = default_text()
    assert changed_kinds(GUIDE, parse_guideline(text)) == frozenset()
    for other in (
        replace(GUIDE, crisis=replace(GUIDE.crisis, thresholds=0.5)),
        replace(GUIDE, restraint=replace(GUIDE.restraint, digest=timedelta(hours=2))),
    ):
        assert changed_kinds(GUIDE, other) is None
