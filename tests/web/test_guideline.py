"""The guideline as a page, and the way of a change: proposed, tried, approved by a second person, rolled back."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rules.guideline import default_guideline, default_text
from service.desk.guideline import in_force, propose, try_version, turn_down
from service.store.scope import Role
from service.store.tables import Channel
from service.web.shown.guideline import guideline_shown
from service.web.shown.row import Telling
from tests.locale.chinese import english, scalars
from tests.rules.making import NOW
from tests.web.conftest import Desk, OpenDesk
from tests.web.desk import operator
from tests.web.faults import faults_of

NEW = default_text().replace('version: "1"', 'version: "2"').replace("{1: 64, 2: 46,", "{1: 90, 2: 70,")
PAGES = ("/guideline", "/guideline/print", "/guideline/changes", "/guideline/changes/new")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_the_version(still: Desk, path: str, lang: str) -> None:
    answer = still.get(path, accept_language=lang)
    assert answer.status_code == 200
    assert default_guideline().version in answer.text
    shown = re.sub(r"<textarea.*?</textarea>", "", answer.text, flags=re.DOTALL)
    assert re.findall(r"guideline\.[a-z_]+", shown) == []


def test_the_page_has_every_clause_with_its_condition_and_last_match(still: Desk) -> None:
    text = still.get("/guideline", accept_language="en").text
    for clause in default_guideline().clauses:
        assert f'id="{clause.id}"' in text
    assert "governance_failure" in text
    assert 'href="/alerts/' in text.split('id="POL-1"')[1].split("</article>")[0]


def test_a_text_with_faults_comes_back_with_them_and_with_all_that_was_written(desk: Desk) -> None:
    wrong = NEW.replace("hold: 72 h", "hold: 72").replace("\n", "\r\n")
    answer = desk.post("/guideline/changes", {"text": wrong, "note": "my <reason>"})
    assert answer.status_code == 422
    assert "is not a time span" in answer.text
    assert "hold: 72\n" in answer.text.replace("\r\n", "\n")
    assert "my &lt;reason&gt;" in answer.text
    assert "/guideline/changes/1" not in desk.get("/guideline/changes").text


def test_faults_are_told_in_the_language_of_the_page(desk: Desk) -> None:
    wrong = (
        NEW.replace("hold: 72 h", "holds: 72").replace("{1: 90, 2: 70,", "{1: 90,").replace("  picture:", "  pictur:")
    )
    chinese = desk.post("/guideline/changes", {"text": wrong}, accept_language="zh")
    told = faults_of(chinese.text, "guide-faults")
    assert len(told) >= 4
    assert [one for one in told if english(one.partition("行")[2], scalars(wrong))] == []
    assert all(re.match(r"第 \d+ 行", one) for one in told)
    assert any(one.endswith(" 条款 POL-1 的 thresholds 没有 2。请加上 2:。") for one in told)
    told = faults_of(desk.post("/guideline/changes", {"text": wrong}, accept_language="en").text, "guide-faults")
    assert any(one.endswith(" thresholds of clause POL-1 has no 2. Add 2:.") for one in told)


def test_a_file_that_is_not_used_is_told_in_the_language_of_the_page(still: Desk, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(NEW.replace("hold: 72 h", "hold: 72"), encoding="utf-8")
    house = replace(still.house, settings=still.house.settings.model_copy(update={"guideline": file}))
    held = in_force(house, operator(still.store))
    telling = Telling(still.house.catalogue, "zh", NOW, {})
    told = guideline_shown(held, {}, telling).problem
    assert told.startswith("运维方文件有误，未予采用：mine.yaml 第 ")
    assert "hold“72”不是时长。" in told
    assert "is not a time span" in guideline_shown(held, {}, replace(telling, lang="en")).problem
    file.unlink()
    told = guideline_shown(in_force(house, operator(still.store)), {}, telling).problem
    assert told.endswith("没有这个文件或目录。请检查 WATCHFIRE_GUIDELINE。")


def test_a_change_is_approved_by_a_second_person_and_rolled_back(desk: Desk) -> None:
    sent = desk.post("/guideline/changes", {"text": NEW, "note": "fewer"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/guideline/changes/1?done=guideline_proposed")
    own = desk.get("/guideline/changes/1?lang=en").text
    assert "/approve" not in own
    assert "POL-1" in own
    assert desk.post("/guideline/changes/1/approve").status_code == 403
    other = replace(operator(desk.store), actor="fatou")
    row = propose(desk.house, other, NEW.replace('"2"', '"3"'), "another")
    try_version(desk.house, other, row.id or 0)
    assert "/guideline/changes/2/approve" in desk.get("/guideline/changes/2").text
    assert desk.post("/guideline/changes/2/approve").status_code == 303
    assert in_force(desk.house, other).guideline.version.startswith("3+")
    assert "3+" in desk.get("/guideline").text
    assert desk.post("/guideline/rollback", {"number": "0", "reason": "no"}).status_code == 303
    assert in_force(desk.house, other).guideline.version == default_guideline().version
    assert desk.post("/guideline/rollback", {"number": "2"}).status_code == 303
    assert in_force(desk.house, other).guideline.version.startswith("3+")
    assert desk.post("/guideline/changes/1/reject", {"reason": "no more"}).status_code == 303


def test_whoever_may_not_is_shown_no_way_and_refused(open_desk: OpenDesk) -> None:
    desk = open_desk(role=Role.ANALYST)
    assert "/guideline/changes/new" not in desk.get("/guideline").text
    assert desk.post("/guideline/changes", {"text": NEW}).status_code == 403


def test_the_rail_counts_what_waits_until_it_is_looked_at(desk: Desk) -> None:
    mark = re.compile(r'href="/guideline"[^>]*>.*?</a>', re.DOTALL)

    def counted(language: str) -> list[str]:
        return re.findall(
            r'nav-count" title="([^"]*)"', mark.findall(desk.get("/me", accept_language=language).text)[0]
        )

    assert counted("en") == []
    other = replace(operator(desk.store), actor="fatou")
    propose(desk.house, other, NEW)
    assert counted("en") == ["1 change of the guideline waits for you"]
    assert counted("zh") == ["1 项指引修订待您处理"]
    assert "1 change of the guideline waits for you" in desk.get("/guideline", accept_language="en").text
    turn_down(desk.house, replace(other, actor="li"), 1, "no")
    assert counted("en") == []
    desk.post("/guideline/changes", {"text": NEW.replace('"2"', '"3"')})
    assert counted("en") == [], "one's own proposal waits for others"
    turn_down(desk.house, other, 2, "too late")
    assert counted("en") == ["1 change of the guideline waits for you"]
    assert "too late" in desk.get("/guideline/changes/2").text
    assert counted("en") == []


@pytest.mark.parametrize(("language", "said"), [("en", "is proposed and waits"), ("zh", "等待第二人批准")])
def test_the_deliveries_show_what_was_told(desk: Desk, language: str, said: str) -> None:
    with desk.store.write() as session:
        session.add(
            Channel(
                organisation_id=operator(desk.store).organisation_id,
                kind="mail",
                name="wang's mail",
                address="wang@example.org",
                owner="wang",
                created_at=desk.house.clock(),
            )
        )
    propose(desk.house, replace(operator(desk.store), actor="fatou"), NEW)
    assert said in desk.get("/deliveries", accept_language=language).text
