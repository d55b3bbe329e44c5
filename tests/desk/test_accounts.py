"""One's own account, the accounts of others, and what the office knows of them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.auth.access import person_scope
from service.auth.sessions import sign_in
from service.desk.accounts import (
    account,
    change_manners,
    change_password,
    invitations,
    manners_of,
    sign_out_everywhere,
    withdraw,
)
from service.desk.audit import read_log
from service.desk.keys import list_keys, make_key
from service.desk.people import invite, list_people, set_active
from service.errors import Invalid, NotFound, Refused
from service.store.audit import AuditFilter
from service.store.log import write_log
from service.store.office import HANDLE, person_by_id
from service.store.scope import Scope
from tests.api.town import PASSWORD, Town

NEW = "three herons at low tide"


def scope_of(here: Town, number: int) -> Scope:
    with here.store.read() as session:
        found = person_by_id(session, number)
    assert found is not None
    return person_scope(*found)


def test_an_own_password(here: Town) -> None:
    number = here.person("ann", "analyst")
    kept = here.session("ann")
    here.session("ann")
    me = scope_of(here, number)
    with pytest.raises(Invalid, match="another one"):
        change_password(here.house, me, "wrong " + PASSWORD, NEW, kept)
    with pytest.raises(Invalid, match="characters"):
        change_password(here.house, me, PASSWORD, "short", kept)
    assert change_password(here.house, me, PASSWORD, NEW, kept) == 1
    assert manners_of(here.house, kept) == (None, None)
    assert sign_in(here.store, "ann", NEW, here.at)
    actions = [line.action for line in read_log(here.house, here.operator(), AuditFilter(actor="ann")).items]
    assert "person.password" in actions
    assert "person.sign_in_failed" in actions


def test_wrong_tries_pause_it(here: Town) -> None:
    me = scope_of(here, here.person("ann", "analyst"))
    for _ in range(5):
        with pytest.raises(Invalid):
            change_password(here.house, me, "no " + PASSWORD, NEW, None)
    with pytest.raises(Refused):
        change_password(here.house, me, PASSWORD, NEW, None)
    here.pass_time(minutes=16)
    assert change_password(here.house, me, PASSWORD, NEW, None) == 0


def test_language_and_zone(here: Town) -> None:
    me = scope_of(here, here.person("ann", "viewer"))
    row = change_manners(here.house, me, "zh", "Asia/Shanghai")
    assert (row.locale, row.zone) == ("zh", "Asia/Shanghai")
    assert manners_of(here.house, here.session("ann")) == ("zh", "Asia/Shanghai")
    for language, zone in (("fr", ""), ("", "Mars/Olympus"), ("", "../../etc/passwd"), ("", "localtime"), ("", "EST")):
        with pytest.raises(Invalid):
            change_manners(here.house, me, language, zone)
    row = change_manners(here.house, me, "", "")
    assert (row.locale, row.zone) == (None, None)
    with pytest.raises(Refused, match="no person"):
        change_manners(here.house, here.operator(), "zh", "")


def test_whose_account_may_be_seen(here: Town) -> None:
    ann, nora = here.person("ann", "viewer"), here.person("nora", "admin", "north")
    assert account(here.house, scope_of(here, ann), ann).person.name == "ann"
    with pytest.raises(Refused):
        account(here.house, scope_of(here, ann), nora)
    with pytest.raises(NotFound):
        account(here.house, scope_of(here, nora), ann)
    assert account(here.house, here.operator(), nora).organisation.key == "north"
    with pytest.raises(NotFound):
        account(here.house, here.operator(), 999)


def test_an_account_says_how_somebody_is_reached(here: Town) -> None:
    number = here.person("ann", "owner", owner="legal-counsel")
    here.channel("home", owner="legal-counsel")
    found = account(here.house, here.operator(), number)
    assert [row.owner for row in found.channels] == ["legal-counsel"]
    assert (found.member, found.holds) == ("", ())


def test_signing_out_everywhere(here: Town) -> None:
    number = here.person("ann", "viewer")
    here.session("ann")
    here.session("ann")
    assert sign_out_everywhere(here.house, here.operator(), number) == 2
    assert account(here.house, here.operator(), number).sessions == []


def test_links_are_listed_and_taken_back(here: Town) -> None:
    invite(here.house, here.operator(), "analyst", None, "Samuel\u202e, Nairobi")
    invite(here.house, here.operator("north"), "viewer")
    ((row, organisation),) = invitations(here.house, here.operator("north"))
    assert (row.made_by, row.note, organisation.name) == ("operator", None, "North")
    assert [one.note for one, _ in invitations(here.house, here.operator()) if one.note] == ["Samuel , Nairobi"]
    with pytest.raises(NotFound):
        withdraw(here.house, here.operator("south"), row.token_hash[:HANDLE])
    withdraw(here.house, here.operator("north"), row.token_hash[:HANDLE])
    assert invitations(here.house, here.operator("north")) == []
    with pytest.raises(NotFound):
        withdraw(here.house, here.operator(), "")


def test_who_was_here_and_which_key_was_used(here: Town) -> None:
    here.person("ann", "viewer")
    make_key(here.house, here.operator(), name="unused", role="viewer")
    token, session = here.key("viewer"), here.session("ann")

    async def come() -> None:
        async with here.client(token) as client:
            assert (await client.get("/api/v1/me")).status_code == 200
        async with here.client() as client:
            client.cookies.set("watchfire", session)
            assert (await client.get("/api/v1/me")).status_code == 200

    asyncio.run(come())
    first = here.at
    ((person, _),) = [pair for pair in list_people(here.house, here.operator()) if pair[0].name == "ann"]
    assert person.seen_at == first
    used = {key.name: (key.used_at, key.made_by) for key, _ in list_keys(here.house, here.operator())}
    assert used == {"unused": (None, "operator"), "viewer": (first, "operator")}
    here.pass_time(minutes=1)
    asyncio.run(come())
    ((person, _),) = [pair for pair in list_people(here.house, here.operator()) if pair[0].name == "ann"]
    assert person.seen_at == first, "written down every five minutes at most"


def test_the_log_is_for_managers_and_each_keeps_to_their_own(here: Town) -> None:
    here.person("nora", "admin", "north")
    invite(here.house, here.operator("north"), "viewer")
    invite(here.house, here.operator(), "viewer")
    boss = scope_of(here, here.person("mo", "manager"))
    wanted = AuditFilter(subject="person")
    assert len(read_log(here.house, here.operator(), wanted).items) == 2
    assert [line.detail["organisation"] for line in read_log(here.house, boss, wanted).items] == ["home"]
    for scope in (scope_of(here, here.person("ann", "analyst")), here.operator("north")):
        with pytest.raises(Refused):
            read_log(here.house, scope, wanted)


def test_what_others_say_about_alerts_is_not_the_desks(here: Town) -> None:
    nora, mo = here.person("nora", "admin", "north"), here.person("mo", "analyst")
    for number, actor in ((nora, "nora"), (mo, "mo")):
        with here.store.write() as session:
            write_log(
                session,
                at=here.at,
                actor=actor,
                action="comment.edit",
                subject="comment",
                subject_id=1,
                organisation_id=scope_of(here, number).organisation_id,
                detail={"before": f"{actor} said this"},
            )
    desk, own = here.operator(), scope_of(here, nora)
    assert [line.actor for line in read_log(here.house, desk, AuditFilter(subject="comment")).items] == ["mo"]
    assert account(here.house, desk, nora).lately == []
    assert [line.action for line in account(here.house, own, nora).lately] == ["comment.edit"]


def test_the_log_page_by_page(here: Town) -> None:
    for number in range(7):
        invite(here.house, here.operator(), "viewer", None, f"number {number}")
        here.pass_time(hours=10)
    seen, cursor = [], None
    while True:
        page = read_log(here.house, here.operator(), AuditFilter(actor="operator"), limit=3, cursor=cursor)
        seen += [line.detail["for"] for line in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"number {number}" for number in range(6, -1, -1)]
    one = AuditFilter(subject="person", subject_id="")
    first = read_log(here.house, here.operator(), one, limit=2)
    assert len(read_log(here.house, here.operator(), one, limit=9, cursor=first.next).items) == 5
    number = here.person("ann", "viewer")
    for active in (False, True, False):
        set_active(here.house, here.operator(), "ann", active=active)
    hers = AuditFilter(subject="person", subject_id=str(number))
    first = read_log(here.house, here.operator(), hers, limit=2)
    rest = read_log(here.house, here.operator(), hers, limit=2, cursor=first.next)
    assert [line.action for line in (*first.items, *rest.items)] == [
        "person.disable",
        "person.enable",
        "person.disable",
    ]
    day = here.at.replace(hour=0, minute=0) - timedelta(days=1)
    within = AuditFilter(since=day, until=here.at.replace(hour=0, minute=0))
    found = read_log(here.house, here.operator(), within).items
    assert found
    assert all(day <= line.at < here.at for line in found)


def test_two_administrators_cannot_switch_each_other_off_at_once(here: Town) -> None:
    here.person("ann", "admin")
    here.person("bea", "admin")

    def off(name: str) -> str:
        try:
            return set_active(here.house, here.operator(), name, active=False).name
        except Refused:
            return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(bool, pool.map(off, ("ann", "bea")))) == [False, True]
