"""The report form in a real browser: what scripts add on a bad line, and what axe says of the new pages."""

from pathlib import Path

from service.auth.access import mailbox_scope
from service.desk.reports import file_mail
from tests.web.conftest import Desk, Visitor
from tests.web.test_browser import faults


def test_what_was_typed_outlives_a_failed_sending(desk: Desk, visitor: Visitor) -> None:
    page = visitor(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{desk.url}/report")
    page.fill("[name=text]", "Shots near the camp")
    page.select_option("[name=country]", "CM")
    page.goto(f"{desk.url}/reports")
    page.goto(f"{desk.url}/report")
    assert page.input_value("[name=text]") == "Shots near the camp"
    assert page.input_value("[name=country]") == "CM"
    page.check("[name=anonymous]")
    page.goto(f"{desk.url}/report")
    assert page.input_value("[name=text]") == "", "nothing is kept of who does not want to be named"


def test_a_file_that_is_too_large_is_told_before_it_is_sent(desk: Desk, visitor: Visitor, tmp_path: Path) -> None:
    large = tmp_path / "film.mp4"
    large.write_bytes(b"x" * (10 * 2**20 + 1))
    page = visitor().new_page()
    page.goto(f"{desk.url}/report")
    page.set_input_files("[name=files]", large)
    assert "too large" in str(page.eval_on_selector("[name=files]", "field => field.validationMessage"))
    page.set_input_files("[name=files]", [])
    page.fill("[name=text]", "Shots near the camp")
    page.select_option("[name=country]", "CM")
    page.click(".report-send")
    page.wait_for_url("**/report?sent=new&number=1")
    page.goto(f"{desk.url}/report")
    assert page.input_value("[name=text]") == "", "what was sent is not kept"


def test_axe_finds_nothing_on_the_pages_of_a_report(desk: Desk, visitor: Visitor) -> None:
    with desk.store.read() as session:
        scope = mailbox_scope(session)
    good = b"From: a@b.example\r\nSubject: Shots\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    good += b"--b\r\n\r\nNear us.\r\n"
    files = b"--b\r\nContent-Disposition: attachment; filename=%s\r\n\r\nx\r\n"
    file_mail(desk.house, scope, good + files % b"a.txt" + files % b"a.exe" + b"--b--\r\n")
    file_mail(desk.house, scope, b"Subject: Sealed\r\nContent-Type: multipart/encrypted\r\n\r\nx")
    paths = ("/report", "/report?sent=new&number=1", "/reports", "/reports/1", "/reports/2")
    for width in (390, 1280):
        page = visitor(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
        assert faults(page, [desk.url + path for path in paths], {"resultTypes": ["violations"]}) == []
        for path in paths:
            page.goto(desk.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
