"""The demonstration on a real desk as people meet it: one button to put it there, one to take it away, and the stories
behind its reports."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.demo.staging import load_stage, recall, remove_stage
from service.demo.world import load_world
from service.errors import NotFound
from service.web.page import page
from service.web.shown.outside import outside
from service.web.visit import Inside, local

router = APIRouter()


@router.post("/demonstration")
def load(visit: Inside, back: Annotated[str, Form()] = "/") -> Response:
    """Begin the story."""
    load_stage(visit.house, visit.reader)
    return RedirectResponse(f"{local(back)}?done=staged", 303)


@router.post("/demonstration/remove")
def remove(visit: Inside) -> Response:
    """Take all of it away."""
    remove_stage(visit.house, visit.reader)
    return RedirectResponse("/?done=unstaged", 303)


@router.get("/demo/story/{number}")
def story(visit: Inside, number: str) -> Response:
    """What a report's link leads to: its words, and that they are invented."""
    with visit.house.store.read() as session:
        telling = recall(session)
    piece = load_world().piece(number)
    standing = piece.version(telling.elapsed(visit.now)) if piece is not None and telling is not None else None
    if piece is None or standing is None:
        raise NotFound("There is no such page.")
    outlet, version = load_world().outlets[piece.outlet], standing[1]
    return page(
        visit,
        "staged_story.html",
        outlet=outside(outlet.name, None),
        title=outside(version.title, piece.language),
        told=outside(version.text, piece.language, 4000),
    )
