"""/alerts/N/comments: what people say to each other about an alert."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from service.api.asked import Number, asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.comment import CommentShape, comment_shape
from service.api.shapes.common import Listed
from service.desk.comments import LONGEST, change_comment, comment, talk_about, withdraw_comment
from service.desk.house import House
from service.errors import NotFound
from service.store.read_alerts import get_alert
from service.store.scope import Scope

router = APIRouter(prefix="/alerts/{alert_id}/comments", tags=["comments"], dependencies=[Depends(asks_nothing)])


class CommentGiven(BaseModel):
    """Plain text. `@name` calls a person of the reader's organisation."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=2 * LONGEST)


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, alert_id: Number) -> Listed[CommentShape]:
    """The newest 200 comments of the reader's organisation on an alert, oldest first."""
    return Listed[CommentShape](items=_comments(house, scope, alert_id), next=None)


@router.post("", status_code=201)
def add(house: TheHouse, scope: Reader, alert_id: Number, given: Annotated[CommentGiven, Body()]) -> CommentShape:
    """Say something; whoever is mentioned is told by the channels that they have."""
    return _one(house, scope, alert_id, comment(house, scope, alert_id, given.text).id)


@router.put("/{comment_id}")
def change(
    house: TheHouse, scope: Reader, alert_id: Number, comment_id: Number, given: Annotated[CommentGiven, Body()]
) -> CommentShape:
    """Say one's own in other words, within a quarter of an hour."""
    return _one(house, scope, alert_id, change_comment(house, scope, alert_id, comment_id, given.text).id)


@router.delete("/{comment_id}", status_code=204)
def remove(house: TheHouse, scope: Reader, alert_id: Number, comment_id: Number) -> Response:
    """Take one's own away, within a quarter of an hour."""
    withdraw_comment(house, scope, alert_id, comment_id)
    return Response(status_code=204)


def _comments(house: House, scope: Scope, alert_id: int) -> list[CommentShape]:
    with house.store.read() as session:
        get_alert(session, scope, alert_id)
        return [comment_shape(one) for one in talk_about(session, scope, [alert_id], house.clock()).said]


def _one(house: House, scope: Scope, alert_id: int, comment_id: int | None) -> CommentShape:
    found = next((one for one in _comments(house, scope, alert_id) if one.id == comment_id), None)
    if found is None:
        raise NotFound(f"There is no comment {comment_id} on alert {alert_id}.", "It may have been removed.")
    return found
