"""What a person does wrong with a command is told in one sentence or two, in their language, with what to do."""

import re
import shlex
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli import run
from tests.web.tongues import foreign_words

Wrong = Callable[..., str]
# What stays in Latin letters in Chinese: what was typed, what must be typed, names of files and of variables.
TYPED = re.compile(r"“[^”]*”|`[^`]*`|WATCHFIRE_\w+|--[a-z-]+|(?:/[\w.-]+)+|[\w.-]+\.(?:csv|yaml|db|opml)")

# The command, what is told in English and in Chinese.
USES = (
    ("source show nope", "`watchfire source list` shows them.", "可用 `watchfire source list` 查看。"),
    ("source import nofile.opml", "nofile.opml cannot be read: No such file", "没有这个文件或目录。请检查路径。"),
    ("source import key.yaml", "Did you mean 'address'?", "key.yaml 第 2 行：信息源没有“addres”这一项。"),
    ("site add X", "Give latitude and longitude", "请填写经纬度，至少填写国家。"),
    ("site add X --country XX", "Use the two letters of ISO 3166", "“XX”不是国家。"),
    ("site import sites.csv", "sites.csv:2: 'castle' is no kind of site.", "未导入任何内容。"),
    ("site import latin.csv", "Save it as UTF-8.", "请另存为 UTF-8。"),
    ("report show 77", "`watchfire report list` shows them.", "没有编号为 77 的报告。"),
    ("channel test 9", "`watchfire channel list` shows them.", "没有编号为 9 的通道。"),
    ("channel add mail n not-a-mail", "Give one, such as", "通道地址不是单个邮件地址。"),
    ("subscription add n --level 7", "7 is no level.", "7 不是级别。"),
    ("key make k --days 0", "Give 1 to 3660 days.", "请给出 1 至 3660 天。"),
    ("silence add why --for 8h", "Name countries, kinds, sources or an event.", "这会使一切静默。"),
    ("silence add why --country NE --until 2020-01-01T00:00", "Give a later end.", "请给出更晚的结束时间。"),
    ("silence add why --country NE --until 2026-01-01T00:00 --zone Mars", "no time zone.", "不是时区。"),
    ("roster swap a b --from 2026-12-02T08:00Z --until 2026-12-01T08:00Z", "Put a roster in force first.", "请先启用"),
    ("roster show --at tomorrow", "Write it like 2026-12-01T08:00:00Z.", "请写成 2026-12-01T08:00:00Z。"),
    ("posture enter NE --until 2020-01-01 --reason because", "The return date is past.", "恢复日期已过。"),
    ("posture leave NE --note calm", "`watchfire posture list` shows where", "NE 未处于危机态势。"),
    ("event show 99", "`watchfire event list` shows them.", "没有编号为 99 的事件。"),
    ("event merge 1 1", "Name another event.", "请指定另一个事件。"),
    ("correction add 5 --label political", "An event's page shows", "事件页面列有其信息条目的编号。"),
    ("archive replay --from 2026-05-01 --to 2026-04-01", "a later --to.", "请给出 --from 和更晚的 --to。"),
    ("demo remove", "Load it first.", "请先载入。"),
    ("serve --demo --host 0.0.0.0", "Leave --host out", "请去掉 --host"),
)  # fmt: skip
SETTINGS = (
    ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x", 75, "Check that it runs", "请检查数据库是否在运行"),
    ("DATABASE_URL", "mysql://x/y", 2, "which is not supported", "不支持 WATCHFIRE_DATABASE_URL 所指的"),
    ("DATABASE_URL", "sqlite:///bad.db", 2, "Restore a backup", "请恢复备份"),
    ("DATA", "/proc/nowhere", 2, "Check WATCHFIRE_DATA.", "请检查 WATCHFIRE_DATA。"),
    ("ALLOW_NETS", "home", 2, "WATCHFIRE_ALLOW_NETS cannot be used", "WATCHFIRE_ALLOW_NETS 无法使用"),
    ("SMTP_PORT", "many", 2, "WATCHFIRE_SMTP_PORT cannot be used", "须为整数"),
)


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new folder with a few files that are wrong."""
    for name in ("LC_ALL", "LC_MESSAGES", "WATCHFIRE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WATCHFIRE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.yaml").write_text("sources:\n  - name: x\n    addres: http://x\n")
    (tmp_path / "sites.csv").write_text("name,kind\nA,castle\n")
    (tmp_path / "latin.csv").write_bytes("name\ncaf\xe9\n".encode("latin-1"))
    (tmp_path / "bad.db").write_text("no database at all " * 100)


@pytest.fixture
def wrong(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Wrong:
    """Run what is wrong in a language; answers what is told."""

    def told(words: str, lang: str, code: int = 2) -> str:
        monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[lang])
        assert run(shlex.split(words)) in (1, code)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        assert len(printed.err.strip().splitlines()) <= 2
        return printed.err

    return told


@pytest.mark.parametrize(("words", "english", "chinese"), USES, ids=[use[0] for use in USES])
def test_wrong_use_says_what_to_do(wrong: Wrong, words: str, english: str, chinese: str) -> None:
    said = wrong(words, "en")
    assert english in said
    assert foreign_words(said, "en", ()) == []
    said = wrong(words, "zh")
    assert chinese in said
    assert foreign_words(TYPED.sub(" ", said.removeprefix("watchfire:")), "zh", TOLD) == []


# Keys that are to be typed, and names of what was asked for.
TOLD = {
    *("site, project, route, people", "UTF-8", "ISO", "NE", "yes", "no", "event", "Mars", "IANA", "Africa"),
    "desk@example.org",
}  # fmt: skip


@pytest.mark.parametrize(("name", "value", "code", "english", "chinese"), SETTINGS, ids=[one[1] for one in SETTINGS])
def test_a_wrong_setting_says_what_to_do(
    wrong: Wrong, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: int, english: str, chinese: str
) -> None:
    monkeypatch.setenv(f"WATCHFIRE_{name}", value)
    assert english in wrong("organisation list", "en", code)
    said = wrong("organisation list", "zh", code)
    assert chinese in said
    assert "secret" not in said


def test_a_port_in_use_is_told(wrong: Wrong) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "is in use by another program. Choose another with --port" in wrong(f"serve --port {port}", "en")
        assert f"端口 {port} 已被其他程序占用。" in wrong(f"serve --port {port}", "zh")


def test_a_slip_of_the_pen_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sourc", "list"]) == 2
    assert "Did you mean 'source'?" in capsys.readouterr().err
