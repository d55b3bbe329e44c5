"""The question on a return date, as a notice: prolong or leave?"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from rules.level import Level
from rules.posture import countries_of
from service.notify.message import Message, stamp, to_payload
from service.record.notices import Addressee
from service.store.tables import Notice, PostureRow

ACTION = "posture_due"
KIND = "posture"
COUNTRIES = 6


def ask_desk(
    session: Session, row: PostureRow, to: Sequence[Addressee], public_url: str, now: datetime, *, demo: bool
) -> None:
    """One notice for each addressee, in the outbox; one who has no channel gets a dead letter that the desk sees."""
    for one in to:
        number = f"msg_{secrets.token_hex(12)}"
        channel = one.channel.id if one.channel is not None else None
        session.add(
            Notice(
                id=number,
                organisation_id=one.organisation.id or 0,
                action=ACTION,
                channel_id=channel,
                owner=one.owner,
                dedup=f"posture:{row.id}:{now:%Y%m%d%H%M%S}:{channel}:{one.owner}"[:200],
                payload=to_payload(_message(number, row, one.owner or "", public_url, now, demo=demo)),
                state="pending" if channel is not None else "dead",
                error=None
                if channel is not None
                else f"Owner {one.owner} has no channel. Add one with `watchfire channel add`.",
                not_before=now,
                created_at=now,
            )
        )


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
    return Message(
        id=number,
        action=ACTION,
        alert_id=0,
        version=1,
        level=int(Level.YELLOW),
        previous_level=None,
        state="",
        title=row.place,
        language=None,
        countries=tuple(here[:COUNTRIES]) if len(here) == 1 else (),
        categories=(),
        subtypes=(),
        unconfirmed=False,
        withdrawn=False,
        concern=False,
        score=0.0,
        reasons=tuple(reasons),
        clause="",
        guideline="",
        opened_at=stamp(row.since) or "",
        changed_at=stamp(now) or "",
        acknowledge_by=None,
        sources=(),
        url=f"{public_url.rstrip('/')}/postures/{row.place}",
        subscription=None,
        owner=owner,
        demo=demo,
        kind=KIND,
    )
