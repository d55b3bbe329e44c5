"""Why the machine said what it said: by API, by page and by command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.store.engine import Store
from service.store.tables import AssessmentRow, EntryRow
from tests.api.town import Town, town
from tests.learning.test_learning_api import ask
from tests.learning.test_learning_commands import Say, say  # noqa: F401 -- a fixture
from tests.walk.scene import model


@pytest.fixture
def here(sqlite_store: Store, tmp_path: Path) -> Iterator[Town]:
    with town(sqlite_store, tmp_path) as found:
        found.alert("Twelve dead as gunmen attack a market near the border")
        yield found


def with_vector(store: Store) -> int:
    """Give the newest entry the vector of its title; answers its number."""
    with store.write() as session:
        row = session.exec(select(AssessmentRow).order_by(col(AssessmentRow.id).desc())).first()
        assert row is not None
        entry = session.get(EntryRow, row.entry_id)
        assert entry is not None
        row.vector = model().encoder.read([entry.title]).vectors[0].astype("float16").tobytes()
        row.reasons = [
            {"kind": "severity", "code": "severity.dead", "value": "12", "words": "Twelve dead", "weight": 1}
        ]
        session.add(row)
        return row.entry_id


def test_the_api_gives_reasons_their_places_and_examples(here: Town) -> None:
    number = with_vector(here.store)
    told = ask(here, "viewer", "GET", f"/entries/{number}/why").json()
    assert told["entry"] == number
    (span,) = told["spans"]
    assert span == {"part": "title", "start": 0, "end": 11, "reason": 0}
    assert told["assessment"]["reasons"][0]["words"] == "Twelve dead"
    first, second = told["examples"]
    assert "security" in first["labels"]
    assert 1 >= first["likeness"] >= second["likeness"] > 0.3
    assert ask(here, "viewer", "GET", "/entries/9999/why").status_code == 404
    assert ask(here, "admin", "GET", f"/entries/{number}/why", organisation="north").status_code == 404


def test_the_command_explains_an_entry_and_a_text(say: Say) -> None:  # noqa: F811
    told = json.loads(say("explain", "--entry", "1", "--json"))
    assert "security" in told["labels"]
    assert all(told[span["part"]][span["start"] : span["end"]] for span in told["spans"])
    assert len(told["examples"]) == 2
    shown = say("explain", "军方在尼日尔夺权", "--lang", "zh")
    assert "political" in shown
    assert "NE" in shown
    assert "Reads most like:" in shown
    assert "Give a title" in say("explain", fails=2)
    assert "Give a title" in say("explain", "Coup", "--entry", "1", fails=2)
    assert "no entry" in say("explain", "--entry", "999", fails=1)
