"""Owners and people are called by their names, not by keys: wherever a reader looks, in both languages."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from rules.owners import default_owners
from service.desk.alerts import act_on
from service.desk.comments import comment
from service.desk.silences import SilenceGiven, add_silence
from service.store.read_alerts import AlertFilter, list_alerts
from service.store.scope import Role
from service.store.tables import Alert, Channel
from tests.web.conftest import Desk
from tests.web.desk import operator
from tests.web.staff import staff
from tests.web.test_pages import text_of

PEOPLE = ("li.wei", "zhao.min", "chen.jing")
KEYS = (*PEOPLE, *(owner.key for owner in default_owners()))
NAMED_BY_KEY = re.compile(r"<(textarea|code|pre)\b.*?</\1>|<option\b[^>]*>|@[\w.]+", re.DOTALL)


@pytest.fixture
def crew(desk: Desk) -> Desk:
    """A desk with a roster, whose people are called otherwise than they sign in, and did something."""
    staff(desk.house, desk.house.clock())
    li = replace(operator(desk.store), actor="li.wei", role=Role.MANAGER)
    with desk.store.write() as session:
        for row in session.exec(select(Channel)).all():
            row.name = f"room {row.id}"
        alerts = list_alerts(session, li, AlertFilter(state="open")).items
    ends = desk.house.clock() + timedelta(hours=3)
    add_silence(desk.house, li, SilenceGiven(countries=("ML",), ends_at=ends, reason="site works"))
    comment(desk.house, li, alerts[0].id or 0, "on it, @zhao.min")
    act_on(desk.house, li, alerts[0].id or 0, "acknowledge", "")
    act_on(desk.house, li, alerts[1].id or 0, "dismiss", "duplicate")
    return desk


def pages_of(desk: Desk) -> list[str]:
    """Where people and owners stand: the rooms, and every alert with its print and its talk."""
    with desk.store.read() as session:
        numbers = [row.id for row in list_alerts(session, operator(desk.store), AlertFilter()).items]
    rooms = (
        "/",
        "/channels",
        "/deliveries",
        "/roster",
        "/plans",
        "/silences",
        "/situation",
        "/postures",
        "/me",
        "/mentions",
    )
    alerts = [f"/alerts/{number}{part}" for number in numbers for part in ("", "/print")]
    return [*rooms, "/guideline", "/system", "/people", "/reports", *alerts]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_calls_anybody_by_a_key(crew: Desk, language: str) -> None:
    found = []
    for path in pages_of(crew):
        answer = crew.get(path, accept_language=language)
        assert answer.status_code == 200, path
        seen = text_of(NAMED_BY_KEY.sub(" ", answer.text))
        found += [(path, key) for key in KEYS if re.search(rf"(?<![\w./@-]){re.escape(key)}(?![\w-])", seen)]
    assert found == []


def test_they_are_called_by_their_names_instead(crew: Desk) -> None:
    chinese, english = (text_of(crew.get("/roster", accept_language=language).text) for language in ("zh", "en"))
    assert "Africa lead" in english
    assert "Africa lead" not in chinese
    with crew.store.read() as session:
        row = session.exec(select(Alert).where(Alert.acknowledged_by == "li.wei")).one()
    shown = text_of(crew.get(f"/alerts/{row.id}", accept_language="en").text)
    assert "李伟 Li Wei" in shown
    assert "李伟 Li Wei @li.wei" in shown, "what to write after an @"


def test_the_audit_keeps_who_signed_in(crew: Desk) -> None:
    shown = text_of(crew.get("/audit?actor=li.wei", accept_language="en").text)
    assert "li.wei" in shown
