"""The page of an alert and of an event: level over time, map, receipts, audit, comments, print, in both languages."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from service.desk.alerts import act_on
from service.desk.corrections import Wanted, correct_entry
from service.store.scope import Role
from service.store.tables import Alert, EventEntry, LogLine, Notice, Seen
from service.web.shown.detail import history_line
from service.web.shown.event_map import Spot, event_map
from service.web.shown.level_history import clause_link
from service.web.shown.row import Telling
from service.web.world import shapes
from tests.web.conftest import Desk, OpenDesk
from tests.web.desk import operator
from tests.web.seed import alert_called
from tests.web.talking import add_talk

COUP = "尼日尔"
LANGS = ("en", "zh")
STEPS = ("alert.open", "alert.raise")


def coup(desk: Desk) -> Alert:
    return alert_called(desk.store, COUP)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize(("lang", "words"), [("en", "Level over time"), ("zh", "级别走势")])
def test_the_level_over_time_with_its_clause(desk: Desk, lang: str, words: str) -> None:
    for page in (f"/alerts/{coup(desk).id}", f"/events/{coup(desk).event_id}"):
        html = desk.get(f"{page}?lang={lang}").text
        assert words in html
        assert html.count('class="level-step level-step-') == 2
        assert 'href="/guideline#POL-1"' in html
        assert html.count("<tr><td class=") == 2
        assert html.count('class="level-news"') == 1  # the first has none before it


@pytest.mark.parametrize(
    ("lang", "moved", "still"),
    [
        ("en", "score 61 → 88 · independent sources 1 → 3 · new: curfew", "score, sources and reasons as before"),
        ("zh", "得分 61 → 88 · 独立信源 1 → 3 · 新增：宵禁", "得分、信源与理由同前"),
    ],
)
def test_each_step_says_what_is_other_than_before(desk: Desk, lang: str, moved: str, still: str) -> None:
    alert = coup(desk)
    dead, curfew = ({"code": f"severity.{code}", "value": value} for code, value in (("dead", "12"), ("curfew", "")))
    with desk.store.write() as session:
        wanted = (LogLine.subject == "alert", LogLine.subject_id == str(alert.id), col(LogLine.action).in_(STEPS))
        lines = session.exec(select(LogLine).where(*wanted).order_by(col(LogLine.id))).all()
        kept = {"clause": "POL-1", "score": 61.0, "sources": 1, "reasons": [dead]}
        risen = {**kept, "score": 88.0, "sources": 3, "reasons": [dead, curfew]}
        for line, more in zip(lines, (kept, risen), strict=True):
            line.detail = {**line.detail, **more}
            session.add(line)
        session.add(LogLine(**lines[-1].model_dump(exclude={"id", "action"}), action="alert.update"))
    html = desk.get(f"/alerts/{alert.id}?lang={lang}").text
    part = html[html.index('class="level-table"') : html.index("</table>", html.index('class="level-table"'))]
    told = [text_of(one).strip() for one in re.findall(r'<span class="level-news">.*?</span>', part)]
    assert told == [still, moved]


def test_what_would_have_changed_it_then_is_kept(desk: Desk) -> None:
    with desk.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.action == "alert.raise")).all()
    assert lines
    assert all(line.detail["score"] > 0 and line.detail["reasons"] for line in lines)
    assert all(isinstance(line.detail["otherwise"], list) for line in lines)


def test_a_clause_is_linked_only_where_it_is_one() -> None:
    assert clause_link("POL-1") == "/guideline#POL-1"
    for strange in ("", '"><script>', "a b", "../x"):
        assert clause_link(strange) == ""


@pytest.mark.parametrize("lang", LANGS)
def test_receipts_say_who_was_reached_and_what_to_do(desk: Desk, lang: str) -> None:
    alert = coup(desk)
    with desk.store.write() as session:
        for notice in session.exec(select(Notice).where(Notice.alert_id == alert.id)).all():
            notice.state = "dead" if notice.owner == "africa-lead" else "sent" if notice.channel_id else "dead"
            notice.error = "The address is unknown (404)." if notice.state == "dead" else None
            session.add(notice)
    act_on(desk.house, replace(operator(desk.store), actor="wang", owner="central-lead"), alert.id or 0, "acknowledge")
    html = desk.get(f"/alerts/{alert.id}?lang={lang}").text
    part = html[html.index('id="notices"') : html.index('id="audit"')]
    told = text_of(part)
    assert ("Answered by wang" if lang == "en" else "已答复： wang") in told
    assert 'href="/channels"' in part  # the security adviser has no channel
    assert re.search(r'action="/deliveries/msg_[0-9a-f]+/retry"', part)
    assert part.index("is-unreached") < part.index("is-so")


def test_who_opened_it_is_a_receipt(desk: Desk) -> None:
    alert = coup(desk)
    with desk.store.write() as session:
        home = operator(desk.store).organisation_id
        session.merge(Seen(organisation_id=home, actor="africa-lead", alert_id=alert.id or 0, at=desk.house.clock()))
    html = desk.get(f"/alerts/{alert.id}?lang=en").text
    assert re.search(r"Opened by\s+africa-lead", text_of(html))


def test_the_audit_has_every_act_of_machine_and_people(desk: Desk) -> None:
    alert = coup(desk)
    add_talk(desk.house, alert.id or 0, desk.house.clock())
    with desk.store.read() as session:
        entry = session.exec(select(EventEntry.entry_id).where(EventEntry.event_id == alert.event_id)).first() or 0
    correct_entry(desk.house, operator(desk.store), entry, Wanted(["security"], severity=3), "it was a riot")
    html = desk.get(f"/alerts/{alert.id}?lang=en").text
    audit = text_of(html[html.index('id="audit"') :])
    for words in ("Opened at Level II", "Raised from", "POL-1", "machine · guideline", "Commented", "it was a riot"):
        assert words in audit.replace("&middot;", "·")
    assert f'href="/entries/{entry}/correct"' in html


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["alerts", "events"])
def test_the_print_has_all_of_it_and_no_way_out(desk: Desk, kind: str, lang: str) -> None:
    alert = coup(desk)
    add_talk(desk.house, alert.id or 0, desk.house.clock())
    number = alert.id if kind == "alerts" else alert.event_id
    answer = desk.get(f"/{kind}/{number}/print?lang={lang}")
    assert answer.status_code == 200
    html, told = answer.text, text_of(answer.text)
    assert "<script" not in html
    assert "<form" not in html
    assert 'class="paper paper-tlp-green"' in html
    for words in ("TLP:GREEN", "POL-1", "https://example.org/story", "UTC", "&lt;b&gt;not bold&lt;/b&gt;", COUP):
        assert words in html or words in told
    assert f"/{kind}/{number}" in told  # where it was printed from, spelled out


def test_an_alarm_about_a_source_has_no_map_and_prints(desk: Desk) -> None:
    with desk.store.write() as session:
        row = session.get_one(Alert, coup(desk).id)
        row.source_id = 1
        session.add(row)
    assert "event-map" not in desk.get(f"/alerts/{coup(desk).id}").text
    assert desk.get(f"/alerts/{coup(desk).id}/print").status_code == 200


def test_the_event_page_knows_of_others_alerts_and_shows_nothing_of_them(desk: Desk) -> None:
    alert = coup(desk)
    with desk.store.write() as session:
        values = session.get_one(Alert, alert.id).model_dump(exclude={"id"})
        theirs = Alert(**{**values, "organisation_id": 2, "level": 3, "title": "their secret title"})
        session.add(theirs)
        session.flush()
        number = theirs.id
    html = desk.get(f"/events/{alert.event_id}?lang=en").text
    assert "Guest" in html
    assert "Level III" in html
    assert "their secret title" not in html
    assert f'href="/alerts/{number}"' not in html
    assert f'href="/alerts/{alert.id}"' in html


def test_the_talk_of_an_event_comes_by_itself(desk: Desk) -> None:
    alert = coup(desk)
    add_talk(desk.house, alert.id or 0, desk.house.clock())
    talk = desk.get(f"/events/{alert.event_id}/comments", hx_request="true", hx_target="talk").text
    assert talk.count('class="comment') > 1
    assert "&lt;b&gt;not bold&lt;/b&gt;" in talk
    assert "level-part" not in talk
    assert desk.get("/events/999999/comments", hx_request="true", hx_target="talk").status_code == 404


def test_a_deadline_in_the_history_is_told_in_the_readers_zone(still: Desk) -> None:
    now = still.house.clock()
    line = LogLine(at=now, actor="rules", action="alert.put_off", subject="alert", subject_id="1",
                   detail={"level": 2, "due": "2026-05-01T20:00:00Z"})  # fmt: skip
    telling = Telling(still.house.catalogue, "en", now, {}, zone=ZoneInfo("Asia/Shanghai"))
    assert "2 May 2026, 04:00" in history_line(line, telling).what


@pytest.mark.parametrize("lang", LANGS)
def test_comments_without_scripts(desk: Desk, lang: str) -> None:
    alert = coup(desk)
    sent = desk.post(f"/alerts/{alert.id}/comments", {"text": "<i>@wang</i> hello", "back": f"/alerts/{alert.id}"})
    assert sent.status_code == 303
    where = re.fullmatch(rf"/alerts/{alert.id}#comment-(\d+)", sent.headers["location"])
    assert where is not None
    html = desk.get(f"/alerts/{alert.id}?lang={lang}").text
    assert '&lt;i&gt;<b class="call call-me">@wang</b>&lt;/i&gt; hello' in html
    assert desk.post(f"/alerts/{alert.id}/comments/{where[1]}", {"text": "changed"}).status_code == 303
    assert "changed" in desk.get(f"/events/{alert.event_id}").text
    assert desk.post(f"/alerts/{alert.id}/comments/{where[1]}/remove").status_code == 303
    assert ("Removed by the writer" if lang == "en" else "作者已删除") in desk.get(
        f"/alerts/{alert.id}?lang={lang}"
    ).text
    empty = desk.post(f"/alerts/{alert.id}/comments?lang={lang}", {"text": " \n "})
    assert empty.status_code == 422
    long = desk.post(f"/alerts/{alert.id}/comments?lang={lang}", {"text": "kept words " * 300})
    assert long.status_code == 422
    assert "kept words" in long.text


def test_a_viewer_has_no_form_and_others_are_called_in_the_rail(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.VIEWER)
    add_talk(desk.house, coup(desk).id or 0, desk.house.clock() - timedelta(minutes=1))
    rail = desk.get("/?lang=en").text
    assert "2 unread mentions of you" in rail
    assert "is-unread" in desk.get("/mentions").text
    html = desk.get(f"/alerts/{coup(desk).id}?lang=en").text
    assert "comment-form" not in html
    assert "unread mention" not in html  # they are being read
    assert desk.post(f"/alerts/{coup(desk).id}/comments", {"text": "no"}).status_code == 403


def test_everything_on_the_map_is_in_the_list(still: Desk) -> None:
    telling = Telling(still.house.catalogue, "en", still.house.clock(), {})
    spots = [
        Spot(13.51, 2.11, "Niamey", 0.9, vague=False, reports={1, 2}),
        Spot(16.97, 7.99, "Agadez", 0.2, vague=False),
    ]
    hits = [{"id": 1, "kind": "site", "name": "Depot", "why": "near", "km": 3.2}]
    found = event_map(shapes(still.house.settings), spots, hits, {}, 1, ["NE"], telling)
    assert found is not None
    assert [one.name for one in found.rings] == ["Niamey", "Agadez"]
    assert found.rings[0].radius > found.rings[1].radius
    assert [(one.letter, one.x) for one in found.squares] == [("A", None)]
    assert all(0 <= one.x <= 640 and 0 <= one.y <= 320 for one in found.rings)
    assert found.bar is not None
    assert event_map(None, spots, hits, {}, 1, ["NE"], telling) is None
    assert event_map(shapes(still.house.settings), [], hits, {}, 1, ["NE"], telling) is None
