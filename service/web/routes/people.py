"""People: who may come in, the links that are open, and one page for each of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from service.auth.access import GRANTS, Permission, allows, demand
from service.desk.accounts import account, invitations, sessions_by_person, sign_out_everywhere, somebody, withdraw
from service.desk.people import change, invite, list_organisations, list_people, reset_password, set_active
from service.errors import WatchfireError
from service.store.people import organisation_by_id
from service.store.scope import Role
from service.store.tables import Organisation
from service.web.page import page
from service.web.said import Said, flash, said
from service.web.shown.people import GRAVER, account_shown, invitation_shown, people_shown
from service.web.visit import Inside, Number, Visit

router = APIRouter()
HERE = "/people"
LAST_ADMIN = "is the last administrator"


@router.get(HERE)
def show_people(visit: Inside) -> Response:
    """Everybody, and the links that are open."""
    return _shown(visit)


@router.post(HERE + "/invite")
def ask_in(
    visit: Inside,
    role: Annotated[str, Form()] = "",
    organisation: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """A link, shown in this answer and never again."""
    asked = {"role": role, "organisation": organisation, "note": note}
    try:
        link = invite(visit.house, visit.reader, role, organisation or None, note)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error), asked=asked)
    return _shown(visit, link=link)


@router.post(HERE + "/invitations/{handle}/withdraw")
def take_back(visit: Inside, handle: str) -> Response:
    """A link that shall work no more."""
    try:
        withdraw(visit.house, visit.reader, handle)
    except WatchfireError as error:
        return _shown(visit, status=error.status, problem=said(visit, error, "people.invitation_gone"))
    return RedirectResponse(f"{HERE}?done=uninvited", 303)


@router.get(HERE + "/{person_id}")
def show_person(visit: Inside, person_id: Number) -> Response:
    """One of them."""
    return _one(visit, person_id)


@router.post(HERE + "/{person_id}/role")
def set_role(visit: Inside, person_id: Number, role: Annotated[str, Form()] = "") -> Response:
    """What somebody may do."""
    return _do(visit, person_id, "role_changed", lambda name: change(visit.house, visit.reader, name, role=role))


@router.post(HERE + "/{person_id}/owner")
def set_owner(visit: Inside, person_id: Number, owner: Annotated[str, Form()] = "") -> Response:
    """Which owner of the owners file somebody is."""
    return _do(visit, person_id, "owner_changed", lambda name: change(visit.house, visit.reader, name, owner=owner))


@router.post(HERE + "/{person_id}/off")
def switch_off(visit: Inside, person_id: Number, keys: Annotated[str, Form()] = "") -> Response:
    """Let somebody in no more; with a tick the keys that they made open nothing any more either."""
    return _do(
        visit,
        person_id,
        "person_off",
        lambda name: set_active(visit.house, visit.reader, name, active=False, keys=keys == "yes"),
    )


@router.post(HERE + "/{person_id}/on")
def switch_on(visit: Inside, person_id: Number) -> Response:
    """Let somebody in again."""
    return _do(visit, person_id, "person_on", lambda name: set_active(visit.house, visit.reader, name, active=True))


@router.post(HERE + "/{person_id}/sessions")
def end_all(visit: Inside, person_id: Number) -> Response:
    """Sign somebody out everywhere."""
    return _do(
        visit, person_id, "sessions_ended", lambda _name: sign_out_everywhere(visit.house, visit.reader, person_id)
    )


@router.post(HERE + "/{person_id}/reset")
def give_password(visit: Inside, person_id: Number) -> Response:
    """A new password, shown in this answer and never again."""
    name = somebody(visit.house, visit.reader, person_id).name
    try:
        password = reset_password(visit.house, visit.reader, name)
    except WatchfireError as error:
        return _one(visit, person_id, status=error.status, problem=said(visit, error))
    return _one(visit, person_id, secret=password)


def _do(visit: Visit, number: int, word: str, deed: Any) -> Response:
    demand(visit.reader, Permission.PEOPLE)  # one's own account is open to oneself, but elsewhere
    name = somebody(visit.house, visit.reader, number).name
    try:
        deed(name)
    except WatchfireError as error:
        key = "people.last_admin" if LAST_ADMIN in error.what else None
        return _one(visit, number, status=error.status, problem=said(visit, error, key))
    return RedirectResponse(f"{HERE}/{number}?done={word}", 303)


def roles_of(visit: Visit) -> list[tuple[str, str, str]]:
    """Every role: key, name, and what it may do, in words."""
    return [(role.value, visit.say(f"web.who.{role.value}"), visit.say(f"people.role.{role.value}")) for role in GRAVER]


def organisations_of(visit: Visit) -> list[Organisation]:
    """The organisations that the reader may name: all for the desk, else their own."""
    if allows(visit.reader, Permission.ORGANISATIONS):
        return list_organisations(visit.house, visit.reader)
    with visit.house.store.read() as session:
        return [organisation_by_id(session, visit.reader.organisation_id)]


def _shown(
    visit: Visit,
    *,
    status: int = 200,
    problem: Said | None = None,
    asked: dict[str, str] | None = None,
    link: str = "",
) -> Response:
    scope, telling = visit.reader, visit.telling
    demand(scope, Permission.PEOPLE)
    rows = list_people(visit.house, scope)
    people = people_shown(rows, sessions_by_person(visit.house, scope), telling, scope.person_id)
    admins = [row for row, of in rows if of.home and row.active and row.role == Role.ADMIN]
    return page(
        visit,
        "people.html",
        status=status,
        here=HERE,
        people=people,
        total=sum(map(len, people.values())),
        admins=len(admins),
        invitations=[invitation_shown(row, of.name, telling) for row, of in invitations(visit.house, scope)],
        roles=roles_of(visit),
        organisations=organisations_of(visit),
        asked=asked or {"role": "analyst", "organisation": "", "note": ""},
        link=link,
        problem=problem,
        flash=flash(visit),
    )


def _one(visit: Visit, number: int, *, status: int = 200, problem: Said | None = None, secret: str = "") -> Response:
    demand(visit.reader, Permission.PEOPLE)
    held = account(visit.house, visit.reader, number)
    grants = GRANTS[Role(held.person.role)]
    return page(
        visit,
        "person.html",
        status=status,
        here=f"{HERE}/{number}",
        held=account_shown(held, visit.telling, visit.reader.person_id),
        roles=roles_of(visit),
        may_do=[visit.say(f"people.may.{permission.value}") for permission in Permission if permission in grants],
        owners=[(key, visit.telling.owner(key)) for key in visit.telling.owners] if held.organisation.home else [],
        secret=secret,
        problem=problem,
        flash=flash(visit),
    )
