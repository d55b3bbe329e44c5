"""Packs: what sources are gathered in, one a region of the world and one a kind of source."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ingest.loaders import TEXTS

_FILE = Path(__file__).parent / "packs.yaml"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack. Of a region, `countries` are the ISO 3166 codes it holds; of a kind, `kind` is that of its sources."""

    key: str
    name: str
    name_zh: str
    countries: tuple[str, ...] = ()
    kind: str | None = None

    @property
    def is_region(self) -> bool:
        """True for a part of the world, False for a kind of source."""
        return bool(self.countries)

    def called(self, language: str) -> str:
        """What it is called in a language: Chinese, else English."""
        return self.name_zh if language.startswith("zh") else self.name


@cache
def packs() -> dict[str, Pack]:
    """All packs by key, regions first, in the order of the file."""
    values = yaml.load(_FILE.read_text(encoding="utf-8"), TEXTS)  # noqa: S506
    return {key: _pack(key, value) for key, value in values.items()}


def region_of(country: str) -> str | None:
    """The key of the region that holds a country, None for a territory that none does."""
    return _regions().get(country.upper())


def countries() -> tuple[str, ...]:
    """All countries of the regions, about 195, by code."""
    return tuple(sorted(_regions()))


def pack_called(words: str) -> Pack | None:
    """The pack of that key or name, whatever the case and in either language; None for any other words."""
    return _called().get(_plain(words))


def _pack(key: str, value: dict[str, str]) -> Pack:
    return Pack(key, value["en"], value["zh"], tuple(value.get("countries", "").split()), value.get("kind") or None)


@cache
def _regions() -> dict[str, str]:
    return {country: pack.key for pack in packs().values() for country in pack.countries}


@cache
def _called() -> dict[str, Pack]:
    return {_plain(name): pack for pack in packs().values() for name in (pack.key, pack.name, pack.name_zh)}


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("-", " ").split())
