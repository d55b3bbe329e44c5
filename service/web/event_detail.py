"""What stands on an event's page besides how it was told: its alerts, their level over time, the map, the comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from rules.level import Level
from service.desk.comments import talk_about
from service.desk.event_view import EventView
from service.notify.text import clean, shorten
from service.store.about_event import alerts_about
from service.store.exposure import sites_hit
from service.store.read_alerts import CLOSED, history_of
from service.store.tables import Alert, Organisation
from service.web.shown.event_map import EventMap, event_map, spots_of
from service.web.shown.level_history import LevelHistory, level_history
from service.web.shown.row import Telling
from service.web.shown.talk import TalkShown, talk_shown
from service.web.shown.times import Moment
from service.web.triage import is_own
from service.web.visit import Visit
from service.web.world import shapes

TALK = 40  # comments beside the rest


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert about the event. `href` is "" where it is another organisation's: its page is theirs."""

    id: int
    href: str
    level: int
    roman: str
    level_name: str
    state: str
    state_name: str
    whose: str
    own: bool
    done: bool
    opened: Moment
    changed: Moment


@dataclass(frozen=True, slots=True)
class EventBeside:
    """The rest of the page. `first` is the reader's own alert for the event: a live one, else the newest."""

    alerts: tuple[AlertLine, ...]
    first: int
    level: int
    levels: LevelHistory | None
    place: EventMap | None
    talk: TalkShown
    talk_alerts: tuple[int, ...]
    codes: tuple[str, ...]


def event_beside(visit: Visit, session: Session, view: EventView) -> EventBeside:
    """For a reader who may see the event."""
    scope, telling = visit.reader, visit.telling
    found = alerts_about(session, scope, view.number)
    mine = [alert for alert, _ in found if is_own(visit, alert)]
    readable = mine if scope.home else [alert for alert, _ in found]
    first = next((alert for alert in readable if alert.state not in CLOSED), next(iter(readable), None))
    numbers = [alert.id or 0 for alert in readable]
    levels = None
    if first is not None:
        lines = history_of(session, scope, first)
        levels = level_history(lines, first, telling, own=is_own(visit, first))
    return EventBeside(
        alerts=tuple(_line(alert, whose, telling, readable) for alert, whose in found),
        first=first.id or 0 if first is not None else 0,
        level=first.level if first is not None else 0,
        levels=levels,
        place=_place(visit, session, view, first),
        talk=talk_shown(talk_about(session, scope, numbers, visit.now, TALK), telling, scope.actor),
        talk_alerts=tuple(numbers),
        codes=tuple(view.event.countries),
    )


def _line(alert: Alert, whose: Organisation, telling: Telling, readable: Sequence[Alert]) -> AlertLine:
    own = alert in readable
    return AlertLine(
        id=alert.id or 0,
        href=f"/alerts/{alert.id}" if own else "",
        level=alert.level,
        roman=Level(alert.level).roman,
        level_name=telling.words.level_name(alert.level, telling.lang),
        state=alert.state,
        state_name=telling.say(f"web.state.{alert.state}"),
        whose=shorten(clean(whose.name), 80),
        own=own,
        done=alert.state in CLOSED,
        opened=telling.surely(alert.opened_at),
        changed=telling.surely(alert.changed_at),
    )


def _place(visit: Visit, session: Session, view: EventView, first: Alert | None) -> EventMap | None:
    rows = ((line.entry, line.made) for line in view.lines if line.entry.latest)
    spots = spots_of(rows, view.event.countries, visit.telling)
    hits = first.exposure if first is not None and is_own(visit, first) else []
    sites = sites_hit(session, visit.reader, hits)
    level = first.level if first is not None else 4
    return event_map(shapes(visit.house.settings), spots, hits, sites, level, view.event.countries, visit.telling)
