"""The report form in a real browser: what scripts add on a bad line, and what axe says of the new pages."""

from pathlib import Path

from tests.web.conftest import Desk, Visitor


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
