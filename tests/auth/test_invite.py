"""Invitations: once, and not for ever."""

import pytest
from sqlmodel import select

from service.auth.access import Permission, allows, person_scope
from service.auth.invite import accept_invitation, find_invitation, first_invitation
from service.desk.people import invite
from service.errors import Conflict, Invalid, NotFound
from service.store.people import organisation_by_id
from service.store.tables import Invitation, Person
from tests.api.town import PASSWORD, Town


def token_of(link: str | None) -> str:
    """The token in a link."""
    assert link is not None
    assert link.startswith("https://desk.example/welcome/")
    return link.rpartition("/")[2]


def first(town: Town) -> str:
    """The first invitation's token."""
    return token_of(first_invitation(town.store, town.at, "https://desk.example/"))


def test_the_first_link_makes_an_administrator_once(here: Town) -> None:
    token = first(here)
    assert find_invitation(here.store, token, here.at).role == "admin"
    person = accept_invitation(here.store, token, " Ann ", PASSWORD, here.at)
    assert (person.name, person.role) == ("ann", "admin")
    with here.store.read() as session:
        scope = person_scope(person, organisation_by_id(session, person.organisation_id))
    assert allows(scope, Permission.PEOPLE)
    with pytest.raises(NotFound):
        accept_invitation(here.store, token, "bob", PASSWORD, here.at)
    assert first_invitation(here.store, here.at, "https://desk.example") is None


def test_a_new_first_link_replaces_the_older(here: Town) -> None:
    old, new = first(here), first(here)
    with pytest.raises(NotFound):
        find_invitation(here.store, old, here.at)
    assert find_invitation(here.store, new, here.at)
    with here.store.read() as session:
        assert new not in str(session.exec(select(Invitation)).all())


def test_a_link_grows_old(here: Town) -> None:
    token = first(here)
    here.pass_time(hours=24)
    with pytest.raises(NotFound):
        accept_invitation(here.store, token, "ann", PASSWORD, here.at)


@pytest.mark.parametrize("token", ["", "x", "../..", "A" * 43, "\x00" * 43])
def test_made_up_links(here: Town, token: str) -> None:
    with pytest.raises(NotFound):
        find_invitation(here.store, token, here.at)


def test_a_refused_name_or_password_does_not_use_the_link_up(here: Town) -> None:
    token = first(here)
    for name, password in (("", PASSWORD), ("ann", "short"), ("ann", "annannannannann")):
        with pytest.raises(Invalid):
            accept_invitation(here.store, token, name, password, here.at)
    here.person("ann", "viewer")
    with pytest.raises(Conflict):
        accept_invitation(here.store, token, "ANN", PASSWORD, here.at)
    assert accept_invitation(here.store, token, "bea", PASSWORD, here.at).name == "bea"


def test_others_are_invited_with_a_role_and_an_organisation(here: Town) -> None:
    link = invite(here.house, here.operator(), "manager", "north")
    person = accept_invitation(here.store, link.rpartition("/")[2], "nora", PASSWORD, here.at)
    assert (person.role, person.organisation_id) == ("manager", here.numbers["organisation:north"])
    with here.store.read() as session:
        assert len(session.exec(select(Person)).all()) == 1
