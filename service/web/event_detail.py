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
from service.web.shown.row import AlertRow, Telling
from service.web.shown.talk import TalkShown, talk_shown
from service.web.shown.times import Moment
from service.web.triage import is_own, shown_rows
from service.web.visit import Visit
from service.web.world import shapes

TALK = 40  # comments beside the rest


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert about the event. `href` is "" where it is another organisation's: its page is theirs."""

    href: str
    level: int
    roman: str
    level_name: str
    state: str
    state_name: str
    whose: str
    done: bool
    changed: Moment


@dataclass(frozen=True, slots=True)
class EventBeside:
    """The rest of the page. `first` is the reader's own alert for the event: a live one, else the newest; `row` is
    the same as a list shows it."""

    alerts: tuple[AlertLine, ...]
    first: int
    row: AlertRow | None
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
    readable = readable_of(visit, found)
    numbers = tuple(alert.id or 0 for alert in readable)
    first = readable[0] if readable else None
    levels = None
    if first is not None:
        lines = history_of(session, scope, first)
        levels = level_history(lines, first, telling, own=is_own(visit, first))
    return EventBeside(
        alerts=tuple(_line(alert, whose, telling, numbers) for alert, whose in found),
        first=first.id or 0 if first is not None else 0,
        row=shown_rows(visit, session, [first])[0] if first is not None else None,
        level=first.level if first is not None else 0,
        levels=levels,
        place=_place(visit, session, view, first),
        talk=event_talk(visit, session, numbers),
        talk_alerts=numbers,
        codes=tuple(view.event.countries),
    )


def readable_of(visit: Visit, found: Sequence[tuple[Alert, Organisation]]) -> list[Alert]:
    """Those of an event's alerts whose page the reader may open, live ones first."""
    readable = [alert for alert, _ in found if is_own(visit, alert) or not visit.reader.home]
    return sorted(readable, key=lambda alert: alert.state in CLOSED)


def event_talk(visit: Visit, session: Session, alerts: Sequence[int]) -> TalkShown:
    """What was said about the alerts of an event."""
    talk = talk_about(session, visit.reader, alerts, visit.now, TALK)
    return talk_shown(talk, visit.telling, visit.reader.actor)


def _line(alert: Alert, whose: Organisation, telling: Telling, readable: Sequence[int]) -> AlertLine:
    return AlertLine(
        href=f"/alerts/{alert.id}" if alert.id in readable else "",
        level=alert.level,
        roman=Level(alert.level).roman,
        level_name=telling.words.level_name(alert.level, telling.lang),
        state=alert.state,
        state_name=telling.say(f"web.state.{alert.state}"),
        whose=shorten(clean(whose.name), 80),
        done=alert.state in CLOSED,
        changed=telling.surely(alert.changed_at),
    )


def _place(visit: Visit, session: Session, view: EventView, first: Alert | None) -> EventMap | None:
    rows = ((line.entry, line.made) for line in view.lines if line.entry.latest)
    spots = spots_of(rows, view.event.countries, visit.telling)
    hits = first.exposure if first is not None and is_own(visit, first) else []
    sites = sites_hit(session, visit.reader, hits)
    level = first.level if first is not None else 4
    return event_map(shapes(visit.house.settings), spots, hits, sites, level, view.event.countries, visit.telling)
