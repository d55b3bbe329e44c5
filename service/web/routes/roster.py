"""The roster calendar: who is on duty, gaps, swaps, the morning list, and the roster as it is written."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from rules.hours import zone_of
from rules.roster import Rosters
from rules.roster_check import Finding
from rules.roster_file import RosterError, parse_rosters
from service.auth.access import Permission, allows
from service.desk.rosters import Calendar, add_swap, calendar, cancel_swap, check_text, import_roster, morning
from service.desk.times import typed_time
from service.errors import WatchfireError
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.fault import FaultShown, file_faults, finding_faults
from service.web.shown.roster import (
    DAYS,
    findings_shown,
    first_day,
    lapsed_shown,
    member_name,
    rosters_shown,
    swaps_shown,
    window,
)
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/roster"
MOST_FAULTS = 30
EMPTY = {"owner": "", "person": "", "instead": "", "start": "", "end": "", "reason": ""}


@router.get(HERE)
def show_roster(visit: Inside) -> Response:
    """Two weeks of who is on duty."""
    return _shown(visit)


@router.post(HERE + "/swaps")
def enter_swap(
    visit: Inside,
    owner: Annotated[str, Form()] = "",
    person: Annotated[str, Form()] = "",
    instead: Annotated[str, Form()] = "",
    start: Annotated[str, Form()] = "",
    end: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Let somebody stand in; times are those of the owner's roster."""
    asked = {"owner": owner, "person": person, "instead": instead, "start": start, "end": end, "reason": reason}
    try:
        found = calendar(visit.house, visit.reader, visit.now, visit.now + timedelta(days=1))
        add_swap(
            visit.house,
            visit.reader,
            owner=owner,
            person=person,
            instead=instead or None,
            start=_local(start, found.rosters, owner),
            end=_local(end, found.rosters, owner),
            reason=reason,
        )
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error), asked=asked)
    return RedirectResponse(f"{HERE}?done=swap_added#swaps", 303)


@router.post(HERE + "/swaps/{number}/cancel")
def take_back(visit: Inside, number: Number) -> Response:
    """Take a swap back."""
    try:
        cancel_swap(visit.house, visit.reader, number)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}?done=swap_cancelled#swaps", 303)


@router.post(HERE + "/file")
def put_file(
    visit: Inside,
    text: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    check: Annotated[str, Form()] = "",
) -> Response:
    """Check a roster, or put it in force after the check."""
    written = text.replace("\r\n", "\n")
    if faults := _faults(visit, written):
        return _shown(visit, status=422, text=written, faults=faults)
    if not check:
        try:
            import_roster(visit.house, visit.reader, written, note=note)
        except WatchfireError as error:
            return _shown(visit, status=error.status, problem=said(visit, error), text=written)
        return RedirectResponse(f"{HERE}?done=roster_imported", 303)
    return _shown(visit, text=written, checked=True)


def _faults(visit: Visit, text: str) -> list[FaultShown]:
    """What keeps a roster from taking effect, each with its line."""
    try:
        parse_rosters(text)
    except RosterError as error:
        return file_faults(error.every[:MOST_FAULTS], visit.telling)
    _, findings = check_text(visit.house, visit.reader, text, "roster.yaml")
    return finding_faults(findings, visit.telling)


def _local(text: str, rosters: Rosters, owner: str) -> datetime:
    roster = rosters.rosters.get(owner)
    found = typed_time(text, f"'{text[:40]}' is no time.", "Give a day and a time.")
    return found.replace(tzinfo=found.tzinfo or zone_of(roster.zone if roster else "UTC")).astimezone(UTC)


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
    text: str | None = None,
    faults: list[FaultShown] | None = None,
    checked: bool = False,
) -> Response:
    query, telling = visit.request.query_params, visit.telling
    first = first_day(query.get("start", ""), visit.now)
    found = calendar(visit.house, visit.reader, *window(first))
    judged = text if text is not None and not faults else None
    rosters, findings = found.rosters, tuple[Finding, ...]()
    if found.file or judged:
        rosters, findings = check_text(visit.house, visit.reader, judged, "roster.yaml")
    wish = "example" in query and text is None
    return page(
        visit,
        "roster.html",
        status=status,
        here=HERE,
        rosters=rosters_shown(found, first, telling),
        first=telling.words.day(first, telling.lang),
        last=telling.words.day(first + timedelta(days=DAYS - 1), telling.lang),
        earlier=(first - timedelta(days=DAYS)).isoformat(),
        later=(first + timedelta(days=DAYS)).isoformat(),
        this_week=first == first_day("", visit.now),
        findings=findings_shown(findings, rosters, telling),
        lapsed=lapsed_shown(morning(visit.house, visit.reader), telling),
        swaps=swaps_shown(found.swaps, found.rosters, telling),
        without=[telling.owner(key) or key for key in found.without],
        people=[(key, member_name(found.rosters, key)) for key in found.rosters.members],
        file=found.file,
        by=telling.actor(found.file.by) if found.file is not None else "",
        since=telling.moment(found.file.created_at) if found.file is not None else None,
        text=text if text is not None else _written(found, example=wish),
        open_file=text is not None or wish,
        faults=faults or [],
        checked=checked,
        may=allows(visit.reader, Permission.ROSTERS),
        asked=asked or EMPTY,
        problem=problem,
        flash=flash(visit),
    )


def _written(found: Calendar, *, example: bool) -> str:
    if found.file is not None:
        return found.file.text
    return files("rules").joinpath("defaults", "roster.yaml").read_text(encoding="utf-8") if example else ""
