"""`watchfire event`: events, and what a person says of them over the machine."""

from typing import Annotated

import typer

from service.cli.office import Office, Row, open_office, show
from service.desk.event_view import EventLine, EventView, event_view
from service.desk.events import merge_events, move_entries, split_event
from service.store.read_rest import list_events
from service.store.rulings import followed
from service.store.tables import Ruling

event_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Number = Annotated[int, typer.Argument(help="Number of the event.", min=1)]
Entries = Annotated[list[int], typer.Option("--entry", help="Number of an entry; again for another.", min=1)]
Reason = Annotated[str, typer.Option(help="Why, in words.")]
TITLE = 70


@event_app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 30, as_json: Json = False
) -> None:
    """Events, the newest first."""
    with open_office() as office, office.store.read() as session:
        page = list_events(session, office.scope(), limit=limit)
    rows = [
        {
            "event": event.id,
            "countries": " ".join(event.countries),
            "kinds": " ".join(event.subtypes or event.categories),
            "last told": event.last_at,
            "title": event.title[:TITLE],
        }
        for event in page.items
    ]
    show(rows, as_json, "Nothing has happened yet.")


@event_app.command("show")
def show_(event: Number, as_json: Json = False) -> None:
    """One event: its titles, its reports in the order of time with severity as it developed, and rulings."""
    with open_office() as office:
        view = _view(office, event)
    if not as_json:
        print(f"Event {view.number}" + (f" (event {event} was merged into it)" if view.number != event else ""))
        for language, title in view.titles.items():
            print(f"  {language}: {title.text}" + (" (gloss)" if title.gloss else ""))
        print(f"  independent sources: {view.voices}, severity now {view.severity:.2f}")
    show([_line(one) for one in view.lines], as_json, "It has no entries.")
    if view.rulings and not as_json:
        show([_ruling(one) for one in view.rulings], as_json, "")


@event_app.command("merge")
def merge(event: Number, into: Annotated[int, typer.Argument(help="The event that takes it in.", min=1)],
          reason: Reason = "") -> None:  # fmt: skip
    """Give everything that an event holds to another; its alerts are closed as duplicates."""
    with open_office() as office:
        merge_events(office, office.scope(), event, into, reason)
    print(f"Event {event} is now part of event {into}.")


@event_app.command("split")
def split(event: Number, entry: Entries, reason: Reason = "") -> None:
    """Make a new event of some of an event's entries; the machine will not put them together again."""
    with open_office() as office:
        fresh = split_event(office, office.scope(), event, entry, reason)
    print(f"Event {fresh} was split from event {event}.")


@event_app.command("move")
def move(
    event: Number, into: Annotated[int, typer.Argument(help="Where they belong.", min=1)], entry: Entries,
    reason: Reason = "",
) -> None:  # fmt: skip
    """Give some of an event's entries to another event."""
    with open_office() as office:
        move_entries(office, office.scope(), event, entry, into, reason)
    print(f"Moved from event {event} to event {into}.")


def _view(office: Office, event: int) -> EventView:
    scope = office.scope()
    with office.store.read() as session:
        return event_view(session, scope, followed(session, event))


def _line(one: EventLine) -> Row:
    return {
        "entry": one.entry.id,
        "told": one.entry.published_at or one.entry.first_seen_at,
        "source": one.source.name,
        "severity": round(one.severity, 2),
        "so far": round(one.gravest, 2),
        "copy": one.copy,
        "title": one.entry.title[:TITLE],
    }


def _ruling(one: Ruling) -> Row:
    return {"at": one.at, "who": one.actor, "deed": one.deed, "from": one.event_id, "to": one.other_id,
            "entries": len(one.entries), "reason": one.reason}  # fmt: skip
