"""The pages of sources: what wants somebody is found at once, and what is unknown never looks calm."""

from datetime import timedelta

import pytest
from sqlmodel import select

from service.store.scope import Role
from service.store.tables import LogLine, SourceRow
from tests.web.conftest import Desk, OpenDesk


def number_of(desk: Desk, key: str) -> int:
    with desk.store.read() as session:
        return session.exec(select(SourceRow.id).where(SourceRow.key == key)).one() or 0


def test_the_worst_come_first_each_with_its_word(still: Desk) -> None:
    page = still.get("/sources", accept_language="en").text
    order = [
        "Office of Tremors",
        "Степной вестник",
        "The Paper Ledger",
        "صحيفة المنارة",
        "云帆晚报",
        "Diario de la Costa",
        "Sahel Lantern",
    ]
    places = [page.index(name) for name in order]
    assert places == sorted(places)
    for word in ("unknown", "failing", "quiet", "degraded", "moved", "ok"):
        assert f'class="line source health-{word}"' in page
    assert "nobody has looked since it was due" in page
    assert "usually every 3 h, longest silence 9 h" in page
    assert page.count('class="spark-day spark-blind"') > 20, "days without a look are hatched"


def test_filters_stand_in_the_address(still: Desk) -> None:
    quiet = still.get("/sources?state=quiet", accept_language="en").text
    assert "صحيفة المنارة" in quiet
    assert "Sahel Lantern" not in quiet
    assert 'href="/sources?state=failing"' in quiet, "the other counts are still there to go to"
    assert "Sahel Lantern" in still.get("/sources?q=LANTERN+demo&country=ne").text
    assert "No source fits" in still.get("/sources?critical=1&state=ok", accept_language="en").text
    assert still.get("/sources?state=splendid&country=XX&kind=%00&cursor=").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "key", ["quake-office", "stepnoy", "ledger", "al-fanar", "yunfan", "costa-diario", "river-post"]
)
def test_everything_about_one(still: Desk, key: str, language: str) -> None:
    page = still.get(f"/sources/{number_of(still, key)}", accept_language=language)
    assert page.status_code == 200
    assert "health." not in page.text, "every word is there"
    assert key in page.text


def test_what_is_wrong_is_said_in_words(still: Desk) -> None:
    def said(key: str) -> str:
        return still.get(f"/sources/{number_of(still, key)}", accept_language="en").text

    assert "HTTP 503" in said("stepnoy")
    assert "No connection" in said("ledger")
    assert "https://new.costa.example/feed.json" in said("costa-diario")
    assert "mostly repeats itself" in said("yunfan")
    assert "nothing new for 4 d" in said("al-fanar")


def test_a_source_is_changed_paused_looked_at_and_removed(desk: Desk) -> None:
    number = number_of(desk, "river-post")
    form = {"name": "River", "interval": "60", "reliability": "A", "zone": "Africa/Niamey", "critical": "true"}
    assert desk.post(f"/sources/{number}", form).status_code == 303
    wrong = desk.post(f"/sources/{number}", form | {"zone": "Mars/Base", "interval": "70"}, accept_language="en")
    assert wrong.status_code == 422
    assert 'value="Mars/Base"' in wrong.text, "what was typed stays to be mended"
    assert desk.post(f"/sources/{number}/pause", {"hours": "8", "back": f"/sources/{number}"}).status_code == 303
    with desk.store.read() as session:
        row = session.get_one(SourceRow, number)
        assert (row.name, row.interval_s, row.reliability, row.zone, row.critical) == (
            "River",
            60,
            "A",
            "Africa/Niamey",
            True,
        )
        assert row.paused_until is not None
        assert timedelta(hours=7) < row.paused_until - desk.house.clock() < timedelta(hours=9)
    assert desk.post(f"/sources/{number}/look").status_code == 303
    assert desk.post(f"/sources/{number}/remove").status_code == 303
    assert "River" not in desk.get("/sources").text
    assert desk.get(f"/sources/{number}").status_code == 404
    with desk.store.read() as session:
        lines = session.exec(select(LogLine.action).where(LogLine.subject == "source")).all()
    assert lines == ["source.change", "source.pause", "source.look", "source.remove"]


def test_who_may_not_change_sees_no_buttons_and_is_refused(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.ANALYST)
    number = number_of(desk, "river-post")
    page = desk.get(f"/sources/{number}").text
    assert "/look" not in page
    assert 'name="interval"' not in page
    for deed in ("look", "pause", "resume", "remove"):
        assert desk.post(f"/sources/{number}/{deed}").status_code == 403
    assert desk.post(f"/sources/{number}", {"name": "x", "interval": "60", "reliability": "A"}).status_code == 403


def test_when_no_worker_runs_everything_is_unknown(open_desk: OpenDesk) -> None:
    page = open_desk(later=timedelta(hours=1)).get("/sources").text
    assert page.count('class="line source health-unknown"') == 8
    assert "health-ok" not in page
