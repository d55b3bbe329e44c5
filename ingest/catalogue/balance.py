"""How evenly sources cover the world: which countries, languages and kinds are thin. Pure: feeds in, counts out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from babel.languages import get_official_languages

from ingest.catalogue.packs import countries, packs, region_of
from ingest.feed import Feed

# A country is heard through its own press; what a foreign embassy says of it, or a list that names it, is no voice.
LOCAL_KINDS = frozenset(("news", "economy"))
KINDS = ("news", "advisory", "hazard", "sanctions", "health", "economy")
_SAME = {"no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id"}  # two codes of one language


@dataclass(frozen=True, slots=True)
class Cover:
    """How one country is covered: its local sources, and how many of them speak a language of its own."""

    country: str
    region: str
    sources: int
    own: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionCover:
    """How one region is covered: sources of the region or its countries, and the kinds that none of them is of."""

    region: str
    sources: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The report. Countries are ISO 3166 codes; `languages` counts sources, the most spoken first."""

    sources: int
    countries: tuple[Cover, ...]
    regions: tuple[RegionCover, ...]
    languages: tuple[tuple[str, int], ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Countries without any local source."""
        return tuple(one.country for one in self.countries if one.sources == 0)

    @property
    def single(self) -> tuple[str, ...]:
        """Countries with only one local source: when it fails, nobody is heard."""
        return tuple(one.country for one in self.countries if one.sources == 1)

    @property
    def foreign(self) -> tuple[str, ...]:
        """Countries that are heard only in languages which are not their own."""
        return tuple(one.country for one in self.countries if one.sources and not one.own)


def weigh(feeds: Iterable[Feed]) -> Balance:
    """The balance of these feeds over all countries of the regions, about 195."""
    feeds = list(feeds)
    local: defaultdict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if feed.country and feed.kind in LOCAL_KINDS:
            local[feed.country].append(feed)
    tongues = Counter(feed.language.split("-")[0].lower() for feed in feeds if feed.language)
    return Balance(
        sources=len(feeds),
        countries=tuple(_cover(country, local.get(country, [])) for country in countries()),
        regions=_regions(feeds),
        languages=tuple(sorted(tongues.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


@cache
def own_languages(country: str) -> frozenset[str]:
    """The languages that are official in a country or a part of it, as CLDR knows them, without their scripts."""
    found = get_official_languages(country, regional=True, de_facto=True)
    return frozenset(_base(language) for language in found)


def _base(language: str) -> str:
    base = language.replace("_", "-").split("-")[0].lower()
    return _SAME.get(base, base)


def _cover(country: str, feeds: list[Feed]) -> Cover:
    spoken = Counter(_base(feed.language) for feed in feeds if feed.language)
    return Cover(
        country=country,
        region=region_of(country) or "",
        sources=len(feeds),
        own=sum(count for language, count in spoken.items() if language in own_languages(country)),
        languages=tuple(sorted(spoken)),
    )


def _regions(feeds: list[Feed]) -> tuple[RegionCover, ...]:
    kinds: Mapping[str, Counter[str]] = defaultdict(Counter)
    for feed in feeds:
        region = region_of(feed.country or "") or feed.region
        if region:
            kinds[region][feed.kind] += 1
    return tuple(
        RegionCover(key, kinds[key].total(), tuple(kind for kind in KINDS if not kinds[key][kind]))
        for key, pack in packs().items()
        if pack.is_region
    )
