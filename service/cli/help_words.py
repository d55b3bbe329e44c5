"""The Chinese of help and of slips of the pen: read, found, and broken into lines.

The English stands in the source, the Chinese in `service/locale/zh/help/`, keyed by the English paragraph, as gettext
does it, and not by command and parameter: what a dozen commands share (`--json`, `-o`) is said once, the library's own
words are told by the same means, and Chinese of words that have changed is never shown in their place. A folder of its
own, since the catalogue holds both languages of each message and is read whole.
"""

import inspect
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.loaders import TEXTS

FOLDER = Path(__file__).parents[1] / "locale" / "zh" / "help"
SLOT = re.compile(r"\{(\w+)\}")
SHAPES = {"value": r"'.*'|\".*\""}  # of slots that hold not anything at all
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
LONGEST = 1000  # characters of a fault; a longer one holds what somebody typed, which no pattern need look at
# Constants of `typer.rich_utils` that hold words.
TITLES = (
    "ARGUMENTS_PANEL_TITLE",
    "OPTIONS_PANEL_TITLE",
    "COMMANDS_PANEL_TITLE",
    "ERRORS_PANEL_TITLE",
    "ABORTED_TEXT",
    "DEFAULT_STRING",
    "REQUIRED_LONG_STRING",
    "RICH_HELP",
)
# Chinese has no blanks to break a line at: it may end behind every Han character, but no line begins with a stop or
# ends with an opening mark. rich takes what has no blank for one word, and cuts it off where a column is too narrow.
HAN, OPENS, CLOSES = "\u3400-\u9fff", "（“", "，。；：、！？…）”"
WORD = re.compile(rf"\s*(?:[{OPENS}]*(?:[{HAN}]|[^\s{HAN}{OPENS}{CLOSES}]+)[{CLOSES}]*|[{OPENS}{CLOSES}]+)\s*")


def chinese_of(text: str) -> str:
    """A text, paragraph by paragraph; English that has no Chinese stays as it is."""
    return "\n\n".join(_words().get(" ".join(one.split()), one) for one in inspect.cleandoc(text).split("\n\n"))


def title_of(constant: str) -> str:
    """A constant of the library, whose blanks count."""
    return _words().get(constant, constant)


def fault_of(english: str) -> str:
    """What is told of a slip of the pen in Chinese; as it is if we do not know it."""
    if len(english) > LONGEST or english in _words():
        return title_of(english)
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(english)
        if found is not None:
            return _filled(chinese, found.groupdict())
    return english


def strip_end(line: Any, size: int) -> None:
    """Take blanks off a line that is too wide. rich's own counts letters, but a Han character takes two columns."""
    while line.cell_len > size and line.plain.endswith(" "):
        line.right_crop(1)


def _filled(chinese: str, values: dict[str, str]) -> str:
    return SLOT.sub(lambda slot: _value(slot[1], values[slot[1]]), chinese)


def _value(name: str, value: str) -> str:
    """What stands in a slot: a fault within the fault, or names and what was typed."""
    if name == "why":
        return fault_of(value)
    return QUOTED.sub(lambda one: f"“{one[1] or one[2] or ''}”", value).replace("”, “", "”、“")


@cache
def _words() -> dict[str, str]:
    read = [yaml.load(one.read_text("utf-8"), Loader=TEXTS) for one in sorted(FOLDER.glob("*.yaml"))]  # noqa: S506
    return {english: chinese for words in read for english, chinese in words.items()}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with slots, those with most words of their own first, so that the plainest hides no other."""
    found = [one for one in _words().items() if SLOT.search(one[0])]
    found.sort(key=lambda one: -len(SLOT.sub("", one[0])))
    return tuple((re.compile(_pattern(english), re.DOTALL), chinese) for english, chinese in found)


def _pattern(english: str) -> str:
    parts = SLOT.split(english)  # literal, name, literal, name …
    return "".join(
        re.escape(part) if i % 2 == 0 else f"(?P<{part}>{SHAPES.get(part, '.+?')})" for i, part in enumerate(parts)
    )
