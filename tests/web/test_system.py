"""Settings, the system and the audit: what they say, and to whom."""

import re
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from service.locale.catalogue import Catalogue
from service.store.exposure import NOUNS
from service.store.failures import Failure, keep_failures
from service.store.log import write_log
from service.store.tables import LogLine
from service.web.routes.system import THINGS
from tests.web.conftest import Desk
from tests.web.test_pages import text_of


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("What failed lately", "Sending", "2 failures", "after 1.5 s")),
        ("zh", ("近期失败", "投递", "失败2次", "历时1.5秒")),
    ],
)
def test_the_system_keeps_what_failed(desk: Desk, language: str, words: tuple[str, ...]) -> None:
    assert text_of(desk.get("/system", accept_language="en").text).count("Nothing failed.") == 1
    now = desk.house.clock()
    with desk.store.write() as session:
        keep_failures(session, [Failure("deliver", "one", now, 1.5, f"<b>fault</b> {number}") for number in (1, 2)])
    page = desk.get("/system", accept_language=language).text
    for word in (*words, "&lt;b&gt;fault&lt;/b&gt; 2"):
        assert word in (page if word.startswith("&") else text_of(page)), word


def test_the_system_says_what_is_broken_and_what_to_do(office: Desk) -> None:
    page = office.get("/system", accept_language="en").text
    told = text_of(page)
    for words in ("Alarms about sources", "The database is locked", "went without a word", "on time: "):
        assert words in told
    assert "critical sources in trouble: 1" in told
    part = office.client.get("/system", headers={"HX-Request": "true", "HX-Target": "div#pulse"}).text
    assert part.lstrip().startswith('<div id="pulse"')
    assert "<html" not in part


def test_the_settings_warn_and_hide(desk: Desk) -> None:
    told = text_of(desk.get("/settings", accept_language="en").text)
    assert "Links in notices lead to this machine only" in told
    assert "There are mail channels" not in told, "the guest's mail is not the desk's"
    assert "WATCHFIRE_SMTP_PASSWORD" in told


def test_the_audit_is_narrowed_and_paged(office: Desk) -> None:
    told = text_of(office.get("/audit?subject=key", accept_language="en").text)
    assert "Grafana, monitoring host" in told
    assert "signed in" not in told
    mine = office.get("/audit?actor=fatou", accept_language="en").text
    assert mine.count('class="audit-line"') == 2
    assert "No" in text_of(office.get("/audit?actor=nobody", accept_language="en").text)
    seen: list[str] = []
    address: str | None = "/audit"
    while address:
        page = office.get(address).text
        seen += re.findall(r'datetime="([^"]+)"', page)
        further = re.search(r'class="older buttons"><a class="button" href="([^"]+)"', page)
        address = further[1].replace("&amp;", "&") if further else None
    with office.store.read() as session:
        assert len(seen) == len(session.exec(select(LogLine)).all())
    assert office.get("/audit?cursor=nonsense").status_code == 422


@pytest.mark.parametrize("lang", Catalogue.languages)
def test_what_is_done_anywhere_has_a_word_in_the_audit(lang: str) -> None:
    words = Catalogue()
    deeds = [
        *(f"comment.{deed}" for deed in ("add", "edit", "remove")),
        *(f"demo.{deed}" for deed in ("load", "remove")),
        *(f"{noun}.{deed}" for noun in NOUNS.values() for deed in ("add", "change", "remove", "import")),
        *(f"posture.{deed}" for deed in ("report", "report_due", "report_missing")),
        *("alert.put_off", "alert.hasten", "organisation.change"),
    ]
    keys = [f"audit.do.{deed}" for deed in deeds] + [f"audit.thing.{thing}" for thing in THINGS]
    assert [key for key in keys if words.say(key, lang) == key] == []


def test_a_day_of_the_audit_is_one_of_the_readers_zone(desk: Desk) -> None:
    with desk.store.write() as session:
        write_log(
            session,
            at=datetime(2026, 1, 1, 20, 0, tzinfo=UTC),
            actor="wang",
            action="person.sign_in",
            subject="person",
            subject_id=1,
        )
    lines = {}
    for zone in ("", "Asia/Shanghai"):
        cookie = {"Cookie": f"watchfire-zone={zone}"}
        lines[zone] = ["audit-line" in desk.get(f"/audit?day=2026-01-0{day}", **cookie).text for day in (1, 2)]
    assert lines == {"": [True, False], "Asia/Shanghai": [False, True]}
    assert "UTC" not in "".join(Catalogue().say("audit.about", lang) for lang in Catalogue.languages)
    assert desk.get("/audit?day=9999-12-31").status_code == 200, "the last day that there is has no next one"
