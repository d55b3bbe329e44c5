"""`watchfire catalogue`: the shipped list of public sources."""

import asyncio
from typing import Annotated

import typer

from ingest.catalogue.balance import Balance
from ingest.catalogue.read import Listed, catalogue, choose
from ingest.http import make_client
from service.cli.office import Office, Row, in_words, open_office, show, show_one
from service.desk.catalogue import (
    balance_of,
    chosen_of,
    count_packs,
    get_listed,
    get_pack,
    take,
    try_listed,
    watched_addresses,
)
from service.errors import Invalid

catalogue_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Pack = Annotated[str, typer.Option("--pack", help="A pack; `packs` lists them.")]
UNCHECKED = "Nobody has tried these addresses yet: `watchfire source list --failing` shows which of them are dead."


@catalogue_app.command("list")
def list_(
    pack: Pack = "",
    country: Annotated[str, typer.Option(help="ISO 3166 code of the country it covers.")] = "",
    language: Annotated[str, typer.Option(help="Its language, such as fr.")] = "",
    kind: Annotated[str, typer.Option(help="news, advisory, hazard, sanctions, health or economy.")] = "",
    as_json: Json = False,
) -> None:
    """Show the sources that fit."""
    if pack:
        get_pack(pack)
    with open_office() as office:
        watched = watched_addresses(office, office.scope())
    found = choose(catalogue(), pack=pack, country=country, language=language, kind=kind)
    show([_line(one, watched) for one in found], as_json, "The catalogue has no such source.")


@catalogue_app.command("packs")
def packs_(as_json: Json = False) -> None:
    """Show the packs, what each holds, and how much of it is watched."""
    with open_office() as office:
        watched = watched_addresses(office, office.scope())
    rows = [
        {"pack": one.pack.key, "name": one.pack.name, "sources": one.sources, "watched": one.watched}
        for one in count_packs(watched)
    ]
    show(rows, as_json, "")


@catalogue_app.command("show")
def show_(key: Annotated[str, typer.Argument(help="Key of the source.")], as_json: Json = False) -> None:
    """Show everything that is known of one source."""
    one = get_listed(key)
    with open_office() as office:
        watched = watched_addresses(office, office.scope())
    feed = one.feed
    more = {
        "name_zh": one.name_zh,
        "region": feed.region,
        "format": one.format,
        "interval": feed.interval,
        "zone": feed.zone,
        "terms": feed.terms,
        "packs": list(one.packs),
        "checked": one.checked,
    }
    show_one({**_line(one, watched), **more}, as_json)


@catalogue_app.command("add")
def add(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of sources; `list` shows them.")] = None,
    pack: Pack = "",
    trying: Annotated[bool, typer.Option("--try", help="Look at each first; watch only those that answer.")] = False,
) -> None:
    """Watch sources of the catalogue."""
    with open_office() as office:
        if trying:
            keys, pack = asyncio.run(_alive(office, chosen_of(keys or (), pack))), ""
            if not keys:
                raise Invalid("None of them answers.", "See whether the network is there.")
        taken = take(office, office.scope(), keys or (), pack)
    print(f"Sources added: {len(taken.added)}; watched already: {len(taken.known)}.")
    if taken.added and not trying:
        print(UNCHECKED)


async def _alive(office: Office, chosen: list[Listed]) -> list[str]:
    """The keys of those that answer; the others are told with their reason."""
    alive = set()
    async with make_client(office.settings.allow_nets) as client:
        async for one, sentence in try_listed(client, chosen, office.clock()):
            if sentence:
                print(f"{one.feed.key}: {in_words(sentence)}")
            else:
                alive.add(one.feed.key)
    return [one.feed.key for one in chosen if one.feed.key in alive]


@catalogue_app.command("balance")
def balance(
    watched: Annotated[bool, typer.Option("--watched", help="Of what is watched, not of the catalogue.")] = False,
    as_json: Json = False,
) -> None:
    """Show which countries, languages and kinds of source are thin."""
    with open_office() as office:
        found = balance_of(office, office.scope(), "watched" if watched else "catalogue")
    show_one(_weighed(found, as_json), as_json)


def _line(one: Listed, watched: dict[str, str]) -> Row:
    feed = one.feed
    return {
        "key": feed.key,
        "name": feed.name,
        "kind": feed.kind,
        "country": feed.country,
        "language": feed.language,
        "reliability": feed.reliability,
        "watched_as": watched.get(feed.address),
        "address": feed.address,
    }


def _weighed(found: Balance, as_json: bool) -> Row:
    missing = {one.region: list(one.missing) for one in found.regions if one.missing}
    lists: dict[str, object] = {
        "without_local_source": list(found.silent),
        "with_only_one": list(found.single),
        "only_in_foreign_languages": list(found.foreign),
    }
    if as_json:
        return {
            "sources": found.sources,
            "countries": len(found.countries),
            **lists,
            "languages": dict(found.languages),
            "missing_kinds": missing,
        }
    counted = {f"{name} ({len(codes)})": codes for name, codes in lists.items() if isinstance(codes, list)}
    languages = [f"{language} {count}" for language, count in found.languages]
    return {
        "sources": found.sources,
        "countries": len(found.countries),
        **counted,
        f"languages ({len(languages)})": ", ".join(languages),
        **{f"{region} lacks": ", ".join(kinds) for region, kinds in missing.items()},
    }
