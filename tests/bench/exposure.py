"""Exposure: finding whom an event touches, and deciding for each of them. `python -m tests.bench exposure`."""

from collections.abc import Callable
from random import Random
from time import perf_counter, process_time

from ingest.place.countries import CODES, country
from rules.decide import decide
from rules.exposure import exposure_of, touched
from rules.guideline import default_guideline
from rules.holdings import Holdings, Partner, Site, SiteKind
from rules.situation import Report, Situation
from scoring.assessment import Place
from scoring.category import SUBTYPES
from tests.rules.making import NOW, alone, report

SITES, ORGANISATIONS, PARTNERS, EVENTS = 5_000, 200, 2_000, 2_000
SYLLABLES = ("ka", "mo", "ri", "ten", "sol", "va", "lux", "dar", "min", "est", "or", "pal")


def bench_exposure() -> None:
    """Print what finding and deciding take, by how many sites there are."""
    print("| sites | laying out, s | whom it touches, events/s | organisations an event | decisions/s |")
    print("|---|---|---|---|---|")
    for count in (SITES, 20 * SITES):
        _row(count)


def _row(count: int) -> None:
    random = Random(count)
    began = process_time()
    everybody = Holdings(_sites(random, count), _partners(random))
    laid = process_time() - began
    events = [_event(random, number) for number in range(EVENTS)]
    rule = default_guideline().exposure
    found, cpu = _timed(lambda: [touched([event], everybody, rule) for event in events])
    told = sum(map(len, found))
    pairs = [(event, key) for event, keys in zip(events, found, strict=True) for key in keys][:EVENTS]
    _, deciding = _timed(lambda: [_decide(event, everybody.of(key)) for event, key in pairs])
    each = told / len(events)
    print(f"| {count:,} | {laid:.2f} | {len(events) / cpu:,.0f} | {each:.1f} | {len(pairs) / deciding:,.0f} |")
    assert all(exposure_of([event], everybody.of(key), rule).count for event, key in pairs)


def _timed(step: Callable[[], list[object]]) -> tuple[list[object], float]:
    began = perf_counter(), process_time()
    answer = step()
    return answer, process_time() - began[1]


def _decide(event: Report, holdings: Holdings | None) -> object:
    return decide([event], Situation(None, alone().owners, holdings=holdings), default_guideline(), NOW)


def _sites(random: Random, count: int) -> list[Site]:
    return [_site(random, number) for number in range(count)]


def _site(random: Random, number: int) -> Site:
    code = random.choice(CODES_WITH_POINT)
    lat, lon = country(code).point or (0.0, 0.0)
    kind = random.choices(list(SiteKind), (6, 2, 1, 1))[0]
    points = [(_near(random, lat, 85), _near(random, lon, 179)) for _ in range(3 if kind is SiteKind.ROUTE else 1)]
    return Site(
        id=number,
        organisation=number % ORGANISATIONS,
        kind=kind,
        name=f"Site {number}",
        country=code,
        points=tuple(points),
        people=random.choice((0, 20, 400)),
        criticality=random.randint(1, 3),
    )


def _near(random: Random, degrees: float, most: float) -> float:
    return min(most, max(-most, degrees + random.uniform(-3, 3)))


def _partners(random: Random) -> list[Partner]:
    return [
        Partner(number, number % ORGANISATIONS, number % 5 == 0, _name(random), (_name(random),))
        for number in range(PARTNERS)
    ]


def _name(random: Random) -> str:
    return " ".join("".join(random.choices(SYLLABLES, k=3)).title() for _ in range(2))


def _event(random: Random, number: int) -> Report:
    code, subtype = random.choice(CODES_WITH_POINT), random.choice(list(SUBTYPES))
    lat, lon = country(code).point or (0.0, 0.0)
    point = (_near(random, lat, 85), _near(random, lon, 179))
    made = report(
        str(number),
        labels=(SUBTYPES[subtype],),
        subtypes=(subtype,),
        countries=(code,),
        severity=random.random(),
        places=(Place(code, 0.9, "x", point, True),),
    )
    words = " ".join(_name(random) for _ in range(60))
    return Report(**{**{name: getattr(made, name) for name in Report.__slots__}, "title": words[:80], "text": words})


CODES_WITH_POINT = sorted(code for code in CODES if country(code).point is not None)
