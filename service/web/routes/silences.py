"""Silences and maintenance windows: the list, the form that says what it would hold, and what each one held."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from rules.quiet_rule import HELD
from rules.watching import Trouble
from scoring.category import CATEGORIES, SUBTYPES
from service.desk.silences import SilenceGiven, Trial, add_silence, end_silence, try_silence
from service.desk.times import wall_time
from service.errors import Invalid, WatchfireError
from service.store.alarm_quiet import source_of_alarm, trouble_of
from service.store.pages import LARGEST
from service.store.quiet import get_silence, held_by, held_counts, list_silences
from service.store.read_alerts import get_alert
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.quiet import STAGES, held_shown, silence_shown
from service.web.shown.row import kinds_of
from service.web.visit import Inside, Number, Visit
from service.web.wishes import zones

router = APIRouter()
HERE = "/silences"
HOURS = (1, 4, 8, 24, 72, 168, 720)
USUAL = 8
Word = Annotated[str, Form()]
Words = Annotated[list[str] | None, Form()]
EMPTY: dict[str, Any] = {
    "kind": "silence",
    "countries": [],
    "categories": [],
    "subtypes": [],
    "levels": [],
    "sources": "",
    "event": "",
    "starts": "",
    "hours": str(USUAL),
    "ends": "",
    "weekly": "",
    "zone": "UTC",
    "alarms": [],
    "reason": "",
}


def _written(
    kind: Word = "silence",
    countries: Words = None,
    categories: Words = None,
    subtypes: Words = None,
    levels: Words = None,
    sources: Word = "",
    event: Word = "",
    starts: Word = "",
    hours: Word = str(USUAL),
    ends: Word = "",
    weekly: Word = "",
    zone: Word = "UTC",
    alarms: Words = None,
    reason: Word = "",
) -> dict[str, Any]:
    lists = {"countries": countries or [], "categories": categories or [], "subtypes": subtypes or []}
    words = {"kind": kind, "sources": sources, "event": event, "starts": starts, "hours": hours, "ends": ends}
    more = {"zone": zone.strip() or "UTC", "alarms": alarms or []}
    return {**lists, **words, **more, "levels": levels or [], "weekly": weekly, "reason": reason}


Written = Annotated[dict[str, Any], Depends(_written)]


@router.get(HERE)
def show_silences(visit: Inside) -> Response:
    """Active, planned and past ones, each with what it held."""
    with visit.house.store.read() as session:
        counts = held_counts(session, visit.reader)
        rows = list_silences(session, visit.reader)
    shown = [silence_shown(row, counts.get(row.id or 0, (0, 0)), visit.telling) for row in rows]
    by_stage = {stage: [one for one in shown if one.stage == stage] for stage in STAGES}
    return page(visit, "silences.html", silences=by_stage, many=bool(shown), flash=flash(visit))


@router.get(HERE + "/new")
def show_form(visit: Inside) -> Response:
    """The form; with `alert` filled in to hold what is like it, or with `event` only that event."""
    query = visit.request.query_params
    asked = {**EMPTY, "kind": "window" if query.get("kind") == "window" else "silence"}
    if query.get("of") == "alarms":
        return _form(visit, asked | _alarm(query.get("source", ""), query.get("trouble", "")))
    number = query.get("alert", "")
    if number.isascii() and number.isdecimal() and int(number[:19]) <= LARGEST:
        asked |= _like(visit, int(number), only="event" in query)
        return _form(visit, asked, trial=_tried(visit, asked | {"reason": "?"}))
    return _form(visit, asked)


@router.post(HERE)
def add(visit: Inside, asked: Written, look: Word = "") -> Response:
    """Begin it; with `look` only say what it would hold."""
    try:
        if look:
            return _form(
                visit, asked, trial=try_silence(visit.house, visit.reader, _given(visit, asked | _reason(asked)))
            )
        row = add_silence(visit.house, visit.reader, _given(visit, asked))
    except WatchfireError as error:
        return _form(visit, asked, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=silence_added#silence-{row.id}", 303)


@router.get(HERE + "/{silence_id}")
def show(visit: Inside, silence_id: Number) -> Response:
    """One silence and what it held."""
    with visit.house.store.read() as session:
        row = get_silence(session, visit.reader, silence_id)
        counts = held_counts(session, visit.reader).get(silence_id, (0, 0))
        held = held_shown(held_by(session, row), visit.telling)
    one = silence_shown(row, counts, visit.telling)
    return page(visit, "silence_one.html", one=one, held=held, flash=flash(visit))


@router.post(HERE + "/{silence_id}/end")
def end(visit: Inside, silence_id: Number) -> Response:
    """End it now, or call it off."""
    end_silence(visit.house, visit.reader, silence_id)
    return RedirectResponse(f"{HERE}/{silence_id}?done=silence_ended", 303)


def _like(visit: Visit, number: int, *, only: bool) -> dict[str, Any]:
    """What the form says for an alert: everything like it, or its event alone."""
    with visit.house.store.read() as session:
        alert = get_alert(session, visit.reader, number)
        source = source_of_alarm(session, alert)
    if source:
        return _alarm(source, trouble_of(alert))
    if only and visit.reader.home:
        return {"event": str(alert.event_id)}
    kinds = {"categories": [], "subtypes": alert.subtypes} if alert.subtypes else {"categories": alert.categories}
    return {"countries": alert.countries, **kinds}


def _alarm(source: str, trouble: str) -> dict[str, Any]:
    """What the form says for alarms about sources: of one of them, if it is named."""
    known = [one.value for one in Trouble]
    return {"sources": source[:200], "alarms": [trouble] if trouble in known else known}


def _tried(visit: Visit, asked: dict[str, Any]) -> Trial | None:
    try:
        return try_silence(visit.house, visit.reader, _given(visit, asked))
    except WatchfireError:
        return None  # said when it is sent


def _reason(asked: dict[str, Any]) -> dict[str, Any]:
    """Trying needs no reason yet."""
    return {"reason": asked["reason"].strip() or "?"}


def _given(visit: Visit, asked: dict[str, Any]) -> SilenceGiven:
    zone = asked["zone"]
    start = _time(asked["starts"], zone)
    hours = int(asked["hours"]) if asked["hours"] in map(str, HOURS) else USUAL
    end = _time(asked["ends"], zone) or (max(start, visit.now) if start else visit.now) + timedelta(hours=hours)
    return SilenceGiven(
        ends_at=end,
        reason=asked["reason"],
        kind=asked["kind"],
        starts_at=start,
        countries=tuple(asked["countries"]),
        categories=tuple(asked["categories"]),
        subtypes=tuple(asked["subtypes"]),
        levels=tuple(_number(level) or 0 for level in asked["levels"]),
        sources=tuple(asked["sources"].replace(",", " ").split()),
        event_id=_number(asked["event"]),
        weekly_minutes=_number(asked["weekly"]) if asked["kind"] == "window" else None,
        zone=zone,
        alarms=tuple(asked["alarms"]),
    )


def _time(given: str, zone: str) -> datetime | None:
    plain = given.strip()
    return wall_time(plain, zone, "That is no time.", "Write it like 2026-05-01T06:00.") if plain else None


def _number(given: str) -> int | None:
    plain = given.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal()) or int(plain[:19]) > LARGEST:
        raise Invalid(f"{plain[:20]} is no number.", "Write it in digits.")
    return int(plain)


def _form(
    visit: Visit,
    asked: dict[str, Any],
    *,
    status: int = 200,
    problem: Said | None = None,
    trial: Trial | None = None,
) -> Response:
    telling = visit.telling
    groups = [
        (telling.words.category(one.value, visit.lang), one.value, [key for key, of in SUBTYPES.items() if of is one])
        for one in CATEGORIES
    ]
    return page(
        visit,
        "silence_new.html",
        status=status,
        here=HERE,
        asked=asked,
        trial=trial,
        countries=sorted(((code, telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        kinds=kinds_of(CATEGORIES, telling),
        groups=[
            (name, key, [(one, telling.words.subtype(one, visit.lang)) for one in several])
            for name, key, several in groups
        ],
        levels=[(int(level), level.roman) for level in HELD],
        lengths=[(str(hours), telling.words.span(timedelta(hours=hours), visit.lang)) for hours in HOURS],
        troubles=[(one.value, telling.say(f"quiet.alarm.{one.value}")) for one in Trouble],
        zones=zones(),
        problem=problem,
    )
