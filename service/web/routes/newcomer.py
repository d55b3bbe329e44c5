"""A new source: paste the address of a page, see what is behind it, say what it is, watch it, see its first entries."""

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ingest.entry import Sharing
from ingest.place.countries import CODES
from ingest.source_record import KINDS
from service.auth.access import Permission, demand
from service.desk.trial import Trial, first_look, prefilled, try_address, watch_now
from service.errors import NotFound, WatchfireError
from service.web.page import page
from service.web.said import Said, said
from service.web.shown.source import source_shown
from service.web.shown.trial import candidate_shown, entry_headline, listed_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE, NAV = "/sources/new", "/sources"
INTERVALS = (300, 600, 900, 1800, 3600, 7200, 21600, 86400)
LETTERS = "ABCDEF"


class Given(BaseModel):
    """The fields of a source as a form sends them; those of a source file, "" where nothing was said."""

    address: str = ""
    name: str = ""
    kind: str = ""
    country: str = ""
    language: str = ""
    reliability: str = ""
    sharing: str = ""
    interval: str = ""
    zone: str = ""
    critical: str = ""
    key: str = ""
    region: str = ""
    terms: str = ""
    rule: str = ""

    def fields(self) -> dict[str, str]:
        """Those that say something."""
        return {name: text.strip() for name, text in self.model_dump().items() if text.strip()}


@router.get(HERE)
def show_new(visit: Inside, address: str = "") -> Response:
    """The one field that it begins with."""
    _keeper(visit)
    return _asking(visit, address)


@router.get(HERE + "/form")
@router.get(HERE + "/watch")
def begin_again(visit: Inside) -> Response:
    """Forms that were sent cannot be come back to, only begun again: in the other language, say."""
    _keeper(visit)
    return RedirectResponse(HERE, 303)


@router.post(HERE)
async def try_one(visit: Inside, address: Annotated[str, Form()] = "") -> Response:
    """Look what is behind the address; nothing is stored."""
    _keeper(visit)
    trial = await try_address(visit.house, visit.reader, visit.house.sender.client, address)
    return await run_in_threadpool(_told, visit, address, trial)


@router.post(HERE + "/form")
def fill_in(visit: Inside, given: Annotated[Given, Form()]) -> Response:
    """The form of one candidate, for a person to check."""
    _keeper(visit)
    return _form(visit, given)


@router.post(HERE + "/watch")
async def watch(visit: Inside, given: Annotated[Given, Form()]) -> Response:
    """Watch it and look at it at once. What was typed is kept when it cannot be used."""
    try:
        look = await watch_now(visit.house, visit.reader, visit.house.sender.client, given.fields())
    except WatchfireError as error:
        return await run_in_threadpool(_form, visit, given, status=error.status, problem=said(visit, error))
    return RedirectResponse(f"{HERE}/{look.row.id}", 303)


@router.get(HERE + "/{source_id}")
def show_first(visit: Inside, source_id: Number) -> Response:
    """What the source brought at its first look, and how it does."""
    _keeper(visit)
    look = first_look(visit.house, visit.reader, source_id)
    return page(
        visit,
        "source_first.html",
        here=NAV,
        source=source_shown(look.row, visit.telling),
        headlines=[entry_headline(row, look.row.language, visit.telling) for row in look.entries],
    )


def _keeper(visit: Visit) -> None:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    demand(visit.reader, Permission.SOURCES)


def _asking(visit: Visit, address: str, *, status: int = 200, problem: Said | None = None, **found: Any) -> Response:
    nothing: dict[str, Any] = {"candidates": [], "listed": [], "failed": [], "why": None}
    return page(
        visit, "source_new.html", status=status, here=NAV, address=address, problem=problem, **{**nothing, **found}
    )


def _told(visit: Visit, address: str, trial: Trial) -> Response:
    found, watched = trial.discovery, trial.watched
    candidates = []
    for one in found.candidates:
        fields = prefilled(one, trial.listed)
        if one.rule is not None:
            fields["rule"] = json.dumps(dict(one.rule))
        candidates.append(candidate_shown(one, fields, watched.get(one.address, ""), visit.telling))
    problem = None if found.why is None else _why(visit, found.why.value, found.sentence)
    return _asking(
        visit,
        address,
        status=200 if found.why is None else 422,
        problem=problem,
        candidates=candidates,
        listed=[listed_shown(one, watched, visit.telling) for one in trial.listed],
        failed=found.failed if found.why is not None else (),
        why=found.why,
    )


def _why(visit: Visit, why: str, sentence: str) -> Said:
    advice = visit.say(f"web.new.why.{why}")
    return Said(f"{sentence} {advice}") if visit.lang == "en" else Said(advice, sentence)


def _form(visit: Visit, given: Given, *, status: int = 200, problem: Said | None = None) -> Response:
    words, lang = visit.house.catalogue, visit.lang
    seconds = sorted(
        {*INTERVALS, *([int(given.interval)] if given.interval.isascii() and given.interval.isdigit() else [])}
    )
    return page(
        visit,
        "source_form.html",
        status=status,
        here=NAV,
        given=given,
        kinds=KINDS,
        countries=sorted(((code, visit.telling.country(code)) for code in CODES), key=lambda pair: pair[1]),
        letters=LETTERS,
        marks=[mark.value for mark in Sharing if mark.value in visit.reader.marks],
        intervals=[(str(one), words.span(timedelta(seconds=one), lang)) for one in seconds],
        hidden=[(name, getattr(given, name)) for name in ("key", "region", "terms", "rule")],
        problem=problem,
    )
