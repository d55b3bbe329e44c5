"""Properties of every decision, over thousands of random situations."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.entry import Status
from rules.decide import decide
from rules.decision import Action, Decision
from rules.guideline import default_guideline
from rules.level import Level
from rules.situation import Report, Standing
from scoring.category import Category
from tests.rules.making import NOW, alone, raised, report, share, some_reports, some_standing, stands

GUIDELINE = default_guideline()
MANY = settings(max_examples=1500, deadline=None)
FACTORS = ("severity", "urgency", "certainty")
randoms = st.integers(0, 2**40).map(Random)


def level_of(many: list[Report], standing: Standing | None = None, now: datetime = NOW) -> int:
    """The level that is in force as a number, 5 for none; a withdrawn alert keeps its level, but not in force."""
    decision = decide(many, alone(standing), GUIDELINE, now)
    withdrawn = standing is not None and standing.withdrawn and decision.action is Action.NONE
    return 5 if withdrawn or decision.action is Action.WITHDRAW else decision.level or 5


@MANY
@given(randoms)
def test_graver_never_gives_a_calmer_level(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    place = random.randrange(len(many))
    if many[place].assessment.denied:
        return
    made = many[place].assessment
    steps = {name: min(1.0, getattr(made, name) + random.choice((0.0, 0.02, 0.1))) for name in FACTORS}
    jumps = {name: share(random) for name in FACTORS}
    more = raised(many, place, random.choice((steps, jumps)))
    assert level_of(more, standing) <= level_of(many, standing)


@MANY
@given(randoms)
def test_the_order_of_reports_changes_nothing(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    mixed = random.sample(many, len(many))
    assert decide(mixed, alone(standing), GUIDELINE, NOW) == decide(many, alone(standing), GUIDELINE, NOW)


@MANY
@given(randoms)
def test_every_level_has_a_clause_and_one_accountable_owner(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    decision = decide(many, alone(standing), GUIDELINE, NOW)
    assert decision.guideline == GUIDELINE.version
    assert decision.reasons
    if decision.level is None:
        assert decision.action is Action.NONE
        assert decision.duties == ()
        return
    assert decision.clause in GUIDELINE.by_id or (standing is not None and decision.clause == standing.clause)
    assert [duty.role for duty in decision.duties].count("accountable") == 1
    assert len({duty.owner for duty in decision.duties}) == len(decision.duties)
    assert all(duty.clause == decision.clause for duty in decision.duties)


@MANY
@given(randoms)
def test_a_grave_report_is_never_held_back_for_want_of_a_second_source(random: Random) -> None:
    many, severity = some_reports(random, plain=True), random.choice((0.65, 0.8, 0.9, 1.0))
    place = random.randrange(len(many))
    grave = replace(many[place].assessment, severity=severity, urgency=0.5, certainty=share(random))
    many[place] = replace(many[place], assessment=grave)
    decision = decide(many, alone(), GUIDELINE, NOW)
    assert decision.action is Action.OPEN
    assert decision.level is not None
    assert decision.level <= (Level.ORANGE if severity >= 0.9 else Level.YELLOW)


@MANY
@given(randoms)
def test_an_exercise_never_alerts(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    status = random.choice((Status.EXERCISE, Status.TEST))
    drills = [replace(one, status=status) for one in many]
    decision = decide(drills, alone(standing), GUIDELINE, NOW)
    assert decision.action is Action.NONE
    assert decision.level == (standing.level if standing else None)
    # Nor does it change what real reports lead to.
    extra = [replace(one, entry=f"drill-{one.entry}") for one in drills]
    assert _told(decide([*many, *extra], alone(standing), GUIDELINE, NOW)) == _told(
        decide(many, alone(standing), GUIDELINE, NOW)
    )


def _told(decision: Decision) -> Decision:
    return replace(decision, reasons=tuple(one for one in decision.reasons if one.code != "grade.exercise"))


@MANY
@given(randoms)
def test_lowering_waits_for_the_hold_and_takes_one_step(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    decision = decide(many, alone(standing), GUIDELINE, NOW)
    if standing is None or standing.withdrawn:
        assert decision.action in (Action.NONE, Action.OPEN)
        return
    assert decision.action is not Action.OPEN
    if decision.action is Action.RAISE:
        assert decision.level is not None
        assert decision.level < standing.level
        return
    if decision.action is not Action.LOWER:
        assert decision.level == standing.level
        return
    assert decision.level == standing.level + 1
    assert standing.calmer_since is not None
    assert NOW - standing.calmer_since >= GUIDELINE.hold(standing.clause, standing.level)


@MANY
@given(randoms)
def test_copies_of_a_report_change_no_level(random: Random) -> None:
    many, standing = some_reports(random), some_standing(random)
    first = replace(many[0], origin="copied", source="one")
    once = [first, *many[1:]]
    again = [replace(first, entry=f"copy-{number}", source=f"paper-{number}") for number in range(random.randint(1, 3))]
    before, after = (decide(some, alone(standing), GUIDELINE, NOW) for some in (once, [*once, *again]))
    if not first.assessment.denied and first.status is not Status.CANCEL:
        assert after.level == before.level
        assert after.score == before.score


@MANY
@given(randoms)
@example(Random(280691))  # the newest report grew too old to speak, and the picture of an older one came back
def test_time_alone_raises_nothing(random: Random) -> None:
    """The same reports later: an alert that stands is never raised, and none opens, by waiting."""
    many, standing = some_reports(random), some_standing(random)
    later = NOW + timedelta(days=random.randint(0, 30))
    assert level_of(many, standing, later) >= level_of(many, standing)


@MANY
@given(randoms)
def test_deciding_again_changes_nothing(random: Random) -> None:
    """What was decided, once carried out, is at rest: no second notice for the same reports at the same time."""
    many, standing = some_reports(random), some_standing(random)
    first = decide(many, alone(standing), GUIDELINE, NOW)
    if first.level is None:
        return
    after = Standing(
        level=first.level,
        clause=first.clause,
        unconfirmed=first.unconfirmed,
        since=NOW if standing is None or first.level != standing.level else standing.since,
        countries=first.countries,
        categories=first.categories,
        calmer_since=first.calmer_since,
        withdrawn=first.action is Action.WITHDRAW
        or (bool(standing and standing.withdrawn) and first.action is Action.NONE),
        owners=tuple(duty.owner for duty in first.duties),
    )
    again = decide(many, alone(after), GUIDELINE, NOW)
    # An alert that was just opened keeps reports of its time that a new one would call old: it may only hold or raise.
    assert again.action is Action.NONE or standing is None or standing.withdrawn
    assert again.level is not None
    assert again.level <= first.level


def test_an_update_does_not_put_a_deadline_off() -> None:
    standing = stands(2, owners=("central-lead",), since=NOW - timedelta(hours=1), countries=("ML",), clause="SEC-1")
    many = [report(labels=(Category.SECURITY,), subtypes=("armed_conflict",), severity=0.7, countries=("ML", "NE"))]
    decision = decide(many, alone(standing), GUIDELINE, NOW)
    assert decision.action is Action.UPDATE
    assert decision.countries == ("ML", "NE")
    due = {duty.owner: duty.acknowledge_by for duty in decision.duties}
    assert due["central-lead"] == standing.since + timedelta(minutes=30)
    assert due["africa-lead"] == NOW + timedelta(minutes=30)


@MANY
@given(randoms)
def test_history_out_of_an_archive_changes_no_decision(random: Random) -> None:
    """Whatever it says, cancels and denials included: it is told among the reasons, and that is all."""
    many, standing = some_reports(random), some_standing(random)
    history = [replace(one, entry=f"h{one.entry}", archived=True) for one in some_reports(random)]
    mixed = random.sample([*many, *history], len(many) + len(history))
    with_it, without = (decide(given, alone(standing), GUIDELINE, NOW) for given in (mixed, many))
    assert replace(with_it, reasons=()) == replace(without, reasons=())
    alone_ = decide(history, alone(), GUIDELINE, NOW)
    assert (alone_.action, alone_.level) == (Action.NONE, None)
