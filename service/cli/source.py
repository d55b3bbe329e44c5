"""`watchfire source`: what is watched."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from service.cli.adding import add_by_address, secret
from service.cli.office import open_office, read_file, write_file
from service.cli.source_look import Json, Key, check, found, list_, show_
from service.desk.source_change import remove_source
from service.desk.sources import (
    export_sources,
    import_sources,
    pause_source,
    resume_source,
)

source_app = typer.Typer(no_args_is_help=True, add_completion=False)


source_app.command("list")(list_)
source_app.command("show")(show_)
source_app.command("check")(check)


@source_app.command("add")
def add(
    address: Annotated[str, typer.Argument(help="Of the feed, or of a page that has one: https://…")],
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    key: Annotated[str, typer.Option(help="Its key; made from the address if not given.")] = "",
    kind: Annotated[str, typer.Option(help="news, advisory, hazard, sanctions, health, economy or report.")] = "",
    country: Annotated[str, typer.Option(help="ISO 3166 code of the country it covers.")] = "",
    language: Annotated[str, typer.Option(help="Its language, such as fr.")] = "",
    reliability: Annotated[str, typer.Option(help="A (completely reliable) to E, F unknown.")] = "",
    sharing: Annotated[str, typer.Option(help="TLP mark, such as TLP:GREEN.")] = "",
    interval: Annotated[str, typer.Option(help="Seconds between two looks.")] = "",
    zone: Annotated[str, typer.Option(help="Time zone of dates that name none, such as Asia/Shanghai.")] = "",
    critical: Annotated[bool, typer.Option("--critical", help="Its silence is an alarm.")] = False,
    proxy: Annotated[str, typer.Option(help="Proxy to reach it through: http://host:port, socks5h://host:port.")] = "",
    user: Annotated[str, typer.Option(help="User that the publisher asks for.")] = "",
    header: Annotated[str, typer.Option(help="Header that lets us in, such as X-Api-Key.")] = "",
    password: Annotated[bool, typer.Option("--password", help="Ask for the password, or the header's value.")] = False,
    password_file: Annotated[Path | None, typer.Option(help="File that holds it; - is standard input.")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="This very address: look for no feed behind it.")] = False,
    pick: Annotated[int, typer.Option(min=0, help="Which of several feeds to watch, by its number.")] = 0,
    as_json: Json = False,
) -> None:
    """Find the feed behind an address, watch it, and show its first entries."""
    given = {
        "address": address,
        "name": name,
        "key": key,
        "kind": kind,
        "country": country,
        "language": language,
        "reliability": reliability,
        "sharing": sharing,
        "interval": interval,
        "zone": zone,
        "critical": "true" if critical else "",
        "proxy": proxy,
        "user": user,
        "header": header,
        "value" if header else "password": secret(password_file, is_asked=password),
    }
    add_by_address(given, exact=exact, pick=pick, as_json=as_json)


@source_app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="OPML, YAML, or one address a line.")]) -> None:
    """Watch everything that a file names; sources that are watched already stay as they are."""
    text = read_file(file)
    with open_office() as office:
        done = import_sources(office, office.scope(), text, file.name)
        print(f"Sources added: {done.added}; watched already: {done.known}.")
        if not done.added + done.known:
            print(f"{file} names none. Write one address a line, or export OPML from another reader.")


@source_app.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output if not given.")] = None,
) -> None:
    """Write everything that is watched as OPML."""
    with open_office() as office:
        text = export_sources(office, office.scope())
        if file is None:
            print(text, end="")
        else:
            write_file(file, text)


@source_app.command("pause")
def pause(
    key: Key,
    hours: Annotated[float, typer.Option(min=0, max=87600, help="How long; 0 until it is resumed.")] = 0,
) -> None:
    """Look at a source no more."""
    with open_office() as office:
        until = office.clock() + timedelta(hours=hours) if hours else None
        row = pause_source(office, office.scope(), found(office, key).id or 0, until)
        print(f"'{row.key}' rests {f'until {until:%Y-%m-%d %H:%M} UTC' if until else 'until it is resumed'}.")


@source_app.command("remove")
def remove(key: Key) -> None:
    """Watch a source no more and show it nowhere; adding its address again brings it back."""
    with open_office() as office:
        row = remove_source(office, office.scope(), found(office, key).id or 0)
        print(f"'{row.key}' is watched no more; its entries stay.")


@source_app.command("resume")
def resume(key: Key) -> None:
    """Look at a source again, and now."""
    with open_office() as office:
        row = resume_source(office, office.scope(), found(office, key).id or 0)
        print(f"'{row.key}' is looked at again.")
