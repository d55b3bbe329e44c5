"""History told again for every organisation: the same decisions as in life, with its own sites, marks and alert."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.backtest import added_up, tallies
from rules.decide import decide
from rules.decision import Action
from rules.exposure import touched
from rules.guideline import default_guideline, default_text, parse_guideline
from rules.holdings import Holdings
from rules.owners import default_owners
from rules.parties import Party, concerned, relive
from rules.plan_file import default_plans
from rules.replay import Heard, follow
from rules.situation import Report, Situation
from tests.rules.making import NOW, report, some_reports
from tests.rules.test_exposure import some_sites
from tests.rules.test_replay import LAST, in_order

OLD = default_guideline()
FAR = parse_guideline(default_text().replace("most: 1.5", "most: 2.5"))
MANY = settings(max_examples=400, deadline=None)
randoms = st.integers(0, 2**40).map(Random)


def world(random: Random) -> tuple[list[Party], Holdings]:
    """A desk and three organisations with some sites each; the third may be shown only what is unmarked."""
    sites = [replace(one, organisation=number % 4) for number, one in enumerate(some_sites(random, 12))]
    everybody = Holdings(sites)
    desk = Situation(None, default_owners(), plans=default_plans(), organisation="desk", holdings=everybody.of(0))
    others = [Situation(None, (), organisation=f"o{key}", holdings=everybody.of(key)) for key in (1, 2, 3)]
    parties = [Party(0, desk)]
    parties += [Party(key, one, 0 if key == 3 else 99, desk=False) for key, one in enumerate(others, 1)]
    return parties, everybody


def marked(random: Random) -> list[Heard]:
    return [replace(one, mark=random.choice((0, 0, 3))) for one in in_order(some_reports(random))]


def lived(heard: Sequence[Heard], party: Party) -> list[tuple[datetime, str]]:
    """The plainest way: at each report, and at every quarter of an hour, all is looked at anew."""
    standing, told = None, []
    known: list[tuple[Report, int]] = []
    for place, one in enumerate(heard):
        known.append((one.report, one.mark))
        end = heard[place + 1].at if place + 1 < len(heard) else LAST
        if end == one.at:
            continue
        times = [one.at]
        while times:
            at = times.pop(0)
            shown = [report for report, mark in known if mark <= party.mark]
            hit = touched([report for report, _ in known], party.situation.holdings or Holdings(), OLD.exposure)
            if not party.desk and standing is None and not hit:
                break
            if not shown:
                break
            made = decide(shown, replace(party.situation, standing=standing), OLD, at)
            standing = follow(standing, made, at)
            if made.action is not Action.NONE:
                told.append((at, repr(made)))
            if standing is not None and standing.calmer_since is not None and not standing.withdrawn:
                due = standing.calmer_since + OLD.hold(standing.clause, standing.level)
                times = [due] if standing.level < 4 and at < due < end else []
    return told


@MANY
@given(randoms)
def test_a_replay_for_an_organisation_is_its_life_to_the_byte(random: Random) -> None:
    (parties, _), heard = world(random), marked(random)
    for party in parties:
        ours = [(one.at, repr(one.decision)) for one in relive(heard, OLD, party, LAST)]
        changes = [(at, made) for at, made in ours if f"action={Action.NONE!r}" not in made]
        assert changes == lived(heard, party)


@MANY
@given(randoms)
def test_whoever_is_decided_for_was_expected_to_be(random: Random) -> None:
    (parties, everybody), heard = world(random), marked(random)
    expected = concerned(heard, everybody, OLD)
    for party in parties[1:]:
        if party.key not in expected:
            assert [*relive(heard, OLD, party, LAST)] == []


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_organisations_do_not_change_each_others_tally_and_parts_add_up(random: Random) -> None:
    parties, everybody = world(random)
    events = [(str(number), marked(random)) for number in range(5)]
    asked = ((OLD, FAR), everybody, NOW - timedelta(days=30), LAST)

    def of(some: list[tuple[str, list[Heard]]], who: list[Party]):  # type: ignore[no-untyped-def]
        return tallies(some, asked[0], who, *asked[1:])

    whole = of(events, parties)
    for party in parties:
        assert of(events, [party])[party.key] == whole[party.key]
        parts = added_up(one[party.key] for one in (of(events[:2], parties), of(events[2:], parties)))
        assert replace(parts, lead=()) == replace(whole[party.key], lead=())


def test_a_report_that_an_organisation_may_not_be_shown_gives_it_no_alert() -> None:
    site = replace(some_sites(Random(1), 1)[0], organisation=7, country="NE", points=())
    party = Party(7, Situation(None, (), holdings=Holdings([site])), mark=1, desk=False)
    secret = Heard(NOW, "1", report("1"), mark=3)
    assert [*relive([secret], OLD, party, LAST)] == []
    (told, *_) = relive([replace(secret, mark=0)], OLD, party, LAST)
    assert told.decision.action is Action.OPEN
    assert told.decision.exposure


def test_a_wider_reach_of_exposure_is_seen_by_a_backtest_of_organisations() -> None:
    site = replace(some_sites(Random(1), 1)[0], organisation=7, country="NE", points=(), criticality=3)
    everybody = Holdings([site])
    party = Party(7, Situation(None, (), holdings=everybody), desk=False)
    mild = in_order([report("1", severity=0.4, urgency=0.7, certainty=0.5)])
    found = tallies([("1", mild)], (OLD, FAR), [party], everybody, NOW - timedelta(days=30), LAST)[7]
    assert found.events == 1
    assert found.kinds.get("raised") == 1
