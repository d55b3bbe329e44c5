"""Which reports speak, what they amount to together, and when that is confirmed."""

from datetime import timedelta
from typing import Any

import pytest

from ingest.entry import Status
from rules.decide import decide
from rules.decision import Action, Decision
from rules.evidence import sift
from rules.guideline import default_guideline
from rules.level import Level
from rules.situation import Report, Standing
from scoring.assessment import Reason, ReasonKind
from scoring.category import Category
from tests.rules.making import NOW, alone, report, stands

GUIDELINE = default_guideline()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def decided(*reports: Report, standing: Standing | None = None) -> Decision:
    """The decision with the shipped guideline and owners."""
    return decide(reports, alone(standing), GUIDELINE, NOW)


def codes(decision: Decision) -> dict[str, str]:
    """Reason codes of the grade with their values."""
    return {reason.code: reason.value for reason in decision.reasons if reason.code.startswith("grade.")}


def test_a_doubtful_coup_goes_out_at_once_unconfirmed() -> None:
    decision = decided(report(reliability="F", certainty=0.1, hedged=True))
    assert (decision.action, decision.level, decision.clause) == (Action.OPEN, Level.ORANGE, "POL-1")
    assert decision.unconfirmed
    assert codes(decision)["grade.unconfirmed"] == "1"
    assert decision.duties[0].acknowledge_by == NOW + timedelta(minutes=30)


def test_a_floor_lifts_what_the_score_would_leave_below() -> None:
    decision = decided(report(reliability="F", certainty=0.0, hedged=True))
    assert decision.score == 0.0
    assert decision.level is Level.ORANGE
    assert codes(decision)["grade.floor"] == "0.9"
    assert decided(report(certainty=0.0, severity=0.7)).level is Level.YELLOW
    assert decided(report(certainty=0.0, severity=0.6)).level is None


def test_the_score_is_the_documented_formula() -> None:
    decision = decided(
        report(severity=0.5, urgency=0.8, certainty=0.6, subtypes=("banking",), labels=(Category.FINANCIAL,))
    )
    assert decision.score == pytest.approx(100 * 0.5 * 0.8**0.35 * 0.6**0.25, abs=0.01)
    assert decision.clause == "FIN-4"
    concern = decided(
        report(
            severity=0.5, urgency=0.8, certainty=0.6, subtypes=("banking",), labels=(Category.FINANCIAL,), concern=True
        )
    )
    assert concern.score == pytest.approx(1.2 * decision.score, abs=0.02)
    assert codes(concern)["grade.concern"] == "1.2"


def test_two_independent_voices_confirm_and_copies_do_not() -> None:
    first = report("1", source="wire", reliability="C")
    copy = report("2", source="paper", origin="wire", reliability="C")
    other = report("3", source="radio", reliability="D", severity=0.92)
    assert decided(first, copy).unconfirmed
    assert not decided(first, other).unconfirmed
    assert decided(first, copy).score == decided(first).score
    assert decided(first, other).score > decided(first).score


def test_several_stories_of_one_source_are_one_voice() -> None:
    assert decided(report("1", source="wire", origin="x"), report("2", source="wire", origin="y")).unconfirmed


def test_one_reliable_source_confirms_unless_it_hedges() -> None:
    assert not decided(report(reliability="B")).unconfirmed
    assert decided(report(reliability="B", hedged=True)).unconfirmed
    assert decided(report(reliability="C")).unconfirmed


def test_a_milder_report_does_not_confirm_the_graver_claim() -> None:
    decision = decided(report("1"), report("2", severity=0.2))
    assert decision.level is Level.RED
    assert decision.unconfirmed


def test_a_report_that_turns_graver_does_not_leave_its_supporters_behind() -> None:
    doubtful: dict[str, Any] = {
        "severity": 0.5,
        "certainty": 0.3,
        "labels": (Category.SECURITY,),
        "subtypes": ("unrest",),
    }
    support = report("2", severity=0.52, certainty=0.95, labels=(), uncertain=(Category.SECURITY,), subtypes=())
    before = decided(report("1", **doubtful), support)
    after = decided(report("1", **{**doubtful, "severity": 0.55}), support)
    assert after.score >= before.score


def test_only_the_latest_revision_speaks() -> None:
    corrected = report("2", source="s", severity=0.3, ago=HOUR)
    assert decided(report("1", source="s", latest=False, ago=2 * HOUR), corrected).level is Level.BLUE


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_drills_are_left_out_and_said(status: Status) -> None:
    decision = decided(report(status=status))
    assert (decision.action, decision.level) == (Action.NONE, None)
    assert codes(decision)["grade.exercise"] == "1"


def test_old_news_does_not_alert() -> None:
    decision = decided(report(ago=timedelta(minutes=5), published=NOW - 8 * DAY))
    assert decision.action is Action.NONE
    assert codes(decision)["grade.old"] == "8"
    assert decided(report(ago=8 * DAY)).action is Action.NONE
    assert decided(report(ago=6 * DAY)).action is Action.OPEN


def test_a_look_back_does_not_alert() -> None:
    past = GUIDELINE.time.past[0]
    assert decided(report(reasons=(Reason(ReasonKind.URGENCY, past),))).action is Action.NONE


def test_silence_neither_ages_nor_calms_an_open_alert() -> None:
    decision = decided(report(ago=30 * DAY), standing=stands(1, unconfirmed=True))
    assert (decision.action, decision.level, decision.calmer_since) == (Action.NONE, Level.RED, None)
    assert decided(standing=stands(1)).level is Level.RED


def test_a_better_source_refutes_a_single_voice_in_the_open() -> None:
    rumour = report("1", reliability="D", ago=2 * HOUR)
    denial = report("2", reliability="A", denied=True, ago=HOUR)
    decision = decided(rumour, denial, standing=stands(2, unconfirmed=True))
    assert (decision.action, decision.level) == (Action.WITHDRAW, Level.ORANGE)
    assert codes(decision)["grade.denied"] == "source-2"
    assert [duty.role for duty in decision.duties].count("accountable") == 1
    told = decided(rumour, denial, standing=stands(2, withdrawn=True))
    assert told.action is Action.NONE
    assert decided(rumour, denial).action is Action.NONE


@pytest.mark.parametrize(
    "denial",
    [
        {"reliability": "E"},  # better than F, but not credible
        {"reliability": "C", "hedged": True},
        {"reliability": "F"},
        {"reliability": "A", "ago": 3 * HOUR},  # before the report: not about it
    ],
)
def test_a_weak_or_early_denial_refutes_nothing(denial: dict[str, Any]) -> None:
    decision = decided(report("1", reliability="F", ago=2 * HOUR), report("2", denied=True, **{"ago": HOUR, **denial}))
    assert decision.action is Action.OPEN
    assert decision.level is not None
    assert decision.level <= Level.ORANGE


def test_two_voices_fall_only_to_two_denials() -> None:
    said = [report("1", reliability="C", ago=2 * HOUR), report("2", reliability="D", ago=2 * HOUR)]
    first = report("3", reliability="A", denied=True, ago=HOUR)
    second = report("4", reliability="B", denied=True, ago=HOUR)
    disputed = decided(*said, first, standing=stands(1))
    assert disputed.level is Level.RED
    assert disputed.unconfirmed
    assert decided(*said, first, second, standing=stands(1)).action is Action.WITHDRAW


def test_a_source_takes_its_own_words_back() -> None:
    said = report("1", source="s", reliability="C", ago=2 * HOUR)
    back = report("2", source="s", reliability="C", denied=True, ago=HOUR)
    assert decided(said, back, standing=stands(2)).action is Action.WITHDRAW


def test_a_cancel_withdraws_what_its_source_said() -> None:
    hazard: dict[str, Any] = {"labels": (Category.SECURITY,), "subtypes": ("natural_hazard",)}
    warning = report("1", source="met", ago=2 * HOUR, **hazard)
    cancel = report("2", source="met", status=Status.CANCEL, ago=HOUR, **hazard)
    standing = stands(2, clause="SEC-8")
    decision = decided(warning, cancel, standing=standing)
    assert decision.action is Action.WITHDRAW
    assert codes(decision)["grade.cancelled"] == "met"
    # What others say, and what the source says afterwards, still counts.
    assert decided(warning, cancel, report("3", **hazard), standing=standing).level is Level.RED
    assert decided(warning, cancel, report("3", source="met", ago=HOUR / 2, **hazard)).action is Action.OPEN


def test_a_cancelled_warning_does_not_silence_the_other_ones() -> None:
    hazard: dict[str, Any] = {"source": "met", "labels": (Category.SECURITY,), "subtypes": ("natural_hazard",)}
    first = report("1", latest=False, ago=3 * HOUR, **hazard)
    cancel = report("2", status=Status.CANCEL, ago=HOUR, **hazard)
    other = report("3", ago=2 * HOUR, **hazard)
    standing = stands(1, clause="SEC-8", unconfirmed=True)
    assert decided(first, cancel, other, standing=standing).level is Level.RED
    assert decided(first, cancel, standing=standing).action is Action.WITHDRAW


def test_a_withdrawn_alert_opens_again_when_it_is_borne_out() -> None:
    said = report("1", reliability="D", ago=3 * HOUR)
    denial = report("2", reliability="A", denied=True, ago=2 * HOUR)
    decision = decided(said, denial, report("3", reliability="B", ago=HOUR), standing=stands(2, withdrawn=True))
    assert (decision.action, decision.level) == (Action.OPEN, Level.RED)


def test_confirmation_is_told_at_the_same_level() -> None:
    standing = stands(1, unconfirmed=True)
    decision = decided(report("1", certainty=0.8), report("2"), standing=standing)
    assert (decision.action, decision.level, decision.unconfirmed) == (Action.CONFIRM, Level.RED, False)


def test_calm_news_lowers_step_by_step_after_the_hold() -> None:
    grave, calm = report("1", ago=5 * DAY), report("2", severity=0.2, ago=HOUR)
    first = decided(grave, calm, standing=stands(1))
    assert (first.action, first.level, first.calmer_since) == (Action.NONE, Level.RED, NOW)
    assert codes(first)["grade.held"] == "2026-05-07 12:00 UTC"  # a coup is held for 72 h
    waiting = decided(grave, calm, standing=stands(1, calmer_since=NOW - 71 * HOUR))
    assert (waiting.action, waiting.level) == (Action.NONE, Level.RED)
    lowered = decided(grave, calm, standing=stands(1, calmer_since=NOW - 72 * HOUR))
    assert (lowered.action, lowered.level, lowered.calmer_since) == (Action.LOWER, Level.ORANGE, NOW)
    back = decided(grave, report("3", ago=HOUR), standing=stands(1, calmer_since=NOW - 71 * HOUR))
    assert (back.level, back.calmer_since) == (Level.RED, None)


def test_the_calmest_level_is_left_to_a_person() -> None:
    quiet = report("1", severity=0.01)
    decision = decided(quiet, standing=stands(4, calmer_since=NOW - 90 * DAY))
    assert (decision.action, decision.level) == (Action.NONE, Level.BLUE)


def test_where_it_happens_outweighs_who_comments() -> None:
    many = [report(str(number), countries=("NE",)) for number in range(4)]
    assert decided(*many, report("9", countries=("US", "NE"))).countries == ("NE",)
    assert decided(report(countries=("TR", "SY", "LB"))).countries == ("TR", "SY", "LB")


def test_what_an_alert_says_of_itself_is_not_dropped_at_the_next_report() -> None:
    both = (Category.SECURITY, Category.POLITICAL)
    told = [report("1", reliability="B", labels=both), *(report(str(n), reliability="B") for n in (2, 3, 4))]
    assert decided(*told).categories == (Category.POLITICAL,), "one of four voices: in passing"
    assert set(decided(*told, standing=stands(1, categories=both)).categories) == set(both)
    many = [*told, *(report(str(n), reliability="B") for n in (5, 6, 7))]
    assert decided(*many, standing=stands(1, categories=both)).categories == (Category.POLITICAL,)


def test_the_gravest_clause_is_cited_and_its_kind_is_named() -> None:
    strike: dict[str, Any] = {"labels": (Category.POLITICAL,), "subtypes": ("protest_strike",), "severity": 0.3}
    decision = decided(
        *(report(str(n), **strike) for n in range(6)), report("9", labels=(Category.SECURITY,), subtypes=())
    )
    assert decision.clause == "SEC-0"
    assert set(decision.categories) == {Category.POLITICAL, Category.SECURITY}


def test_at_one_level_the_kind_of_event_is_cited_and_stays_cited() -> None:
    """Clauses weigh differently: whichever of them happens to score more must not rename a capital control."""
    labels = (Category.LEGAL, Category.FINANCIAL)
    control = report(labels=labels, subtypes=("capital_control",), severity=0.72, urgency=0.7, certainty=0.95)
    assert decided(control).clause == "FIN-1", "not LEG-0, which weighs urgency less"
    port = report("2", labels=(Category.FINANCIAL,), subtypes=("supply_disruption",), severity=0.86, certainty=0.95)
    shaken = report(labels=(Category.SECURITY,), subtypes=("natural_hazard",), severity=0.86, certainty=0.95)
    standing = stands(1, clause="SEC-8", categories=(Category.SECURITY,))
    assert decided(port, shaken, standing=standing).clause == "SEC-8", "an earthquake that also stops a port"


def test_nothing_of_risk_is_no_alert_but_says_why() -> None:
    decision = decided(report(labels=(), subtypes=(), severity=0.0))
    assert (decision.action, decision.level, decision.clause) == (Action.NONE, None, "")
    assert list(codes(decision)) == ["grade.no_category"]
    below = decided(report(severity=0.05))
    assert (below.level, below.clause) == (None, "POL-1")
    assert codes(below)["grade.below"] == "14"


def test_broken_numbers_count_as_nothing() -> None:
    assert decided(report(severity=float("nan"), urgency=2.0, certainty=-1.0)).level is None


def test_words_of_the_gravest_report_come_with_the_reasons() -> None:
    dead = Reason(ReasonKind.SEVERITY, "severity.dead", "40", "40 dead", 0.9)
    word = Reason(ReasonKind.CATEGORY, "category.words", "political", "coup", 3.0)
    told = decided(report(reasons=(word, dead)), report("2", severity=0.3, reasons=(dead,))).reasons
    assert [reason.code for reason in told[-2:]] == ["severity.dead", "category.words"]


def test_two_reasons_of_a_kind_are_enough() -> None:
    many = tuple(Reason(ReasonKind.SEVERITY, "severity.dead", str(n), weight=n / 10) for n in range(6))
    told = decided(report(reasons=many)).reasons
    assert [reason.value for reason in told if reason.code == "severity.dead"] == ["5", "4"]


def test_evidence_counts_what_was_left_out() -> None:
    many = [
        report("1"),
        report("2", latest=False),
        report("3", status=Status.TEST),
        report("4", published=NOW - 30 * DAY),
    ]
    evidence = sift(many, GUIDELINE.time, standing=False, now=NOW)
    assert [one.entry for one in evidence.live] == ["1"]
    assert (evidence.drills, len(evidence.old), evidence.spoken, evidence.void) == (1, 1, 1, False)
