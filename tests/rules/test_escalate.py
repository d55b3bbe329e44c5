"""Escalation: up the chain until somebody answers, or to its end with a trace; never a page for history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.escalate import (
    POLICIES,
    Act,
    Answer,
    Called,
    Given,
    Next,
    Policy,
    Rung,
    is_answered,
    missing,
    next_step,
    plan,
)
from rules.level import Level
from rules.roster import Rosters
from rules.roster_file import parse_rosters
from rules.targets import Target, first_told, targets
from tests.rules.test_roster import TEXT

DUE = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def called(level: Level = Level.RED, **more: object) -> Called:
    return Called(level, DUE, ("central-lead", "africa-lead"), **more)  # type: ignore[arg-type]


def test_the_chain_of_level_1() -> None:
    pages = list(plan(POLICIES[Level.RED], DUE))
    assert [page.rung for page in pages[:5]] == [Rung.DEPUTY, Rung.LEAD, Rung.CENTRAL, Rung.EVERYBODY, Rung.EVERYBODY]
    assert [(page.at - DUE) // MINUTE for page in pages[:6]] == [0, 5, 10, 15, 30, 45]
    assert pages[-1].at < DUE + timedelta(days=2)


def test_nobody_is_paged_for_history() -> None:
    for level in Level:
        late = next_step(called(level), POLICIES[level], DUE + timedelta(days=90))
        assert late.act is Act.LAPSE
        assert late.pages == ()


def test_a_late_tick_pages_once_for_all_that_was_missed() -> None:
    found = next_step(called(), POLICIES[Level.RED], DUE + 12 * MINUTE)
    assert found.act is Act.PAGE
    assert [page.rung for page in found.pages] == [Rung.DEPUTY, Rung.LEAD, Rung.CENTRAL]


def test_any_all_and_quorum() -> None:
    one = Given("amina", DUE, ("africa-lead",))
    two = Given("li.wei", DUE, ("central-lead",))
    owners = ("central-lead", "africa-lead")
    anybody, everybody, both = Policy(), Policy(answer=Answer.ALL), Policy(answer=Answer.QUORUM, quorum=2)
    assert [is_answered(policy, owners, [one]) for policy in (anybody, everybody, both)] == [True, False, False]
    assert [is_answered(policy, owners, [one, two]) for policy in (anybody, everybody, both)] == [True, True, True]
    assert not is_answered(both, owners, [one, one]), "the same person twice is one"
    assert [missing(policy, owners, [one]) for policy in (anybody, everybody, both)] == [0, 1, 1]


def test_an_acknowledgement_without_a_deed_expires() -> None:
    policy = POLICIES[Level.RED]
    given = (Given("li.wei", DUE, ("central-lead",)),)
    hour = timedelta(hours=1)
    assert next_step(called(given=given), policy, DUE + hour - MINUTE) == Next(Act.WAIT, DUE + hour)
    assert next_step(called(given=given), policy, DUE + hour).act is Act.ASK_AGAIN
    assert next_step(called(given=given, deed=DUE + 30 * MINUTE), policy, DUE + hour).act is Act.WAIT
    assert next_step(called(given=given, responding=True), policy, DUE + 9 * hour) == Next(Act.WAIT)
    assert next_step(called(given=given), policy, DUE + timedelta(days=60)).act is Act.LAPSE, "not months later"


def test_nobody_is_woken_for_what_was_withdrawn() -> None:
    for level in Level:
        given = (Given("li.wei", DUE, ("central-lead",)),)
        assert next_step(called(level, withdrawn=True), POLICIES[level], DUE) == Next(Act.LAPSE), "the morning list"
        answered = called(level, withdrawn=True, given=given)
        assert next_step(answered, POLICIES[level], DUE + timedelta(days=1)) == Next(Act.WAIT), "and not asked again"


policies = st.builds(
    Policy,
    chain=st.lists(st.sampled_from(Rung), min_size=1, max_size=4, unique=True).map(tuple),
    step=st.integers(5, 600).map(lambda count: count * MINUTE),
    repeat=st.integers(5, 2000).map(lambda count: count * MINUTE),
    lapse=st.integers(60, 10_000).map(lambda count: count * MINUTE),
    expires=st.none() | st.integers(5, 3000).map(lambda count: count * MINUTE),
    answer=st.sampled_from(Answer),
    quorum=st.integers(1, 3),
)
PEOPLE = (("li.wei", ("central-lead",)), ("amina", ("africa-lead",)), ("analyst", ()))


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(Level),
    policies,
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(PEOPLE)), max_size=4),
    st.lists(st.integers(1, 700), min_size=1, max_size=30),
)
def test_it_ends_in_an_answer_or_at_the_end_of_the_chain_with_a_trace(
    level: Level, policy: Policy, answers: list[tuple[int, tuple[str, tuple[str, ...]]]], steps: list[int]
) -> None:
    """However late and seldom the ticks: no page is due twice or out of order, none after the end, and there is one."""
    call, now, trace = called(level), DUE, []
    coming = sorted((DUE + minute * MINUTE, *who) for minute, who in answers)
    for tick in range(200_000):
        given = tuple(Given(actor, at, owners) for at, actor, owners in coming if at <= now)
        call = replace(call, given=given)
        found = next_step(call, policy, now)
        if found.act is Act.PAGE:
            trace += [page.step for page in found.pages]
            assert all(page.at <= now for page in found.pages)
            call = replace(call, steps=found.pages[-1].step + 1)
            continue
        if found.act is Act.LAPSE:
            assert now >= call.due + policy.lapse
            call = replace(call, lapsed=True)
            assert next_step(call, policy, now + timedelta(days=400)) == Next(Act.WAIT), "never again"
            break
        if is_answered(policy, call.owners, given):
            assert found.act in (Act.WAIT, Act.ASK_AGAIN)
            break
        assert found.at is not None, "something is always to come until the end"
        assert found.at > now
        now += max(steps[tick % len(steps)] * MINUTE, (found.at - now) if tick > 50 else timedelta())
    else:
        pytest.fail("it never ended")
    assert trace == list(range(len(trace))), "each page of the plan once, in order"


def test_whom_a_rung_asks() -> None:
    rosters = parse_rosters(TEXT)
    owners = ("africa-lead", "central-lead")
    noon = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)

    def people(rung: Rung, *done: str) -> list[str | None]:
        return [one.person for one in targets(rung, owners, "central-lead", rosters, noon, done)]

    assert first_told(rosters, "africa-lead", noon) == (Target("africa-lead"), Target("africa-lead", "amina"))
    assert people(Rung.DEPUTY) == ["li.wei", "zhao.min"]
    assert people(Rung.DEPUTY, "li.wei") == ["zhao.min"]
    assert people(Rung.LEAD) == ["chen.jing"]
    assert people(Rung.CENTRAL) == [None, "li.wei"]
    assert {"amina", "li.wei", "zhao.min", "chen.jing", None} == set(people(Rung.EVERYBODY))


def test_without_a_roster_the_owners_themselves_are_asked() -> None:
    nothing = Rosters()
    assert targets(Rung.DEPUTY, ("a",), "central", nothing, DUE) == ()
    assert targets(Rung.CENTRAL, ("a",), "central", nothing, DUE) == (Target("central"),)
    assert targets(Rung.EVERYBODY, ("a",), "central", nothing, DUE) == (Target("a"), Target("central"))
