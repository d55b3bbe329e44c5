"""The situation as its pages show it: a line a country, a country's page, the wall."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.catalogue.packs import packs, region_of
from rules.level import LEVELS, Level
from scoring.category import CATEGORIES, Category
from service.desk.situation import CountryPage, Standing
from service.notify.text import clean, safe_link, shorten
from service.store.country import Advice
from service.store.source_health import since, word_of
from service.store.tables import SourceRow
from service.web.shown.outside import Outside, outside
from service.web.shown.row import AlertRow, Telling, row_of
from service.web.shown.site import SiteShown, site_shown
from service.web.shown.times import Moment
from service.web.shown.world import look_of, silence_in_short, silence_of

TALL, STEP, THICK = 22.0, 11, 8  # of a small chart, in its own units
FEW = 3  # people named of those who would be asked


@dataclass(frozen=True, slots=True)
class Week:
    """A bar: where it stands, and whether it is this week's."""

    x: int
    y: float
    height: float
    now: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A small chart of weeks, said in words too. `usual` is the height of the weeks before on average."""

    bars: tuple[Week, ...]
    wide: int
    usual: float
    count: int
    told: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """A country in the list."""

    code: str
    name: str
    level: int
    roman: str
    level_name: str
    counts: tuple[tuple[int, str, int], ...]
    trend: Trend
    events: int
    sites: int
    people: str
    crisis: bool
    look: str
    silence: str
    silence_short: str


@dataclass(frozen=True, slots=True)
class AdviceShown:
    """What a government advises; `level` is 0 where it states none."""

    source: str
    level: int
    level_name: str
    title: Outside | None
    link: str | None
    seen: Moment | None
    checked: Moment | None


@dataclass(frozen=True, slots=True)
class EarShown:
    """A source of the country."""

    id: int
    name: Outside
    letter: str
    state: str
    state_name: str
    since: Moment | None
    last: Moment | None
    wide: bool  # of the region rather than the country


@dataclass(frozen=True, slots=True)
class CountryShown:
    """A country's page."""

    line: LineShown
    region: tuple[str, str] | None
    alerts: tuple[AlertRow, ...]
    trends: tuple[tuple[str, str, Trend], ...]
    advice: tuple[AdviceShown, ...]
    sources: tuple[EarShown, ...]
    sites: tuple[SiteShown, ...]
    duties: tuple[tuple[int, str, str, tuple[str, ...]], ...]
    plans: tuple[tuple[str, str, str, str], ...]


def line_shown(one: Standing, telling: Telling) -> LineShown:
    """A country in a line."""
    level = one.level or 0
    return LineShown(
        code=one.country,
        name=telling.country(one.country),
        level=level,
        roman=Level(level).roman if level else "",
        level_name=telling.say(f"web.level.{level}") if level else "",
        counts=tuple(
            (int(each), Level(int(each)).roman, one.levels[int(each)]) for each in LEVELS if one.levels.get(int(each))
        ),
        trend=trend_of(one.weeks, telling),
        events=one.events,
        sites=one.sites,
        people=telling.words.number(one.people, telling.lang),
        crisis=one.crisis,
        look=look_of(one),
        silence=silence_of(one, telling),
        silence_short=silence_in_short(one, telling),
    )


def trend_of(weeks: Sequence[int], telling: Telling, most: int = 0) -> Trend:
    """A chart of weeks, this one last; `most` is the scale that several charts share."""
    top = max(most, *weeks, 1)
    unit = (TALL - 2) / top
    bars = tuple(
        Week(place * STEP, round(TALL - max(1.0, count * unit), 1), round(max(1.0, count * unit), 1), place == last)
        for last in (len(weeks) - 1,)
        for place, count in enumerate(weeks)
    )
    before = weeks[:-1]
    mean = sum(before) / max(1, len(before))
    number = telling.words.number(round(mean, 1), telling.lang)
    key = "situation.trend" if any(weeks) else "situation.trend_zero"
    return Trend(
        bars=bars,
        wide=len(weeks) * STEP - (STEP - THICK),
        usual=round(TALL - mean * unit, 1),
        count=weeks[-1],
        told=telling.say(key, count=weeks[-1], usual=number, weeks=len(before), all=len(weeks)),
        is_zero=not any(weeks),
    )


def country_shown(found: CountryPage, telling: Telling) -> CountryShown:
    """A country's page in the reader's language."""
    most = max((max(weeks) for weeks in found.trend.values()), default=0)
    length = max((len(weeks) for weeks in found.trend.values()), default=12)
    alerts = sorted(found.alerts, key=lambda one: (one.level, -one.changed_at.timestamp()))
    return CountryShown(
        line=line_shown(found.standing, telling),
        region=(found.region, telling.words.place(found.region, telling.lang)) if found.region else None,
        alerts=tuple(row_of(one, found.extras[one.id or 0], telling, (), own=False) for one in alerts),
        trends=tuple(
            (key, _category(key, telling), trend_of(found.trend.get(key, (0,) * length), telling, most))
            for key in CATEGORIES
        ),
        advice=tuple(_advice(one, telling) for one in found.advice),
        sources=tuple(_ear(row, telling) for row in found.sources),
        sites=tuple(site_shown(row, telling) for row in found.sites),
        duties=tuple(
            (
                int(level),
                level.roman,
                telling.owner(duty.owner) or duty.owner,
                tuple(shorten(telling.actor(stand.person), 40) for stand in duty.people[:FEW]),
            )
            for level, answering in found.answering
            for duty in answering.duties[:1]
        ),
        plans=tuple(
            (plan.key, plan.title.of(telling.lang), kind.value, _category(kind, telling)) for kind, plan in found.plans
        ),
    )


def regions_shown(
    standings: Sequence[Standing], telling: Telling
) -> tuple[tuple[str, str, tuple[LineShown, ...]], ...]:
    """All countries by region, for those who look for one; territories outside of all regions come last."""
    groups: dict[str, list[Standing]] = {key: [] for key, pack in packs().items() if pack.is_region}
    for one in standings:
        groups.setdefault(region_of(one.country) or "", []).append(one)
    return tuple(
        (
            key,
            telling.words.place(key, telling.lang) if key else telling.say("situation.elsewhere"),
            _named(some, telling),
        )
        for key, some in groups.items()
        if some
    )


def _named(some: Sequence[Standing], telling: Telling) -> tuple[LineShown, ...]:
    return tuple(sorted((line_shown(one, telling) for one in some), key=lambda line: line.name))


def _category(key: str, telling: Telling) -> str:
    return telling.words.category(Category(key), telling.lang)


def _advice(one: Advice, telling: Telling) -> AdviceShown:
    level = int(one.level) if one.level in LEVELS else 0
    return AdviceShown(
        source=shorten(clean(one.source), 80),
        level=level,
        level_name=telling.say(f"situation.advice.{level}"),
        title=outside(one.title, one.language) if one.title else None,
        link=safe_link(one.link),
        seen=telling.moment(one.seen),
        checked=telling.moment(one.checked),
    )


def _ear(row: SourceRow, telling: Telling) -> EarShown:
    word = word_of(row, telling.now)
    return EarShown(
        id=row.id or 0,
        name=outside(telling.source(row.name), row.language, 120),
        letter=row.reliability,
        state=word.value,
        state_name=telling.say(f"health.state.{word.value}"),
        since=telling.moment(since(row, telling.now)),
        last=telling.moment(row.last_success_at),
        wide=row.country is None,
    )
