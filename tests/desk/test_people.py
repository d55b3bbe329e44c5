"""People, keys and organisations: who administers whom."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.auth.invite import accept_invitation
from service.desk.keys import list_keys, make_key, revoke_key
from service.desk.people import add_organisation, change, invite, list_organisations, list_people, set_active
from service.errors import Conflict, Invalid, NotFound, Refused
from tests.api.town import PASSWORD, Town


def test_the_last_administrator_stays(here: Town) -> None:
    here.person("ann", "admin")
    scope = here.operator()
    for deed in (
        lambda: set_active(here.house, scope, "ann", active=False),
        lambda: change(here.house, scope, "ann", role="viewer"),
    ):
        with pytest.raises(Refused, match="last administrator"):
            deed()
    here.person("bea", "admin")
    assert not set_active(here.house, scope, "ANN", active=False).active
    with pytest.raises(Refused):
        change(here.house, scope, "bea", role="manager")
    assert set_active(here.house, scope, "ann", active=True).active
    assert change(here.house, scope, "bea", role="owner", owner="legal-counsel").owner == "legal-counsel"
    with pytest.raises(Invalid, match="has no owner 'desk-legal'"):
        change(here.house, scope, "bea", owner="desk-legal")
    assert change(here.house, scope, "bea", owner="").owner is None


def test_a_subscribers_administrator_keeps_to_his_own(here: Town) -> None:
    here.person("ann", "admin")
    here.person("nora", "viewer", "north")
    north = here.operator("north")
    assert [person.name for person, _ in list_people(here.house, north)] == ["nora"]
    assert {person.name for person, _ in list_people(here.house, here.operator())} == {"ann", "nora"}
    with pytest.raises(NotFound):
        set_active(here.house, north, "ann", active=False)
    with pytest.raises(NotFound):
        invite(here.house, north, "admin", "home")
    with pytest.raises(NotFound):
        make_key(here.house, north, name="n", role="viewer", organisation="south")
    foreign, _ = make_key(here.house, here.operator(), name="n", role="viewer")
    with pytest.raises(NotFound):
        revoke_key(here.house, north, foreign.id or 0)
    make_key(here.house, north, name="mine", role="viewer")
    assert [key.name for key, _ in list_keys(here.house, north)] == ["mine"]
    with pytest.raises(Refused):
        list_organisations(here.house, north)


def test_organisations(here: Town) -> None:
    row = add_organisation(here.house, here.operator(), "east", "East Co", "amber+strict")
    assert (row.clearance, row.home) == ("TLP:AMBER+STRICT", False)
    with pytest.raises(Conflict):
        add_organisation(here.house, here.operator(), "east", "Again", "GREEN")
    for key, name, mark in (("East", "n", "GREEN"), ("e", " ", "GREEN"), ("e", "n", "PURPLE")):
        with pytest.raises(Invalid):
            add_organisation(here.house, here.operator(), key, name, mark)


def test_two_who_follow_one_link_at_once_make_one_account(here: Town) -> None:
    token = invite(here.house, here.operator(), "analyst").rpartition("/")[2]

    def join(name: str) -> bool:
        try:
            accept_invitation(here.store, token, name, PASSWORD, here.at)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(join, ("ann", "bea"))) == [False, True]
    assert len(list_people(here.house, here.operator())) == 1


def test_roles_that_are_none(here: Town) -> None:
    with pytest.raises(Invalid, match="viewer, analyst"):
        invite(here.house, here.operator(), "emperor")
