"""The queue of entries worth a label, and correcting one entry wherever it is shown."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from ingest.place.countries import CODES
from service.auth.access import Permission, allows, may_act
from service.desk.corrections import Wanted, correct_entry, undo_correction
from service.desk.models import overview
from service.desk.queue import learning_queue
from service.desk.why import examples_like
from service.errors import NotFound, WatchfireError
from service.store.corrections import held_for, owners_of
from service.store.learning import entries_with, newest_said
from service.web.page import fragment, page
from service.web.said import Said, flash, said
from service.web.shown.reading import asked_card, card_of, example_of
from service.web.visit import Inside, Number, Visit, local

router = APIRouter()
HERE = "/learning"
ROWS = 25


@router.get(HERE)
def show_queue(visit: Inside) -> Response:
    """Entries that teach most, each with the form that judges it. A subscriber has no such page."""
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    found = overview(visit.house, visit.reader)
    asked = learning_queue(visit.house, visit.reader, ROWS)
    return page(
        visit,
        "learning.html",
        here=HERE,
        cards=[asked_card(one, visit.telling) for one in asked],
        may=allows(visit.reader, Permission.ACT),
        held=found.corrections,
        fresh=found.fresh,
        flash=flash(visit),
    )


@router.get("/entries/{entry_id}/correct")
def show_form(visit: Inside, entry_id: Number) -> Response:
    """The whole form, with sub-types and places; as a fragment beside a report."""
    return _form(visit, entry_id)


@router.post("/entries/{entry_id}/corrections")
def correct(
    visit: Inside,
    entry_id: Number,
    labels: Annotated[list[str] | None, Form()] = None,
    subtypes: Annotated[list[str] | None, Form()] = None,
    severity: Annotated[str, Form()] = "",
    countries: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
    none: Annotated[str, Form()] = "",
    whole: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Put a person's word over the machine's. Only the `whole` form speaks of sub-types and places."""
    chosen = [] if none else labels or []
    grave = int(severity) if severity.isascii() and severity.isdigit() and chosen else None
    fit = [key for key in subtypes or [] if chosen] if whole else None
    wanted = Wanted(chosen, fit, grave, (countries or []) if whole else None)
    try:
        correct_entry(visit.house, visit.reader, entry_id, wanted, reason)
    except WatchfireError as error:
        if visit.fragment or error.status != 422:
            raise
        return _form(visit, entry_id, problem=said(visit, error), back=back)
    if visit.fragment:
        return Response(status_code=204)
    return RedirectResponse(_done(back, "corrected"), 303)


@router.post("/entries/{entry_id}/corrections/undo")
def undo(visit: Inside, entry_id: Number, back: Annotated[str, Form()] = "") -> Response:
    """Take a correction back."""
    undo_correction(visit.house, visit.reader, entry_id)
    if visit.fragment:
        return Response(status_code=204)
    return RedirectResponse(_done(back, "uncorrected"), 303)


def _done(back: str, word: str) -> str:
    path = local(back, HERE)
    return f"{path}{'&' if '?' in path else '?'}done={word}"


def _form(visit: Visit, entry_id: int, *, problem: Said | None = None, back: str = "") -> Response:
    reader = visit.reader
    with visit.house.store.read() as session:
        row = entries_with(session, reader, [entry_id]).get(entry_id)
        newest = newest_said(session, reader, [entry_id]).get(entry_id)
        held = held_for(session, reader, [entry_id]).get(entry_id)
        may = may_act(reader, owners_of(session, reader, entry_id))
    if row is None or newest is None or not may:
        raise NotFound(f"There is no entry {entry_id} to correct.")
    values: dict[str, Any] = {
        "card": card_of(row, newest, held, visit.telling),
        "back": local(back or visit.request.query_params.get("back"), HERE),
        "countries": sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        "problem": problem,
        "examples": [example_of(one, visit.telling) for one in examples_like(visit.house, row[2])],
    }
    if visit.fragment:
        return fragment(visit, "correct_form.html", beside=True, **values)
    return page(visit, "correct.html", status=422 if problem else 200, here=HERE, beside=False, **values)
