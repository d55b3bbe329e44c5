"""A newcomer adds a source in the browser: paste, look, check, watch, see; and the catalogue."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from service.store.scope import Role
from service.store.tables import EntryRow, SourceRow
from tests.ingest.webserver import Answer, WebServer, webserver
from tests.web.conftest import Desk, OpenDesk

FEED = b"""<rss version='2.0'><channel><title>Bay &lt;Herald&gt;</title><language>sw</language>
<item><title>Port &lt;b&gt;reopens&lt;/b&gt;</title><guid>1</guid></item>
<item><title>Ferry delayed</title><guid>2</guid></item></channel></rss>"""
PAGE = b"<html><head><link rel=alternate type='application/rss+xml' href='/main.xml'></head></html>"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A publisher on loopback, which the guard lets the desk reach."""
    monkeypatch.setenv("WATCHFIRE_ALLOW_NETS", "127.0.0.0/8")
    with webserver() as server:
        server.answers["/"] = Answer(body=PAGE)
        server.answers["/main.xml"] = Answer(body=FEED)
        server.answers["/plain"] = Answer(body=b"<html><body>Hello</body></html>")
        yield server


def hidden(page: str) -> dict[str, str]:
    """The fields that the first candidate's form sends."""
    form = re.search(r'action="/sources/new/form">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))


def count(desk: Desk, table: type) -> int:
    with desk.store.read() as session:
        return len(session.exec(select(table)).all())


def test_from_an_address_to_the_first_entries(web: WebServer, open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = count(desk, SourceRow), count(desk, EntryRow)
    assert 'name="address"' in desk.get("/sources/new").text
    looked = desk.post("/sources/new", {"address": web.url("/")}, accept_language="en")
    assert looked.status_code == 200
    assert "1 feed found" in looked.text
    assert "the page names it" in looked.text
    assert "Ferry delayed" in looked.text
    assert (count(desk, SourceRow), count(desk, EntryRow)) == before, "a trial look stores nothing"
    fields = hidden(looked.text)
    assert fields["address"] == web.url("/main.xml")
    form = desk.post("/sources/new/form", fields, accept_language="en")
    assert re.search(r'name="language"[^>]* value="sw"', form.text)
    made = desk.post("/sources/new/watch", {**fields, "name": "Bay", "country": "KE", "reliability": "C"})
    assert made.status_code == 303
    first = desk.get(made.headers["location"], accept_language="en")
    assert "Its first entries" in first.text
    assert first.text.index("Port reopens") < first.text.index("Ferry delayed")
    with desk.store.read() as session:
        row = session.exec(select(SourceRow).where(SourceRow.address == fields["address"])).one()
    assert (row.name, row.country, row.reliability, row.failures) == ("Bay", "KE", "C", 0)
    again = desk.post("/sources/new", {"address": web.url("/")}, accept_language="en")
    assert "Use this feed" not in again.text


@pytest.mark.parametrize(
    ("path", "en", "zh"),
    [
        ("/plain", "a web page only", "这只是一个网页"),
        ("/gone", "answers 404", "对方返回错误"),
        ("ftp://x.example/", "must be allowed by the operator", "地址未被放行"),
    ],
)
def test_what_went_wrong_is_explained_and_what_was_typed_is_kept(
    web: WebServer, desk: Desk, path: str, en: str, zh: str
) -> None:
    address = path if "://" in path else web.url(path)
    for lang, words in (("en", en), ("zh", zh)):
        told = desk.post("/sources/new", {"address": address}, accept_language=lang)
        assert told.status_code == 422
        assert words in told.text
        assert f'value="{address}"' in told.text


def test_the_guard_stands_before_the_trial(desk: Desk) -> None:
    with webserver() as inner:
        inner.answers["/"] = Answer(body=FEED)
        told = desk.post("/sources/new", {"address": inner.url("/")}, accept_language="en")
        assert told.status_code == 422
        assert "The address guard refuses" in told.text
        assert inner.asked == []


def test_a_form_that_cannot_be_used_comes_back_filled(desk: Desk) -> None:
    given = {"address": "https://bay.example/rss", "name": "Bay", "zone": "Mars/Base", "critical": "true"}
    told = desk.post("/sources/new/watch", given, accept_language="en")
    assert told.status_code == 422
    assert "Mars/Base" in told.text
    assert re.search(r'name="critical" value="true" checked', told.text)
    assert 'value="Bay"' in told.text


def test_a_failing_first_look_is_told(web: WebServer, open_desk: OpenDesk) -> None:
    desk = open_desk()
    made = desk.post("/sources/new/watch", {"address": web.url("/gone"), "name": "Gone"})
    assert "its first look failed" in desk.get(made.headers["location"], accept_language="en").text


def test_who_may_not_change_sources_may_not_look_either(open_desk: OpenDesk) -> None:
    viewer = open_desk(role=Role.VIEWER)
    assert viewer.get("/sources/new").status_code == 403
    assert viewer.post("/sources/new", {"address": "https://bay.example/"}).status_code == 403
    assert viewer.post("/sources/new/watch", {"address": "https://bay.example/"}).status_code == 403
    shown = viewer.get("/catalogue?country=NG").text
    assert "premiumtimesng" in shown
    assert 'action="/catalogue"><input type="hidden" name="key"' not in shown
    assert viewer.post("/catalogue", {"pack": "sanctions"}).status_code == 403


def test_the_catalogue_by_pack_and_by_source(open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = count(desk, SourceRow)
    assert "West Africa" in desk.get("/catalogue", accept_language="en").text
    assert "西非" in desk.get("/catalogue", accept_language="zh").text
    done = desk.post("/catalogue", {"key": "sn-seneweb", "back": "africa-west"})
    told = desk.client.get(done.headers["location"], headers={"accept-language": "en"}).text
    assert "1 source added; 0 were watched already." in told
    assert count(desk, SourceRow) == before + 1
    desk.post("/catalogue", {"pack": "sanctions"})
    added = count(desk, SourceRow)
    assert added > before + 5
    desk.post("/catalogue", {"pack": "sanctions"})
    assert count(desk, SourceRow) == added
    assert desk.post("/catalogue", {"key": "none"}).status_code == 404
    assert desk.post("/catalogue", {"back": "https://evil.example"}).status_code == 422
    assert "no such source" in desk.get("/catalogue?country=VA&kind=hazard", accept_language="en").text
    named = desk.get("/catalogue?q=SENEWEB&country=SN", accept_language="en").text
    assert "seneweb" in named
    assert '<span class="badge">1</span>' in named


@pytest.mark.parametrize("of", ["watched", "catalogue"])
def test_the_balance(still: Desk, of: str) -> None:
    shown = still.get(f"/catalogue/balance?of={of}", accept_language="en").text
    assert "No local source" in shown
    assert "Tuvalu" in shown
    assert ("Chad" in shown) == (of == "watched")
    ocean = shown.index("<summary>Oceania")
    assert ocean < shown.index('<a href="/catalogue?country=TV">Tuvalu</a>'), "countries stand under their region"
    assert shown.count("Most regions lack: ") == 1
    assert still.get("/catalogue/balance?of=moon").status_code == 422
