"""What becomes of a proposed guideline, as notices: to whoever may approve it, and back to who proposed it.

Each is told once, by the channels of the people themselves (else of the owner that they are). Who has none, or wrote
it themselves, sees it on the desk: the rail counts what waits for them.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from rules.level import Level
from service.notify.message import GUIDELINE, NO_ALERT, Message, stamp
from service.record.notices import Addressee, new_number, outgoing
from service.store.people import organisation_by_id, people_of, person_by_name
from service.store.rosters import channels_by_key, channels_of, owners_of_people
from service.store.tables import Channel, GuidelineVersion

PROPOSED, APPROVED, REJECTED = "guideline_proposed", "guideline_approved", "guideline_rejected"
QUOTED = 300  # characters of a note or a reason that a notice carries


def ask_approvers(
    session: Session, row: GuidelineVersion, roles: Collection[str], public_url: str, now: datetime, *, demo: bool
) -> None:
    """Tell everybody whose role may approve, but not who proposed it."""
    people = [
        person.name
        for person, _ in people_of(session, row.organisation_id)
        if person.active and person.role in roles and person.name != row.proposed_by
    ]
    reasons = [_reason("asked", row.version), _reason("by", row.proposed_by, "who"), *_quoted("note", row.note)]
    _tell(session, row, people, _message(row, PROPOSED, reasons, public_url, now, demo=demo), now)


def tell_proposer(session: Session, row: GuidelineVersion, public_url: str, now: datetime, *, demo: bool) -> None:
    """Tell who proposed it what was decided; nothing is told to oneself or to a machine."""
    person = person_by_name(session, row.proposed_by)
    if person is None or not person.active or person.organisation_id != row.organisation_id:
        return
    if row.decided_by == person.name:
        return
    approved = row.state == "approved"
    by = _reason("decided_by", row.decided_by or "", "who")
    if approved:
        reasons = [_reason("approved", row.version), by, _reason("effective", f"{row.effective_at:%Y-%m-%d %H:%M} UTC")]
    else:
        reasons = [_reason("rejected", row.version), by, *_quoted("because", row.reason)]
    message = _message(row, APPROVED if approved else REJECTED, reasons, public_url, now, demo=demo)
    _tell(session, row, [person.name], message, now)


def _tell(session: Session, row: GuidelineVersion, people: Collection[str], message: Message, now: datetime) -> None:
    organisation = organisation_by_id(session, row.organisation_id)
    for person, channel in _ways(session, row.organisation_id, people):
        to = Addressee(organisation, channel, owner=person)
        dedup = f"guideline:{row.id}:{message.action}:{channel.id}"
        session.add(outgoing(replace(message, id=new_number(), owner=person), to, dedup, now))


def _ways(session: Session, organisation_id: int, people: Collection[str]) -> Iterator[tuple[str, Channel]]:
    """How each of them is reached; a room that two of them share hears it once."""
    channels = channels_by_key(session, organisation_id)
    accounts = owners_of_people(session, organisation_id)
    heard = set[int | None]()
    for person in people:
        for channel in channels_of(person, channels, accounts):
            if channel.id not in heard:
                heard.add(channel.id)
                yield person, channel


def _quoted(code: str, words: str) -> list[dict[str, Any]]:
    return [_reason(code, words[:QUOTED])] if words else []


def _reason(code: str, value: str, kind: str = GUIDELINE) -> dict[str, Any]:
    return {"kind": kind, "code": f"guideline.told.{code}", "value": value, "words": "", "weight": 1.0}


def _message(
    row: GuidelineVersion,
    action: str,
    reasons: list[dict[str, Any]],
    public_url: str,
    now: datetime,
    *,
    demo: bool,
) -> Message:
    """A message about no alert: its first reason is what it says, in whichever language it is read."""
    return replace(
        NO_ALERT,
        action=action,
        version=1,
        level=int(Level.BLUE),
        title=row.version,
        reasons=tuple(reasons),
        opened_at=stamp(row.proposed_at) or "",
        changed_at=stamp(now) or "",
        url=f"{public_url.rstrip('/')}/guideline/changes/{row.id}",
        demo=demo,
        kind=GUIDELINE,
    )
