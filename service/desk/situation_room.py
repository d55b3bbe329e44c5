"""The situation room of a place: everything that whoever leads needs on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rules.level import Level
from rules.posture import CRISIS, countries_of, is_place
from service.auth.premises import Premises
from service.desk.guideline import in_force
from service.desk.postures import Crisis, crisis_of, demand_desk
from service.desk.rosters import Answering, who
from service.errors import NotFound
from service.store.read_triage import Beside, beside
from service.store.scope import Scope
from service.store.situation_room import alerts_of_place, closed_of_place, reports_from, room_log, steps_at_work
from service.store.tables import Alert, EntryRow, LogLine, ResponseStep, SourceRow

ASKED = (Level.RED, Level.YELLOW)  # who answers under central and under local command
LATELY = timedelta(days=1)  # what was closed so long ago is still told where there is no crisis


@dataclass(frozen=True, slots=True)
class Room:
    """A place as it stands. `crisis` is None in normal life; `answering` says who would answer at levels 1 and 3."""

    place: str
    crisis: Crisis | None
    alerts: tuple[Alert, ...]
    extras: Mapping[int, Beside]
    steps: Sequence[tuple[ResponseStep, Alert]]
    reports: Sequence[tuple[EntryRow, SourceRow]]
    answering: tuple[tuple[Level, Answering], ...]
    log: tuple[LogLine, ...]


def room_of(premises: Premises, scope: Scope, place: str) -> Room:
    """The room of a country or region; NotFound for what is neither."""
    demand_desk(scope)
    if not is_place(place):
        raise NotFound(f"There is no place {place[:40]}.", "Use the two letters of ISO 3166, or the key of a region.")
    crisis = _crisis(premises, scope, place)
    with premises.store.read() as session:
        alerts = alerts_of_place(session, scope, place)
        numbers = [alert.id or 0 for alert in alerts]
        row = crisis.row.id if crisis is not None else None
        since = crisis.row.since if crisis is not None else premises.clock() - LATELY
        over = closed_of_place(session, scope, place, since)
        steps, reports = steps_at_work(session, scope, numbers), reports_from(session, scope, place)
        log, extras = tuple(room_log(session, scope, [*numbers, *over], row)), beside(session, scope, alerts)
    roster = in_force(premises, scope).guideline.posture(CRISIS).roster if crisis is not None else ""
    country = place if place in countries_of(place) else ""
    answering = tuple((level, who(premises, scope, country, (), level, roster=roster)) for level in ASKED)
    return Room(place, crisis, tuple(alerts), extras, steps, reports, answering, log)


def _crisis(premises: Premises, scope: Scope, place: str) -> Crisis | None:
    try:
        return crisis_of(premises, scope, place)
    except NotFound:
        return None
