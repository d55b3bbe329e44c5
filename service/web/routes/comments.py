"""Comments on alerts, and where the reader was called by name."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.desk.comments import change_comment, comment, read_mentions, talk_about, withdraw_comment
from service.errors import WatchfireError
from service.store.comments import mentions_of, unread_mentions
from service.store.read_alerts import get_alert
from service.web.page import fragment, page
from service.web.said import Said, flash, said
from service.web.shown.talk import mention_shown, talk_shown
from service.web.visit import Inside, Number, Visit, local

router = APIRouter()
HERE = "/mentions"
Text = Annotated[str, Form()]


@router.get("/alerts/{alert_id}/comments")
def show(visit: Inside, alert_id: Number) -> Response:
    """What was said, as a fragment for open pages; by itself it is a page with the form."""
    read_mentions(visit.house, visit.reader, [alert_id])
    return _talk(visit, alert_id)


@router.post("/alerts/{alert_id}/comments")
def add(visit: Inside, alert_id: Number, text: Text = "", back: Text = "") -> Response:
    """Say something; what cannot be kept comes back with the form."""
    try:
        row = comment(visit.house, visit.reader, alert_id, text)
    except WatchfireError as error:
        if error.status != 422 or visit.fragment:
            raise
        return _talk(visit, alert_id, problem=said(visit, error), typed=text, back=back)
    return _back(visit, back, alert_id, f"comment-{row.id}")


@router.post("/alerts/{alert_id}/comments/{comment_id}")
def change(visit: Inside, alert_id: Number, comment_id: Number, text: Text = "", back: Text = "") -> Response:
    """Say one's own in other words."""
    change_comment(visit.house, visit.reader, alert_id, comment_id, text)
    return _back(visit, back, alert_id, f"comment-{comment_id}")


@router.post("/alerts/{alert_id}/comments/{comment_id}/remove")
def remove(visit: Inside, alert_id: Number, comment_id: Number, back: Text = "") -> Response:
    """Take one's own away."""
    withdraw_comment(visit.house, visit.reader, alert_id, comment_id)
    return _back(visit, back, alert_id, "comments")


@router.get(HERE)
def mentions(visit: Inside) -> Response:
    """Where the reader was called, the newest first; as a fragment only how many they have not read."""
    with visit.house.store.read() as session:
        if visit.fragment == "mentions":
            return fragment(visit, "mentions_link.html", unread=unread_mentions(session, visit.reader))
        rows = mentions_of(session, visit.reader)
    return page(visit, "mentions.html", here=HERE, rows=[mention_shown(row, visit.telling) for row in rows])


def _talk(visit: Visit, alert_id: int, *, problem: Said | None = None, typed: str = "", back: str = "") -> Response:
    with visit.house.store.read() as session:
        alert = get_alert(session, visit.reader, alert_id)
        talk = talk_shown(talk_about(session, visit.reader, [alert_id], visit.now), visit.telling, visit.reader.actor)
    values: dict[str, Any] = {"talk": talk, "alert_id": alert_id, "problem": problem, "typed": typed}
    values |= {"back": local(back, f"/alerts/{alert_id}"), "talk_alerts": [alert_id]}
    values["talk_from"] = f"/alerts/{alert_id}/comments"
    if visit.fragment:
        return fragment(visit, "comment_list.html", **values)
    title = alert.title if alert.source_id is None else ""
    return page(visit, "comments_page.html", status=422 if problem else 200, title=title, flash=flash(visit), **values)


def _back(visit: Visit, back: str, alert_id: int, place: str) -> Response:
    if visit.fragment:
        return Response(status_code=204)
    return RedirectResponse(f"{local(back, f'/alerts/{alert_id}')}#{place}", 303)
