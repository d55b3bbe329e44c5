"""The catalogue of public sources: packs to watch, sources to choose, and how evenly they cover the world."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from ingest.catalogue.packs import packs
from ingest.catalogue.read import Listed, catalogue, choose
from ingest.place.countries import CODES
from ingest.source_record import KINDS
from service.auth.access import Permission, demand
from service.desk.catalogue import Of, balance_of, count_packs, take, watched_addresses
from service.errors import NotFound, WatchfireError
from service.web.page import page
from service.web.said import Said, said
from service.web.shown.trial import balance_shown, language_name, listed_shown
from service.web.visit import Inside, Visit, address

router = APIRouter()
HERE, NAV = "/catalogue", "/sources"
ROWS = 60


class Asked(BaseModel):
    """Which sources of the catalogue to show: "" asks nothing. `taken` and `known` tell of what was just added."""

    pack: str = ""
    country: str = ""
    language: str = ""
    kind: str = ""
    q: str = ""
    start: int = 0
    taken: int = 0
    known: int = 0

    def filters(self) -> list[tuple[str, str]]:
        """What is asked, as it stands in an address."""
        named = (("pack", self.pack), ("country", self.country), ("language", self.language), ("kind", self.kind))
        return [(name, text) for name, text in named if text]

    def words(self) -> list[tuple[str, str]]:
        """What is looked for, as it stands in an address."""
        return [("q", self.q)] if self.q else []


@router.get(HERE)
def show_catalogue(visit: Inside, asked: Annotated[Asked, Query()]) -> Response:
    """Packs and sources, with filters."""
    word = visit.count("web.catalogue.taken", asked.taken, known=asked.known) if asked.taken + asked.known > 0 else ""
    return _shown(visit, asked, word=word)


@router.post(HERE)
def take_some(
    visit: Inside,
    key: Annotated[str, Form()] = "",
    pack: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Watch a source or a pack."""
    try:
        taken = take(visit.house, visit.reader, [key] if key else [], pack)
    except WatchfireError as error:
        return _shown(visit, Asked(pack=back), status=error.status, problem=said(visit, error))
    told = [("taken", str(len(taken.added))), ("known", str(len(taken.known)))]
    return RedirectResponse(address(HERE, [*([("pack", back)] if back in packs() else []), *told]), 303)


@router.get(HERE + "/balance")
def show_balance(visit: Inside, of: Of = "watched") -> Response:
    """Which countries, languages and kinds are thin: of what is watched, or of the catalogue."""
    _desk_only(visit)
    regions = {key: pack.called(visit.lang) for key, pack in packs().items()}
    found = balance_shown(balance_of(visit.house, visit.reader, of), regions, visit.telling)
    return page(visit, "balance.html", here=NAV, of=of, balance=found)


def _desk_only(visit: Visit) -> None:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
    demand(visit.reader, Permission.READ)


def _shown(visit: Visit, asked: Asked, *, status: int = 200, problem: Said | None = None, word: str = "") -> Response:
    _desk_only(visit)
    watched = watched_addresses(visit.house, visit.reader)
    found = [one for one in choose(catalogue(), **dict(asked.filters())) if _holds(one, asked.q)]
    start = min(max(asked.start, 0), len(found))
    shown, rest = found[start : start + ROWS], len(found) - start - ROWS
    return page(
        visit,
        "catalogue.html",
        status=status,
        here=NAV,
        packs=[(one, one.pack.called(visit.lang)) for one in count_packs(watched)],
        asked=asked,
        chosen=packs()[asked.pack].called(visit.lang) if asked.pack in packs() else "",
        found=len(found),
        listed=[listed_shown(one, watched, visit.telling) for one in shown],
        more=address(HERE, [*asked.filters(), *asked.words(), ("start", str(start + ROWS))]) if rest > 0 else None,
        **_choices(visit, catalogue()),
        problem=problem,
        flash=word,
    )


def _holds(one: Listed, words: str) -> bool:
    """Whether every word is in its names or its address."""
    text = f"{one.called('en')} {one.called('zh')} {one.feed.key} {one.feed.address}".casefold()
    return all(word in text for word in words.casefold().split())


def _choices(visit: Visit, entries: tuple[Listed, ...]) -> dict[str, Any]:
    """What the filters offer: only what something in the catalogue is."""
    countries = {one.feed.country for one in entries if one.feed.country in CODES}
    tongues = {(one.feed.language or "").split("-")[0] for one in entries}
    kinds = {one.feed.kind for one in entries}
    return {
        "countries": sorted(
            ((code, visit.telling.country(code)) for code in countries if code), key=lambda one: one[1]
        ),
        "tongues": sorted(((code, language_name(code, visit.telling)) for code in tongues), key=lambda one: one[1]),
        "kinds": [kind for kind in KINDS if kind in kinds],
    }
