"""Situation: the snapshot that a decision may look at. Everything in it was handed in by the caller."""

from dataclasses import dataclass
from datetime import datetime

from ingest.entry import Status
from rules.holdings import Holdings
from rules.level import NORMAL, Level
from rules.plan import Plans
from rules.posture import Posture
from rules.quiet import Quiet
from rules.routing import Route
from scoring.assessment import Assessment
from scoring.category import Category


@dataclass(frozen=True, slots=True)
class Report:
    """One entry's part in an event: who said it, when, and what was read out of it.

    `entry` identifies the entry (its revisions are reports of their own; `latest` is False for superseded ones).
    Syndicated copies share `origin`, so that they count as one source. An `archived` report was imported from an
    archive: it is history, whatever its date.
    """

    entry: str
    source: str
    origin: str
    reliability: str
    status: Status
    published: datetime | None
    seen: datetime
    assessment: Assessment
    latest: bool = True
    archived: bool = False
    title: str = ""
    text: str = ""
    point: tuple[float, float] | None = None  # latitude and longitude in degrees, as the document declares them
    magnitude: float | None = None  # as the document declares it


@dataclass(frozen=True, slots=True)
class Standing:
    """The event's open alert as it stands before this decision."""

    level: Level
    clause: str
    unconfirmed: bool
    since: datetime  # when the present level began
    countries: tuple[str, ...]
    categories: tuple[Category, ...]
    calmer_since: datetime | None = None  # since when a lower level would have held
    withdrawn: bool = False  # told to be withdrawn already; a person has yet to close it
    owners: tuple[str, ...] = ()  # who already has a duty on it: an update does not put their deadline off
    due: datetime | None = None  # until when they are to answer; None: counted from `since`
    told: datetime | None = None  # when people were last told of a change of it
    usual: datetime | None = None  # what `due` was before a crisis drew it nearer
    sites: tuple[str, ...] = ()  # keys of the sites that were touched when it was last told


@dataclass(frozen=True, slots=True)
class Owner:
    """A person or desk that can be given duties. Empty tuples match everything."""

    key: str
    name: str
    countries: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    levels: tuple[Level, ...] = ()
    central: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision may look at besides the event: the open alert and who could own it."""

    standing: Standing | None
    owners: tuple[Owner, ...]
    routes: Route | None = None  # the tree by which owners are found; without it, by the owners' own words
    organisation: str = ""  # whose alert it would be, by key
    plans: Plans | None = None  # None: no plan is asked for
    posture: str = NORMAL  # of the event's country, one of POSTURES; `postures` can only make it graver
    holdings: Holdings | None = None  # what the organisation that is decided for has abroad
    quiet: Quiet | None = None  # what may keep the change quiet; None: nothing does
    postures: tuple[Posture, ...] = ()  # in force anywhere
