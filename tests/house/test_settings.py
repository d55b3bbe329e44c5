"""Settings: an empty variable is one that is not set; a wrong one stops the start with its name."""

import pytest

from service.errors import SetupError
from service.settings import load


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
