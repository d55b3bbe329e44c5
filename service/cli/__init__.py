"""The command line. Each command is one door; its module is imported when it is called.

Late on purpose: importing every door costs 1.8 s of processor time (web, database, model code), the door of `parse`
alone 0.13 s (medians of three).
"""

import importlib
import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from service.cli.garbage import search_seldom
from service.cli.help_told import library_as_before, speaking, told, wrong_use
from service.cli.terminal import plain_output
from service.cli.tongue import in_tongue
from service.errors import WatchfireError

# name → (module with that command, one line of help). A module offers `app` (a group) or a function of that name.
DOORS: dict[str, tuple[str, str]] = {
    "serve": ("service.cli.serve", "Serve the desk and do the work, in one process."),
    "work": ("service.cli.work", "Do the work in a process of its own (several on PostgreSQL)."),
    "status": ("service.cli.status", "Is everything alive? Ends with 1 when something is broken."),
    "search": ("service.cli.search", "Find alerts and reports by words, in Chinese or English."),
    "collect": ("service.cli.collect", "Visit the sources and store what they bring."),
    "process": ("service.cli.work", "Assess, decide and deliver what waits, then end."),
    "parse": ("service.cli.parse", "Read feed documents and show their entries."),
    "source": ("service.cli.source", "Sources: list, show, add, import, export, pause, resume."),
    "site": ("service.cli.sites", "Sites, projects, routes and people: list, add, remove, import, export, near."),
    "partner": ("service.cli.sites", "Own companies and partners by name: list, add, remove, import, export."),
    "report": ("service.cli.report", "Reports from the field: file, list, show, mailbox, link."),
    "catalogue": ("service.cli.catalogue", "Public sources to choose from: list, packs, show, add, balance."),
    "archive": ("service.cli.archive", "Archives: import, feeds, list, replay. They alert nobody."),
    "subscription": ("service.cli.subscription", "Subscriptions: list, add, remove, feed token."),
    "channel": ("service.cli.subscription", "Channels: list, add, test, remove."),
    "delivery": ("service.cli.delivery", "Deliveries: list (held ones as well), load of the day, send now, retry."),
    "person": (
        "service.cli.people",
        "People: list, show, invite, change, disable, enable, sign out, reset a password.",
    ),
    "key": ("service.cli.people", "API keys: list, make, revoke."),
    "audit": ("service.cli.audit", "Who did what: by person, thing, deed and day."),
    "organisation": ("service.cli.people", "Organisations: list, add."),
    "correction": ("service.cli.learning", "What people say over the machine: list, add, undo, queue."),
    "model": ("service.cli.learning", "Models: list, use (forward or back), compare, drift."),
    "assess": ("service.cli.model", "Assess texts: JSON lines in, JSON lines out."),
    "explain": ("service.cli.why", "Why the model says what it says of a text or an entry."),
    "join": ("service.cli.join", "Join texts that tell of one happening: JSON lines in, JSON lines out."),
    "event": ("service.cli.event", "Events: list, show, merge, split, move. The machine respects what you do."),
    "train": ("service.cli.model", "Train a model on the corpus, or on the corrections of this house."),
    "evaluate": ("service.cli.model", "Measure the model on labelled texts."),
    "rules": ("service.cli.rules", "Guideline and owners: check, show, test, explain, backtest, propose, approve."),
    "silence": ("service.cli.silence", "Silences and maintenance windows: list, add, end, held."),
    "roster": ("service.cli.roster", "Rosters: check, import, show, who answers, swap, morning list."),
    "plan": ("service.cli.plan", "Response plans: list, show, check."),
    "response": ("service.cli.plan", "The response to an alert: show, act on a step, add a plan."),
    "demo": ("service.cli.stage", "The demonstration on a real desk: load, show, remove."),
    "posture": ("service.cli.posture", "Postures: list, enter, prolong, leave a crisis of a country or region."),
    "db": ("service.cli.db", "The database: upgrade, version, downgrade."),
}

LISTING = f"{__name__}.listing"  # marks a context in which help is written


class Doors(TyperGroup):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every door by name."""
        return list(DOORS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is asked for; of a slip of the pen, the one that may be meant is named."""
        near = get_close_matches(args[0], DOORS, 1) if args and args[0] not in DOORS else []
        if near:
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command behind a door, None when there is none of that name."""
        if cmd_name not in DOORS:
            return None
        module, line = DOORS[cmd_name]
        if LISTING in ctx.meta:
            return _placard(cmd_name, told(line))
        door = importlib.import_module(module)
        search_seldom()
        return speaking(_open(door, cmd_name, line))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Every door with its line; none is opened for that."""
        ctx.meta[LISTING] = True
        super().format_help(ctx, formatter)

    def make_context(self, *args: Any, **more: Any) -> Any:
        """What is typed; wrong use is told in the language of the terminal."""
        with wrong_use():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        """The command itself; wrong use is told in the language of the terminal."""
        with wrong_use():
            return super().invoke(ctx)


def _open(module: Any, name: str, line: str) -> Any:
    offered = getattr(module, f"{name}_app", None) or getattr(module, name, None) or module.app
    if isinstance(offered, typer.Typer):
        command = get_command(offered)
        command.help = line
    else:
        command = _single(name, line, offered)
    command.name = name
    return command


def _single(name: str, line: str, function: Callable[..., Any]) -> Any:
    group = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    group.command(name, help=function.__doc__ or line)(function)
    return get_command(group)


def _placard(name: str, line: str) -> Any:
    # For the list of commands only: the door itself stays shut.
    def closed() -> None: ...

    return _single(name, line, _documented(closed, line))


def _documented(function: Callable[[], None], line: str) -> Callable[[], None]:
    function.__doc__ = line
    return function


root = typer.Typer(
    cls=Doors, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich"
)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 -- 20 ms that no other command should pay

        print(f"watchfire {version('watchfire')}")
        raise typer.Exit


@root.callback()
def watchfire(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Show the version and end.")
    ] = False,
) -> None:
    """Watchfire 烽燧: a fragment of news becomes a graded warning in the right person's hands."""


def run(arguments: list[str] | None = None) -> int:
    """Run a command; answers the exit code. A known trouble is one sentence on standard error, never a traceback."""
    with plain_output(), library_as_before():
        return _run(arguments)


def _run(arguments: list[str] | None) -> int:
    try:
        speaking(get_command(root))(arguments, prog_name="watchfire", standalone_mode=True)
    except WatchfireError as error:
        print(f"watchfire: {in_tongue(error.what, error.advice)}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    return 0
