"""The page of sites and partners, as a browser without scripts uses it; what an alert says of them."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from sqlmodel import select

from service.store.tables import SiteRow
from service.web.shown.row import Telling
from service.web.shown.site_map import site_map
from service.web.world import shapes
from tests.rules.making import NOW
from tests.web.conftest import Desk
from tests.web.faults import faults_of
from tests.web.holdings import add_holdings

FORM = {"name": "Camp", "kind": "site", "country": "NE", "latitude": "13.5", "longitude": "2.1", "people": "40"}


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A desk with things abroad."""
    add_holdings(desk.store, datetime.now(UTC), 8)
    return desk


def names(desk: Desk) -> list[str]:
    with desk.store.read() as session:
        return sorted(session.exec(select(SiteRow.name)).all())


def brought(desk: Desk, text: str, language: str = "en", **fields: str) -> httpx.Response:
    files, wish = {"file": ("sites.csv", text.encode())}, {"accept-language": language}
    return desk.client.post("/sites/import", data=fields, files=files, headers=wish)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_sites_companies_and_a_map(full: Desk, language: str) -> None:
    page = full.get("/sites", accept_language=language).text
    assert "尼亚美输油首站" in page
    assert "SONIMINES" in page
    assert page.count('class="sites-mark') == 5
    assert "<script>alert" not in page
    assert not re.search(r"\bexposure\.\w+", page)


def test_adding_changing_and_removing_a_site(desk: Desk) -> None:
    assert desk.post("/sites", FORM).headers["location"] == "/sites?done=site_added"
    assert desk.post("/sites/1", {**FORM, "people": "41", "active": "yes"}).status_code == 303
    assert 'value="41"' in desk.get("/sites/1").text
    assert desk.post("/sites/1/remove").status_code == 303
    assert names(desk) == []


def test_a_form_with_a_fault_keeps_what_was_typed(desk: Desk) -> None:
    wrong = desk.post("/sites", {**FORM, "latitude": "north"}, accept_language="en")
    assert wrong.status_code == 422
    assert "latitude &#39;north&#39; is not a number" in wrong.text
    assert 'value="north"' in wrong.text
    desk.post("/sites", FORM)
    wrong = desk.post("/sites/1", {**FORM, "people": "many"}, accept_language="en")
    assert wrong.status_code == 422
    assert 'value="many"' in wrong.text


def test_a_file_is_imported_whole_or_not_at_all(desk: Desk) -> None:
    faulty = brought(desk, "name,country\nA,NE\nB,ZZ\nC,YY\n")
    assert faulty.status_code == 422
    assert names(desk) == []
    assert len(re.findall(r"<li><strong>[^<]*[34]", faulty.text)) == 2
    assert brought(desk, "name,country\nA,NE\n", dry="yes").status_code == 200
    assert names(desk) == []
    assert brought(desk, "名称,国家\n营地,NE\n").status_code == 200
    assert names(desk) == ["营地"]
    assert "营地,site,NE" in desk.get("/sites/export.csv").text


def test_faults_are_told_in_the_language_of_the_page(desk: Desk) -> None:
    faulty = "name,country,people\nA,QQ,\nB,NE,many\nB,NE,1,2\n"
    told = faults_of(brought(desk, faulty, "zh").text, "faults")
    assert [one.partition("行：")[2].strip() for one in told] == [
        "“QQ”不是国家。请使用 ISO 3166 两字母代码，例如 NE。",
        "人数“many”不是数字。请用数字和小数点填写。",
        "该行有 4 格，而表头只有 3 列。含逗号的内容请加引号。",
    ]
    told = faults_of(brought(desk, faulty, "en").text, "faults")
    assert told[1] == "Line 3: people 'many' is not a number. Write digits and a decimal point."


def test_an_alert_says_what_it_touches_and_what_would_change_it(full: Desk) -> None:
    page = full.get("/alerts/8", accept_language="en").text
    assert "3.2 km from 尼亚美输油首站" in page
    assert "340 people" in page
    assert "Without Agence Nord: level II" in page
    assert "3.2 km from" in full.get("/", accept_language="en").text
    assert "距尼亚美输油首站 3.2 公里" in full.get("/alerts/8", accept_language="zh").text


def test_companies_are_added_and_changed(desk: Desk) -> None:
    form = {"name": "Acme Trading", "kind": "own", "spellings": "阿克米; Акме"}
    assert desk.post("/sites/partners", form).status_code == 303
    assert "阿克米 · Акме" in desk.get("/sites").text
    assert desk.post("/sites/partners/1", {**form, "kind": "partner", "active": "yes"}).status_code == 303
    assert desk.post("/sites/partners/1/remove").status_code == 303


def test_the_map_holds_every_site_wherever_it_lies(still: Desk) -> None:
    telling = Telling(still.house.catalogue, "en", NOW, {})
    known = shapes(still.house.settings)
    far = [(-54.8, -68.3), (78.2, 15.6), (0.0, 0.0), (-41.3, 174.8), (52.0, 179.0), (52.0, -175.0)]
    for some in (far, far[:1], far[2:3], far[4:]):
        drawn = site_map(known, sites_at(some), telling)
        assert drawn is not None
        assert len(drawn.marks) == len(some)
        assert drawn.afar == 0
        assert all(drawn.under.holds((mark.x, mark.y)) for mark in drawn.marks)


def test_what_lies_beyond_the_map_is_told(still: Desk) -> None:
    telling = Telling(still.house.catalogue, "en", NOW, {})
    drawn = site_map(shapes(still.house.settings), sites_at([(-77.8, 166.7), (13.5, 2.1)]), telling)
    assert drawn is not None
    assert (len(drawn.marks), drawn.afar) == (1, 1)
    assert drawn.bar is not None
    assert site_map(shapes(still.house.settings), sites_at([(-77.8, 166.7)]), telling) is None
    assert site_map(None, sites_at([(13.5, 2.1)]), telling) is None


def test_no_name_lies_over_another(still: Desk) -> None:
    telling = Telling(still.house.catalogue, "en", NOW, {})
    close = sites_at([(13.5, 2.1), (13.5, 2.1), (12.5, 2.1), (0.0, 30.0)])
    close[1].criticality = 3
    drawn = site_map(shapes(still.house.settings), close, telling)
    assert drawn is not None
    assert [mark.named for mark in drawn.marks] == ["", "always", "wide", "always"]


def sites_at(points: list[tuple[float, float]]) -> list[SiteRow]:
    """A site at each."""
    return [
        SiteRow(id=at, organisation_id=1, name=str(at), points=[list(one)], created_at=NOW, changed_at=NOW)
        for at, one in enumerate(points)
    ]
