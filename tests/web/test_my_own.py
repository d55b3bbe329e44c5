"""One's own page: password, language and time zone, and what of it a browser keeps."""

import re

from sqlmodel import select

from service.auth.sessions import sign_in
from service.store.scope import Role
from service.store.tables import LogLine
from tests.api.town import PASSWORD
from tests.web.conftest import Desk, OpenDesk
from tests.web.offices import person, sign_in_as
from tests.web.test_pages import text_of

NEW = "three herons at low tide"


def test_my_own_password(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    sign_in_as(shut, "ann", Role.VIEWER)
    good = {"current": PASSWORD, "password": NEW, "again": NEW}
    for wrong, words in (
        ({"current": "no"}, "当前密码不正确"),
        ({"again": "another"}, "两次输入的新密码不一致"),
        ({"password": "short", "again": "short"}, "新密码不可用"),
    ):
        refused = shut.post("/me/password", {**good, **wrong}, accept_language="zh")
        assert refused.status_code == 422
        assert words in refused.text
        assert good["current"] not in refused.text
    assert shut.post("/me/password", good).headers["location"] == "/me?done=password"
    assert shut.get("/me", accept_language="en").status_code == 200, "who changes it stays signed in"
    assert sign_in(shut.store, "ann", good["password"], shut.house.clock())


def test_my_language_and_zone(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    sign_in_as(shut, "ann", Role.VIEWER)
    done = shut.post("/me/manners", {"language": "zh", "zone": "Asia/Shanghai"})
    assert done.headers["location"] == "/me?done=manners"
    page = shut.get("/me", accept_language="en").text
    assert '<html lang="zh-Hans"' in page
    assert 'data-zone="Asia/Shanghai"' in page
    assert "UTC+8" in shut.get("/alerts/8").text
    assert shut.post("/me/manners", {"language": "zh", "zone": "Mars/Olympus"}).status_code == 422
    shut.client.cookies.clear()
    back = shut.post("/sign-in", {"name": "ann", "password": PASSWORD})
    assert {cookie.split("=")[0] for cookie in back.headers.get_list("set-cookie")} >= {
        "watchfire-lang",
        "watchfire-zone",
    }


def test_signing_in_leaves_what_the_account_says_nothing_of(open_desk: OpenDesk) -> None:
    shut = open_desk(demo=False)
    sign_in_as(shut, "ann", Role.VIEWER)
    shut.post("/me/manners", {"language": "", "zone": "Asia/Shanghai"})
    shut.client.cookies.clear()
    assert shut.get("/sign-in?lang=zh").headers["content-language"] == "zh"
    shut.post("/sign-in", {"name": "ann", "password": PASSWORD})
    page = shut.get("/me", accept_language="en").text
    assert '<html lang="zh-Hans"' in page
    assert 'data-zone="Asia/Shanghai"' in page


def test_one_wish_leaves_the_others(open_desk: OpenDesk) -> None:
    desk = open_desk(demo=False)
    sign_in_as(desk, "ann", Role.VIEWER)
    asked = {"language": "zh", "zone": "Asia/Shanghai", "density": "compact", "sound": "2", "theme": "dark"}
    desk.post("/me/desk", asked)
    desk.post("/me/theme", {"theme": "light"})
    desk.post("/me/manners", {"language": "en", "zone": ""})
    page = desk.get("/me/desk?lang=zh").text
    for sign in ('lang="zh-Hans" class="compact" data-theme="light"', 'data-sound="2"'):
        assert sign in page
    assert "data-zone" not in page.split("<head>")[0]


def test_language_and_zone_are_chosen_in_one_place_and_kept_with_the_account(open_desk: OpenDesk) -> None:
    desk = open_desk(demo=False)
    sign_in_as(desk, "ann", Role.VIEWER)
    mine = desk.get("/me", accept_language="en").text
    assert "/me/manners" not in mine
    assert re.search(r'as the browser wishes.*?<a class="link" href="/me/desk">Change</a>', mine, re.DOTALL)
    assert "Kept with your account" in desk.get("/me/desk", accept_language="en").text
    asked = {"language": "zh", "zone": "Asia/Shanghai", "sound": "2"}
    assert desk.post("/me/desk", asked).headers["location"] == "/me/desk?done=manners"
    assert (person(desk, "ann").locale, person(desk, "ann").zone) == ("zh", "Asia/Shanghai")
    assert re.search(r"中文.*?Asia/Shanghai", text_of(desk.get("/me").text))
    desk.post("/me/desk", {**asked, "sound": "3"})
    with desk.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.action == "person.manners")).all()
    assert len(lines) == 1, "a sound is no matter of the account"
    desk.client.cookies.clear()
    desk.post("/sign-in", {"name": "ann", "password": PASSWORD})
    elsewhere = desk.get("/me/desk", accept_language="en").text
    assert 'lang="zh-Hans"' in elsewhere
    assert 'data-zone="Asia/Shanghai"' in elsewhere
    assert 'data-sound="0"' in elsewhere, "that is this browser's own"


def test_the_guided_start_keeps_them_with_the_account_too(open_desk: OpenDesk) -> None:
    desk = open_desk(demo=False)
    sign_in_as(desk, "ann", Role.ADMIN)
    assert desk.post("/start/language", {"language": "zh", "zone": "Asia/Shanghai"}).status_code == 303
    assert (person(desk, "ann").locale, person(desk, "ann").zone) == ("zh", "Asia/Shanghai")


def test_a_browser_that_was_set_otherwise_says_so(open_desk: OpenDesk) -> None:
    desk = open_desk(demo=False)
    sign_in_as(desk, "ann", Role.VIEWER)
    desk.post("/me/desk", {"language": "zh", "zone": "Asia/Shanghai"})
    assert "本浏览器另有设置" not in desk.get("/me/desk").text
    desk.get("/?lang=en")
    page = desk.get("/me/desk").text
    assert "set otherwise (English)" in page
    assert re.search(r'name="language" value="zh" checked', page), "the account's is what is changed here"
    assert person(desk, "ann").locale == "zh"
    desk.post("/me/desk", {"language": "", "zone": ""})
    assert (person(desk, "ann").locale, person(desk, "ann").zone) == (None, None)


def test_without_an_account_they_stay_in_the_browser(desk: Desk) -> None:
    before = (person(desk, "wang").locale, person(desk, "wang").zone)
    assert "Kept in this browser." in desk.get("/me/desk", accept_language="en").text
    done = desk.post("/me/desk", {"language": "zh", "zone": "Asia/Shanghai"})
    assert done.headers["location"] == "/me/desk?done=wishes"
    assert (person(desk, "wang").locale, person(desk, "wang").zone) == before, "visitors share that account"
    page = desk.get("/me/desk").text
    assert 'data-zone="Asia/Shanghai"' in page
    assert "保存在本浏览器中" in page
    desk.client.cookies.clear()
    shown = text_of(desk.get("/me", accept_language="en").text)
    assert "as the browser wishes · as this browser has it" in shown, "and not what that account has"
