"""/health and /metrics: what monitoring asks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from service.api.house import house_of
from service.api.problem import explain
from service.auth.access import Permission, demand
from service.auth.door import demand_reader
from service.auth.origin import is_local
from service.desk.drift import Drifted, drift_of
from service.desk.house import House
from service.errors import Refused, WatchfireError
from service.store.health import Looks, OneLook, critical_in_trouble, looks, singled_out, states
from service.store.migrate import current, head
from service.store.outbox import waiting_notices
from service.store.translations import count_states
from service.store.work import waiting
from service.translate.health import translation_health

router = APIRouter(include_in_schema=False)
PATIENCE = timedelta(hours=1)
NAMED = 20
BOTH = ["GET", "HEAD"]  # load balancers like to ask without wanting the answer
Part = dict[str, object]
_head = cache(head)


@router.api_route("/health/live", methods=BOTH)
async def live() -> Response:
    """The process answers, however many requests wait for a thread."""
    return _answer(200, {"status": "live"})


@router.api_route("/health/ready", methods=BOTH)
def ready(request: Request) -> Response:
    """503 with the part that is missing when requests cannot be served.

    Critical sources in trouble, or silence of all, make it `degraded`, still 200: the desk must stay open above all
    when the network is down. Alarms go by `watchfire_sources_last_good_look_age_seconds`, or by this status.
    """
    house = house_of(request)
    parts = {"database": _part(lambda: _database(house)), "migrations": _part(lambda: _migrations(house))}
    if not all(part["ok"] for part in parts.values()):
        return _answer(503, {"status": "unready", "parts": parts})
    parts["sources"] = _part(lambda: _sources(house))
    if house.settings.translate_url:
        parts["translation"] = _part(lambda: _translation(house))  # whatever it says, the desk is ready
    return _answer(200, {"status": "ready" if parts["sources"]["ok"] else "degraded", "parts": parts})


def _answer(status: int, body: dict[str, object]) -> Response:
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def _part(look: Callable[[], Part]) -> Part:
    try:
        return look()
    except WatchfireError as error:
        return {"ok": False, "detail": error.what}


def _database(house: House) -> Part:
    with house.store.read() as session:
        waiting_notices(session)
    return {"ok": True}


def _migrations(house: House) -> Part:
    found, wanted = current(house.store), _head()
    return {"ok": found == wanted} | ({} if found == wanted else {"detail": "Run `watchfire db upgrade`."})


def _sources(house: House) -> Part:
    now = house.clock()
    with house.store.read() as session:
        found, troubled = looks(session, now), critical_in_trouble(session, now)
    age = _age(found, now)
    quiet = age is not None and age > max(PATIENCE, timedelta(seconds=3 * found.interval))
    said: Part = {
        "ok": not quiet and not troubled,
        "last_good_look_age_seconds": int(age.total_seconds()) if age is not None else None,
    }
    if troubled:
        said |= {"critical_in_trouble": troubled[:NAMED]}
    detail = (
        "No source has answered for a long time." if quiet else "Critical sources are in trouble." if troubled else ""
    )
    return said | ({"detail": detail} if detail else {})


def _translation(house: House) -> Part:
    now, budget = house.clock(), house.settings.translate_budget
    with house.store.read() as session:
        health, texts = translation_health(session), count_states(session)
    said: Part = {"ok": not health.failures, "calls_today": health.calls_on(now), "budget": budget, "texts": texts}
    return said | ({"detail": health.error, "failed_at": health.failed_at} if health.failures else {})


def _age(found: Looks, now: datetime) -> timedelta | None:
    """Since when no source has answered; None when nothing is watched."""
    since = found.last_good or found.since
    return max(now - since, timedelta()) if since is not None else None


@router.api_route("/metrics", methods=BOTH)
def metrics(request: Request) -> Response:
    """Prometheus: counters of this process, gauges of the database. Open on this machine, else for the desk's own."""
    house = house_of(request)
    try:
        if not is_local(request):
            scope = demand_reader(request)
            demand(scope, Permission.READ)
            if not scope.home:
                raise Refused("Metrics are the desk's own.", "Ask its administrator.")
        body = house.metrics.expose() + generate_latest(gauges(house))
    except WatchfireError as error:
        return explain(error, request)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def gauges(house: House) -> CollectorRegistry:
    """What stands in the database at this moment, read for this one answer."""
    now, registry = house.clock(), CollectorRegistry()
    with house.store.read() as session:
        notices = waiting_notices(session)
        entries = {stage: waiting(session, stage) for stage in ("new", "assessed", "failed")}
        found, by_state, named = looks(session, now), states(session, now), singled_out(session, now)
    backlog = Gauge("watchfire_waiting", "Rows that wait, by kind.", ["kind"], registry=registry)
    for kind, count in {**{f"entry_{stage}": count for stage, count in entries.items()}, **_named(notices)}.items():
        backlog.labels(kind).set(count)
    sources = Gauge("watchfire_sources", "Sources by state.", ["state"], registry=registry)
    sources.labels("watched").set(found.watched)
    for state, count in by_state.items():
        sources.labels(state.value).set(count)
    _each(registry, named, now)
    _drift(registry, drift_of(house))
    if house.settings.translate_url:
        _translations(registry, house, now)
    age = _age(found, now)
    if age is not None:
        name = "watchfire_sources_last_good_look_age_seconds"
        Gauge(name, "Seconds since a source last answered well.", registry=registry).set(age.total_seconds())
    return registry


def _translations(registry: CollectorRegistry, house: House, now: datetime) -> None:
    with house.store.read() as session:
        health, texts = translation_health(session), count_states(session)
    gauge = Gauge("watchfire_translations", "Texts for translation by state.", ["state"], registry=registry)
    for state, count in texts.items():
        gauge.labels(state).set(count)
    calls = Gauge("watchfire_translation_calls_today", "Calls of the endpoint since midnight UTC.", registry=registry)
    calls.set(health.calls_on(now))
    failures = Gauge("watchfire_translation_failures", "Calls that failed since one succeeded.", registry=registry)
    failures.set(health.failures)


def _each(registry: CollectorRegistry, named: list[OneLook], now: datetime) -> None:
    """Gauges by key, for critical sources and those in trouble: bounded, whatever is watched."""
    head = "watchfire_source_last"
    good = Gauge(f"{head}_success_age_seconds", "Seconds since it answered well.", ["key"], registry=registry)
    new = Gauge(f"{head}_entry_age_seconds", "Seconds since it brought something new.", ["key"], registry=registry)
    size = Gauge("watchfire_source_bytes", "Bytes that it sent since it was added.", ["key"], registry=registry)
    for one in named:
        size.labels(one.key).set(one.bytes)
        for gauge, at in ((good, one.last_good), (new, one.last_new)):
            if at is not None:
                gauge.labels(one.key).set(max((now - at).total_seconds(), 0))


def _drift(registry: CollectorRegistry, drift: Drifted) -> None:
    """How the last seven days differ from the four weeks before; what has too few entries is left out."""
    name = "watchfire_drift_index"
    indices = Gauge(name, "Population stability index, 7 days against the 28 before.", ["of"], registry=registry)
    for of, value in drift.indices.items():
        if value is not None:
            indices.labels(of).set(value.psi)
    share = Gauge("watchfire_entries_share", "Share of entries, by window.", ["of", "window"], registry=registry)
    for window, counted in (("7d", drift.lately), ("28d", drift.before)):
        if counted.entries:
            share.labels("open", window).set(counted.open)
            share.labels("corrected", window).set(counted.corrected)


def _named(notices: dict[str, int]) -> dict[str, int]:
    return {f"notice_{state}": count for state, count in notices.items()}
