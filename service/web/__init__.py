"""The desk in a browser: pages in Chinese and English, the same template for page and fragment."""

from fastapi import FastAPI

from service.desk.owners import owner_names
from service.squeezing import EFFORT, FROM
from service.web.assets import AT, BuiltFiles, Squeezing
from service.web.headers import Bounded, SecurityHeaders
from service.web.problems import mount_problems
from service.web.routes import (
    alerts,
    aside,
    catalogue,
    channels,
    comments,
    deliveries,
    door,
    events,
    guideline,
    keys,
    learning,
    me,
    models,
    newcomer,
    people,
    plans,
    postures,
    prints,
    report_form,
    reports,
    roster,
    silences,
    sites,
    situation,
    source,
    sources,
    start,
    start_watch,
    subscriptions,
    system,
    wishes,
)


def mount_web(app: FastAPI) -> None:
    """Put the pages on an app whose `state.house` is set and whose API is mounted already.

    SetupError when the page assets were never built.
    """
    app.state.owner_names = owner_names(app.state.house.settings)
    app.state.called = {}
    app.mount(AT, BuiltFiles(), name="static")
    rooms = (
        *(comments, prints),  # before what takes any word behind the number of an alert
        *(aside, alerts, subscriptions, channels, deliveries, newcomer, catalogue, sources, source, sites),
        *(reports, report_form, learning, models, events, guideline, roster, plans, postures, silences, situation),
        *(keys, people, me, system),
        *(door, wishes, start, start_watch),
    )
    for routes in rooms:
        # As they are: `include_router` would make every route anew, for a prefix and dependencies that pages have not.
        app.router.routes.extend(routes.router.routes)
    mount_problems(app)
    app.add_middleware(Squeezing, minimum_size=FROM, compresslevel=EFFORT)
    app.add_middleware(Bounded)
    app.add_middleware(SecurityHeaders)
