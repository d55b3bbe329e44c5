"""Which language commands speak: English, or Chinese where the terminal is set to it, as by `LANG=zh_CN.UTF-8`."""

import os
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from service.locale.catalogue import Catalogue

ASKED = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set holds, as for all programs


def tongue() -> str:
    """`zh` or `en`."""
    wish = next((os.environ[name] for name in ASKED if os.environ.get(name)), "")
    return "zh" if wish.lower().startswith("zh") else "en"


class Tongue(StrEnum):
    """A language of ours."""

    EN = "en"
    ZH = "zh"


Language = Annotated[Tongue, typer.Option("--lang", help="en or zh; if not given, that of the terminal.")]
SPOKEN = Tongue(tongue())


def in_tongue(what: str, advice: str = "") -> str:
    """What happened and what to do, in the language of the terminal, as far as we have words for it."""
    english = f"{what} {advice}".strip()
    if tongue() == "en":
        return english
    from service.locale.refusal import refusal  # noqa: PLC0415 -- brings the catalogue along: see there

    told = refusal(_words(), what, advice, "zh")
    return "".join(told) if told is not None else english


def of_tongue(key: str, english: str) -> str:
    """A message in Chinese where the terminal is; the English words that it stands for where it is not."""
    return english if tongue() == "en" or not _words().has(key) else _words().say(key, "zh")


@cache
def _words() -> "Catalogue":
    # Only who reads Chinese has a use for it here. At the top it would cost every command 40 ms (medians of nine:
    # `--version` 107 ms of processor time with neither module, 148 with this one, 157 with both).
    from service.locale.catalogue import Catalogue  # noqa: PLC0415

    return Catalogue()
