"""The report form and the list of reports, as a browser without scripts uses them."""

import re
from collections.abc import Callable

import httpx
import pytest
from sqlmodel import col, select

from ingest.mailbox import MailboxError
from service.auth.access import mailbox_scope, operator_scope
from service.desk.mailbox import look
from service.desk.report_link import make_link
from service.desk.reports import file_mail
from service.errors import Conflict
from service.settings import load
from service.store.scope import Role
from service.store.tables import Attachment, EntryRow, FieldReport, LogLine
from service.web.routes.report_form import allowance
from tests.web.conftest import Desk, OpenDesk

SAID = {"text": "Six armed men fired at the gate. Nobody was hurt.", "country": "CM", "sharing": "TLP:AMBER"}


def send(desk: Desk, path: str = "/report", *, files: object = None, **changed: str) -> httpx.Response:
    """The form, sent with its files."""
    parts = files or [("files", ("", b""))]
    return desk.client.post(
        path,
        data={**SAID, **changed},
        files=parts,  # type: ignore[arg-type]
        headers={"Origin": desk.url},
        follow_redirects=False,
    )


def reports(desk: Desk) -> list[FieldReport]:
    with desk.store.read() as session:
        return list(session.exec(select(FieldReport).order_by(col(FieldReport.id))).all())


def mailed(desk: Desk, raw: bytes) -> int:
    with desk.store.read() as session:
        scope = mailbox_scope(session)
    return file_mail(desk.house, scope, raw).row.id or 0


def reopen(desk: Desk, **set_to: object) -> None:
    """The same desk under other settings; its routes read them at every request."""
    object.__setattr__(desk.house, "settings", load(**set_to))


def test_a_report_from_the_form(desk: Desk) -> None:
    files = [
        ("files", ("gate.jpg", b"\xff\xd8picture")),
        ("files", ("报表.pdf", b"%PDF")),
        ("files", ("a.bat", b"del")),
    ]
    done = send(desk, files=files, place="Yagoua", when="2026-03-01T10:15", category="security", token="t1")
    assert done.status_code == 303, done.text
    assert done.headers["location"] == "/report?sent=new&number=1"
    told = desk.get(done.headers["location"], accept_language="en").text
    assert "It has the number 1." in told
    assert 'href="/reports/1"' in told
    (row,) = reports(desk)
    assert (row.channel, row.sender, row.sender_known, row.sharing) == ("form", "wang", True, "TLP:AMBER")
    with desk.store.read() as session:
        entry = session.get_one(EntryRow, row.entry_id)
        kept = session.exec(select(Attachment).order_by(col(Attachment.id))).all()
    assert (entry.title, entry.countries, entry.reliability) == ("Six armed men fired at the gate.", ["CM"], "C")
    assert [(one.name, one.refused) for one in kept] == [("gate.jpg", None), ("报表.pdf", None), ("a.bat", "script")]
    again = send(desk, files=files, place="Yagoua", when="2026-03-01T10:15", category="security", token="t1")
    assert again.headers["location"] == "/report?sent=known&number=1"
    assert len(reports(desk)) == 1


def test_its_page_shows_everything_and_hands_files_out_for_download_only(desk: Desk) -> None:
    page = b"<script>alert(1)</script>"
    send(desk, files=[("files", ("picture.png", b"\x89PNG..")), ("files", ("page.html", page))], place="<b>Yagoua</b>")
    shown = desk.get("/reports/1", accept_language="en").text
    for words in ("Six armed men", "Cameroon", "&lt;b&gt;Yagoua&lt;/b&gt;", "picture.png", "it is a script or a page"):
        assert words in shown
    assert "<script>alert" not in shown
    links = re.findall(r'href="(/reports/1/files/\d+)"', shown)
    assert len(links) == 1
    got = desk.get(links[0])
    assert got.content == b"\x89PNG.."
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"].startswith("sandbox")
    assert got.headers["x-content-type-options"] == "nosniff"
    listed = desk.get("/reports", accept_language="zh").text
    assert "已成条目" in listed
    assert 'href="/reports/1"' in listed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": " "}, "says nothing"),
        ({"country": "Atlantis"}, "no country"),
        ({"when": "tomorrow"}, "cannot be read"),
        ({"sharing": "TLP:PINK"}, "no sharing mark"),
        ({"category": "weather"}, "no category"),
    ],
)
def test_a_refused_form_comes_back_as_it_was(desk: Desk, changed: dict[str, str], words: str) -> None:
    again = desk.client.post(
        "/report",
        data={**SAID, "place": 'Near "the" river', "anonymous": "yes", **changed},
        files=[("files", ("a.txt", b"a"))],
        headers={"Origin": desk.url, "Accept-Language": "en"},
    )
    assert again.status_code == 422
    assert words in again.text
    assert 'value="Near &#34;the&#34; river"' in again.text
    assert 'name="anonymous" value="yes" checked' in again.text
    assert "choose the files again" in again.text
    if "text" not in changed:
        assert SAID["text"] in again.text
    assert reports(desk) == []


def test_a_form_checks_itself(desk: Desk) -> None:
    form = desk.get("/report", accept_language="zh").text
    assert '<textarea name="text" required minlength="3" maxlength="20000"' in form
    assert '<select name="country" required>' in form
    assert re.findall(r'name="sharing" value="([^"]+)" required( checked)?', form) == [
        ("TLP:AMBER", " checked"),
        ("TLP:AMBER+STRICT", ""),
        ("TLP:RED", ""),
    ]


def test_who_does_not_want_to_be_named_is_not(desk: Desk) -> None:
    done = send(desk, anonymous="yes", token="mine")
    assert done.headers["location"] == "/report?sent=new"
    assert "without your name" in desk.get("/report?sent=new", accept_language="en").text
    (row,) = reports(desk)
    with desk.store.read() as session:
        line = session.exec(select(LogLine).where(LogLine.subject == "report")).one()
        entry = session.get_one(EntryRow, row.entry_id)
    assert (row.person_id, row.sender, row.anonymous, line.actor, entry.reliability) == (
        None,
        None,
        True,
        "anonymous",
        "F",
    )
    assert "wang" not in f"{row.model_dump()} {line.model_dump()} {entry.model_dump()}"
    assert "Anonymous" in desk.get("/reports/1", accept_language="en").text


@pytest.mark.parametrize(("role", "may"), [(Role.VIEWER, False), (Role.OWNER, True), (Role.ANALYST, True)])
def test_who_may_report(open_desk: OpenDesk, role: Role, may: bool) -> None:
    desk = open_desk(role=role)
    assert desk.get("/report").status_code == (200 if may else 403)
    assert send(desk).status_code == (303 if may else 403)
    assert ('href="/report"' in desk.get("/reports").text) is may


def test_nobody_reports_before_the_door(open_desk: OpenDesk) -> None:
    desk = open_desk(demo=False)
    assert desk.client.get("/report", follow_redirects=False).headers["location"].startswith("/sign-in")
    assert send(desk).status_code == 303
    assert reports(desk) == []


def test_the_form_can_be_shut(desk: Desk) -> None:
    reopen(desk, report_form="off")
    assert desk.get("/report").status_code == 404
    assert send(desk).status_code == 404
    assert 'href="/report"' not in desk.get("/reports").text


@pytest.fixture
def linked(open_desk: OpenDesk) -> Callable[[], tuple[Desk, str]]:
    """A desk with a door, and the path of its link."""

    def opened() -> tuple[Desk, str]:
        allowance.forget()
        desk = open_desk(demo=False)
        reopen(desk, report_form="link")
        with desk.store.read() as session:
            scope = operator_scope(session)
        return desk, httpx.URL(make_link(desk.house, scope)).path

    return opened


def test_a_link_needs_no_account_and_names_nobody(linked: Callable[[], tuple[Desk, str]]) -> None:
    desk, path = linked()
    form = desk.get(path, accept_language="en").text
    assert "asks for no name" in form
    assert 'name="anonymous"' not in form
    assert 'class="nav"' not in form
    done = send(desk, path)
    assert done.headers["location"] == f"{path}?sent=new"
    assert "without your name" in desk.get(done.headers["location"], accept_language="en").text
    (row,) = reports(desk)
    assert (row.anonymous, row.sender, row.person_id) == (True, None, None)
    with desk.store.read() as session:
        lines = session.exec(select(LogLine).where(LogLine.action == "report.file")).all()
    assert [(line.actor, line.organisation_id) for line in lines] == [("anonymous", None)]
    assert "127.0.0.1" not in f"{row.model_dump()} {lines[0].model_dump()}"
    assert desk.client.get("/reports", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_the_link_ends_with_a_new_one_and_with_the_setting(linked: Callable[[], tuple[Desk, str]]) -> None:
    desk, path = linked()
    with desk.store.read() as session:
        scope = operator_scope(session)
    assert desk.get("/report/no-such-token-at-all-here").status_code == 404
    other = httpx.URL(make_link(desk.house, scope)).path
    assert (desk.get(path).status_code, desk.get(other).status_code) == (404, 200)
    reopen(desk, report_form="people")
    assert desk.get(other).status_code == 404
    with pytest.raises(Conflict):
        make_link(desk.house, scope)


def test_a_link_takes_only_so_much(linked: Callable[[], tuple[Desk, str]]) -> None:
    desk, path = linked()
    answers = [send(desk, path, text=f"Report number {number} of the day").status_code for number in range(12)]
    assert answers == [303] * 10 + [429] * 2
    assert len(reports(desk)) == 10
    refused = send(desk, path, text="Kept in the form")
    assert "Kept in the form" in refused.text


def test_an_unreadable_one_is_shown_and_becomes_an_entry_by_hand(desk: Desk) -> None:
    raw = b"From: a@b.example\r\nSubject: Sealed\r\nContent-Type: multipart/encrypted\r\n\r\nzz"
    number = mailed(desk, raw)
    listed = desk.get("/reports?state=unreadable", accept_language="en").text
    assert "The mail is encrypted" in listed
    shown = desk.get(f"/reports/{number}", accept_language="en").text
    assert "Sealed" in shown
    got = desk.get(f"/reports/{number}/raw")
    assert got.content == raw
    assert got.headers["content-disposition"].startswith("attachment")
    assert desk.post(f"/reports/{number}/read").headers["location"] == f"/reports/{number}?done=report_read"
    assert reports(desk)[0].state == "unreadable"
    empty = desk.post(f"/reports/{number}/entry", {"subject": "Sealed", "text": ""}, accept_language="en")
    assert empty.status_code == 422
    form = {"subject": "Threat by letter", "text": "A letter threatens the site.", "country": "CM", "reliability": "D"}
    assert desk.post(f"/reports/{number}/entry", form).headers["location"].endswith("done=report_entry")
    (row,) = reports(desk)
    with desk.store.read() as session:
        entry = session.get_one(EntryRow, row.entry_id)
    assert (row.state, entry.title, entry.countries, entry.reliability) == ("accepted", form["subject"], ["CM"], "D")
    assert "Entered by hand by wang" in desk.get(f"/reports/{number}", accept_language="en").text
    assert desk.get(f"/reports/{number}/raw").status_code == 200, "what came stays"
    assert desk.post(f"/reports/{number}/entry", form).status_code == 409


def test_a_machines_mail_is_shown_and_is_no_entry(desk: Desk) -> None:
    number = mailed(desk, b"From: a@b.example\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday.")
    shown = desk.get(f"/reports/{number}", accept_language="zh").text
    assert "这是自动回复。" in shown
    assert "不作条目" in desk.get("/reports?state=no_entry", accept_language="zh").text
    assert reports(desk)[0].entry_id is None
    assert desk.get("/reports?state=accepted").text.count('class="line report-') == 0


def test_the_mailbox_shows_how_it_does(desk: Desk) -> None:
    assert 'class="mailbox' not in desk.get("/reports").text
    reopen(desk, imap_host="127.0.0.1", imap_port=1, imap_user="reports", allow_nets="127.0.0.0/8")
    assert "has not been read yet" in desk.get("/reports", accept_language="en").text
    with pytest.raises(MailboxError):
        look(desk.house)
    told = desk.get("/reports", accept_language="zh").text
    assert "收件箱 reports@127.0.0.1/INBOX 无法读取" in told
    assert "cannot be reached" in told


def test_there_is_no_such_report(desk: Desk) -> None:
    for path in ("/reports/9999", "/reports/9999/raw", "/reports/9999/files/1"):
        assert desk.get(path).status_code == 404
    assert desk.post("/reports/9999/read").status_code == 404
    assert desk.post("/reports/9999/entry", {"subject": "Some", "text": "thing"}).status_code == 404
