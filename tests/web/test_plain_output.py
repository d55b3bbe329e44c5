"""What an operator reads in a terminal and in the log: one line stays one line, and steers nothing."""

import json
import logging
import sys

import pytest

from service.cli.terminal import plain_output
from service.log import JsonLines, PlainLines, one_line
from tests.web.hostile.texts import LETTERFORMS, LETTERS, TEXTS


def record(text: str, fault: bool = False) -> logging.LogRecord:
    try:
        raise RuntimeError(text)
    except RuntimeError:
        return logging.LogRecord("x", logging.ERROR, "x", 1, "said %s", (text,), sys.exc_info() if fault else None)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_line_of_the_log_stays_one(text: str) -> None:
    plain = PlainLines("%(levelname)s %(message)s").format(record(text[:2000]))
    assert plain.isprintable() or not set(plain) & set("\n\r\x1b\x9b\x85\u2028\u202e")
    assert plain.startswith("ERROR said ")
    line = JsonLines().format(record(text[:2000], fault=True))
    assert "\n" not in line
    assert "\x1b" not in json.loads(line)["message"]


def test_a_traceback_forges_no_line() -> None:
    told = PlainLines("%(levelname)s %(message)s").format(record(LETTERS["log line"], fault=True)).splitlines()
    assert told[0].startswith("ERROR said ")
    assert all(line.startswith("    ") for line in told[1:])
    assert "\x1b" not in "".join(told)


def test_what_breaks_a_line_is_written_out() -> None:
    assert one_line("a\nb\x1bc\u202ed") == r"a\nb\x1bc\u202ed"
    assert one_line("政变 · ок") == "政变 · ок"


def test_a_command_prints_what_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    with plain_output():
        print(LETTERFORMS["terminal"], LETTERFORMS["turned"], LETTERFORMS["zero"], LETTERFORMS["halves"])
        print("第一行\n\tsecond", file=sys.stderr)
    printed = capsys.readouterr()
    assert not set(printed.out) & set("\x1b\x9b\x07\x00\x08\x7f\u202e\u202d\u2067\ud83d")
    assert printed.out.count("\n") == 1
    assert printed.err == "第一行\n\tsecond\n"
