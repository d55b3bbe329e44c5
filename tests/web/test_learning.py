"""The pages of learning and models, without scripts: what is shown, what a form does, and who has them."""

import pytest
from sqlmodel import select

from service.desk.training import make_model
from service.store.corrections import in_force
from service.store.scope import Role
from service.store.tables import AssessmentRow
from tests.learning.teaching import teacher
from tests.learning.unsure import make_unsure
from tests.walk.scene import model
from tests.web.conftest import Desk, OpenDesk
from tests.web.desk import operator
from tests.web.seed import alert_called


@pytest.fixture
def unsure(desk: Desk, tmp_path: object) -> int:
    """An entry that the machine is unsure of."""
    object.__setattr__(desk.house, "settings", desk.house.settings.model_copy(update={"data": tmp_path}))
    return make_unsure(desk.store)[-1]


@pytest.mark.parametrize(("lang", "words"), [("en", "left open: Legal"), ("zh", "待定：法律")])
def test_the_queue_says_why(desk: Desk, unsure: int, lang: str, words: str) -> None:
    text = desk.get(f"/learning?lang={lang}").text
    assert words in text
    assert f'action="/entries/{unsure}/corrections"' in text


def test_a_form_corrects_and_takes_back(desk: Desk, unsure: int) -> None:
    path = f"/entries/{unsure}/corrections"
    answer = desk.post(path, {"labels": "legal", "severity": "2", "reason": "A rule.", "back": "/learning"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/learning?done=corrected")
    with desk.store.read() as session:
        held = in_force(session, unsure)
    assert held is not None
    assert held.after["labels"] == ["legal"]
    page = desk.get(f"/entries/{unsure}/correct").text
    assert "A rule." in page
    assert "Take the correction back" in page
    assert f'id="ask-{unsure}"' not in desk.get("/learning").text
    assert desk.post(f"{path}/undo").headers["location"] == "/learning?done=uncorrected"
    assert desk.post(f"{path}/undo").status_code == 409


def test_the_whole_form_sets_kinds_and_places(desk: Desk, unsure: int) -> None:
    path = f"/entries/{unsure}/corrections"
    given = {
        "labels": ["security"],
        "subtypes": ["terrorism"],
        "countries": ["ML", "NE"],
        "severity": "4",
        "whole": "1",
    }
    assert desk.post(path, given).status_code == 303
    with desk.store.read() as session:
        held = in_force(session, unsure)
    assert held is not None
    assert (held.after["subtypes"], held.after["countries"]) == (["terrorism"], ["ML", "NE"])
    wrong = desk.post(path, {**given, "subtypes": ["coup"]})
    assert wrong.status_code == 422
    assert "belongs to none" in wrong.text
    assert desk.post(path, {"none": "yes", "labels": "security", "whole": "1"}).status_code == 303


def test_beside_each_report_stands_what_is_said_of_it(desk: Desk) -> None:
    number = alert_called(desk.store, "尼日尔").id
    page = desk.get(f"/alerts/{number}").text
    assert page.count("data-correct=") == page.count('class="report"') > 1
    assert "Severity 3/4" in page
    entry = int(page.split('data-correct="correct-')[1].split('"')[0])
    fragment = desk.get(f"/entries/{entry}/correct", hx_request="true", hx_target=f"div#correct-{entry}").text
    assert fragment.lstrip().startswith('<div class="correcting">')
    desk.post(f"/entries/{entry}/corrections", {"labels": "security", "severity": "1", "reason": "Only a drill"})
    again = desk.get(f"/alerts/{number}").text
    assert "Severity 1/4" in again
    assert "Only a drill" in again


def test_models_are_shown_and_used(desk: Desk, unsure: int) -> None:
    desk.post(f"/entries/{unsure}/corrections", {"labels": "legal"})
    made = make_model(desk.house, "operator", teacher(better=False))
    page = desk.get("/models").text
    assert made.name in page
    assert "No gain on 40 corrections that could not be chance: -0.020 (95%: -0.070 to 0.030)." in page
    assert "+0.001 (-0.049 … +0.051)" in page
    assert "too few entries" in page
    assert desk.post("/models/use", {"name": made.name}).status_code == 409
    assert (
        desk.post("/models/use", {"name": made.name, "anyway": "yes"}).headers["location"] == "/models?done=model_used"
    )
    assert "Go back to the model that came with the program" in desk.get("/models").text
    assert desk.post("/models/train").headers["location"] == "/models?done=model_asked"
    assert "the next free worker makes it" in desk.get("/models").text
    assert desk.get("/models?lang=zh").text.count("仍要启用") == 0


def test_nothing_to_learn_is_said(open_desk: OpenDesk) -> None:
    bare = open_desk(empty=True)
    assert "Nothing asks for a label" in bare.get("/learning").text
    assert "nothing to learn" in bare.get("/models").text
    assert bare.post("/models/train").status_code == 422


def test_a_viewer_looks_and_changes_nothing(open_desk: OpenDesk) -> None:
    viewing = open_desk(role=Role.VIEWER)
    (entry, *_) = make_unsure(viewing.store)
    page = viewing.get("/learning").text
    assert "left open" in page
    assert "ask-form" not in page
    assert viewing.post(f"/entries/{entry}/corrections", {"labels": "legal"}).status_code == 403
    assert viewing.get(f"/entries/{entry}/correct").status_code == 404
    assert viewing.post("/models/train").status_code == 403
    assert "data-correct" not in viewing.get(f"/alerts/{alert_called(viewing.store, '尼日尔').id}").text
    assert operator(viewing.store).home


@pytest.mark.parametrize(("lang", "words"), [("en", "Labelled examples it reads most like"), ("zh", "已标注例子")])
def test_beside_the_form_stand_examples_that_read_alike(desk: Desk, unsure: int, lang: str, words: str) -> None:
    with desk.store.write() as session:
        row = session.exec(select(AssessmentRow).where(AssessmentRow.entry_id == unsure)).one()
        row.vector = (
            model().encoder.read(["Gunmen attack a market near the border"]).vectors[0].astype("float16").tobytes()
        )
        session.add(row)
    page = desk.get(f"/entries/{unsure}/correct?lang={lang}").text
    assert words in page
    assert page.count('class="like"') == 2
