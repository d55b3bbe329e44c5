"""The question on a return date, as a notice: prolong or leave?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from rules.level import Level
from rules.posture import countries_of
from service.notify.message import NO_ALERT, Message, stamp
from service.record.notices import Addressee, new_number, outgoing
from service.store.tables import PostureRow

ACTION = "posture_due"
KIND = "posture"
COUNTRIES = 6


def ask_desk(
    session: Session, row: PostureRow, to: Sequence[Addressee], public_url: str, now: datetime, *, demo: bool
) -> None:
    """One notice for each addressee, in the outbox; one who has no channel gets a dead letter that the desk sees."""
    for one in to:
        message = _message(new_number(), row, one.owner or "", public_url, now, demo=demo)
        channel = one.channel.id if one.channel is not None else None
        dedup = f"posture:{row.id}:{now:%Y%m%d%H%M%S}:{channel}:{one.owner}"
        session.add(outgoing(message, one, dedup, now))


def _message(number: str, row: PostureRow, owner: str, public_url: str, now: datetime, *, demo: bool) -> Message:
    """A message about no alert: its first reason is what it says, in whichever language it is read."""
    here = sorted(countries_of(row.place))
    reasons = [
        {"kind": KIND, "code": "posture.ask", "value": row.place, "words": "", "weight": 1.0},
        {
            "kind": "urgency",
            "code": "posture.ends",
            "value": f"{row.until:%Y-%m-%d %H:%M} UTC",
            "words": "",
            "weight": 1.0,
        },
    ]
    if row.reason:
        reasons.append({"kind": "urgency", "code": "posture.why", "value": row.reason, "words": "", "weight": 1.0})
    return replace(
        NO_ALERT,
        id=number,
        action=ACTION,
        version=1,
        level=int(Level.YELLOW),
        title=row.place,
        countries=tuple(here[:COUNTRIES]) if len(here) == 1 else (),
        reasons=tuple(reasons),
        opened_at=stamp(row.since) or "",
        changed_at=stamp(now) or "",
        url=f"{public_url.rstrip('/')}/postures/{row.place}",
        owner=owner,
        demo=demo,
        kind=KIND,
    )
