"""`watchfire demo`: the demonstration on a real desk, there and gone again."""

from typing import Annotated

import typer

from service.cli.office import open_office, show_one
from service.demo.staging import load_stage, remove_stage, staged_now

demo_app = typer.Typer(no_args_is_help=True, add_completion=False)


@demo_app.command("load")
def load() -> None:
    """Put the invented outlets among the sources; all of it is marked, and nobody is told of it."""
    with open_office() as office:
        print(f"{load_stage(office, office.scope())} invented sources are there; the story is told from now on.")
        print("Take all of it away with `watchfire demo remove`.")


@demo_app.command("show")
def show(as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False) -> None:
    """Show what of it is on this desk."""
    with open_office() as office:
        found = staged_now(office, office.scope())
        if found is None:
            print("There is no demonstration on this desk. `watchfire demo load` puts it there.")
            return
        show_one({"since": found.telling.started, "told to its end": found.over, **found.counts}, as_json)


@demo_app.command("remove")
def remove() -> None:
    """Take all of it away, and nothing else."""
    with open_office() as office:
        gone = remove_stage(office, office.scope())
        print("Removed: " + ", ".join(f"{name} {count}" for name, count in gone.items()) + ".")
