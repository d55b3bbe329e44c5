"""The list of alerts, read from the store for a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from rules.roster import Rosters
from service.auth.access import in_place_of, may_act
from service.desk.quiet_told import QuietTold
from service.record.act import STEPS
from service.record.answers import stands_for
from service.store.pages import Page
from service.store.read_alerts import (
    count_levels,
    get_alert,
)
from service.store.read_triage import Beside, beside
from service.store.rosters import NOTHING, load_rosters
from service.store.scope import Role
from service.store.tables import Alert
from service.store.translations import Made, of_titles
from service.web.filters import Filters
from service.web.shown.quiet import quiet_now
from service.web.shown.row import AlertRow, row_of
from service.web.triage_aside import beside_rows, order_of, places_now, who
from service.web.visit import Visit

ROWS = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list pane shows. `countries` are those that can be asked for besides those that are: code and name."""

    rows: tuple[AlertRow, ...]
    next: str | None
    counts: dict[int, int]
    total: int
    countries: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, str], ...]
    filters: Filters
    further: bool


def listing(visit: Visit, filters: Filters, cursor: str | None) -> Listing:
    """One page of the list, with the counts that stand over it."""
    scope = visit.reader
    with visit.house.store.read() as session:
        page = order_of(filters)(session, scope, filters.wanted(visit.now, who(visit)), limit=ROWS, cursor=cursor)
        counts = count_levels(session, scope, visit.now)
        codes = [place.country for place in places_now(visit, session)]
        rows = _rows(visit, session, page)
    named = _named(visit, [code for code in codes if code not in filters.country])
    chosen = _named(visit, filters.country)
    return Listing(rows, page.next, counts, sum(counts.values()), named, chosen, filters, cursor is not None)


def _named(visit: Visit, codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((code, visit.telling.country(code)) for code in codes), key=lambda pair: pair[1]))


def tally(visit: Visit, filters: Filters) -> Listing:
    """Only the counts that stand over a list."""
    with visit.house.store.read() as session:
        counts = count_levels(session, visit.reader, visit.now)
    return Listing((), None, counts, sum(counts.values()), (), (), filters, False)


def _rows(visit: Visit, session: Session, page: Page[Alert]) -> tuple[AlertRow, ...]:
    return tuple(shown_rows(visit, session, page.items))


def shown_rows(visit: Visit, session: Session, alerts: Sequence[Alert]) -> list[AlertRow]:
    """Alerts as rows of a list."""
    quiet = quiet_now(session, alerts, visit.reader.organisation_id, visit.telling)
    return rows_with(visit, session, alerts, beside(session, visit.reader, alerts), quiet)


def rows_with(
    visit: Visit,
    session: Session,
    alerts: Sequence[Alert],
    extras: Mapping[int, Beside],
    quiet: Mapping[int, QuietTold],
) -> list[AlertRow]:
    """The same with what stands beside them, and what keeps them quiet, by number."""
    made = _titles(visit, session, alerts)
    rosters = _rosters(visit, session)
    rows = [
        _row(visit, rosters, alert, extras[alert.id or 0], made.get(alert.title), quiet.get(alert.id or 0))
        for alert in alerts
    ]
    return beside_rows(visit, session, alerts, rows)


def _titles(visit: Visit, session: Session, alerts: Sequence[Alert]) -> Mapping[str, Mapping[str, Made]]:
    """The translations of titles that came from outside; alarms about sources are said in the reader's language."""
    return of_titles(session, visit.reader, [alert.title for alert in alerts if alert.source_id is None])


def _rosters(visit: Visit, session: Session) -> Rosters:
    """By which the reader may stand for others; none are asked for where the reader's role says it all."""
    asked = visit.reader.home and visit.reader.role is Role.OWNER
    return load_rosters(session, visit.reader.organisation_id, visit.now) if asked else NOTHING


def _row(
    visit: Visit,
    rosters: Rosters,
    alert: Alert,
    extra: Beside,
    made: Mapping[str, Made] | None,
    quiet: QuietTold | None = None,
) -> AlertRow:
    steps = steps_for(visit, rosters, extra.owners, alert.organisation_id)
    return row_of(alert, extra, visit.telling, steps, made, own=is_own(visit, alert), quiet=quiet.text if quiet else "")


def steps_for(
    visit: Visit, rosters: Rosters, owners: Sequence[str], organisation_id: int | None = None
) -> tuple[str, ...]:
    """The steps that this reader may take on an alert of this organisation with these owners, their own or by the
    roster."""
    scope = visit.reader
    if not may_act(scope, owners, organisation_id):
        stood = (key for key in owners if stands_for(rosters, key, scope.actor))
        scope = in_place_of(scope, next(stood, None))
    return tuple(STEPS) if may_act(scope, owners, organisation_id) else ()


def one_row(visit: Visit, alert_id: int) -> AlertRow:
    """One alert as a row; NotFound when it is not the reader's to see."""
    with visit.house.store.read() as session:
        alert = get_alert(session, visit.reader, alert_id)
        return shown_rows(visit, session, [alert])[0]


def is_own(visit: Visit, alert: Alert) -> bool:
    """Whether an alert is of the reader's own organisation, so that they may know what of theirs it touches."""
    return alert.organisation_id == visit.reader.organisation_id
