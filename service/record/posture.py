"""Postures as they change: entered, prolonged, left or lapsed, each one step with its line in the log.

There is one row to a crisis, and thresholds, deadlines, polling, report rhythm and roster all read it: so they change
together, in the transaction that writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from rules.decision import Action, Decision
from rules.guideline import Guideline
from rules.level import Level
from rules.owners import find_owners
from rules.posture import CRISIS, RULES, Due, Posture, countries_of, due, opening
from rules.routing import Route
from rules.situation import Owner
from service.errors import Conflict
from service.record.audience import read_audience
from service.record.notices import Addressee
from service.record.posture_notice import ask_desk
from service.store.log import write_log
from service.store.pace import Pace, quicken
from service.store.postures import open_row, open_rows, red_alerts
from service.store.tables import Alert, Channel, PostureRow


@dataclass(frozen=True, slots=True)
class Opened:
    """A crisis that an alert brings by rule: decided with others, and entered when all of them are."""

    event: int
    alert: Alert
    posture: Posture


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked on a return date, and by which guideline and roster."""

    guideline: Guideline
    owners: tuple[Owner, ...]
    routes: Route | None
    organisation_id: int
    public_url: str
    demo: bool = False
    organisation: str = ""  # by key, as routes name it


def enter(
    session: Session, organisation_id: int, posture: Posture, polling: float, now: datetime, alert: Alert | None = None
) -> PostureRow:
    """Put a place into crisis: the row, faster looks at its sources, the line in the log.

    Its alerts are due for another look. Conflict when the place is in crisis already.
    """
    if open_row(session, organisation_id, posture.place) is not None:
        raise Conflict(f"{posture.place} is in crisis already.", "Prolong it instead.")
    row = PostureRow(
        organisation_id=organisation_id,
        place=posture.place,
        kind=posture.kind,
        since=posture.since,
        until=posture.until,
        author=posture.author,
        reason=posture.reason,
        by_rule=posture.by_rule,
        alert_id=alert.id if alert is not None else None,
        polling=polling,
        recheck=True,
    )
    session.add(row)
    session.flush()
    sources = quicken(session, Pace(posture.place, polling), now)
    told = {"reason": posture.reason, "sources": sources, "alert": row.alert_id, "polling": polling}
    log_deed(session, row, "enter", posture.author, now, **told)
    return row


def prolong(session: Session, row: PostureRow, until: datetime, actor: str, reason: str, now: datetime) -> PostureRow:
    """Set another return date; the desk is asked anew on that one."""
    before, row.until, row.asked_at = row.until, until, None
    session.add(row)
    log_deed(session, row, "prolong", actor, now, reason=reason, before=_stamp(before))
    return row


def leave(
    session: Session, row: PostureRow, actor: str, note: str, now: datetime, *, lapsed: bool = False
) -> PostureRow:
    """Back to normal. Conflict while a level-1 alert of the place is open."""
    red = red_alerts(session, row.organisation_id, row.place)
    if red:
        numbers = ", ".join(map(str, red[:5]))
        raise Conflict(
            f"{row.place} stays in crisis: a level-1 alert is open there ({numbers}).",
            "Resolve it, or see it lowered, and leave then.",
        )
    row.ended_at, row.ended_by, row.note, row.recheck = now, actor, note, True
    session.add(row)
    log_deed(session, row, "lapse" if lapsed else "leave", actor, now, note=note)
    return row


def opened_by(
    alert: Alert | None,
    before: Level | None,
    decision: Decision,
    guideline: Guideline,
    held: Iterable[Posture],
    now: datetime,
) -> Opened | None:
    """The crisis that a decision brings, None when it brings none."""
    if alert is None or alert.withdrawn or decision.action in (Action.NONE, Action.WITHDRAW):
        return None
    found = opening(decision.level, before, decision.countries, guideline.crisis, held, now)
    return Opened(alert.event_id, alert, found) if found is not None else None


def enter_opened(session: Session, found: Iterable[Opened], organisation_id: int, polling: float, now: datetime) -> int:
    """Enter what the decisions of a batch brought, each place once, in an order that is not the batch's."""
    first: dict[str, Opened] = {}
    for one in sorted(found, key=lambda one: one.event):
        first.setdefault(one.posture.place, one)
    for one in first.values():
        if open_row(session, organisation_id, one.posture.place) is None:
            enter(session, organisation_id, one.posture, polling, now, one.alert)
    return len(first)


def see_to(session: Session, asking: Asking, now: datetime) -> list[tuple[str, str]]:
    """Ask, or let lapse, what has come to its return date; answers the places and what was done."""
    done: list[tuple[str, str]] = []
    for row in open_rows(session, asking.organisation_id):
        if row.polling != asking.guideline.crisis.polling:
            row.polling = asking.guideline.crisis.polling
            session.add(row)
        grave = bool(red_alerts(session, row.organisation_id, row.place))
        match due_now(row, asking.guideline, now, grave=grave):
            case Due.LAPSE:
                leave(session, row, RULES, "", now, lapsed=True)
                done.append((row.place, "lapse"))
            case Due.ASK:
                _ask(session, asking, row, now)
                done.append((row.place, "ask"))
            case Due.NOTHING:
                pass
    return done


def due_now(row: PostureRow, guideline: Guideline, now: datetime, *, grave: bool) -> Due:
    """What the return date of a row asks for."""
    value = Posture(row.place, row.since, row.until, row.author, ended=row.ended_at)
    return due(value, guideline.crisis, row.asked_at, now, grave=grave)


def _ask(session: Session, asking: Asking, row: PostureRow, now: datetime) -> None:
    """Prolong or leave? To the central lead of the place, by every channel that reaches it; a dead letter without."""
    here = sorted(countries_of(row.place))
    roster = asking.guideline.posture(CRISIS).roster
    central = find_owners(
        *(asking.owners, here[:1], (), Level.RED, now),
        routes=asking.routes,
        organisation=asking.organisation,
        roster=roster,
    )[0].owner
    audience = read_audience(session, asking.organisation_id, now)
    channels: list[Channel | None] = list(audience.owners.get(central, ())) or [None]
    to = [Addressee(audience.home, channel, owner=central) for channel in channels]
    ask_desk(session, row, to, asking.public_url, now, demo=asking.demo)
    row.asked_at = now
    session.add(row)
    log_deed(session, row, "ask", RULES, now, owner=central)


def log_deed(session: Session, row: PostureRow, deed: str, actor: str, now: datetime, **more: object) -> None:
    """What was done about a posture, as a line of the log."""
    write_log(
        session,
        at=now,
        actor=actor,
        action=f"posture.{deed}",
        subject="posture",
        subject_id=row.id or 0,
        organisation_id=row.organisation_id,
        detail={"place": row.place, "until": _stamp(row.until), **more},
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
