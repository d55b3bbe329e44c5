"""What commands print speaks one language, but for what people and publishers wrote: help, tables, empty lists."""

import contextlib
import importlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.cli import DOORS, _open, run
from service.store.engine import open_store
from service.store.migrate import upgrade
from tests.desk.test_wrong_use import TYPED
from tests.web.gallery.rooms import furnish
from tests.web.staff import ROSTER
from tests.web.tongues import foreign_words
from tests.web.written import kept_words

LISTS = (
    "source list;channel list;subscription list;silence list;report list;site list;partner list;person list;key list;"
    "delivery list;delivery load;event list;posture list;posture list --past;correction list;correction queue;"
    "roster history;roster morning;archive list;search nothing-at-all;search nothing-at-all --reports;"
    "model list --history;audit;person invitations;status --failures"
)
SHOWN = (
    "event show 1;source show al-fanar;report show 1;plan list;plan show coup;rules show;rules versions;"
    "posture show NE;roster show;roster check;roster who NE security 1;organisation list;catalogue packs;"
    "silence held 1;model list;status"
)
OURS = {"烽燧"}  # the name, which the first page of help bears in both languages


def parts(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every word of help of a command and of those below it."""
    yield name, command.help or ""
    for one in command.params:
        yield f"{name} {one.name}", getattr(one, "help", None) or ""
    for below, one in getattr(command, "commands", {}).items():
        yield from parts(one, f"{name} {below}")


@pytest.mark.parametrize("name", list(DOORS))
def test_help_speaks_english(name: str) -> None:
    module, line = DOORS[name]
    told = dict(parts(_open(importlib.import_module(module), name, line), name))
    assert {where: words for where, text in told.items() if (words := foreign_words(text, "en", OURS))} == {}
    assert [where for where, text in told.items() if not text and not where.endswith(" help")] == []


@pytest.fixture
def desk(tmp_path: Path) -> set[str]:
    """A desk in full swing; answers what people and publishers wrote on it."""
    store = open_store(f"sqlite:///{tmp_path / 'watchfire.db'}")
    upgrade(store)
    furnish(store)
    kept = kept_words(store)
    store.dispose()
    return kept | set(ROSTER.split())


def run_in(folder: Path, monkeypatch: pytest.MonkeyPatch, lang: str, words: str) -> str:
    """What a command prints in a language."""
    monkeypatch.setenv("WATCHFIRE_DATABASE_URL", f"sqlite:///{folder / 'watchfire.db'}")
    monkeypatch.setenv("WATCHFIRE_DATA", str(folder))
    monkeypatch.setenv("LC_ALL", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[lang])
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        assert run(words.split()) in (0, 1), said.getvalue()
    return said.getvalue()


def test_tables_speak_english(desk: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {}
    for command in f"{LISTS};{SHOWN}".split(";"):
        lines = run_in(tmp_path, monkeypatch, "en", command).splitlines()
        told = [line for line in lines if not line.startswith("  zh: ")]  # an event is called by both its titles
        found = foreign_words("\n".join(told), "en", desk)
        words = [word for word in found if not any(word in text for text in desk)]  # a cell is folded
        wrong |= {command: words} if words else {}
    assert wrong == {}


def test_headings_speak_chinese(desk: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {}
    for command in LISTS.split(";"):
        printed = run_in(tmp_path, monkeypatch, "zh", command).splitlines()
        words = foreign_words(TYPED.sub(" ", printed[0]), "zh", desk)
        wrong |= {command: words} if words else {}
    assert wrong == {}


def test_empty_lists_speak_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_in(tmp_path, monkeypatch, "en", "organisation list")
    wrong = {}
    for command in LISTS.split(";"):
        words = foreign_words(TYPED.sub(" ", run_in(tmp_path, monkeypatch, "zh", command)), "zh", ())
        wrong |= {command: words} if words else {}
    assert wrong == {}


def test_programs_read_the_same_in_every_language(
    desk: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("delivery list --state held --json", "site list --json", "key list --json"):
        zh, en = (run_in(tmp_path, monkeypatch, lang, command) for lang in ("zh", "en"))
        assert zh == en, command
