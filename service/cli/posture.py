"""`watchfire posture`: which places are in crisis and what that changes; entering, prolonging and leaving."""

import sys
from datetime import datetime, timedelta
from typing import Annotated

import typer

from service.cli.office import open_office, show, show_one
from service.desk.postures import (
    Crisis,
    crises,
    crisis_of,
    enter_posture,
    leave_posture,
    past_postures,
    prolong_posture,
)
from service.desk.situation_reports import send_situation_report, situation_reports
from service.desk.times import end_of_day, is_day, typed_time, zoned_time
from service.store.tables import PostureRow

posture_app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="JSON for programs.")]
Place = Annotated[str, typer.Argument(help="ISO 3166, such as NE, or the key of a region, such as africa-west.")]
Until = Annotated[str, typer.Option("--until", help="The return date: a day (to its end, UTC), or RFC 3339.")]


@posture_app.command("list")
def list_(
    past: Annotated[bool, typer.Option("--past", help="Those that were.")] = False, as_json: Json = False
) -> None:
    """Show the places in crisis, with what that changes."""
    with open_office() as office:
        scope = office.scope()
        if past:
            show([_past(row) for row in past_postures(office, scope)], as_json, "There was no crisis yet.")
            return
        found = crises(office, scope)
    show([_row(one) for one in found], as_json, "Nowhere is in crisis.")


@posture_app.command("show")
def show_posture(place: Place, as_json: Json = False) -> None:
    """Show the crisis of one place, with what it changes."""
    with open_office() as office:
        found = crisis_of(office, office.scope(), _place(place))
    show_one({**_row(found), **_effect(found)}, as_json)


@posture_app.command("enter")
def enter(
    place: Place,
    until: Until,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
) -> None:
    """Put a country or region into crisis."""
    with open_office() as office:
        row = enter_posture(office, office.scope(), _place(place), reason, _moment(until))
    print(f"{row.place} is in crisis until {row.until:%Y-%m-%d %H:%MZ}; on that date the desk is asked.")


@posture_app.command("prolong")
def prolong(
    place: Place,
    until: Until,
    reason: Annotated[str, typer.Option(help="Why longer; it is kept.")],
) -> None:
    """Give a crisis another return date."""
    with open_office() as office:
        row = prolong_posture(office, office.scope(), _place(place), _moment(until), reason)
    print(f"{row.place} stays in crisis until {row.until:%Y-%m-%d %H:%MZ}.")


@posture_app.command("leave")
def leave(place: Place, note: Annotated[str, typer.Option(help="Closing note; it is kept.")]) -> None:
    """Go back to normal; not while a level-1 alert of the place is open."""
    with open_office() as office:
        row = leave_posture(office, office.scope(), _place(place), note)
    print(f"{row.place} is back to normal.")


@posture_app.command("report")
def report(place: Place, text: Annotated[str, typer.Argument(help="How things stand; `-` reads it.")]) -> None:
    """Send the situation report of a place in crisis; the next one is counted from it."""
    with open_office() as office:
        told = sys.stdin.read() if text == "-" else text
        scope = office.scope()
        send_situation_report(office, scope, _place(place), told)
        due = crisis_of(office, scope, _place(place)).report_due
    print("The report is kept." + (f" The next one is due {due:%Y-%m-%d %H:%MZ}." if due is not None else ""))


@posture_app.command("reports")
def reports(place: Place, as_json: Json = False) -> None:
    """Show the situation reports of a place in crisis, the newest first."""
    with open_office() as office:
        found = situation_reports(office, office.scope(), _place(place))
    lines = [{"at": one.at, "due": one.due_at, "author": one.author, "text": one.text} for one in found]
    show(lines, as_json, "No report was sent yet.")


def _row(one: Crisis) -> dict[str, object]:
    row = one.row
    return {
        "place": row.place,
        "since": row.since,
        "until": row.until,
        "by": row.author,
        "reason": _why(row),
        "asks": one.asks,
        "red": list(one.red),
        "thresholds": one.rule.thresholds,
        "sources": len(one.looks),
    }


def _effect(one: Crisis) -> dict[str, object]:
    answers = [f"{level.roman}: {_span(short)} (usually {_span(wait)})" for level, (wait, short) in one.waits.items()]
    looks = [f"{look.name}: {look.now} s (usually {look.usual} s)" for look in one.looks]
    every = one.rule.report_every
    return {
        "answer": "; ".join(answers),
        "looks": "; ".join(looks),
        "report_every": _span(every) if every is not None else None,
        "roster": one.rule.roster or None,
        "report_due": one.report_due,
    }


def _past(row: PostureRow) -> dict[str, object]:
    return {
        "place": row.place,
        "since": row.since,
        "ended": row.ended_at,
        "by": row.author,
        "reason": _why(row),
        "ended_by": row.ended_by,
        "note": row.note,
    }


def _why(row: PostureRow) -> str:
    return row.reason or (f"alert {row.alert_id}" if row.alert_id else "")


def _span(span: timedelta) -> str:
    minutes = span / timedelta(minutes=1)
    return f"{minutes:g} min" if minutes < 120 else f"{minutes / 60:g} h"


def _place(text: str) -> str:
    return text.upper() if len(text) == 2 else text


def _moment(text: str) -> datetime:
    said = (f"'{text[:40]}' is no date.", "Write it like 2026-12-01, or 2026-12-01T08:00:00Z.")
    return end_of_day(typed_time(text, *said)) if is_day(text) else zoned_time(text, *said)
