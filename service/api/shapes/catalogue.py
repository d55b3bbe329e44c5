"""The catalogue, discovery and balance as the API answers them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.candidate import Candidate
from ingest.catalogue.balance import Balance
from ingest.catalogue.read import Listed
from service.desk.catalogue import PackCount
from service.desk.trial import Trial


class ListedShape(BaseModel):
    """A source of the catalogue. `checked` false: nobody has fetched it for you. `watched` is its source's key."""

    key: str
    name: str
    name_zh: str | None
    address: str
    kind: str
    format: str
    country: str | None
    region: str | None
    language: str | None
    reliability: str
    interval: int
    zone: str | None
    terms: str | None
    packs: list[str]
    checked: bool
    watched: str | None


class PackShape(BaseModel):
    """A pack: how many sources it holds, and how many of them are watched."""

    key: str
    name: str
    name_zh: str
    sources: int
    watched: int


class TakeGiven(BaseModel):
    """What to watch: sources by key, a pack, or both."""

    model_config = ConfigDict(extra="forbid")

    keys: list[str] = Field(default_factory=list, max_length=1000)
    pack: str = Field("", max_length=60)


class TakenShape(BaseModel):
    """Keys of the entries that were added, and of those that were watched already."""

    added: list[str]
    known: list[str]


class RegionShape(BaseModel):
    """A region: its sources, and the kinds that none of them is of."""

    region: str
    sources: int
    missing: list[str]


class BalanceShape(BaseModel):
    """Countries (ISO 3166) without a local source, with one, with foreign-language ones only; languages by count."""

    sources: int
    countries: int
    without: list[str]
    single: list[str]
    foreign: list[str]
    languages: dict[str, int]
    regions: list[RegionShape]


class DiscoverGiven(BaseModel):
    """The address of a page or a feed."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(max_length=2000)


class HeadlineShape(BaseModel):
    """One entry in short."""

    title: str
    link: str | None
    published: datetime | None


class CandidateShape(BaseModel):
    """A feed that was tried. `how` says how it was found, `pulse` is good, undated, stale or empty."""

    address: str
    how: str
    format: str
    title: str
    kind: str
    language: str | None
    entries: int
    newest: datetime | None
    pulse: str
    comments: bool
    watched: str | None
    rule: dict[str, object] | None
    first: list[HeadlineShape]


Why = Literal["refused", "answer", "silent", "no_feed", "unreadable"]


class DiscoveryShape(BaseModel):
    """Feeds behind an address, the best first, after the catalogue's at this host; without any, why, in a sentence."""

    address: str
    listed: list[ListedShape]
    candidates: list[CandidateShape]
    why: Why | None
    sentence: str


def listed_shape(one: Listed, watched: str | None) -> ListedShape:
    """One source of the catalogue."""
    feed = one.feed
    return ListedShape(
        key=feed.key,
        name=feed.name,
        name_zh=one.name_zh,
        address=feed.address,
        kind=feed.kind,
        format=one.format,
        country=feed.country,
        region=feed.region,
        language=feed.language,
        reliability=feed.reliability,
        interval=feed.interval,
        zone=feed.zone,
        terms=feed.terms,
        packs=list(one.packs),
        checked=one.checked,
        watched=watched,
    )


def pack_shape(one: PackCount) -> PackShape:
    """One pack."""
    pack = one.pack
    return PackShape(key=pack.key, name=pack.name, name_zh=pack.name_zh, sources=one.sources, watched=one.watched)


def balance_shape(found: Balance) -> BalanceShape:
    """The balance."""
    return BalanceShape(
        sources=found.sources,
        countries=len(found.countries),
        without=list(found.silent),
        single=list(found.single),
        foreign=list(found.foreign),
        languages=dict(found.languages),
        regions=[
            RegionShape(region=one.region, sources=one.sources, missing=list(one.missing)) for one in found.regions
        ],
    )


def discovery_shape(trial: Trial) -> DiscoveryShape:
    """What a look at an address showed."""
    found, watched = trial.discovery, trial.watched
    return DiscoveryShape(
        address=found.address,
        listed=[listed_shape(one, watched.get(one.feed.address)) for one in trial.listed],
        candidates=[_candidate(one, watched.get(one.address)) for one in found.candidates],
        why=found.why.value if found.why is not None else None,
        sentence=found.sentence if found.why is not None else "",
    )


def _candidate(one: Candidate, watched: str | None) -> CandidateShape:
    return CandidateShape(
        address=one.address,
        how=one.how.name.lower(),
        format=one.format,
        title=one.title,
        kind=one.kind,
        language=one.language,
        entries=one.entries,
        newest=one.newest,
        pulse=one.pulse.value,
        comments=one.comments,
        watched=watched,
        rule=dict(one.rule) if one.rule is not None else None,
        first=[HeadlineShape(title=item.title, link=item.link, published=item.published) for item in one.items],
    )
