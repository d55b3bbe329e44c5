"""`watchfire person`, `watchfire key` and `watchfire organisation`: who may come in. The API and pages do the same."""

from datetime import timedelta
from typing import Annotated

import typer

from service.auth.sessions import paused_until
from service.cli.office import open_office, show, show_one
from service.desk.accounts import account, invitations, sign_out_everywhere, withdraw
from service.desk.keys import list_keys, make_key, revoke_key, state_of
from service.desk.people import (
    add_organisation,
    change,
    find_person,
    invite,
    list_organisations,
    list_people,
    reset_password,
    set_active,
)
from service.store.office import HANDLE
from service.store.pages import LARGEST

person_app = typer.Typer(no_args_is_help=True, add_completion=False)
key_app = typer.Typer(no_args_is_help=True, add_completion=False)
organisation_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Name = Annotated[str, typer.Argument(help="The name they sign in with.")]
Role = Annotated[str, typer.Option(help="viewer, analyst, owner, manager or admin.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Key of the organisation; the desk's own if not given.")
]


@person_app.command("list")
def people(as_json: Json = False) -> None:
    """Show everybody."""
    with open_office() as office:
        now = office.clock()
        lines = [
            {
                "name": person.name,
                "role": person.role,
                "owner": person.owner,
                "organisation": organisation.key,
                "active": person.active,
                "paused_until": paused_until(person, now),
                "since": person.created_at,
            }
            for person, organisation in list_people(office, office.scope())
        ]
        show(lines, as_json, "There is nobody yet. Make a link with `watchfire person invite --role admin`.")


@person_app.command("show")
def show_(name: Name, as_json: Json = False) -> None:
    """Show one person: sessions, what they stand for, what reaches them, and the keys that they made."""
    with open_office() as office:
        scope = office.scope()
        held = account(office, scope, find_person(office, scope, name).id or 0)
    person = held.person
    row = {
        "name": person.name,
        "role": person.role,
        "owner": person.owner,
        "organisation": held.organisation.key,
        "active": person.active,
        "paused_until": paused_until(person, office.clock()),
        "last_here": person.seen_at,
        "signed_in": len(held.sessions),
        "roster": held.member,
        "stands_for": [f"{owner} ({part})" for owner, part in held.holds],
        "channels": [channel.name for channel in held.channels],
        "keys": [f"{key.id} {key.name}" for key in held.keys],
    }
    show_one(row, as_json)


@person_app.command("invite")
def invite_(
    role: Role = "analyst",
    organisation: Organisation = None,
    note: Annotated[str, typer.Option(help="For whom it is.")] = "",
) -> None:
    """Make a link by which somebody makes an account; it works once, for a week."""
    with open_office() as office:
        print(invite(office, office.scope(), role, organisation, note))


@person_app.command("invitations")
def invitations_(as_json: Json = False) -> None:
    """Show the links that still work."""
    with open_office() as office:
        lines = [
            {
                "handle": row.token_hash[:HANDLE],
                "role": row.role,
                "organisation": organisation.key,
                "for": row.note,
                "made_by": row.made_by,
                "until": row.expires_at,
            }
            for row, organisation in invitations(office, office.scope())
        ]
        show(lines, as_json, "There is no open invitation. Make one with `watchfire person invite`.")


@person_app.command("withdraw")
def withdraw_(handle: Annotated[str, typer.Argument(help="`invitations` shows it.")]) -> None:
    """Take an invitation back: its link works no more."""
    with open_office() as office:
        withdraw(office, office.scope(), handle)
        print("The link works no more.")


@person_app.command("sign-out")
def sign_out(name: Name) -> None:
    """Sign somebody out everywhere."""
    with open_office() as office:
        scope = office.scope()
        ended = sign_out_everywhere(office, scope, find_person(office, scope, name).id or 0)
        print(f"Sessions ended: {ended}.")


@person_app.command("disable")
def disable(
    name: Name, keys: Annotated[bool, typer.Option("--keys", help="Revoke the keys that they made, too.")] = False
) -> None:
    """Let somebody in no more; every session of theirs ends at once."""
    with open_office() as office:
        gone = set_active(office, office.scope(), name, active=False, keys=keys)
        print(f"'{gone.name}' cannot sign in any more.")


@person_app.command("enable")
def enable(name: Name) -> None:
    """Let somebody in again."""
    with open_office() as office:
        print(f"'{set_active(office, office.scope(), name, active=True).name}' can sign in again.")


@person_app.command("reset")
def reset(name: Name) -> None:
    """Give somebody a new random password, shown this once; every session of theirs ends."""
    with open_office() as office:
        print(reset_password(office, office.scope(), name))


@person_app.command("change")
def change_(
    name: Name,
    role: Annotated[str | None, typer.Option(help="viewer, analyst, owner, manager or admin.")] = None,
    owner: Annotated[
        str | None, typer.Option(help='Key of the owner that they are; "" for none; `rules show --owners`.')
    ] = None,
) -> None:
    """Give somebody another role, or say which owner of the owners file they are."""
    with open_office() as office:
        person = change(office, office.scope(), name, role=role, owner=owner)
        print(f"'{person.name}' is {person.role}{f', owner {person.owner}' if person.owner else ''}.")


@key_app.command("list")
def keys(as_json: Json = False) -> None:
    """Show the API keys, revoked ones included."""
    with open_office() as office:
        now = office.clock()
        lines = [
            {
                "id": key.id,
                "name": key.name,
                "begins": key.hint,
                "role": key.role,
                "organisation": organisation.key,
                "works": state_of(key, now) == "works",
                "made_by": key.made_by,
                "used": key.used_at,
                "until": key.expires_at,
                "revoked": key.revoked_at,
            }
            for key, organisation in list_keys(office, office.scope())
        ]
        show(lines, as_json, "There is no key. Make one with `watchfire key make NAME`.")


@key_app.command("make")
def make(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Role = "viewer",
    days: Annotated[
        int | None, typer.Option(max=3660, help="How many days it works; until it is revoked if not given.")
    ] = None,
    organisation: Organisation = None,
) -> None:
    """Make an API key, shown this once."""
    with open_office() as office:
        lasts = timedelta(days=days) if days is not None else None
        print(make_key(office, office.scope(), name=name, role=role, organisation=organisation, lasts=lasts)[1])


@key_app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(min=1, max=LARGEST, help="Its number; `list` shows it.")]) -> None:
    """End a key, at once."""
    with open_office() as office:
        print(f"Key {number} '{revoke_key(office, office.scope(), number).name}' works no more.")


@organisation_app.command("list")
def organisations(as_json: Json = False) -> None:
    """Show the desk's own organisation and its subscribers."""
    with open_office() as office:
        lines = [
            {"key": row.key, "name": row.name, "desk": row.home, "clearance": row.clearance}
            for row in list_organisations(office, office.scope())
        ]
        show(lines, as_json, "There is no organisation.")


@organisation_app.command("add")
def add(
    key: Annotated[str, typer.Argument(help="Short key: a-z, 0-9, '-', '_', '.'.")],
    name: Annotated[str, typer.Argument(help="What it is called.")],
    clearance: Annotated[str, typer.Option(help="Strictest TLP mark that it may see.")] = "TLP:GREEN",
) -> None:
    """Add a subscriber: it sees what its subscriptions share with it."""
    with open_office() as office:
        row = add_organisation(office, office.scope(), key, name, clearance)
        print(f"Organisation '{row.key}' is there. Next: watchfire subscription add NAME -o {row.key}")
