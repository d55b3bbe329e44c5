"""The catalogue read and checked: every entry is a source as a source file may name one, and says what it is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.catalogue.packs import packs, region_of
from ingest.feed import Feed
from ingest.fetch import host_of
from ingest.loaders import TEXTS
from ingest.source_record import Record, SourceFileError, feeds_of

FORMATS = ("rss", "atom", "json", "geojson", "cap", "xml", "csv", "page")
_FOLDER = Path(__file__).parent / "packs"
_OURS = frozenset(("name_zh", "format", "packs", "checked"))  # what an entry says besides the fields of a source


class CatalogueError(Exception):
    """The catalogue's own data is wrong: which file, which entry, and what."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One source of the catalogue.

    `format` is one of FORMATS; `page` is a page without a feed, which needs a rule. `checked` tells whether anybody
    has fetched the address: what is shipped was written down where nothing could be.
    """

    feed: Feed
    name_zh: str | None
    format: str
    packs: tuple[str, ...]
    checked: bool

    def called(self, language: str) -> str:
        """What it is called in a language: Chinese where it has such a name, else as it calls itself."""
        return self.name_zh if self.name_zh and language.startswith("zh") else self.feed.name


@cache
def catalogue() -> tuple[Listed, ...]:
    """Every source of the catalogue, by file and place in it. CatalogueError when its data is wrong."""
    return read_catalogue([(path.name, path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.yaml"))])


def read_catalogue(files: Sequence[tuple[str, str]]) -> tuple[Listed, ...]:
    """The entries of catalogue files, given as name and text; keys and addresses are unique over all of them."""
    found = [(filename, values) for filename, text in files for values in _entries(filename, text)]
    records = [Record(number, _plain(values)) for number, (_, values) in enumerate(found, start=1)]
    try:
        feeds = feeds_of(records, "catalogue")
    except SourceFileError as error:
        filename, values = found[error.line - 1]
        raise CatalogueError(f"{filename}, {values.get('key')}: {error.what}. {error.advice}") from error
    listed = tuple(_listed(feed, *one) for feed, one in zip(feeds, found, strict=True))
    empty = sorted(set(packs()) - {pack for one in listed for pack in one.packs})
    if empty:
        raise CatalogueError(f"These packs hold no source: {', '.join(empty)}.")
    return listed


def find_listed(key: str) -> Listed | None:
    """The entry of that key."""
    return next((one for one in catalogue() if one.feed.key == key), None)


def listed_at(address: str) -> tuple[Listed, ...]:
    """Entries at the host of an address, `www.` or not: first the very address, then those on the path."""
    host = _bare(host_of(address))
    if not host:
        return ()
    same = [one for one in catalogue() if _bare(host_of(one.feed.address)) == host]
    return tuple(sorted(same, key=lambda one: one.feed.address != address))


def choose(
    entries: Iterable[Listed], *, pack: str = "", country: str = "", language: str = "", kind: str = ""
) -> tuple[Listed, ...]:
    """Those that fit everything that is asked; "" asks nothing. `zh` fits zh-Hant."""
    return tuple(
        one
        for one in entries
        if (not pack or pack in one.packs)
        and (not country or one.feed.country == country.upper())
        and (not language or (one.feed.language or "").split("-")[0] == language.lower().split("-")[0])
        and (not kind or one.feed.kind == kind)
    )


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _entries(filename: str, text: str) -> Iterator[dict[str, Any]]:
    try:
        root = yaml.load(text, TEXTS)  # noqa: S506
        for group in root["groups"]:
            common = {name: value for name, value in group.items() if name != "sources"}
            for source in group["sources"]:
                also = {"packs": [*common.get("packs", ()), *source.get("packs", ())]}
                yield {**common, **source, **also}
    except (yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise CatalogueError(f"{filename} is not written as a catalogue file: {error!r}.") from error


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    fields = {name: str(value) for name, value in values.items() if name not in _OURS}
    if not fields.get("region") and (region := region_of(fields.get("country", ""))):
        fields["region"] = region
    return fields


def _listed(feed: Feed, filename: str, values: Mapping[str, Any]) -> Listed:
    where = f"{filename}, {feed.key}"
    strange = [pack for pack in values["packs"] if pack not in packs()]
    if strange or not values["packs"]:
        raise CatalogueError(f"{where}: {strange or 'no pack'} is none of {', '.join(packs())}.")
    if values.get("format") not in FORMATS:
        raise CatalogueError(f"{where}: the format is none of {', '.join(FORMATS)}.")
    if values.get("checked") not in ("true", "false"):
        raise CatalogueError(f"{where}: it does not say whether it was checked.")
    if not (feed.language and feed.terms and feed.region):
        raise CatalogueError(f"{where}: language, terms and country or region are needed.")
    given = tuple(dict.fromkeys(values["packs"]))
    return Listed(feed, values.get("name_zh") or None, values["format"], given, values["checked"] == "true")
