"""Candidates, first entries and the catalogue as their pages show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from ingest.candidate import Candidate
from ingest.catalogue.balance import Balance
from ingest.catalogue.read import Listed
from ingest.entry import Item
from service.desk.catalogue import is_readable
from service.notify.text import clean, shorten
from service.store.tables import EntryRow
from service.web.shown.outside import Outside, outside
from service.web.shown.rest import NAME
from service.web.shown.row import Telling
from service.web.shown.times import Moment

ADDRESS = 300


@dataclass(frozen=True, slots=True)
class HeadlineShown:
    """One entry in short."""

    title: Outside
    when: Moment | None


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """A feed that was found; `pulse` and `how` are the ends of message keys."""

    address: str
    title: Outside
    how: str
    pulse: str
    format: str
    language: str
    kind: str
    entries: int
    newest: Moment | None
    headlines: tuple[HeadlineShown, ...]
    watched: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListedShown:
    """A source of the catalogue; `watched` is its source's key, `readable` False for a page without a rule."""

    key: str
    name: Outside
    address: str
    host: str
    kind: str
    place: str
    language: str
    letter: str
    watched: str
    readable: bool


class Part(NamedTuple):
    """Countries of one region: codes and names, in the order of their names."""

    region: str
    countries: tuple[tuple[str, str], ...]


class Region(NamedTuple):
    """A region: its sources, the kinds that it lacks beside those that most lack, and which of those it has."""

    name: str
    sources: int
    missing: str
    has: str


@dataclass(frozen=True, slots=True)
class BalanceShown:
    """The balance in words: countries by what they lack, languages with counts, regions with their gaps."""

    sources: int
    silent: tuple["Part", ...]
    single: tuple["Part", ...]
    foreign: tuple["Part", ...]
    languages: tuple[tuple[str, int], ...]
    lacking: str  # kinds that most regions lack
    regions: tuple[Region, ...]


def candidate_shown(one: Candidate, fields: Mapping[str, str], watched: str, telling: Telling) -> CandidateShown:
    """One candidate with the fields that its form begins with."""
    return CandidateShown(
        address=shorten(clean(one.address), ADDRESS),
        title=outside(one.title or one.address, one.language, NAME),
        how=one.how.name.lower(),
        pulse=one.pulse.value,
        format=one.format,
        language=language_name(one.language, telling),
        kind=telling.say(f"web.kind.{one.kind}"),
        entries=one.entries,
        newest=telling.moment(one.newest),
        headlines=tuple(_headline(item, one.language, telling) for item in one.items),
        watched=watched,
        fields=fields,
    )


def entry_headline(row: EntryRow, language: str | None, telling: Telling) -> HeadlineShown:
    """One stored entry in short."""
    when = telling.moment(row.published_at or row.updated_at)
    return HeadlineShown(outside(row.title or row.text, row.language or language), when)


def listed_shown(one: Listed, watched: Mapping[str, str], telling: Telling) -> ListedShown:
    """One source of the catalogue."""
    feed = one.feed
    name = one.called(telling.lang)
    return ListedShown(
        key=feed.key,
        name=outside(name, "zh" if name == one.name_zh else feed.language, NAME),
        address=feed.address,
        host=feed.address.partition("://")[2].partition("/")[0],
        kind=telling.say(f"web.kind.{feed.kind}"),
        place=telling.country(feed.country) if feed.country else "",
        language=language_name(feed.language, telling),
        letter=feed.reliability,
        watched=watched.get(feed.address, ""),
        readable=is_readable(one),
    )


def balance_shown(found: Balance, regions: Mapping[str, str], telling: Telling) -> BalanceShown:
    """The balance; `regions` are the names of the regions."""
    common = _lacking([one.missing for one in found.regions])
    return BalanceShown(
        sources=found.sources,
        silent=_parts(found, found.silent, regions, telling),
        single=_parts(found, found.single, regions, telling),
        foreign=_parts(found, found.foreign, regions, telling),
        languages=tuple((language_name(tongue, telling), count) for tongue, count in found.languages),
        lacking=_kinds(common, telling),
        regions=tuple(
            Region(
                regions[one.region],
                one.sources,
                _kinds([kind for kind in one.missing if kind not in common], telling),
                _kinds([kind for kind in common if kind not in one.missing], telling),
            )
            for one in found.regions
        ),
    )


def language_name(tag: str | None, telling: Telling) -> str:
    """What a language is called; its code when nobody knows it."""
    base = (tag or "").replace("_", "-").partition("-")[0].lower()
    ours = f"web.language.{base}"
    return telling.say(ours) if telling.words.has(ours) else _languages(telling.lang).get(base, tag or "")


@cache
def _languages(lang: str) -> Mapping[str, str]:
    try:
        return {str(code): str(name) for code, name in Locale.parse(lang).languages.items()}
    except UnknownLocaleError:
        return {}


def _parts(found: Balance, codes: Collection[str], regions: Mapping[str, str], telling: Telling) -> tuple[Part, ...]:
    named = [(one.region, one.country, telling.country(one.country)) for one in found.countries if one.country in codes]
    rows = ((key, tuple((code, name) for region, code, name in named if region == key)) for key in regions)
    return tuple(
        Part(regions[key], tuple(sorted(countries, key=lambda pair: pair[1]))) for key, countries in rows if countries
    )


def _lacking(missing: Sequence[Sequence[str]]) -> list[str]:
    """Kinds that more than half of the regions lack: said once, and not in fifteen lines."""
    kinds = dict.fromkeys(kind for one in missing for kind in one)
    return [kind for kind in kinds if sum(kind in one for one in missing) * 2 > len(missing)]


def _kinds(kinds: Sequence[str], telling: Telling) -> str:
    return telling.say("web.joint.list").join(telling.say(f"web.kind.{kind}") for kind in kinds)


def _headline(item: Item, language: str | None, telling: Telling) -> HeadlineShown:
    when = telling.moment(item.published or item.updated or item.occurred)
    return HeadlineShown(outside(item.title or item.text, item.language or language), when)
