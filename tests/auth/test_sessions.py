"""Signing in, staying in, going out; and what happens to those who guess."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from service.auth.access import person_scope
from service.auth.passwords import is_outdated
from service.auth.sessions import LONGEST_PAUSE, keep, needs_keeping, pause_after, sign_in, sign_out
from service.auth.tokens import hash_token
from service.desk.people import reset_password, set_active
from service.errors import Refused
from service.store.people import person_by_name, signed_in
from service.store.tables import LogLine, SignIn
from tests.api.town import PASSWORD, START, Town


def opens(town: Town, token: str) -> str | None:
    """Whose session a token opens now."""
    with town.store.read() as session:
        found = signed_in(session, hash_token(token), town.at)
        return person_scope(found[0], found[1]).actor if found else None


def test_sign_in_and_out(here: Town) -> None:
    here.person("ann", "analyst")
    token = sign_in(here.store, " ANN ", PASSWORD, here.at)
    assert opens(here, token) == "ann"
    with here.store.read() as session:
        assert token not in str(session.exec(select(SignIn)).all())
    sign_out(here.store, token, here.at)
    assert opens(here, token) is None
    sign_out(here.store, token, here.at)
    with here.store.read() as session:
        actions = [line.action for line in session.exec(select(LogLine)).all()]
    assert actions == ["person.sign_in", "person.sign_out"]


def test_an_outdated_hash_is_renewed_at_sign_in(here: Town) -> None:
    here.person("ann", "analyst")
    sign_in(here.store, "ann", PASSWORD, here.at)
    with here.store.read() as session:
        person = person_by_name(session, "ann")
        assert person is not None
        assert not is_outdated(person.password_hash)


def test_wrong_name_wrong_password_and_pause_say_the_same(here: Town) -> None:
    here.person("ann", "analyst")
    said = set()
    for name in ("nobody", *["ann"] * 5):
        with pytest.raises(Refused) as refused:
            sign_in(here.store, name, "wrong guess number one", here.at)
        said.add(str(refused.value))
    with pytest.raises(Refused) as refused:  # paused by now: even the right one is not taken
        sign_in(here.store, "ann", PASSWORD, here.at)
    assert said == {str(refused.value)}
    here.pass_time(seconds=16)
    assert opens(here, sign_in(here.store, "ann", PASSWORD, here.at)) == "ann"
    with here.store.read() as session:
        person = person_by_name(session, "ann")
        assert person is not None
        assert (person.failures, person.locked_until) == (0, None)


@given(st.integers(0, 10_000))
def test_pauses_grow_to_a_limit(failures: int) -> None:
    assert timedelta() <= pause_after(failures) <= pause_after(failures + 1) <= LONGEST_PAUSE
    assert (pause_after(failures) > timedelta()) == (failures > 4)


def test_a_session_slides_but_not_for_ever(here: Town) -> None:
    here.person("ann", "analyst")
    token = here.session("ann")
    for _ in range(2):
        here.pass_time(days=13)
        keep(here.store, token, here.at)
        assert opens(here, token) == "ann"
    here.pass_time(days=4, seconds=-1)
    keep(here.store, token, here.at)
    assert opens(here, token) == "ann"
    here.pass_time(seconds=1)
    assert opens(here, token) is None


def test_an_unused_session_ends_after_fourteen_days(here: Town) -> None:
    here.person("ann", "analyst")
    token = here.session("ann")
    here.pass_time(days=14)
    assert opens(here, token) is None


def test_a_session_is_written_at_most_once_a_day(here: Town) -> None:
    row = SignIn(token_hash="x", person_id=1, created_at=START, expires_at=START + timedelta(days=14))
    assert not needs_keeping(row, START + timedelta(hours=23))
    assert needs_keeping(row, START + timedelta(hours=24))
    row.expires_at = START + timedelta(days=30)
    assert not needs_keeping(row, START + timedelta(days=29))


def test_disabling_and_resetting_end_every_session(here: Town) -> None:
    here.person("ann", "analyst")
    token = here.session("ann")
    password = reset_password(here.house, here.operator(), "ann")
    assert opens(here, token) is None
    token = sign_in(here.store, "ann", password, here.at)
    set_active(here.house, here.operator(), "Ann", active=False)
    assert opens(here, token) is None
    with pytest.raises(Refused):
        sign_in(here.store, "ann", password, here.at)
