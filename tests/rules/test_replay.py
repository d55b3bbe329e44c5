"""Replay and backtest: the same decisions as in life, and what a change of the guideline makes of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.backtest import Tally, added_up, changed_kinds, course, tally
from rules.decide import decide
from rules.decision import Action, Decision
from rules.guideline import default_guideline, default_text, parse_guideline
from rules.level import Level
from rules.owners import default_owners
from rules.parties import Party
from rules.replay import Heard, follow, replay
from rules.situation import Report, Situation, Standing
from tests.rules.making import NOW, report, some_reports

OLD = default_guideline()
STRICT = parse_guideline(default_text().replace("{1: 64, 2: 46, 3: 28, 4: 14}", "{1: 98, 2: 97, 3: 96, 4: 95}"))
OWNERS = default_owners()
DESK = Party(1, Situation(None, OWNERS))
MANY = settings(max_examples=700, deadline=None)
FIRST, LAST = NOW - timedelta(days=30), NOW + timedelta(days=30)
randoms = st.integers(0, 2**40).map(Random)


def in_order(many: list[Report]) -> list[Heard]:
    """Each report an item of its own, as they came in."""
    told = [replace(one, latest=True) for one in sorted(many, key=lambda one: (one.seen, one.entry))]
    return [Heard(one.seen, one.entry, one) for one in told]


def lived(heard: list[Heard]) -> list[tuple[datetime, Decision]]:
    """What a pipeline does that looks at every event once a minute, too: the plainest way to live through it."""
    standing: Standing | None = None
    known: list[Report] = []
    told: list[tuple[datetime, Decision]] = []
    for place, one in enumerate(heard):
        known.append(one.report)
        end = heard[place + 1].at if place + 1 < len(heard) else LAST
        if end == one.at:
            continue
        decision = decide(known, Situation(standing, OWNERS), OLD, one.at)
        told.append((one.at, decision))
        standing = follow(standing, decision, one.at)
        at = one.at + timedelta(minutes=1)
        while at < end and standing is not None and standing.calmer_since is not None and standing.level < Level.BLUE:
            if at - standing.calmer_since >= OLD.hold(standing.clause, standing.level):
                decision = decide(known, Situation(standing, OWNERS), OLD, at)
                told.append((at, decision))
                standing = follow(standing, decision, at)
            if standing is not None and standing.withdrawn:
                break
            at += timedelta(minutes=1)
    return told


@MANY
@given(randoms)
def test_replay_equals_life_to_the_byte(random: Random) -> None:
    heard = in_order(some_reports(random))
    ours = [(told.at, told.decision) for told in replay(heard, OLD, OWNERS, LAST)]
    changes = [(at, repr(one)) for at, one in ours if one.action is not Action.NONE]
    assert changes == [(at, repr(one)) for at, one in lived(heard) if one.action is not Action.NONE]


@MANY
@given(randoms)
def test_the_order_within_one_batch_changes_nothing(random: Random) -> None:
    many = [replace(one, seen=NOW, latest=True) for one in some_reports(random)]
    mixed = random.sample(many, len(many))
    ends = [
        [told.decision for told in replay([Heard(NOW, one.entry, one) for one in some], OLD, OWNERS, LAST)]
        for some in (many, mixed)
    ]
    assert ends[0] == ends[1]


def test_a_revision_takes_the_place_of_what_it_revises() -> None:
    first = report("1", timedelta(hours=3))
    second = report("2", timedelta(hours=1), source=first.source, severity=0.2)
    heard = [Heard(first.seen, "item", first), Heard(second.seen, "item", replace(second, latest=True))]
    last = [told.decision for told in replay(heard, OLD, OWNERS, NOW)][-1]
    assert last.calmer_since == second.seen
    assert last.level is not None


def test_time_lowers_what_has_been_calmer_for_its_hold() -> None:
    first = report("1", timedelta(hours=3))
    calm = report("2", timedelta(hours=1), source=first.source, severity=0.2)
    heard = [Heard(first.seen, "item", first), Heard(calm.seen, "item", calm)]
    steps = [
        (told.at, told.decision.level)
        for told in replay(heard, OLD, OWNERS, NOW + timedelta(days=9))
        if told.decision.action is Action.LOWER
    ]
    assert steps
    assert steps[0][0] == calm.seen + OLD.hold("POL-1", Level.RED)
    assert [int(level or 0) for _, level in steps] == sorted(int(level or 0) for _, level in steps)


def told_of(*many: Report) -> list[tuple[str, list[Heard]]]:
    return [(str(place), in_order([one])) for place, one in enumerate(many)]


def counted(*many: Report) -> Tally:
    return tally(told_of(*many), (OLD, STRICT), DESK, FIRST, LAST)


def test_a_backtest_counts_what_is_gone_and_whom_it_spares() -> None:
    doubtful = report("1", severity=0.5, certainty=0.4)
    found = counted(doubtful, report("2"), report("3", labels=(), subtypes=()))
    assert (found.events, found.reports) == (3, 3)
    assert found.kinds == {"gone": 1, "lowered": 1}
    assert found.matrix[5, 5] == 1
    assert sum(found.old_calls.values()) > sum(found.new_calls.values()) > 0
    gone = next(one for one in found.differences if one.kind == "gone")
    assert (gone.event, gone.new_level, gone.old_clause) == ("0", 5, "POL-1")


def test_what_came_before_is_lived_through_but_not_counted() -> None:
    old = report("1", timedelta(days=3))
    heard = in_order([old])
    whole, _ = course(heard, OLD, DESK, FIRST, LAST)
    later, decisions = course(heard, OLD, DESK, NOW, LAST)
    assert (whole.level, whole.steps) == (1, 1)
    assert (later.level, later.steps) == (5, 0)
    assert decisions


def test_only_kinds_that_are_spoken_of_differently_are_told_again() -> None:
    assert changed_kinds(OLD, STRICT) == {"coup"}
    assert changed_kinds(OLD, OLD) == frozenset()
    other = parse_guideline(default_text().replace("picture: 72 h", "picture: 71 h"))
    assert changed_kinds(OLD, other) is None
    raised = parse_guideline(default_text().replace("{1: 75, 2: 54, 3: 34, 4: 18}", "{1: 76, 2: 54, 3: 34, 4: 18}"))
    assert changed_kinds(OLD, raised) == {"security"}


@settings(max_examples=200, deadline=None)
@given(randoms)
def test_parts_add_up_and_the_short_way_is_the_long_way(random: Random) -> None:
    events = [(str(number), in_order(some_reports(random))) for number in range(6)]
    whole = tally(events, (OLD, STRICT), DESK, FIRST, LAST)
    parts = added_up(tally(some, (OLD, STRICT), DESK, FIRST, LAST) for some in (events[:2], events[2:]))
    assert replace(parts, lead=()) == replace(whole, lead=())
    assert sorted(parts.lead) == sorted(whole.lead)
    long = [course(heard, STRICT, DESK, FIRST, LAST)[0] for _, heard in events]
    assert sum(one.level == 5 for one in long) == sum(n for (_, new), n in whole.matrix.items() if new == 5)
