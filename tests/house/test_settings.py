"""Settings: an empty variable is one that is not set; a wrong one stops the start with its name."""

import json
from io import StringIO
from pathlib import Path

import pytest

import scoring.keywords
import scoring.model
from service.cli.begin import begin
from service.errors import SetupError
from service.settings import KEYWORDS, LIGHT, load, slips


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "GUIDELINE", "OWNERS", "ALLOW_NETS", "SMTP_PORT", "DATABASE_URL"):
        monkeypatch.setenv(f"WATCHFIRE_{name}", "")
    settings = load()
    assert (settings.model, settings.guideline, settings.owners, settings.allow_nets) == (None, None, None, ())
    assert settings.smtp_port == 587


@pytest.mark.parametrize(
    ("name", "value"), [("ALLOW_NETS", "here"), ("SMTP_PORT", "many"), ("LOG_FORMAT", "xml"), ("PUBLIC_URL", "desk")]
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"WATCHFIRE_{name}", value)
    with pytest.raises(SetupError, match=f"WATCHFIRE_{name}"):
        load()


@pytest.mark.parametrize(("model", "closely"), [("", True), ("mine.npz", True), ("light", False), ("keywords", False)])
def test_the_lighter_models_join_without_the_closer_look(
    monkeypatch: pytest.MonkeyPatch, model: str, closely: bool
) -> None:
    monkeypatch.setenv("WATCHFIRE_MODEL", model)
    assert load().closely is closely


def test_the_names_of_models_are_those_of_the_house() -> None:
    """Settings spell them themselves: whoever reads a setting should not load a model's libraries."""
    assert (scoring.model.LIGHT, Path(scoring.keywords.NAME)) == (LIGHT, KEYWORDS)


def test_a_slip_of_the_pen_is_told() -> None:
    set_to = {"WATCHFIRE_DATABSE_URL": "x", "WATCHFIRE_Smtp_Host": "y", "WATCHFIRE_ZZZ": "z", "PATH": "p"}
    assert slips(set_to | {"WATCHFIRE_TEST_COMPLETE": "1", "WATCHFIRE_BENCH": "b"}) == [
        "WATCHFIRE_DATABSE_URL is no setting and changes nothing. Is WATCHFIRE_DATABASE_URL meant?",
        "WATCHFIRE_ZZZ is no setting and changes nothing.",
    ]


def test_a_process_that_works_tells_it_in_its_log(monkeypatch: pytest.MonkeyPatch, own_log: None) -> None:
    told = StringIO()
    monkeypatch.setenv("WATCHFIRE_SMTP_HOTS", "mail.example")
    monkeypatch.setenv("WATCHFIRE_LOG_FORMAT", "json")
    monkeypatch.setattr("sys.stderr", told)
    begin()
    line = json.loads(told.getvalue())
    assert (line["level"], line["message"].split()[-2]) == ("warning", "WATCHFIRE_SMTP_HOST")
