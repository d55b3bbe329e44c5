"""What keeps a change quiet, and what nothing keeps quiet."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decide import decide
from rules.decision import HUSHES, Action, Hush
from rules.document import Words
from rules.guideline import default_guideline
from rules.level import Level
from rules.quiet import Closed, Graver, Quiet, Silence
from rules.quiet_rule import HELD, Inhibition, RestraintRule
from rules.replay import follow
from rules.situation import Standing
from rules.windows import WEEK
from scoring.category import CATEGORIES, SUBTYPES, Category
from tests.rules.making import COUNTRIES, NOW, alone, report, some_reports, some_standing, stands

HOUR = timedelta(hours=1)
GUIDELINE = default_guideline()
RULE = GUIDELINE.restraint
POLITICAL = frozenset((Category.POLITICAL,))
GRAVER = Graver("17", "9", Level.RED, NOW - HOUR, frozenset(("NE", "ML")), POLITICAL, frozenset(("coup",)))
STRIKE = {"subtypes": ("protest_strike",), "severity": 0.3, "reasons": ()}


def silence(**values: object) -> Silence:
    """Quiet from an hour ago for two hours."""
    usual = {"key": "3", "start": NOW - HOUR, "end": NOW + HOUR, "author": "li", "reason": "site works"}
    return Silence(**{**usual, **values})  # type: ignore[arg-type]


def hush(quiet: Quiet, standing: Standing | None = None, **made: object) -> Hush | None:
    """What keeps a small strike quiet."""
    told = decide([report(**{**STRIKE, **made})], replace(alone(standing), quiet=quiet), GUIDELINE, NOW)
    return told.hush


def test_a_silence_holds_what_lies_within_it() -> None:
    held = hush(Quiet(silences=(silence(countries=frozenset(("NE",))),)))
    assert held == Hush("silence", "silence:3", NOW + HOUR)


@pytest.mark.parametrize(
    "outside",
    [
        {"countries": frozenset(("ML",))},
        {"categories": frozenset((Category.LEGAL,))},
        {"subtypes": frozenset(("election",))},
        {"levels": frozenset((Level.YELLOW,))},
        {"sources": frozenset(("another",))},
        {"event": "8"},
        {"organisation": "other"},
        {"start": NOW + timedelta(minutes=1)},
        {"end": NOW},
    ],
)
def test_what_is_outside_is_told(outside: dict[str, object]) -> None:
    assert hush(Quiet(silences=(silence(**outside),), event="7", organisation="home")) is None


def test_an_event_that_also_touches_another_country_is_told() -> None:
    held = Quiet(silences=(silence(countries=frozenset(("NE",))),))
    assert hush(held, countries=("NE", "ML")) is None
    assert hush(held, countries=()) is None


def test_a_silence_goes_before_a_window_and_the_longest_counts() -> None:
    window = silence(key="4", kind="window", end=NOW + 9 * HOUR)
    assert hush(Quiet(silences=(window, silence()))) == Hush("silence", "silence:3", NOW + HOUR)
    longer = silence(key="5", end=NOW + 2 * HOUR)
    assert hush(Quiet(silences=(window, longer, silence()))) == Hush("silence", "silence:5", NOW + 2 * HOUR)
    assert hush(Quiet(silences=(window,))) == Hush("window", "silence:4", NOW + 9 * HOUR)


@pytest.mark.parametrize(("weeks", "hours", "quiet"), [(0, 0, True), (0, 3, False), (3, 1, True), (3, 2, False)])
def test_a_window_comes_back_every_week(weeks: int, hours: int, quiet: bool) -> None:
    weekly = silence(kind="window", length=2 * HOUR, start=NOW, end=NOW + 30 * WEEK)
    over = weekly.until(NOW + weeks * WEEK + hours * HOUR)
    assert over == (NOW + weeks * WEEK + 2 * HOUR if quiet else None)


def test_a_window_keeps_no_later_than_its_end() -> None:
    weekly = silence(kind="window", length=2 * HOUR, start=NOW, end=NOW + WEEK + HOUR)
    assert weekly.until(NOW + WEEK) == NOW + WEEK + HOUR


def test_a_graver_alert_mutes_what_lies_within_it() -> None:
    assert hush(Quiet(graver=(GRAVER,))) == Hush("inhibited", "alert:17")
    assert hush(Quiet(graver=(GRAVER,), event="9")) is None  # its own
    assert hush(Quiet(graver=(GRAVER,)), countries=("NE", "KE")) is None
    assert hush(Quiet(graver=(replace(GRAVER, level=Level.ORANGE),))) is None
    assert hush(Quiet(graver=(GRAVER,)), severity=0.5) is None  # level 3


def test_the_oldest_of_the_graver_is_named() -> None:
    older = replace(GRAVER, alert="16", since=NOW - 2 * HOUR)
    assert hush(Quiet(graver=(GRAVER, older))) == Hush("inhibited", "alert:16")


def test_an_inhibition_may_end() -> None:
    short = Inhibition(Level.RED, (Level.BLUE,), ("country",), 2 * HOUR, Words("", ""), 1)
    ruled = replace(GUIDELINE, restraint=replace(RULE, inhibit=(short,)))
    for since, until in ((NOW - HOUR, NOW + HOUR), (NOW - 2 * HOUR, None)):
        quiet = Quiet(graver=(replace(GRAVER, since=since),))
        told = decide([report(**STRIKE)], replace(alone(), quiet=quiet), ruled, NOW).hush
        assert told == (Hush("inhibited", "alert:17", until) if until else None)


def closed(**values: object) -> Closed:
    """A strike that a person closed an hour ago."""
    usual = {"alert": "12", "level": Level.BLUE, "at": NOW - HOUR}
    usual |= {"countries": frozenset(("NE",)), "subtypes": frozenset(("protest_strike",))}
    return Closed(**{**usual, **values})  # type: ignore[arg-type]


def test_a_new_case_like_a_closed_one_waits() -> None:
    assert hush(Quiet(closed=(closed(),))) == Hush("cooldown", "alert:12", NOW + 11 * HOUR)
    assert hush(Quiet(closed=(closed(at=NOW - 12 * HOUR),))) is None
    assert hush(Quiet(closed=(closed(countries=frozenset(("KE",))),))) is None
    assert hush(Quiet(closed=(closed(subtypes=frozenset(("unrest",))),))) is None


def test_a_graver_case_than_the_closed_one_is_told() -> None:
    quiet = Quiet(closed=(closed(at=NOW - timedelta(minutes=5)),))
    assert hush(quiet, severity=0.5) is None
    assert hush(Quiet(closed=(closed(at=NOW - timedelta(minutes=5), level=Level.YELLOW),)), severity=0.5) is not None


def test_changes_of_one_alert_keep_their_distance() -> None:
    standing = stands(4, told=NOW - HOUR, categories=(Category.LEGAL,))
    assert hush(Quiet(), standing) == Hush("cooldown", "update", NOW + 5 * HOUR)
    assert hush(Quiet(), replace(standing, told=NOW - 6 * HOUR)) is None
    assert hush(Quiet(), standing, severity=0.5) is None  # raised
    assert hush(Quiet(), standing, denied=True) is None  # withdrawn


def test_a_storm_is_told_together() -> None:
    assert hush(Quiet(opened=RULE.storm.alerts - 1)) is None
    held = hush(Quiet(opened=RULE.storm.alerts))
    assert held == Hush("storm", "opened:30", NOW + RULE.digest)
    later = decide([report(**STRIKE)], replace(alone(), quiet=Quiet(opened=99)), GUIDELINE, NOW + timedelta(minutes=14))
    assert later.hush is not None
    assert later.hush.until == held.until


def test_a_held_change_is_not_remembered_as_told() -> None:
    quiet = Quiet(silences=(silence(),))
    told = decide([report(**STRIKE)], replace(alone(), quiet=quiet), GUIDELINE, NOW)
    after = follow(None, told, NOW)
    assert after is not None
    assert after.told is None
    grave = follow(None, decide([report()], replace(alone(), quiet=quiet), GUIDELINE, NOW), NOW)
    assert grave is not None
    assert grave.told == NOW


def test_the_gravest_pass_and_leave_a_trace() -> None:
    told = decide([report()], replace(alone(), quiet=Quiet(silences=(silence(),), opened=99)), GUIDELINE, NOW)
    assert told.level is Level.RED
    assert told.hush == Hush("silence", "silence:3", NOW + HOUR, passed=True)


def some_quiet(random: Random) -> Quiet:
    """Silences, windows, graver and closed alerts of all kinds, often such as hold."""
    return Quiet(
        silences=tuple(_some_silence(random, str(number)) for number in range(random.randint(0, 4))),
        graver=tuple(_some_graver(random, str(number)) for number in range(random.randint(0, 3))),
        closed=tuple(
            Closed(str(number), random.choice(list(Level)), _ago(random, 20), *_some_where(random))
            for number in range(random.randint(0, 3))
        ),
        opened=random.choice((0, 0, 29, 30, 500)),
        event=random.choice(("", "7")),
        organisation=random.choice(("", "home")),
    )


def _some_silence(random: Random, key: str) -> Silence:
    def some(of: tuple[object, ...]) -> frozenset[object]:
        return frozenset(random.sample(of, random.randint(1, len(of)))) if random.random() < 0.4 else frozenset()

    return silence(
        key=key,
        kind=random.choice(("silence", "window")),
        start=_ago(random, 48),
        end=NOW + random.randint(0, 48) * HOUR,
        countries=some(COUNTRIES),
        categories=some(tuple(CATEGORIES)),
        subtypes=some(tuple(SUBTYPES)),
        levels=some(tuple(Level)),
        sources=some(("a", "b", "c", "d")),
        event=random.choice(("", "", "7")),
        length=random.choice((None, None, 3 * HOUR)),
    )


def _some_graver(random: Random, key: str) -> Graver:
    where, kinds = _some_where(random)
    level = random.choice((Level.RED, Level.RED, Level.ORANGE))
    return Graver(key, random.choice(("7", "9")), level, _ago(random, 90), where, frozenset(CATEGORIES), kinds)


def _some_where(random: Random) -> tuple[frozenset[str], frozenset[str]]:
    places = frozenset(random.sample(COUNTRIES, random.randint(1, 6)))
    return places, frozenset(random.sample(tuple(SUBTYPES), random.choice((5, len(SUBTYPES)))))


def _ago(random: Random, hours: int) -> datetime:
    return NOW - random.randint(0, hours) * HOUR


def some_rule(random: Random) -> RestraintRule:
    """The shipped restraint, or one that mutes level 3 as well, for whatever is the same."""
    keys = tuple(random.sample(("country", "category", "subtype"), random.randint(1, 3)))
    span = random.choice((None, 6 * HOUR))
    wide = Inhibition(random.choice((Level.RED, Level.ORANGE)), HELD, keys, span, Words("", ""), 1)
    return random.choice((RULE, replace(RULE, inhibit=(*RULE.inhibit, wide))))


@settings(max_examples=1200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_quiet_holds_no_grave_change_names_its_cause_and_changes_nothing_else(random: Random) -> None:
    many, standing, quiet = some_reports(random), some_standing(random), some_quiet(random)
    if standing is not None and random.random() < 0.5:
        standing = replace(standing, told=_ago(random, 8))
    ruled = replace(GUIDELINE, restraint=some_rule(random))
    plain = decide(many, alone(standing), ruled, NOW)
    held = decide(many, replace(alone(standing), quiet=quiet), ruled, NOW)
    assert plain.hush is None
    assert replace(held, hush=None) == plain
    grave = held.level not in HELD or (standing is not None and standing.level not in HELD)
    if held.hush is None:
        return
    assert held.action is not Action.NONE
    assert held.hush.passed is grave
    assert held.hush.kind in HUSHES
    assert held.hush.cause
    assert held.hush.until is None or held.hush.until > NOW
    shuffled = replace(
        quiet,
        silences=tuple(random.sample(quiet.silences, len(quiet.silences))),
        graver=tuple(random.sample(quiet.graver, len(quiet.graver))),
        closed=tuple(random.sample(quiet.closed, len(quiet.closed))),
    )
    assert decide(many, replace(alone(standing), quiet=shuffled), ruled, NOW) == held


@settings(max_examples=600, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_is_silenced_a_grave_change_leaves_a_trace(random: Random) -> None:
    everything = Quiet(silences=(silence(),))
    standing = some_standing(random)
    told = decide(some_reports(random), replace(alone(standing), quiet=everything), GUIDELINE, NOW)
    if told.action is Action.NONE:
        assert told.hush is None
        return
    grave = told.level not in HELD or (standing is not None and standing.level not in HELD)
    assert told.hush == Hush("silence", "silence:3", NOW + HOUR, passed=grave)
