"""Help, and what is told of a slip of the pen, in Chinese where the terminal is; an English terminal sees none of it.

The library asks its context for a formatter just before it writes help or usage, and for nothing else: a context of
ours takes that as the sign. The words are read then, and by no command that does its work: they, their patterns and
PyYAML are 25 ms of processor time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup

from service.cli.tongue import tongue

# What of the library was swapped for ours, and how it was before.
_before: list[tuple[Any, str, Any]] = []


class ChineseFormatter(HelpFormatter):
    """Writes usage with a Chinese word before it."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        super().write_usage(prog, args, told("Usage:") if prefix is None else prefix)


class ChineseContext(typer.Context):
    """Tells everything about its command in Chinese, once it is asked for help or usage."""

    formatter_class = ChineseFormatter

    def make_formatter(self) -> HelpFormatter:
        """What help or usage is written with."""
        _tell(self)
        return super().make_formatter()


def speaking(command: Any) -> Any:
    """The command, and those below it, which speak Chinese in a Chinese terminal."""
    if tongue() == "zh":
        command.context_class = ChineseContext
        for below in getattr(command, "commands", {}).values():
            speaking(below)
    return command


def told(text: str | None) -> str:
    """A text of help in the language of the terminal."""
    if not text or tongue() == "en":
        return text or ""
    from service.cli.help_words import chinese_of  # noqa: PLC0415 -- see above

    return chinese_of(text)


@contextmanager
def wrong_use() -> Iterator[None]:
    """What is typed wrong meanwhile is told in the language of the terminal."""
    try:
        yield
    except UsageError as error:
        if tongue() == "en" or isinstance(error, NoArgsIsHelpError):
            raise
        from service.cli.help_words import fault_of  # noqa: PLC0415 -- see above

        _swap()
        raise UsageError(fault_of(error.format_message()), error.ctx) from error
    except (typer.Abort, EOFError):
        if tongue() == "zh":
            _swap()
        raise


@contextmanager
def library_as_before() -> Iterator[None]:
    """What the library was made to write in Chinese meanwhile, it forgets: a process may run several commands."""
    try:
        yield
    finally:
        while _before:
            setattr(*_before.pop())


def _tell(context: typer.Context) -> None:
    """Put Chinese in the place of all English of a command, and of the lines of those below it."""
    command: Any = context.command
    _swap()
    command.help = told(command.help)
    command.options_metavar = told(command.options_metavar)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = told(command.subcommand_metavar)
        for below in command.commands.values():
            below.help = told(below.help)
    for parameter in command.get_params(context):
        _tell_parameter(parameter, context)


def _tell_parameter(parameter: Any, context: typer.Context) -> None:
    parameter.help = told(parameter.help)
    kind = told(parameter.display_type(context))
    parameter.display_type = lambda ctx: kind


def _swap() -> None:
    """Panels, defaults and so on are told by constants of the library, which it reads anew each time; rich breaks the
    lines. Both come along when help or a fault is written, which is about to happen."""
    if _before:
        return
    from rich import _wrap  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415
    from typer import rich_utils  # noqa: PLC0415

    from service.cli.help_words import TITLES, WORD, strip_end, title_of  # noqa: PLC0415

    swaps: list[tuple[Any, str, Any]] = [(_wrap, "re_word", WORD), (Text, "rstrip_end", strip_end)]
    swaps.extend((rich_utils, name, title_of(getattr(rich_utils, name))) for name in TITLES)
    for where, name, ours in swaps:
        _before.append((where, name, getattr(where, name)))
        setattr(where, name, ours)
