"""The guided start: five steps from an empty desk to the first alert, each of which may be passed over.

What a step does is done at once and stays, whether or not the start is gone through to its end; remembered are only the
steps that were passed, the countries that were chosen, and that it is over.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

from sqlmodel import Session

from ingest.catalogue.packs import packs
from ingest.catalogue.read import Listed, catalogue, find_listed
from ingest.place.countries import CODES
from ingest.place.fold import fold
from ingest.place.gazetteer import PlaceTableMissing, places
from ingest.place.text import words_of
from service.auth.access import Permission, allows, demand
from service.auth.premises import Premises
from service.desk.catalogue import is_readable
from service.desk.channels import NewChannel, Sending, create_channel, signing_secret
from service.desk.people import change_organisation
from service.desk.site_given import SiteGiven
from service.desk.sites import add_site
from service.desk.subscriptions import create_subscription
from service.desk.words import clean_label
from service.errors import Conflict, Invalid, NotFound
from service.notify.channel import ChannelInfo, Result
from service.notify.channels import check_channel
from service.notify.deliver import send_test
from service.store.first_use import Beginning, beginning
from service.store.log import get_meta, set_meta
from service.store.people import count_people, home_organisation
from service.store.scope import Role, Scope
from service.store.tables import Person

MARK = "start"
STEPS = ("language", "organisation", "countries", "sources", "channel")
# Watched if nothing else is chosen: official warnings of the whole world, and a few voices that are heard everywhere.
BASE = (
    "cs-mfa-gov-cn-zlbg-aqtx",
    "gdacs",
    "reliefweb-disasters",
    "us-state-department-travel-advisories",
    "uk-fcdo-travel-advice",
    "who-disease-outbreak-news",
    "eu-financial-sanctions-changes",
    "news-un-org-subscribe-zh-news-all",
    "bbc-world",
    "france-24",
)
A_COUNTRY = 4  # sources proposed for each country
MOST_PROPOSED = 40


@dataclass(frozen=True, slots=True)
class Start:
    """How far somebody has come: step → done or skipped; `over` when it was ended."""

    passed: dict[str, str] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    over: bool = False

    @property
    def begun(self) -> bool:
        """Whether it is under way."""
        return bool(self.passed) and not self.over

    @property
    def next(self) -> str:
        """The first step that was not passed; "first" when all were."""
        return next((step for step in STEPS if step not in self.passed), "first")

    @property
    def number(self) -> int:
        """Which step that is, from 1 on."""
        return min(len(STEPS), sum(step in self.passed for step in STEPS) + 1)


def demand_starter(scope: Scope) -> None:
    """The start is its administrator's: NotFound for another organisation, Refused for another role."""
    if not scope.home:
        raise NotFound("There is no such page.")
    demand(scope, Permission.SOURCES)


def may_start(scope: Scope) -> bool:
    """Whether somebody may go through it."""
    return allows(scope, Permission.SOURCES)


def is_first(premises: Premises, person: Person) -> bool:
    """Whether somebody is the desk's first administrator, for whom the start is made."""
    with premises.store.read() as session:
        return (
            person.role == Role.ADMIN
            and home_organisation(session).id == person.organisation_id
            and count_people(session) == 1
        )


def read_start(session: Session) -> Start:
    """How far it is. What cannot be read counts as not begun."""
    try:
        found = json.loads(get_meta(session, MARK) or "{}")
        passed = {step: str(how) for step, how in dict(found.get("passed", {})).items() if step in STEPS}
        countries = tuple(code for code in found.get("countries", ()) if code in CODES)
        return Start(passed, countries, bool(found.get("over")))
    except (ValueError, TypeError, AttributeError):
        return Start()


def start_of(premises: Premises) -> Start:
    """The same, for a page."""
    with premises.store.read() as session:
        return read_start(session)


def passed(
    premises: Premises, scope: Scope, step: str, how: str = "done", countries: tuple[str, ...] | None = None
) -> Start:
    """Note that a step was done or skipped; answers how far it is now."""
    demand_starter(scope)
    with premises.store.write() as session:
        before = read_start(session)
        chosen = before.countries if countries is None else countries
        after = Start({**before.passed, step: how}, chosen)
        _keep(session, after)
    return after


def end(premises: Premises, scope: Scope, *, over: bool = True) -> None:
    """End it, or begin it again from its first step; what was set up stays."""
    demand_starter(scope)
    with premises.store.write() as session:
        before = read_start(session)
        _keep(session, replace(before, over=True) if over else Start(countries=before.countries))


def _keep(session: Session, start: Start) -> None:
    set_meta(session, MARK, json.dumps(asdict(start)))


def name_and_place(premises: Premises, scope: Scope, name: str, sites: Iterable[tuple[str, str]]) -> None:
    """What the organisation is called, and places of its own: (town, country); a town may be missing.

    All or, with a fault, none but the name. One that is there already is left as it is.
    """
    demand_starter(scope)
    given = [_site(town, country) for town, country in sites if town.strip() or country.strip()]
    label = clean_label(name, "organisation")
    with premises.store.read() as session:
        home = home_organisation(session)
    if home.name != label:
        change_organisation(premises, scope, home.key, label, home.clearance)
    for site in given:
        try:
            add_site(premises, scope, site)
        except Conflict:
            continue


def _site(town: str, country: str) -> SiteGiven:
    town, code = " ".join(town.split()), country.strip().upper()
    if code not in CODES:
        raise Invalid(f"'{town[:40]}' needs its country.", "Choose one beside it.")
    point = town_in(town, code) if town else None
    return SiteGiven(town or code, country=code, points=(point,) if point else ())


def town_in(town: str, country: str) -> tuple[float, float] | None:
    """Where a town of a country is; None when nobody knows it: then the country alone is watched for."""
    try:
        table = places()
    except PlaceTableMissing:
        return None
    index = table.han.get(town)
    if index is None:
        index = table.words.get(" ".join(fold(word) for word in words_of(town)))
    found = table.name(index) if index is not None else None
    if found is None or len(found.points) != len(found.countries):
        return None
    return dict(zip(found.countries, found.points, strict=True)).get(country)


def choose_countries(premises: Premises, scope: Scope, codes: Sequence[str], regions: Sequence[str]) -> Start:
    """The countries to watch, and those of whole regions; none is the whole world."""
    held = [code for key in regions if key in packs() for code in packs()[key].countries]
    chosen = tuple(dict.fromkeys(code for code in (*codes, *held) if code in CODES))
    return passed(premises, scope, "countries", countries=chosen)


def proposed(countries: Sequence[str], language: str = "") -> tuple[list[Listed], list[Listed]]:
    """Sources worth beginning with: (of the whole world, of these countries), the reliable ones of each country first.

    With a language, of the countries' only those that are written in it.
    """
    world = [one for key in BASE if (one := find_listed(key)) is not None and is_readable(one)]
    local: list[Listed] = []
    for country in countries:
        here = [one for one in catalogue() if one.feed.country == country and is_readable(one)]
        fit = [one for one in here if not language or (one.feed.language or "").split("-")[0] == language]
        local += sorted(fit, key=lambda one: (one.feed.reliability, one.feed.key))[:A_COUNTRY]
    return world, local[:MOST_PROPOSED]


async def try_channel(premises: Sending, scope: Scope, kind: str, address: str, secret: str) -> tuple[Result, str]:
    """Send a test message to an address of which nothing is stored; answers how it went, and the secret it was sent
    with."""
    demand(scope, Permission.CHANNELS)
    used = secret or (signing_secret() if kind == "webhook" else "")
    info = ChannelInfo(kind, "Watchfire", address.strip(), used or None, "en")
    check_channel(info)
    return await send_test(premises.sender, info, premises.clock(), premises.demo), used


def follow(
    premises: Premises,
    scope: Scope,
    *,
    kind: str,
    name: str,
    address: str,
    secret: str,
    language: str,
    least_level: int,
    subscription: str,
) -> NewChannel:
    """A channel, and a subscription that tells of the chosen countries on it."""
    made = create_channel(
        premises, scope, kind=kind, name=name, address=address, secret=secret or None, language=language
    )
    create_subscription(
        premises,
        scope,
        name=subscription,
        countries=start_of(premises).countries,
        least_level=least_level,
        channel_id=made.row.id,
    )
    passed(premises, scope, "channel")
    return made


def how_far(premises: Premises, scope: Scope) -> Beginning:
    """What the last page of the start tells."""
    demand_starter(scope)
    with premises.store.read() as session:
        return beginning(session, scope)
