"""The pages of silences, as a browser without scripts uses them; the mark on an alert that is kept quiet."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from service.store.scope import Role
from service.store.tables import Alert, HushRow, SilenceRow
from tests.web.conftest import Desk, OpenDesk

FORM = {"countries": "NE", "reason": "site works", "hours": "8", "kind": "silence"}


def silences(desk: Desk) -> list[SilenceRow]:
    with desk.store.read() as session:
        return list(session.exec(select(SilenceRow)).all())


def an_alert(session: Session, level: int) -> Alert:
    live = [one for one in session.exec(select(Alert)).all() if one.closed_at is None and one.source_id is None]
    return next(one for one in live if one.level == level)


def hold(desk: Desk, silence: int | None = None, *, level: int = 4, **values: object) -> int:
    """An alert whose newest change is kept quiet; answers its number."""
    now = datetime.now(UTC)
    with desk.store.write() as session:
        alert = an_alert(session, level)
        usual = {
            "organisation_id": alert.organisation_id,
            "alert_id": alert.id,
            "version": alert.version,
            "action": "open",
            "level": alert.level,
            "kind": "silence",
            "cause": f"silence:{silence}",
            "silence_id": silence,
            "until": now + timedelta(hours=8),
            "at": now,
        }
        session.add(HushRow(**{**usual, **values}))
        return alert.id or 0


def test_a_silence_is_tried_made_listed_and_ended(desk: Desk) -> None:
    tried = desk.post("/silences", {**FORM, "reason": "", "look": "yes"})
    assert "Would have held" in tried.text
    assert silences(desk) == []
    made = desk.post("/silences", FORM)
    (one,) = silences(desk)
    assert made.headers["location"] == f"/silences?done=silence_added#silence-{one.id}"
    assert (one.countries, one.reason) == (["NE"], "site works")
    assert timedelta(hours=7) < one.ends_at - one.starts_at <= timedelta(hours=8)
    page = desk.get("/silences").text
    assert "In force" in page
    assert "site works" in page
    number = hold(desk, one.id)
    assert f'href="/alerts/{number}"' in desk.get(f"/silences/{one.id}").text
    assert "held 1 change<" in desk.get("/silences").text
    desk.post(f"/silences/{one.id}/end")
    assert "Over" in desk.get("/silences").text


@pytest.mark.parametrize(("language", "words"), [("en", "Quiet until"), ("zh", "静默至")])
def test_an_alert_that_is_kept_quiet_says_so(desk: Desk, language: str, words: str) -> None:
    desk.post("/silences", FORM)
    (one,) = silences(desk)
    number = hold(desk, one.id)
    row = desk.get(f"/alerts/{number}/row", accept_language=language, hx_request="true", hx_target="#x").text
    assert "chip-quiet" in row
    page = desk.get(f"/alerts/{number}", accept_language=language).text
    assert re.search(rf'href="/silences/{one.id}">{words}', page)
    assert "site works" in page
    desk.post(f"/silences/{one.id}/end")
    assert "chip-quiet" not in desk.get(f"/alerts/{number}/row", hx_request="true", hx_target="#x").text


def test_what_passed_leaves_a_trace_on_the_alert(desk: Desk) -> None:
    desk.post("/silences", FORM)
    (one,) = silences(desk)
    number = hold(desk, one.id, level=1, passed=True)
    page = desk.get(f"/alerts/{number}", accept_language="en").text
    assert "Told at once, being so grave" in page
    assert "chip-quiet" not in desk.get(f"/alerts/{number}/row", hx_request="true", hx_target="#x").text


def test_the_form_comes_filled_from_an_alert(desk: Desk) -> None:
    with desk.store.read() as session:
        alert = an_alert(session, 4)
    assert f'href="/silences/new?alert={alert.id}"' in desk.get(f"/alerts/{alert.id}").text
    page = desk.get(f"/silences/new?alert={alert.id}", accept_language="en").text
    assert "Would have held" in page
    for code in alert.countries:
        assert re.search(rf'value="{code}" checked', page)
    only = desk.get(f"/silences/new?alert={alert.id}&event").text
    assert re.search(rf'name="event"[^>]* value="{alert.event_id}"', only)


def test_what_was_typed_stays_when_it_cannot_be(desk: Desk) -> None:
    answer = desk.post("/silences", {**FORM, "countries": "", "reason": "keep me"})
    assert answer.status_code == 422
    assert "keep me" in answer.text
    assert silences(desk) == []
    for wrong in ({"ends": "soon"}, {"event": "x"}, {"levels": "2"}, {"kind": "window", "weekly": "9999"}):
        assert desk.post("/silences", {**FORM, **wrong}).status_code == 422, wrong


def test_a_window_is_planned(desk: Desk) -> None:
    start = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    end = (datetime.now(UTC) + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    desk.post("/silences", {**FORM, "kind": "window", "starts": start, "ends": end, "weekly": "120"})
    (one,) = silences(desk)
    assert (one.kind, one.weekly_minutes) == ("window", 120)
    page = desk.get("/silences", accept_language="en").text
    assert "Planned" in page
    assert "every week for 2 hours" in page


def test_who_may_only_read_is_offered_no_form(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    assert "/silences/new" not in desk.get("/silences").text
    assert desk.post("/silences", FORM).status_code == 403


def test_the_guideline_says_what_waits(desk: Desk) -> None:
    assert 'id="restraint"' in desk.get("/guideline").text
    assert "冷却" not in desk.get("/guideline/print", accept_language="zh").text


def test_a_window_keeps_to_the_clock_of_its_zone(desk: Desk) -> None:
    zone = ZoneInfo("Africa/Cairo")
    start = (datetime.now(zone) + timedelta(days=1)).replace(hour=22, minute=0)
    form = {**FORM, "kind": "window", "zone": "Africa/Cairo", "weekly": "480", "starts": f"{start:%Y-%m-%dT%H:%M}"}
    desk.post("/silences", {**form, "ends": f"{start + timedelta(days=60):%Y-%m-%dT%H:%M}"})
    (one,) = silences(desk)
    assert (one.zone, f"{one.starts_at.astimezone(zone):%H:%M}") == ("Africa/Cairo", "22:00")
    for language, words in (("en", "22:00–06:00 (Africa/Cairo)"), ("zh", "22:00至06:00（Africa/Cairo）")):
        assert words in desk.get("/silences", accept_language=language).text
    wrong = desk.post("/silences", {**form, "zone": "Africa/Atlantis"}, accept_language="en")
    assert wrong.status_code == 422
    assert 'value="Africa/Atlantis"' in wrong.text


def test_alarms_about_sources_are_silenced_on_the_same_page(desk: Desk) -> None:
    form = desk.get("/silences/new?of=alarms", accept_language="en").text
    assert form.count('name="alarms" value="') == form.count('name="alarms"') == 4
    desk.post("/silences", {"kind": "silence", "reason": "servers move", "alarms": ["failing"], "hours": "24"})
    (one,) = silences(desk)
    assert one.alarms == ["failing"]
    assert "source fails" in desk.get("/silences", accept_language="en").text
    assert "信息源失败" in desk.get("/silences", accept_language="zh").text
