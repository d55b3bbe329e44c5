"""Is everything alive, what is set, and who did what."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from fastapi import APIRouter
from starlette.responses import Response

from service.desk.audit import read_log
from service.desk.failures import failures
from service.desk.setup import setup
from service.desk.system import curves, status
from service.errors import NotFound
from service.notify.text import clean
from service.store.audit import AuditFilter
from service.web.page import page
from service.web.shown.audit import PLACES, line_shown, thing_name
from service.web.shown.failures import failures_shown
from service.web.shown.system import curves_shown, setup_shown, status_shown
from service.web.visit import Inside, Visit, address

router = APIRouter()
ROWS = 50
ASKED = ("actor", "subject", "id", "day")
THINGS = (*PLACES, "posture", "archive", "demo")


@router.get("/system")
def show_system(visit: Inside) -> Response:
    """Every part, and the last day. With htmx only what changes."""
    _demand_desk(visit)
    found = status_shown(status(visit.house, visit.reader), visit.telling)
    if visit.fragment == "pulse":
        return page(visit, "system.html", "pulse", found=found)
    return page(
        visit,
        "system.html",
        found=found,
        curves=curves_shown(curves(visit.house, visit.reader), visit.telling),
        failed=failures_shown(failures(visit.house, visit.reader), visit.telling),
    )


@router.get("/settings")
def show_settings(visit: Inside) -> Response:
    """What is set, and what is wrong with it."""
    _demand_desk(visit)
    return page(visit, "settings.html", found=setup_shown(setup(visit.house, visit.reader), visit.telling))


@router.get("/audit")
def show_audit(visit: Inside) -> Response:
    """Who did what, by person, thing and day."""
    _demand_desk(visit)
    query = visit.request.query_params
    asked = {name: clean(query.get(name))[:120] for name in ASKED}
    since, until = _day(asked["day"], visit.telling.zone)
    wanted = AuditFilter(
        actor=asked["actor"],
        subject=asked["subject"] if asked["subject"] in THINGS else "",
        subject_id=asked["id"][:60] if asked["subject"] in THINGS else "",
        since=since,
        until=until,
    )
    found = read_log(visit.house, visit.reader, wanted, limit=ROWS, cursor=query.get("cursor"))
    pairs = [(name, asked[name]) for name in ASKED if asked[name]]
    return page(
        visit,
        "audit.html",
        lines=[line_shown(row, visit.telling) for row in found.items],
        asked=asked,
        active=bool(pairs),
        things=sorted(((thing, thing_name(thing, visit.telling)) for thing in THINGS), key=lambda pair: pair[1]),
        older=address("/audit", [*pairs, ("cursor", found.next)]) if found.next else None,
        later=bool(query.get("cursor")),
        today=visit.now.astimezone(visit.telling.zone).date().isoformat(),
        first=address("/audit", pairs),
    )


def _day(text: str, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From when to when, in UTC, a day of the reader's zone is: lines are shown in it. No bounds for what is none."""
    try:
        day = date.fromisoformat(text)
        begin, end = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        return begin.astimezone(UTC), end.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, None


def _demand_desk(visit: Visit) -> None:
    if not visit.reader.home:
        raise NotFound("There is no such page.")
