"""Help, and what is told of a slip of the pen, speaks the language of the terminal: every word of it."""

import contextlib
import importlib
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer
import yaml
from rich.cells import cell_len
from typer.main import get_command

from ingest.loaders import TEXTS
from service.cli import DOORS, _open, help_words, root, run
from service.cli.help_told import ChineseContext, speaking, told
from service.cli.help_words import FOLDER, fault_of
from tests.desk.test_tongues import OURS
from tests.web.tongues import HAN, foreign_words

# What is Latin in Chinese help: options, arguments by name, keys of JSON, defaults, and endings of files.
TYPED = re.compile(r"(?<!\w)--?[a-z][a-z-]*|\{[^}]*\}|<[a-z|]+>|\[默认：[^\]]*\]|\"\w+\"|\.[a-z]{3,5}\b|[a-z]+=[a-z]+")
# Values to be typed, each with its meaning behind or before it: `low（低）`, `原因（skip）`.
GLOSSED = re.compile(r"[a-zA-Z_-]+(?=（)|(?<=（)[a-z]+(?=）)")
# Examples: `例如 fr`, a country, a category; and values whose meaning is told by the sentence.
EXAMPLE = re.compile(
    r"例如 [A-Za-z_:/-]+|[a-z]+:NAME|\bF 为|\bA 至 E|\bA-F\b|a-z、|(?:id、)?title、text、lang、labels|的 id |\ben 或 zh"
)
# Formats, standards, services and names that `foreign_words` does not know.
NAMES = {
    "Geo",
    "webhook",
    "slack",
    "TSV",
    "TLP",
    "ISO",
    "IANA",
    "RFC",
    "UTF-",
    "gzip",
    "Schema",
    "Retry-After",
    "SIGTERM",
    "Ctrl-C",
}
LANGUAGES = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}
WRONG = (
    ("nope", "No such command 'nope'.", "没有命令“nope”。"),
    ("serv", "No such command 'serv'. Did you mean 'serve'?", "没有命令“serv”。您要找的是“serve”吗？"),
    ("source shwo", "No such command 'shwo'. Did you mean 'show'?", "没有命令“shwo”。您要找的是“show”吗？"),
    ("--nope", "No such option: --nope", "没有选项 --nope。"),
    ("source list --nope", "No such option: --nope", "没有选项 --nope。"),
    ("source list --jsno", "--jsno (Possible options: --json)", "没有选项 --jsno。您要找的是 --json 吗？"),
    ("source list --json=1", "Option '--json' does not take a value.", "选项“--json”不带值。"),
    ("audit --by", "Option '--by' requires an argument.", "选项“--by”需要一个值。"),
    ("roster who NE", "Missing argument 'category'.", "缺少参数“category”。"),
    ("event split 1", "Missing option '--entry'.", "缺少选项“--entry”。"),
    ("db version a b", "Got unexpected extra argument(s) (a b)", "多出了参数：a b。"),
    ("serve --port x", "Invalid value for '--port': Input should be a valid integer", "“--port”的值无效：须为整数。"),
    ("serve --port 70000", "Input should be less than or equal to 65535", "“--port”的值无效：不得大于 65535。"),
    ("serve --port -1", "Input should be greater than or equal to 0", "“--port”的值无效：不得小于 0。"),
    ("site near x 1", "Input should be a valid number", "“latitude”的值无效：须为数字。"),
    ("source list --state bad", "'bad' is not one of 'ok', 'new',", "“--state”的值无效：“bad”不是“ok”、“new”、"),
    ("audit --since x", "'x' does not match the formats '%Y-%m-%d',", "“--since”的值无效：“x”不符合格式“%Y-%m-%d”、"),
)  # fmt: skip


@cache
def tree() -> dict[str, Any]:
    """Every command and group by what is typed for it; none is told in Chinese yet."""
    doors = {name: _open(importlib.import_module(module), name, line) for name, (module, line) in DOORS.items()}
    return {"": get_command(root), **dict(one for name, command in doors.items() for one in _below(command, name))}


def _below(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from _below(one, f"{path} {name}")


def paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n")]


def catalogue(area: str) -> dict[str, str]:
    words: dict[str, str] = yaml.load((FOLDER / f"{area}.yaml").read_text("utf-8"), Loader=TEXTS)
    return words


def printed(monkeypatch: pytest.MonkeyPatch, lang: str, words: str, width: int = 200) -> str:
    """What a command prints in a language; all that is tried here ends before any work."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LC_ALL", LANGUAGES[lang])
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        assert run(words.split()) == (0 if words.endswith("--help") else 2)
    return said.getvalue()


def test_every_command_has_its_chinese_and_none_is_stale() -> None:
    lines = {line for _, line in DOORS.values()}
    said = {one for name, command in tree().items() if name for one in paragraphs(command.help)}
    assert set(catalogue("commands")) == lines | said
    assert tree()[""].help in catalogue("library")


def test_every_option_and_argument_has_its_chinese_and_none_is_stale() -> None:
    said = {name: [one.help for one in command.params] for name, command in tree().items()}
    assert [name for name, texts in said.items() if not all(texts)] == []
    assert set(catalogue("parameters")) == {text for name, texts in said.items() if name for text in texts}
    assert set(said[""]) <= set(catalogue("library"))


def test_every_kind_of_value_has_its_chinese() -> None:
    kinds = {one.display_type(None) for command in tree().values() for one in command.params
             if not one.type_descriptor.is_choice}  # fmt: skip
    assert kinds | {"<bool>"} == {key for key in catalogue("library") if key.startswith("<")}


def test_nothing_is_said_twice_and_all_is_chinese() -> None:
    keys = [key.value for area in FOLDER.glob("*.yaml") for key, _ in yaml.compose(area.read_text("utf-8")).value]
    assert sorted(keys) == sorted(set(keys))
    texts = {key: text for area in FOLDER.glob("*.yaml") for key, text in catalogue(area.stem).items()}
    assert [key for key, text in texts.items() if not HAN.search(text) and text != "{why}"] == []
    assert [
        key
        for key, text in texts.items()
        if key[-1:] == "." and key[-3:] != "..." and not text.endswith(("。", "？", "day"))
    ] == []


@pytest.mark.parametrize("name", list(tree()))
def test_help_speaks_chinese(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = printed(monkeypatch, "zh", f"{name} --help")
    for words in (GLOSSED, EXAMPLE, TYPED):
        said = words.sub(" ", said)
    names = {*" ".join(("watchfire", *tree())).split(), *(one.name for one in tree()[name].params)}
    assert [word for word in foreign_words(said, "zh", ()) if word not in NAMES | names] == []


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", list(tree()))
def test_nothing_of_it_is_cut_or_awry(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(monkeypatch, "zh", f"{name} --help", width).splitlines()
    assert {cell_len(line) for line in lines if line} == {width}
    assert all(line.endswith(("│", "╮", "╯")) for line in lines if line[:1] in "│╭╰" and line)
    assert not [line for line in lines if re.match(r"[│ ]*[，。；：、！？）”]", line)]
    own = sum(told_texts(tree()[name], name).count(dots) for dots in "…")
    assert "".join(lines).count("…") == own


def told_texts(command: Any, name: str) -> str:
    """All that is told of a command in Chinese."""
    lines = [line for _, line in DOORS.values()] if not name else [getattr(command, "help", "")]
    return "".join(told(text) for text in (*lines, *(one.help for one in command.params)))


def test_english_is_as_the_library_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert speaking(get_command(root)).context_class is type(get_command(root)).context_class
    for name in ("", "source", "roster who"):
        before = printed(monkeypatch, "en", f"{name} --help", 80)
        assert printed(monkeypatch, "zh", f"{name} --help", 80) != before
        assert printed(monkeypatch, "en", f"{name} --help", 80) == before
        assert {"Usage:", "Options", "exit."} <= set(before.split())
        assert foreign_words(before, "en", OURS) == []


@pytest.mark.parametrize(("typed", "english", "chinese"), WRONG)
def test_wrong_use_is_told_in_both(typed: str, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert english in printed(monkeypatch, "en", typed)
    said = printed(monkeypatch, "zh", typed)
    assert chinese in said
    assert "─ 错误 ─" in said
    assert not [word for word in ("Usage", "Try", "Error", "OPTIONS", "Invalid") if word in said]


def test_what_nobody_foresaw_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for text in ("", "Something else.", "Invalid value for 'x': " + "y" * 2000):
        assert fault_of(text) == text
    assert fault_of("Invalid value for 'x': something else.") == "“x”的值无效：something else."
    assert told("Something else.") == "Something else."


def test_who_asks_for_no_help_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setattr(help_words, "_words", lambda: pytest.fail("read the words of help"))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert run(["roster", "example"]) == 0
    assert said.getvalue()
    assert issubclass(ChineseContext, typer.Context)


def test_the_list_of_commands_opens_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda name: pytest.fail(f"imported {name}"))
    assert DOORS["db"][1] in printed(monkeypatch, "en", "--help")
    assert DOORS["db"][1] in printed(monkeypatch, "en", "")
