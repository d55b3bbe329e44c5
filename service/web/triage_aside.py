"""What stands beside the rows of the list: order, counts to filter by, what the reader has seen, snoozes, views."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from service.notify.text import clean, shorten
from service.store.facets import KINDS, count_facets
from service.store.pages import Page
from service.store.personal import present, seen_of, snoozes_of, views_of
from service.store.read_alerts import list_alerts
from service.store.read_triage import PlaceCount, list_scored, list_triage, live_places
from service.store.tables import Alert, SavedView, Snooze
from service.web.filters import Filters
from service.web.shown.row import AlertRow
from service.web.visit import Visit

SHOWN = 10  # values of one kind


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to filter by: what it is called, how many there are, where it leads, whether it is chosen."""

    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of filter, with how many further values it has."""

    kind: str
    choices: tuple[Choice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved view in the rail."""

    id: int
    name: str
    href: str
    mine: bool
    shared: bool
    by: str


def places_now(visit: Visit, session: Session) -> list[PlaceCount]:
    """Countries with live alerts: asked once a request, for the list and for the rail beside it."""
    held: list[PlaceCount] | None = getattr(visit.request.state, "places_now", None)
    if held is None:
        visit.request.state.places_now = held = live_places(session, visit.reader)
    return held


def who(visit: Visit) -> tuple[int, str]:
    """For whom the store remembers what was seen: organisation and actor."""
    return visit.reader.organisation_id, visit.reader.actor


def order_of(filters: Filters) -> Callable[..., Page[Alert]]:
    """How the list that is asked for is ordered."""
    if filters.sort == "score":
        return list_scored
    return list_triage if filters.is_live and filters.sort != "changed" else list_alerts


def beside_rows(visit: Visit, session: Session, alerts: Sequence[Alert], rows: Sequence[AlertRow]) -> list[AlertRow]:
    """The rows with what the reader has seen of them and what is put aside."""
    seen = seen_of(session, visit.reader, [alert.id or 0 for alert in alerts])
    snoozes = snoozes_of(session, visit.reader, alerts)
    return [_beside(visit, alert, row, seen, snoozes) for alert, row in zip(alerts, rows, strict=True)]


def _beside(visit: Visit, alert: Alert, row: AlertRow, seen: dict[int, Any], snoozes: dict[int, Snooze]) -> AlertRow:
    at, held = seen.get(row.id), snoozes.get(row.id)
    news = "" if row.done else "unseen" if at is None else "changed" if at < alert.changed_at else ""
    row = replace(row, news=news, event=alert.event_id if visit.reader.home and alert.source_id is None else 0)
    if held is None or held.until <= visit.now or alert.level < held.level or row.done:
        return row
    why = shorten(clean(held.reason), 200)
    return replace(
        row, snoozed=visit.telling.moment(held.until), snoozed_by=visit.telling.actor(held.actor), snoozed_why=why
    )


def groups(visit: Visit, filters: Filters) -> list[Group]:
    """The counts of everything that the list could be filtered by."""
    with visit.house.store.read() as session:
        counts = count_facets(session, visit.reader, filters.wanted(visit.now, who(visit)), visit.now)
    return [group for kind in KINDS if (group := _group(visit, filters, kind, getattr(counts, kind))).choices]


def _group(visit: Visit, filters: Filters, kind: str, counted: dict[str, int]) -> Group:
    asked = getattr(filters, kind)
    chosen = set(map(str, asked)) if isinstance(asked, tuple) else {asked} - {None, "all"}
    counted = {**dict.fromkeys(chosen, 0), **counted}
    values = sorted(counted, key=lambda value: _place(kind, value, counted))
    kept = [value for place, value in enumerate(values) if place < SHOWN or value in chosen]
    choices = tuple(
        Choice(name(visit, kind, value), counted[value], filters.toggled(kind, value).href(), value in chosen)
        for value in kept
    )
    return Group(kind, choices, len(values) - len(kept))


def _place(kind: str, value: str, counted: dict[str, int]) -> tuple[Any, ...]:
    if kind in ("level", "letter"):
        return (value,)
    if kind == "state":
        order = ("live", "open", "acknowledged", "responding", "snoozed", "resolved", "dismissed")
        return (order.index(value) if value in order else 9,)
    return (-counted[value], value)


def name(visit: Visit, kind: str, value: str) -> str:
    """What a value of a kind of filter is called in the reader's language."""
    telling = visit.telling
    if kind == "country":
        return telling.country(value)
    if kind == "category":
        return telling.words.category(value, telling.lang)
    if kind == "owner":
        return telling.owner(value) or value
    if kind == "level":
        return telling.words.level_name(int(value), telling.lang)
    return telling.say(f"web.state.{value}" if kind == "state" else f"web.letter.{value}")


def views(visit: Visit, session: Session) -> list[ViewShown]:
    """The views that the reader may choose from."""
    return [_view(visit, row) for row in views_of(session, visit.reader)]


def _view(visit: Visit, row: SavedView) -> ViewShown:
    mine = row.actor == visit.reader.actor[:120]
    by = visit.telling.actor(row.actor)
    return ViewShown(row.id or 0, clean(row.name), f"/?{row.query}" if row.query else "/", mine, row.shared, by)


def here_now(visit: Visit, alert_id: int) -> list[str]:
    """Who else of the house looks at an alert."""
    with visit.house.store.read() as session:
        found = present(session, visit.reader.organisation_id, visit.now)
    others = (who for who, where in found.items() if where == alert_id and who != visit.reader.actor[:120])
    return [visit.telling.actor(who) for who in others]
