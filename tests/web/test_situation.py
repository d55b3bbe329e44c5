"""The situation: what each country stands at, on the map and beside it, in both languages, to whom, and when empty."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from ingest.health import State
from ingest.place.countries import CODES
from rules.guideline import default_guideline
from rules.owners import default_owners
from service.desk.situation import Ears, Hearing, country_of, world_of
from service.errors import SetupError
from service.locale.catalogue import Catalogue
from service.record.alarm import Bell, ring_alarms
from service.settings import load
from service.store.country import advice_about
from service.store.engine import Store
from service.store.people import home_organisation
from service.store.read_alerts import count_levels
from service.store.scope import Role
from service.store.situation import Watch, happenings, live_levels, opened_weekly, watches
from service.store.tables import Alert, SourceRow
from service.web.world import FILE, shapes
from tests.web.advising import add_advice
from tests.web.conftest import Desk, OpenDesk
from tests.web.crises import bring_crises
from tests.web.desk import house_of
from tests.web.holdings import add_holdings
from tests.web.seed import alert_called, seed
from tests.web.staff import staff
from tests.web.test_pages import RAW_KEY, text_of
from tests.web.test_triage_store import scope_of

NOW = datetime(2026, 11, 21, 9, 40, tzinfo=UTC)
PLACES = ("/situation", "/situation/wall", "/situation/NE", "/situation/UY", "/situation/region/africa-west")


@pytest.fixture
def stirred(desk: Desk) -> Desk:
    now = datetime.now(UTC)
    add_holdings(desk.store, now, alert_called(desk.store, "尼日尔").id or 0)
    bring_crises(desk.store, now)
    return desk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_its_language(stirred: Desk, language: str) -> None:
    told = {
        "zh": ("关注国家", "最新变化", "按类别的预警数", "没有该国自己的信息源", "西非"),
        "en": ("Countries to watch", "Newest changes", "Alerts by category", "No source of its own", "West Africa"),
    }
    for path, words in zip(PLACES, told[language], strict=True):
        answer = stirred.get(path, accept_language=language)
        assert answer.status_code == 200, path
        assert not RAW_KEY.search(answer.text.split("<body", 1)[-1])
        assert ">situation." not in answer.text
        assert " style=" not in answer.text, "the policy allows no inline styles"
        assert words in text_of(answer.text), path
        assert ("不代表我方对任何领土的立场" if language == "zh" else "Borders carry no position") in answer.text


def test_the_map_has_every_country_that_the_shapes_know(stirred: Desk) -> None:
    page = stirred.get("/situation", accept_language="en").text
    drawn = set(re.findall(r'<a href="/situation/([A-Z]{2})" tabindex="-1" class="land ', page))
    made = json.loads(FILE.read_text(encoding="utf-8"))
    assert drawn == set(made["shapes"]) | set(made["dots"])
    assert len(drawn) > 230
    assert drawn <= set(CODES)
    assert 'class="land land-level-1"><title>Niger: critical · 1 open alert · crisis</title>' in page
    assert page.count('class="map-crisis"') >= 15
    assert page.count('class="ring-at ') >= 7
    assert 'class="map-site' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_what_is_unknown_does_not_look_quiet(stirred: Desk) -> None:
    with stirred.store.write() as session:
        for row in session.exec(select(SourceRow).where(SourceRow.country == "NE")).all():
            row.next_check_at = datetime.now(UTC) - timedelta(hours=5)
    page = stirred.get("/situation", accept_language="en").text
    assert "no data since" in text_of(page)
    assert "Without data: not calm, unknown" in text_of(page)
    assert 'class="land-over"' in page, "hatched over its level"
    assert re.search(r'class="land land-stale"><title>[^<]*no data', page)
    assert "no data since" in text_of(stirred.get("/situation/NE", accept_language="en").text)


def test_the_wall_shows_silence_beside_alerts_and_marks_old_data(stirred: Desk) -> None:
    assert "is-old" not in stirred.get("/situation/wall", accept_language="en").text
    with stirred.store.write() as session:
        for row in session.exec(select(SourceRow)).all():
            row.last_success_at = datetime.now(UTC) - timedelta(minutes=25)
            row.next_check_at = datetime.now(UTC) - timedelta(hours=5)
    page = stirred.get("/situation/wall", accept_language="en").text
    assert 'class="wall-heard is-old"' in page
    assert re.search(r"Niger no data 1 open alert · crisis", re.sub(r"\s+", " ", text_of(page)))


def test_an_empty_desk_is_not_a_calm_one(open_desk: OpenDesk) -> None:
    bare = open_desk(empty=True)
    page = bare.get("/situation", accept_language="en").text
    assert "No open alert anywhere" in page
    assert "250 countries that no source tells of" in page
    assert "land-quiet" not in page.split('class="map-key"')[0]
    assert bare.get("/situation/wall").status_code == 200
    assert "no source tells of it" in text_of(bare.get("/situation/FR", accept_language="en").text)


def test_people_are_called_by_their_names(stirred: Desk) -> None:
    now = datetime.now(UTC)
    staff(house_of(stirred.store), now)
    for path in ("/situation/NE", "/postures/NE/room"):
        told = text_of(stirred.get(path, accept_language="en").text)
        assert "Chen Jing" in told, path
        assert "chen.jing" not in told, path


def test_the_wall_counts_what_the_list_counts(stirred: Desk) -> None:
    now = datetime.now(UTC)
    with stirred.store.write() as session:
        home = home_organisation(session).id or 0
        bell = Bell(default_guideline(), default_owners(), home, Catalogue())
        ring_alarms(session, bell, now + timedelta(days=3), demo=True)
    with stirred.store.read() as session:
        assert session.exec(select(Alert).where(col(Alert.source_id).is_not(None))).first() is not None
        counts = count_levels(session, scope_of(stirred.store, "home"), now)
    wall = stirred.get("/situation/wall", accept_language="en").text
    assert [int(one) for one in re.findall(r'class="wall-level.*?<dd>(\d+)</dd>', wall, re.S)] == list(counts.values())


def test_a_country_has_everything_about_it(stirred: Desk) -> None:
    told = text_of(stirred.get("/situation/NE", accept_language="en").text)
    for words in ("Level I critical", "Niger is in crisis", "Agadem oil field", "510 people", "Central lead"):
        assert words in told
    assert stirred.get("/situation/ne").url.path == "/situation/NE"
    for wrong in ("/situation/ZZ", "/situation/region/nowhere", "/situation/NEE"):
        assert stirred.get(wrong).status_code in (404, 422), wrong


def test_travel_advice_stands_side_by_side(stirred: Desk) -> None:
    add_advice(stirred.store, datetime.now(UTC))
    desk, guest = scope_of(stirred.store, "home"), scope_of(stirred.store, "guest")
    with stirred.store.read() as session:
        found = advice_about(session, desk, "NE")
        assert [(one.source, one.level) for one in found] == [
            ("Foreign Office", "4"),
            ("Gaimusho", "3"),
            ("Smartraveller", "2"),
        ]
        assert advice_about(session, guest, "NE") == []
    told = text_of(stirred.get("/situation/NE", accept_language="en").text)
    assert "do not travel" in told
    assert "Niger: leave while you can" in told


def test_the_figures_are_the_readers_own(store: Store) -> None:
    seed(store, NOW)
    add_holdings(store, NOW, alert_called(store, "尼日尔").id or 0)
    bring_crises(store, NOW)
    house = house_of(store, clock=lambda: NOW)
    desk, guest = scope_of(store, "home"), scope_of(store, "guest")
    world = world_of(house, desk)
    niger = world.countries["NE"]
    assert (niger.level, niger.alerts, niger.sites, niger.people, niger.crisis) == (1, 1, 3, 850, True)
    assert niger.weeks == (0, 0, 0, 0, 1)
    assert niger.hearing is Hearing.HEARD
    assert world.countries["KZ"].hearing is Hearing.STALE
    assert world.countries["ML"].crisis
    theirs = world_of(house, guest)
    assert {code for code, one in theirs.countries.items() if one.levels} == {"CM", "PE", "CL"}
    assert all(one.hearing is Hearing.UNTOLD and not one.crisis for one in theirs.countries.values())
    assert theirs.sites == ()
    with store.read() as session:
        assert watches(session, guest, NOW) == []
        assert {one.countries[0] for one in happenings(session, guest)} == {"CM", "PE"}
        assert live_levels(session, desk)["NE"] == {1: 1}
        assert sum(opened_weekly(session, desk, NOW + timedelta(days=40)).get("NE", ())) == 0
    page = country_of(house, guest, "NE")
    assert (page.alerts, page.sources, page.answering, page.plans, page.trend) == ((), (), (), (), {})
    assert country_of(house, desk, "NE").plans


def test_own_sources_count_before_those_from_afar() -> None:
    good, bad = State.OK, State.FAILING
    ears = Ears(
        [
            Watch("NE", None, bad, 2, NOW),
            Watch("ML", None, bad, 1, None),
            Watch("ML", None, good, 1, NOW),
            Watch(None, "africa-west", good, 1, NOW),
            Watch("FR", None, State.PAUSED, 1, NOW),
        ]
    )
    assert ears.of("NE") == (Hearing.STALE, NOW)
    assert ears.of("ML") == (Hearing.HEARD, NOW)
    assert ears.of("BJ") == (Hearing.AFAR, NOW)
    assert ears.of("FR") == (Hearing.NONE, None)


def test_a_subscriber_sees_pages_without_sources_and_people(open_desk: OpenDesk) -> None:
    viewer = open_desk(role=Role.VIEWER)
    assert viewer.get("/situation/NE").status_code == 200


def test_points_lie_where_the_shapes_are() -> None:
    found = shapes(load())
    assert found is not None
    for code, place in (("NE", (16.0, 8.0)), ("BR", (-10.0, -55.0)), ("AU", (-25.0, 134.0)), ("IS", (65.0, -18.5))):
        x, y = found.at(*place)
        left, top, right, bottom = found.bounds(code) or (0, 0, 0, 0)
        assert left < x < right, code
        assert top < y < bottom, code
    x, y = found.at(1.35, 103.82)
    assert abs(x - found.dots["SG"][0]) < 3
    assert abs(y - found.dots["SG"][1]) < 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"shapes": {"ZZ": "M0 0z"}},
        {"shapes": {"NE": '"/><script>'}},
        {"other": "url(x)"},
        {"wide": "broad"},
        {"shapes": {"NE": 4}},
    ],
)
def test_shapes_of_ones_own_are_checked(tmp_path: Path, wrong: dict[str, object]) -> None:
    mine = {"wide": 10, "high": 5, "scale": 1, "left": 5, "top": 2, "middle": 0, "shapes": {"NE": "M1 1h2v2z"}}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(mine), encoding="utf-8")
    found = shapes(load(shapes=path))
    assert found is not None
    assert found.countries == {"NE": "M1 1h2v2z"}
    assert found.bounds("NE") is None
    other = tmp_path / "wrong.json"
    other.write_text(json.dumps(mine | wrong), encoding="utf-8")
    with pytest.raises(SetupError, match="WATCHFIRE_SHAPES"):
        shapes(load(shapes=other))
    with pytest.raises(SetupError, match="WATCHFIRE_SHAPES"):
        shapes(load(shapes=tmp_path / "none.json"))
