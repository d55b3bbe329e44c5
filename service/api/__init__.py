"""The API: /api/v1 for machines, feeds for readers, health and metrics for monitoring."""

from functools import cache

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from service.api.asked import asks_once
from service.api.described import describe, operation_name
from service.api.edge import Edge
from service.api.feeds import router as feeds
from service.api.health import router as health
from service.api.problem import Problem, on_fault, on_http_error, on_invalid, on_our_error
from service.api.routes import (
    alerts,
    archives,
    audit,
    catalogue,
    channels,
    comments,
    deliveries,
    entries,
    event_changes,
    guideline,
    keys,
    learning,
    people,
    plans,
    postures,
    reports,
    roster,
    silences,
    sites,
    situation,
    sources,
    stream,
    subscriptions,
    system,
    triage,
)
from service.auth.door import reader
from service.errors import WatchfireError

PREFIX = "/api/v1"
ABOUT = """Watchfire: graded warnings about overseas risk.

Send an API key as `Authorization: Bearer wf_…`. Lists answer `{"items": […], "next": cursor or null}`; errors are
RFC 9457 problem details with a stable `key`; times are RFC 3339 in UTC; an unknown parameter is a 422."""
ROUTERS = (
    *(
        triage,
        comments,
        alerts,
        entries,
        event_changes,
        guideline,
        learning,
        reports,
        catalogue,
        sources,
        sites,
        archives,
    ),
    *(deliveries, channels, subscriptions, stream, roster, plans, postures, silences, situation, system),
    *(people, keys, audit),
)


def mount_api(app: FastAPI) -> None:
    """Hang the API into the service; `app.state.house` must be there already.

    /api/v1 is an application of its own, so that its errors are problem details whatever pages make of theirs.
    """
    api = build_api()
    api.state = app.state
    _handle_errors(app)  # of feeds and health; pages wrap these with their own
    app.include_router(health)
    app.include_router(feeds)
    app.mount(PREFIX, api, name="api")


def build_api() -> FastAPI:
    """The application below /api/v1."""
    api = FastAPI(
        title="Watchfire",
        version="1",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    _handle_errors(api)
    api.add_middleware(Edge)
    api.router.routes.extend(_routes())
    return api


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """What every house offers alike. FastAPI takes a second of processor time to make these, so they are made once."""
    router = APIRouter(
        dependencies=[Depends(asks_once)],
        responses={status: {"model": Problem} for status in (401, 403, 404, 409, 413, 422, 503)},
        generate_unique_id_function=operation_name,
    )
    for module in ROUTERS:
        router.include_router(module.router)
    router.add_api_route("/openapi.json", _openapi, include_in_schema=False, dependencies=[Depends(reader)])
    return tuple(router.routes)


def _openapi(request: Request) -> JSONResponse:
    """This API, described."""
    return JSONResponse(describe(request.app))


def _handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(WatchfireError, on_our_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(Exception, on_fault)
