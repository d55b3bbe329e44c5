"""Rosters: who is on duty when, by the clock on the wall, and where nobody is."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.hours import DAILY, Hours, instant
from rules.owners import default_owners
from rules.roster import (
    Days,
    Member,
    OnHolidays,
    Part,
    Roster,
    Rosters,
    Swap,
    Turn,
    gaps,
    holder_of,
    on_duty,
    spans,
)
from rules.roster_check import Fault, check
from rules.roster_file import RosterError, parse_rosters

TEXT = files("rules").joinpath("defaults", "roster.yaml").read_text(encoding="utf-8")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
PEOPLE = ("a", "b", "c", "d")


def one(*turns: Turn, zone: str = "Europe/Berlin", **more: object) -> Rosters:
    """A roster for the owner `desk`."""
    roster = Roster("desk", zone, turns, date(2026, 1, 5), **more)  # type: ignore[arg-type]
    return Rosters({key: Member(key, key.upper(), zone) for key in PEOPLE}, {"desk": roster})


def weekly(*people: str, at: time = time(9), **more: object) -> Turn:
    return Turn("week", people or ("a", "b"), 7, at, date(2026, 1, 5), **more)  # type: ignore[arg-type]


def test_the_shipped_example_reads_and_names_somebody_at_any_time() -> None:
    rosters = parse_rosters(TEXT)
    now = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    assert holder_of(rosters, "central-lead", now) == "li.wei"
    assert [stand.part for stand in on_duty(rosters, "africa-lead", now)] == [Part.DUTY, Part.DEPUTY, Part.LEAD]
    for owner in rosters.rosters:
        assert gaps(rosters, owner, now, now + timedelta(days=60)) == ()


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26), date(2026, 7, 6)])
def test_hand_over_is_at_the_local_time_summer_and_winter(day: date) -> None:
    rosters = one(weekly("a", "b"))
    at = datetime.combine(day, time(9), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    before, after = (holder_of(rosters, "desk", at + step) for step in (-timedelta(seconds=1), timedelta()))
    assert before != after
    assert {before, after} == {"a", "b"}


@pytest.mark.parametrize(
    ("clock", "local"),
    [(time(1, 30), "03:00"), (time(2, 30), "03:30"), (time(3, 30), "03:30")],
)
def test_the_night_on_which_the_clock_goes_forward(clock: time, local: str) -> None:
    turn = Turn("day", ("a", "b"), 1, clock, date(2026, 1, 5))
    found = instant(date(2026, 3, 29), clock, "Europe/Berlin")
    if clock > time(2):
        assert found.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == local
    assert turn.person(found, "Europe/Berlin") != turn.person(found - timedelta(seconds=1), "Europe/Berlin")


def test_the_hour_that_comes_twice_is_handed_over_once() -> None:
    rosters = one(Turn("day", ("a", "b"), 1, time(2, 30), date(2026, 1, 5)))
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert len(spans(rosters, "desk", start, start + timedelta(hours=8))) == 2


days = st.dates(date(2026, 1, 10), date(2027, 12, 1))
moments = st.integers(0, 16_500).map(lambda hour: datetime(2026, 1, 8, tzinfo=UTC) + timedelta(hours=hour))
turns = st.builds(
    Turn,
    name=st.just("turn"),
    people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4).map(tuple),
    every=st.integers(1, 21),
    handover=st.times().map(lambda found: found.replace(second=0, microsecond=0)),
    anchor=st.dates(date(2025, 12, 1), date(2026, 1, 5)),
    hours=st.lists(
        st.builds(
            Hours,
            days=st.frozensets(st.integers(0, 6), min_size=1) | st.just(DAILY),
            start=st.integers(0, 23).map(time),
            end=st.integers(0, 23).map(time),
        ),
        max_size=2,
    ).map(tuple),
    holidays=st.sampled_from(OnHolidays),
)


@st.composite
def rosters_of(draw: st.DrawFn) -> Rosters:
    zone = draw(st.sampled_from(ZONES))
    length = st.integers(0, 20)
    some = st.builds(lambda day, more: Days(day, day + timedelta(days=more)), days, length)
    members = {
        key: Member(
            key,
            key,
            draw(st.sampled_from(ZONES)),
            draw(st.sampled_from((None, *PEOPLE))),
            tuple(draw(st.lists(some, max_size=2))),
        )
        for key in PEOPLE
    }
    roster = Roster(
        "desk",
        zone,
        tuple(draw(st.lists(turns, min_size=1, max_size=3))),
        date(2026, 1, 5),
        draw(st.none() | days),
        draw(st.sampled_from((None, *PEOPLE))),
        tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2))),
        tuple(draw(st.lists(some, max_size=3))),
    )
    swaps = draw(
        st.lists(
            st.builds(
                lambda person, start, hours, instead: Swap(
                    "desk", person, start, start + timedelta(hours=hours), instead
                ),
                st.sampled_from(PEOPLE),
                moments,
                st.integers(1, 400),
                st.sampled_from((None, *PEOPLE)),
            ),
            max_size=2,
        )
    )
    return Rosters(members, {"desk": roster}, swaps=tuple(swaps))


@settings(max_examples=300, deadline=None)
@given(
    rosters_of(),
    moments,
    st.lists(st.floats(0, 0.9999), min_size=1, max_size=12),
)
def test_somebody_is_on_duty_or_the_gap_is_told(rosters: Rosters, start: datetime, points: list[float]) -> None:
    """Spans lie end to end, and at any instant say what `on_duty` says there: a person, or a gap."""
    end = start + timedelta(days=16)
    found = spans(rosters, "desk", start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == two.start and one.start < one.end for one, two in pairwise(found))
    for point in points:
        at = start + point * (end - start)
        span = next(span for span in found if span.start <= at < span.end)
        stands = on_duty(rosters, "desk", at)
        assert [stand.person for stand in stands if stand.part is Part.DUTY] == ([span.person] if span.person else [])
        assert len({stand.person for stand in stands}) == len(stands)
    assert set(gaps(rosters, "desk", start, end)) == {span for span in found if span.person is None}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), days, st.integers(0, 23), st.integers(1, 14))
@example("Australia/Lord_Howe", date(2026, 9, 1), 2, 1)
def test_every_hand_over_is_at_its_clock(zone: str, day: date, hour: int, every: int) -> None:
    turn = Turn("turn", ("a", "b"), every, time(hour), date(2026, 1, 5))
    start = instant(day, time(), zone)
    rosters = one(turn, zone=zone)
    for span in spans(rosters, "desk", start, start + timedelta(days=40))[1:]:
        wall = span.start.astimezone(ZoneInfo(zone))
        clock = instant(wall.date(), time(hour), zone).astimezone(ZoneInfo(zone))
        skipped = (clock.hour, clock.minute) != (hour, 0)  # in spring; on Lord Howe Island by half an hour
        assert (wall.hour, wall.minute) == (hour, 0) or (skipped and wall == clock)


def test_whoever_is_away_is_stood_for_by_their_deputy_and_else_there_is_a_gap() -> None:
    rosters = one(weekly("a"))
    away = (Days(date(2026, 6, 1), date(2026, 6, 3)),)
    now = datetime(2026, 6, 2, 12, tzinfo=UTC)
    members = {**rosters.members, "a": Member("a", "A", away=away)}
    assert holder_of(Rosters(members, rosters.rosters), "desk", now) is None
    members["a"] = Member("a", "A", deputy="b", away=away)
    assert holder_of(Rosters(members, rosters.rosters), "desk", now) == "b"
    members["b"] = Member("b", "B", deputy="c", away=away)
    assert holder_of(Rosters(members, rosters.rosters), "desk", now) == "c"


def test_a_swap_stands_over_the_turns_and_only_for_whom_it_is() -> None:
    rosters = one(weekly("a"))
    start = datetime(2026, 6, 2, 12, tzinfo=UTC)
    swap = Swap("desk", "d", start, start + timedelta(hours=4), "a")
    swapped = Rosters(rosters.members, rosters.rosters, swaps=(swap,))
    assert [span.person for span in spans(swapped, "desk", start - timedelta(hours=1), start + timedelta(hours=5))] == [
        "a",
        "d",
        "a",
    ]
    other = Rosters(rosters.members, rosters.rosters, swaps=(Swap("desk", "d", start, swap.end, "b"),))
    assert holder_of(other, "desk", start) == "a"


def test_holidays_rest_one_turn_and_call_another() -> None:
    holidays = (Days(date(2026, 10, 1), date(2026, 10, 7), "National Day"),)
    rosters = one(
        weekly("a", holidays=OnHolidays.OFF),
        weekly("b", holidays=OnHolidays.ONLY),
        zone="Asia/Shanghai",
        holidays=holidays,
    )
    start = instant(date(2026, 9, 30), time(), "Asia/Shanghai")
    found = spans(rosters, "desk", start, start + timedelta(days=10))
    assert [(span.person, span.start) for span in found] == [
        ("a", start),
        ("b", start + timedelta(days=1)),
        ("a", start + timedelta(days=8)),
    ]


FAULTS = {
    "a loop": ("zone: Asia/Shanghai}\n  - {key: chen", "zone: Asia/Shanghai, deputy: li.wei}\n  - {key: chen", "loop"),
    "nobody": ("people: [amina]", "people: [amna]", "Did you mean amina"),
    "no zone": ("zone: Africa/Niamey\n    starts", "zone: Africa/Niame\n    starts", "is no time zone"),
    "no day": (
        "starts: 2026-01-05\n    ends: 2027-12-31\n    lead: chen.jing\n    dep",
        "starts: Monday\n    dep",
        "no day",
    ),
    "ends early": ("ends: 2027-12-31\n    lead: chen.jing\n    dep", "ends: 2025-12-31\n    dep", "before it starts"),
    "no clock": ("handover: Mon 09:00", "handover: Mon 25:00", "no time of day"),
    "no rhythm": ("every: week, handover: Mon 09", "every: fortnight, handover: Mon 09", "rhythm of turns"),
    "two rosters": ("- owner: africa-lead", "- owner: central-lead", "two rosters"),
    "no hours": ("daily 08:00-20:00", "8 to 20", "no window of the week"),
    "a dead turn": (", on_holidays: only}", "}", "never comes"),
    "unknown key": ("  1: {answer", "  1: {anser", "Did you mean answer"),
    "quorum of none": ("quorum: 2, ", "", "not of how many"),
    "too quick": ("step: 5 min", "step: 5 s", "shorter than 5 min"),
    "wrong unit": ("repeat: 15 min", "repeat: 15 minutes", "not a time span"),
    "never asked": ("step: 12 h", "step: 2 d", "after paging has lapsed"),
    "for months": ("repeat: 1 d, lapse: 2 d", "repeat: 1 d, lapse: 90 d", "longer than 31 d"),
    "backwards": ("first: 2026-12-21, last: 2026-12-27", "first: 2026-12-21, last: 2026-12-20", "before they begin"),
    "twice": ("key: zhao.min", "key: li.wei", "stands twice"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_planted_faults_are_found_with_line_and_advice(name: str) -> None:
    before, after, words = FAULTS[name]
    assert before in TEXT
    with pytest.raises(RosterError) as caught:
        parse_rosters(TEXT.replace(before, after, 1), "mine.yaml")
    told = [fault for fault in caught.value.every if words in str(fault)]
    assert told, [str(fault) for fault in caught.value.every]
    assert told[0].advice
    assert told[0].line >= 10


NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
EVERYBODY = frozenset(("li.wei", "zhao.min", "chen.jing", "amina", *(owner.key for owner in default_owners())))


def faults(text: str, reached: frozenset[str] = EVERYBODY, now: datetime = NOW) -> set[tuple[Fault, str]]:
    found = check(parse_rosters(text), default_owners(), None, reached, now)
    return {(one.fault, one.values.get("owner") or one.values.get("person", "")) for one in found}


def test_a_sound_roster_has_nothing_to_tell_but_a_missing_rung() -> None:
    assert faults(TEXT) == set()


def test_the_house_check_finds_what_hurts_at_night() -> None:
    assert (Fault.NO_CHANNEL, "amina") in faults(TEXT, EVERYBODY - {"amina"})
    assert (Fault.UNREACHABLE, "finance-officer") in faults(TEXT, EVERYBODY - {"finance-officer"})
    assert (Fault.EXPIRED, "africa-lead") in faults(TEXT, now=datetime(2028, 2, 1, tzinfo=UTC))
    assert (Fault.EXPIRES, "africa-lead") in faults(TEXT, now=datetime(2027, 12, 1, tzinfo=UTC))
    assert (Fault.UNKNOWN_OWNER, "africa") in faults(TEXT.replace("owner: africa-lead", "owner: africa"))
    assert (Fault.GAP, "africa-lead") in faults(TEXT.replace("daily 20:00-08:00", "daily 20:00-07:00"))
    assert (Fault.NO_RUNG, "africa-lead") in faults(TEXT.replace("    lead: chen.jing\n    turns", "    turns"))
    assert (Fault.QUORUM, "") in faults(TEXT.replace("quorum: 2", "quorum: 9"))
