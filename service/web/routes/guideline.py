"""The guideline: compiled and for print, its versions, proposing one, and deciding on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from rules.document import DocumentError
from service.auth.access import Permission, allows
from service.desk.guideline import (
    approve,
    in_force,
    note_seen,
    propose,
    roll_back,
    try_version,
    turn_down,
)
from service.desk.guideline_in_force import InForce
from service.desk.times import utc_time
from service.errors import NotFound, WatchfireError
from service.lanes import slow
from service.store.guidelines import clause_matches, get_version, guideline_history, list_versions
from service.web.page import fragment, page
from service.web.said import Said, flash, said
from service.web.shown.backtest import backtest_shown
from service.web.shown.fault import FaultShown, file_faults
from service.web.shown.guideline import (
    deeds,
    difference,
    guideline_shown,
    version_shown,
)
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/guideline"
CHANGES = HERE + "/changes"


@router.get(HERE)
def show(visit: Inside) -> Response:
    """What is in force, clause by clause, with when each last matched."""
    return page(visit, "guideline.html", here=HERE, guide=_compiled(visit), may=_may(visit), flash=flash(visit))


@router.get(HERE + "/print")
def show_print(visit: Inside) -> Response:
    """The same on paper, in both languages."""
    return fragment(visit, "guideline_print.html", guide=_compiled(visit))


@router.get(CHANGES)
def show_changes(visit: Inside) -> Response:
    """Every version that was proposed."""
    return _changes(visit)


@router.get(CHANGES + "/new")
def show_new(visit: Inside) -> Response:
    """The form that proposes a change, with the text in force."""
    return _form(visit, _current(visit).text, "")


@router.post(CHANGES)
@slow
def send(visit: Inside, text: Annotated[str, Form()] = "", note: Annotated[str, Form()] = "") -> Response:
    """Propose a text and try it; one with faults comes back with them, and with everything that was written."""
    text = text.replace("\r\n", "\n")
    try:
        row = propose(visit.house, visit.reader, text, note)
        try_version(visit.house, visit.reader, row.id or 0)
    except DocumentError as error:
        return _form(visit, text, note, faults=file_faults(error.every, visit.telling), status=422)
    except WatchfireError as error:
        return _form(visit, text, note, problem=said(visit, error), status=error.status)
    return RedirectResponse(f"{CHANGES}/{row.id}?done=guideline_proposed", 303)


@router.get(CHANGES + "/{number}")
def show_change(visit: Inside, number: Number) -> Response:
    """One version: what changes, what it would have done, and the decision."""
    return _change(visit, number)


@router.post(CHANGES + "/{number}/backtest")
@slow
def run(visit: Inside, number: Number) -> Response:
    """Try it again, against what is in force by now."""
    try:
        try_version(visit.house, visit.reader, number)
    except WatchfireError as error:
        return _change(visit, number, problem=said(visit, error), status=error.status)
    return RedirectResponse(f"{CHANGES}/{number}?done=guideline_tried", 303)


@router.post(CHANGES + "/{number}/approve")
def let_in(visit: Inside, number: Number, effective: Annotated[str, Form()] = "") -> Response:
    """Approve somebody else's proposal."""
    try:
        approve(visit.house, visit.reader, number, _time(effective))
    except WatchfireError as error:
        return _change(visit, number, problem=said(visit, error), status=error.status)
    return RedirectResponse(f"{CHANGES}/{number}?done=guideline_approved", 303)


@router.post(CHANGES + "/{number}/reject")
def refuse(visit: Inside, number: Number, reason: Annotated[str, Form()] = "") -> Response:
    """Reject a proposal, or withdraw one's own."""
    try:
        turn_down(visit.house, visit.reader, number, reason)
    except WatchfireError as error:
        return _change(visit, number, problem=said(visit, error), status=error.status)
    return RedirectResponse(f"{CHANGES}/{number}?done=guideline_turned_down", 303)


@router.post(HERE + "/rollback")
def back(visit: Inside, number: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "") -> Response:
    """Go back to an earlier version; none named means the operator's file or the shipped one."""
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    try:
        row = roll_back(visit.house, visit.reader, wanted or None, reason)
    except WatchfireError as error:
        return _changes(visit, problem=said(visit, error), status=error.status)
    return RedirectResponse(f"{CHANGES}/{row.id}?done=guideline_back", 303)


def _time(given: str) -> datetime | None:
    return utc_time(given, "That is no time.", "Write it like 2026-05-01T06:00.") if given else None


def _may(visit: Visit) -> bool:
    return allows(visit.reader, Permission.RULES)


def _current(visit: Visit) -> InForce:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    return in_force(visit.house, visit.reader)


def _compiled(visit: Visit) -> object:
    found = _current(visit)
    with visit.house.store.read() as session:
        matched = clause_matches(session, visit.reader)
    return guideline_shown(found, matched, visit.telling)


def _changes(visit: Visit, *, problem: Said | None = None, status: int = 200) -> Response:
    found = _current(visit)
    with visit.house.store.read() as session:
        rows = list_versions(session, visit.reader)
    actor, now = visit.reader.actor, visit.now
    return page(
        visit,
        "guideline_changes.html",
        status=status,
        here=CHANGES,
        version=found.guideline.version,
        origin=visit.say(f"guideline.origin.{found.origin}"),
        base=visit.say(f"guideline.origin.{'file' if visit.house.settings.guideline else 'shipped'}"),
        adopted=found.origin == "adopted",
        changes=[version_shown(row, found.number, actor, now, visit.telling) for row in rows],
        may=_may(visit),
        problem=problem,
        flash=flash(visit),
    )


def _form(
    visit: Visit,
    text: str,
    note: str,
    *,
    faults: Sequence[FaultShown] = (),
    problem: Said | None = None,
    status: int = 200,
) -> Response:
    version = _current(visit).guideline.version
    values: dict[str, Any] = {"text": text, "note": note, "faults": faults, "problem": problem, "version": version}
    return page(visit, "guideline_new.html", status=status, here=CHANGES, may=_may(visit), **values)


def _change(visit: Visit, number: int, *, problem: Said | None = None, status: int = 200) -> Response:
    found = _current(visit)
    with visit.house.store.read() as session:
        row = get_version(session, visit.reader, number)
        if row is None:
            raise NotFound("There is no such version.")
        lines = guideline_history(session, visit.reader, number)
    if row.proposed_by == visit.reader.actor and row.decided_at is not None and row.seen_at is None:
        note_seen(visit.house, visit.reader, number)
    shown = version_shown(row, found.number, visit.reader.actor, visit.now, visit.telling)
    return page(
        visit,
        "guideline_change.html",
        status=status,
        here=CHANGES,
        one=shown,
        lines=difference(found.text, row.text),
        tried=backtest_shown(row.backtest, visit.telling),
        history=deeds(lines, visit.telling),
        may=_may(visit),
        problem=problem,
        flash=flash(visit),
    )
