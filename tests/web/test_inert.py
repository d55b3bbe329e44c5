"""Hostile words in every field there is: no page, print, mail, card, feed, file or command does what they say."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from lxml import etree, html
from playwright.sync_api import Browser
from sqlmodel import col, select

from service.cli import run
from service.locale.catalogue import Catalogue
from service.notify.channel import ChannelInfo, Letter, Post
from service.notify.channels import CHANNELS
from service.notify.mail import MailSettings, compose
from service.notify.message import Message, from_payload
from service.store.engine import open_store
from service.store.tables import Notice
from tests.notify.fakes import Asked, Fake
from tests.notify.rooms import FakeDingTalk, FakeFeishu, FakeSlack, FakeWeCom
from tests.web.conftest import Visitor
from tests.web.gallery.pictures import PICTURES, Room
from tests.web.hostile.desk import Hostile, hostile_desk
from tests.web.hostile.documents import BROKEN
from tests.web.hostile.look import NARROW, Looker
from tests.web.hostile.texts import TEXTS, short

HIDDEN = re.compile("[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&+,;=%]+")
WORDS = Catalogue()
ROOMS: tuple[type[Fake], ...] = (FakeFeishu, FakeDingTalk, FakeWeCom, FakeSlack)


@pytest.fixture(scope="module")
def hostile(assets: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """The desk full of them, made once."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(sqlite_template, folder / "watchfire.db")
    with hostile_desk(open_store(f"sqlite:///{folder / 'watchfire.db'}"), folder) as desk:
        yield desk


# What is searched for stands in the field, in the title and in the words that nothing was found.
SOUGHT = [TEXTS[f"markup: {name}"] for name in ("out of an attribute", "out of the title", "attributes of htmx")]
SOUGHT += [text for name, text in TEXTS.items() if name in ("form: turned", "form: terminal", "template: jinja")]


class _Numbers(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return 1  # the gallery has one that this desk has not


def paths(desk: Hostile) -> list[str]:
    """A page of each kind that the gallery has, and some of what came in from outside."""
    known, kinds = _Numbers(desk.numbers), {one.route: one for one in reversed(PICTURES) if one.room is Room.FULL}
    pages = [one.path.format_map(known) for one in kinds.values()]
    found = [f"/alerts/{number}" for number in desk.alerts[::4]]
    sought = [f"{page}?q={quote(short(text, 120))}" for text in SOUGHT for page in ("/", "/search")]
    others = ("/search?q=attack", "/?state=all&facets=1", "/reports/5", "/reports/16", *sought)
    return [*pages, *found, *others]


def test_there_is_enough_of_it(hostile: Hostile) -> None:
    assert len(TEXTS) + len(BROKEN) >= 100
    assert hostile.taken.pop("split") >= 0
    assert {door for door, count in hostile.taken.items() if not count} == set()
    assert len(hostile.alerts) >= 10


@pytest.mark.browser
def test_every_page_is_inert(hostile: Hostile, visitor: Visitor) -> None:
    looker = Looker(visitor(viewport={"width": NARROW, "height": 780}), hostile.url)
    wrong = {path: faults for path in paths(hostile) if (faults := looker.faults(path))}
    assert wrong == {}
    looker.page.emulate_media(media="print")
    printed = [f"/alerts/{hostile.numbers['coup']}", "/guideline/print", "/plans/coup"]
    wrong = {path: faults for path in printed if (faults := looker.faults(path))}
    assert wrong == {}


@pytest.mark.browser
def test_acting_on_them_is_inert(hostile: Hostile, visitor: Visitor) -> None:
    """Scripts move titles into dialogs, toasts and announcements: those are words as well."""
    looker = Looker(visitor(viewport={"width": 1280, "height": 800}), hostile.url)
    assert looker.faults("/?state=all") == []
    for keys in ("j", "j", "s", "Escape", "o", "Escape", "m", "Escape", "x", "Escape", "z", "z", "a", "?", "Escape"):
        looker.page.keyboard.press(keys)
    looker.page.locator(".row-tick").first.check()
    looker.page.wait_for_timeout(200)
    assert looker.faults_here("/?state=all") == []


def test_pages_without_scripts_have_no_element_of_theirs(hostile: Hostile) -> None:
    """As they leave the desk, in the other language."""
    for path in (
        "/",
        "/alerts/8",
        f"/alerts/{hostile.alerts[0]}",
        "/search?q=attack",
        "/deliveries",
        "/sites",
        "/plans",
    ):
        answer = httpx.get(hostile.url + path, headers={"Accept-Language": "zh"}, timeout=30)
        assert answer.status_code in (200, 404), path
        assert len(answer.text) < 700_000, path
        page = html.fromstring(answer.content)
        assert not page.xpath("//@*[name()='data-evil' or starts-with(name(), 'on')]"), path
        assert not page.xpath("//script[not(@src)] | //img | //iframe | //base | //object | //embed"), path
        assert_clean(answer.text)


def messages(desk: Hostile) -> list[Message]:
    """What waits to be told, of every kind."""
    with desk.store.read() as session:
        rows = session.exec(select(Notice).order_by(col(Notice.created_at).desc())).all()
    kinds = {(row.action, row.payload.get("kind"), row.alert_id): row for row in rows}
    return [from_payload(row.payload) for row in kinds.values()][:60]


def rendered(desk: Hostile, kind: str) -> Iterator[Post | Letter]:
    """All of them on one channel, in both languages."""
    address = "desk@example.org" if kind == "mail" else "https://hooks.example/a?b=c"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" if kind == "webhook" else None
    for message in messages(desk):
        for language in ("zh", "en"):
            made = CHANNELS[kind].render(message, ChannelInfo(kind, "room", address, secret, language), WORDS)
            assert isinstance(made, Post | Letter)
            yield made


@pytest.mark.parametrize("fake", ROOMS, ids=lambda fake: fake.kind)
def test_cards_are_inert(hostile: Hostile, fake: type[Fake]) -> None:
    reader = object.__new__(fake)  # how such a program reads, without the server around it
    for post in rendered(hostile, fake.kind):
        assert isinstance(post, Post)
        asked = Asked("/", {}, {}, post.body)
        assert reader.alarms(asked) == []
        assert all(LINK.fullmatch(link) for link in reader.links(asked))
        assert_clean(json.loads(post.body))


def assert_clean(value: object) -> None:
    """No string in it hides or turns anything."""
    if isinstance(value, str):
        assert not HIDDEN.search(value), value
        assert not CONTROL.search(value), value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_clean(one)


def test_webhooks_are_clean_json(hostile: Hostile) -> None:
    for post in rendered(hostile, "webhook"):
        assert isinstance(post, Post)
        told = json.loads(post.body)
        assert_clean(told)
        links = [source["link"] for source in (told["alert"] or {}).get("sources", ()) if source["link"]]
        assert all(LINK.fullmatch(link) for link in links)
        assert all("\r" not in value and "\n" not in value for value in post.headers.values())


MAIL_TAGS = {
    "html",
    "head",
    "meta",
    "body",
    "p",
    "h1",
    "table",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
    "span",
    "a",
    "bdi",
}


def test_mails_are_inert(hostile: Hostile, browser: Browser) -> None:
    settings = MailSettings("mail.example", sender="watchfire@example.org")
    heard: list[str] = []
    page = browser.new_page()
    page.on("request", lambda asked: heard.append(asked.url))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    for number, letter in enumerate(rendered(hostile, "mail")):
        assert isinstance(letter, Letter)
        read = message_from_bytes(compose(letter, settings).as_bytes(), policy=policy.default)
        assert isinstance(read, EmailMessage)
        assert [len(read.get_all(name, [])) for name in ("To", "Subject", "From", "Bcc", "Cc")] == [1, 1, 1, 0, 0]
        assert {"From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"} <= set(read.keys())
        assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
        plain, rich = (part.get_content() for part in read.iter_parts())
        assert_clean([read["Subject"], plain, rich])
        document = html.fromstring(rich)
        assert {element.tag for element in document.iter() if isinstance(element.tag, str)} <= MAIL_TAGS
        assert all(LINK.fullmatch(link) for link in document.xpath("//@href"))
        assert not document.xpath("//@src | //@*[starts-with(name(), 'on')]")
        if number % 8 == 0:
            page.set_content(rich)
            assert page.evaluate("window.__hit") is None
    page.close()
    assert heard == []


def test_feeds_are_inert(hostile: Hostile) -> None:
    for lang in ("zh", "en"):
        atom = httpx.get(f"{hostile.url}/feeds/{hostile.feed}/atom.xml?lang={lang}")
        told = etree.fromstring(atom.content)
        spaces = {"a": "http://www.w3.org/2005/Atom"}
        assert len(told.xpath("//a:entry", namespaces=spaces)) >= 10
        assert set(told.xpath("//a:content/@type", namespaces=spaces)) == {"text"}
        assert not told.xpath("//*[namespace-uri() != 'http://www.w3.org/2005/Atom']")
        assert_clean(list(told.itertext()))
        assert all(LINK.fullmatch(link) for link in told.xpath("//@href"))
        feed = httpx.get(f"{hostile.url}/feeds/{hostile.feed}/feed.json?lang={lang}").json()
        assert_clean(feed)
        assert all("content_html" not in item and LINK.fullmatch(item["url"]) for item in feed["items"])


def test_files_calculate_nothing(hostile: Hostile) -> None:
    for path in ("/sites/export.csv", "/sites/partners.csv"):
        answer = httpx.get(hostile.url + path)
        assert "attachment" in answer.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert len(rows) > 20
        assert len({len(row) for row in rows}) == 1
        cells = [cell for row in rows[1:] for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
        assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\uff1d\uff0b\uff0d\uff20" and cell]
        assert_clean(rows)


COMMANDS = (
    "event list;event show 8;search attack;search attack --reports;source list;source show al-fanar;channel list;"
    "subscription list;silence list;report list;report show 1;site list;partner list;person list;organisation list;"
    "delivery list;plan list;plan show coup;posture list;correction list;correction queue;rules show;roster show;"
    "response show 8;explain --entry 9;model list;event list --json;source list --json;plan show coup --json;"
    "key list;delivery list --state held;delivery load;silence held 1;roster history;roster morning;roster export;"
    "posture show NE;posture list --past;posture reports NE;rules versions;rules matches;site export;partner export;"
    "site near 13.5 2.1 --km 500;source export;archive list;plan list;key list --json"
)


def test_commands_steer_no_terminal(
    hostile: Hostile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", str(hostile.store.engine.url))
    monkeypatch.setenv("WATCHFIRE_PLANS", str(hostile.house.settings.plans))
    asked = COMMANDS.split(";")
    shown = 0
    for lang, command in (*(("C.UTF-8", one) for one in asked), *(("zh_CN.UTF-8", one) for one in asked[::2])):
        monkeypatch.setenv("LC_ALL", lang)
        code = run(command.split())
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err, command
        assert not HIDDEN.search(printed.out + printed.err), command
        assert not CONTROL.search(printed.out + printed.err), command
        shown += code == 0
    assert shown == len(asked) + len(asked[::2])
