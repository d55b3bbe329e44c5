"""/people: who may come in, and the links that are open. For administrators; a subscriber's sees their own people."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from service.api.asked import Number, PeopleAsked, asks_nothing
from service.api.house import PeopleKeeper, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.staff import (
    DisableGiven,
    EndedShape,
    InvitationGiven,
    InvitationShape,
    LinkShape,
    PasswordShape,
    PersonChange,
    PersonShape,
    PersonWhole,
    invitation_shape,
    person_shape,
    person_whole,
)
from service.desk.accounts import account, invitations, sign_out_everywhere, somebody, withdraw
from service.desk.people import change, invite, page_through_people, reset_password, set_active

router = APIRouter(prefix="/people", tags=["people"])
ONCE = [Depends(asks_nothing)]
Handle = Annotated[str, Path(pattern=r"^[0-9a-f]{1,64}$")]


@router.get("", name="list")
def list_(house: TheHouse, scope: PeopleKeeper, asked: Annotated[PeopleAsked, Query()]) -> Listed[PersonShape]:
    """Everybody, in the order in which they joined: of all organisations for the desk."""
    now = house.clock()
    page = page_through_people(
        house,
        scope,
        role=asked.role,
        working=asked.active,
        organisation=asked.organisation,
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return listed(page, lambda pair: person_shape(*pair, now))


@router.get("/invitations", name="invitations", dependencies=ONCE)
def links(house: TheHouse, scope: PeopleKeeper) -> Listed[InvitationShape]:
    """Links that still work, the newest first."""
    return Listed(items=[invitation_shape(row, of) for row, of in invitations(house, scope)])


@router.post("/invitations", name="invite", status_code=201, dependencies=ONCE)
def ask_in(house: TheHouse, scope: PeopleKeeper, given: InvitationGiven) -> LinkShape:
    """A link by which somebody makes an account with this role, answered this once."""
    return LinkShape(link=invite(house, scope, given.role, given.organisation, given.note))


@router.delete("/invitations/{handle}", name="withdraw", status_code=204, dependencies=ONCE)
def take_back(house: TheHouse, scope: PeopleKeeper, handle: Handle) -> None:
    """Make a link worthless."""
    withdraw(house, scope, handle)


@router.get("/{person_id}", dependencies=ONCE)
def show(house: TheHouse, scope: PeopleKeeper, person_id: Number) -> PersonWhole:
    """One person, with their sessions, what they stand for and what reaches them."""
    return person_whole(account(house, scope, person_id), house.clock())


@router.patch("/{person_id}", name="change", dependencies=ONCE)
def change_(house: TheHouse, scope: PeopleKeeper, person_id: Number, given: PersonChange) -> PersonWhole:
    """Give somebody another role, or say which owner they are."""
    change(house, scope, somebody(house, scope, person_id).name, role=given.role, owner=given.owner)
    return show(house, scope, person_id)


@router.post("/{person_id}/disable", dependencies=ONCE)
def disable(
    house: TheHouse, scope: PeopleKeeper, person_id: Number, given: Annotated[DisableGiven | None, Body()] = None
) -> PersonWhole:
    """Let somebody in no more: every session ends at once. The last administrator of the desk stays."""
    keys = given is not None and given.keys
    set_active(house, scope, somebody(house, scope, person_id).name, active=False, keys=keys)
    return show(house, scope, person_id)


@router.post("/{person_id}/enable", dependencies=ONCE)
def enable(house: TheHouse, scope: PeopleKeeper, person_id: Number) -> PersonWhole:
    """Let somebody in again."""
    set_active(house, scope, somebody(house, scope, person_id).name, active=True)
    return show(house, scope, person_id)


@router.delete("/{person_id}/sessions", dependencies=ONCE)
def sessions(house: TheHouse, scope: PeopleKeeper, person_id: Number) -> EndedShape:
    """Sign somebody out everywhere."""
    return EndedShape(ended=sign_out_everywhere(house, scope, person_id))


@router.post("/{person_id}/password", status_code=201, dependencies=ONCE)
def password(house: TheHouse, scope: PeopleKeeper, person_id: Number) -> PasswordShape:
    """A new random password, answered this once; every session of theirs ends and a pause is lifted."""
    return PasswordShape(password=reset_password(house, scope, somebody(house, scope, person_id).name))
