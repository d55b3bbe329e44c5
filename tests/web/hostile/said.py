"""What people of the desk say with hostile words: comments, notes, reasons, results, names."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlmodel import col, select

from service.desk.aside import hand_alert
from service.desk.comments import comment
from service.desk.corrections import Wanted, correct_entry
from service.desk.house import House
from service.desk.keys import make_key
from service.desk.people import invite
from service.desk.postures import prolong_posture
from service.desk.responses import act_on
from service.desk.rosters import add_swap, import_roster
from service.desk.situation_reports import send_situation_report
from service.store.tables import AssessmentRow, Response, ResponseStep
from tests.web.desk import operator
from tests.web.hostile.texts import TEXTS, short
from tests.web.staff import ROSTER

SIZE = 280  # characters that a reason takes
Deed = Callable[[str], object]


def sayings(house: House, alerts: list[int], now: datetime) -> Iterator[tuple[str, Deed, list[str]]]:
    """What is done with a word to it, by the name of its door, and the words that are tried there."""
    scope, every = operator(house.store), [short(text, SIZE) for text in TEXTS.values()]
    entries, steps, day = _numbers(house), _steps(house), timedelta(days=1)
    at = iter(range(10**6))

    def turn(numbers: list[int]) -> int:
        return numbers[next(at) % len(numbers)]

    def swapped(text: str) -> object:
        start = now + (40 + next(at)) * day
        given = {"person": "li.wei", "instead": "zhao.min", "reason": text}
        return add_swap(house, scope, owner="central-lead", start=start, end=start + day, **given)

    def stepped(text: str) -> object:
        alert, step = steps[next(at) % len(steps)]
        return act_on(house, scope, alert, step, "skip", text)

    yield "comment", lambda text: comment(house, scope, turn(alerts), f"@wang {text}\n{text}"), every
    yield "hand", lambda text: hand_alert(house, scope, turn(alerts), "africa-lead", text), every[::7]
    yield "correction", lambda text: correct_entry(house, scope, turn(entries), Wanted(["legal"]), text), every[::5]
    yield "key", lambda text: make_key(house, scope, name=short(text, 100), role="viewer"), every[::6]
    yield "invitation", lambda text: invite(house, scope, "viewer", note=text), every[::6]
    yield "roster", lambda text: import_roster(house, scope, f"{ROSTER}# {next(at)}\n", note=text), every[::9]
    yield "swap", swapped, every[::8]
    yield "step", stepped, every[::12]
    yield "posture", lambda text: prolong_posture(house, scope, "NE", now + 2 * day, text), every[::11]
    yield "situation report", lambda text: send_situation_report(house, scope, "NE", f"Quiet.\n{text}"), every[::6]


def _numbers(house: House) -> list[int]:
    with house.store.read() as session:
        return list(session.exec(select(AssessmentRow.entry_id)).all())


def _steps(house: House) -> list[tuple[int, int]]:
    with house.store.read() as session:
        query = select(Response.alert_id, ResponseStep.id).join(Response, col(Response.id) == ResponseStep.response_id)
        return [(alert, step or 0) for alert, step in session.exec(query).all()]
