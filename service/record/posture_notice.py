"""What a crisis asks for, as notices: on its return date, prolong or leave? And in its rhythm, a report."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from rules.level import Level
from rules.posture import countries_of
from service.notify.message import NO_ALERT, POSTURE, Message, stamp
from service.record.notices import Addressee, new_number, outgoing
from service.store.tables import PostureRow

ACTION = "posture_due"
REPORT = "report_due"
COUNTRIES = 6


def ask_desk(
    session: Session, row: PostureRow, to: Sequence[Addressee], public_url: str, now: datetime, *, demo: bool
) -> None:
    """One notice for each addressee, in the outbox; one who has no channel gets a dead letter that the desk sees."""
    reasons = [_reason("posture.ask", row.place, POSTURE), _reason("posture.ends", f"{row.until:%Y-%m-%d %H:%M} UTC")]
    if row.reason:
        reasons.append(_reason("posture.why", row.reason))
    _send(session, _message(row, ACTION, reasons, public_url, now, demo=demo), row, to, now)


def ask_for_report(
    session: Session,
    row: PostureRow,
    due: datetime,
    to: Sequence[Addressee],
    public_url: str,
    now: datetime,
    *,
    demo: bool,
) -> None:
    """The same for a situation report that is due; the link leads to where it is sent."""
    reasons = [
        _reason("posture.report_ask", row.place, POSTURE),
        _reason("posture.report_by", f"{due:%Y-%m-%d %H:%M} UTC"),
    ]
    if row.reported_at is not None:
        reasons.append(_reason("posture.report_last", f"{row.reported_at:%Y-%m-%d %H:%M} UTC"))
    message = _message(row, REPORT, reasons, public_url, now, demo=demo)
    _send(session, replace(message, url=f"{message.url}/room#report"), row, to, now)


def _send(session: Session, message: Message, row: PostureRow, to: Sequence[Addressee], now: datetime) -> None:
    for one in to:
        channel = one.channel.id if one.channel is not None else None
        dedup = f"{message.action}:{row.id}:{now:%Y%m%d%H%M%S}:{channel}:{one.owner}"
        session.add(outgoing(replace(message, id=new_number(), owner=one.owner or ""), one, dedup, now))


def _reason(code: str, value: str, kind: str = "urgency") -> dict[str, Any]:
    return {"kind": kind, "code": code, "value": value, "words": "", "weight": 1.0}


def _message(
    row: PostureRow, action: str, reasons: Sequence[dict[str, Any]], public_url: str, now: datetime, *, demo: bool
) -> Message:
    """A message about no alert: its first reason is what it says, in whichever language it is read."""
    here = sorted(countries_of(row.place))
    return replace(
        NO_ALERT,
        action=action,
        version=1,
        level=int(Level.YELLOW),
        title=row.place,
        countries=tuple(here[:COUNTRIES]) if len(here) == 1 else (),
        reasons=tuple(reasons),
        opened_at=stamp(row.since) or "",
        changed_at=stamp(now) or "",
        url=f"{public_url.rstrip('/')}/postures/{row.place}",
        demo=demo,
        kind=POSTURE,
    )
