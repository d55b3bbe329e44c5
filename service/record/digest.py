"""Digests: what was held for one addressee, told in one notice that names every alert as it stands now.

Everything happens in the caller's transaction, under the lock of the log: two workers cannot tell the same thing, and
what a worker that dies had begun is rolled back and begun anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from ingest.entry import Sharing
from rules.level import Level
from service.notify.message import NO_ALERT, DigestLine, Message, stamp, to_payload
from service.record.audience import Audience, read_audience
from service.record.notices import new_number
from service.store.engine import Store, advisory_lock
from service.store.held import (
    HeldNotice,
    Whom,
    alerts_by_number,
    any_due,
    due_addressees,
    end_inhibitions,
    names_of,
    said_of,
    settle_held,
    take_held,
)
from service.store.log import LOG_LOCK, write_log
from service.store.tables import Alert, Notice, Organisation

ADDRESSEES = 10  # told in one transaction
MOST = 1_000  # told in one go; the others by the next tick
LINES = 500  # alerts that a digest names; the page that it leads to has all of them
ACTOR = "delivery"
HIDDEN = "The alert may not be shown to this organisation any more."


def release_due(store: Store, public_url: str, now: datetime) -> int:
    """Tell in digests what was held and is due; answers how many addressees had something due."""
    with store.read() as session:
        if not any_due(session, now):
            return 0  # nearly always: no lock is taken for it
    total, done = 0, ADDRESSEES
    while done == ADDRESSEES and total < MOST:  # in pieces: a storm must not hold the write lock in one
        with store.write() as session:
            done = release_held(session, public_url, now)
        total += done
    return total


def release_held(session: Session, public_url: str, now: datetime, limit: int = ADDRESSEES) -> int:
    """Write the digests that are due; answers how many addressees had something due."""
    advisory_lock(session, LOG_LOCK)
    end_inhibitions(session, now)
    due = due_addressees(session, now, limit)
    reach = _Reach(session, now)
    for whom in due:
        held = take_held(session, whom, now)
        alerts = alerts_by_number(session, (notice.alert_id for notice in held))
        organisation, name = names_of(session, whom)
        told, hidden = _sorted_out(held, alerts, organisation)
        settle_held(session, hidden, state="dead", error=HIDDEN)
        if told:
            session.add(_digest(session, reach.of(whom), name, told, alerts, public_url, now))
        session.flush()
    return len(due)


@dataclass
class _Reach:
    """Where an owner is reached by now: whoever was on duty when something was held may be asleep at its digest."""

    session: Session
    now: datetime
    _audiences: dict[int, Audience] = field(default_factory=dict)

    def of(self, whom: Whom) -> Whom:
        """The same, on a channel that is the owner's now; unchanged where it is, or where there is none."""
        if whom.owner is None:
            return whom
        number = whom.organisation_id
        if number not in self._audiences:
            self._audiences[number] = read_audience(self.session, number, self.now)
        channels = [channel.id for channel in self._audiences[number].owners.get(whom.owner, [])]
        return whom if whom.channel_id in channels or not channels else replace(whom, channel_id=channels[-1])


def _sorted_out(
    held: Sequence[HeldNotice], alerts: Mapping[int, Alert], organisation: Organisation | None
) -> tuple[list[HeldNotice], list[HeldNotice]]:
    """What may be told, and what became secret while it was held."""
    most = Sharing(organisation.clearance).strictness if organisation is not None else 0
    told, hidden = list[HeldNotice](), list[HeldNotice]()
    for notice in held:
        alert = alerts.get(notice.alert_id or 0)
        fits = alert is not None and Sharing(alert.sharing).strictness <= most
        (told if fits else hidden).append(notice)
    return told, hidden


def _digest(
    session: Session,
    whom: Whom,
    name: str | None,
    held: Sequence[HeldNotice],
    alerts: Mapping[int, Alert],
    public_url: str,
    now: datetime,
) -> Notice:
    """The digest's notice; what it tells of is marked with it."""
    number = new_number()
    said = said_of(session, {notice.held_by for notice in held}, whom.organisation_id)
    lines = _lines(held, alerts, public_url, said)
    settle_held(session, held, state="digested", told_in=number)
    _log(session, whom, number, len(lines), len(held), now)
    url = f"{public_url.rstrip('/')}/deliveries?within={number}"
    demo = any(alerts[notice.alert_id or 0].demo for notice in held)
    message = replace(_message(number, lines, whom, name, now), url=url, demo=demo)
    return Notice(
        id=number,
        organisation_id=whom.organisation_id,
        action="digest",
        channel_id=whom.channel_id,
        subscription_id=whom.subscription_id,
        owner=whom.owner,
        dedup=f"digest:{held[0].id}",
        payload=to_payload(message),
        not_before=now,
        created_at=now,
    )


def _lines(
    held: Sequence[HeldNotice], alerts: Mapping[int, Alert], public_url: str, said: Mapping[str, str]
) -> list[DigestLine]:
    """One line an alert: what is live first, the gravest before the others, what changed last before that."""
    by_alert: dict[int, list[HeldNotice]] = {}
    for notice in held:
        by_alert.setdefault(notice.alert_id or 0, []).append(notice)
    ordered = sorted(by_alert, key=lambda key: alerts[key].changed_at, reverse=True)
    lines = [_line(alerts[key], by_alert[key], public_url, said) for key in ordered]
    return sorted(lines, key=lambda line: (line.over, line.level))


def _line(alert: Alert, held: Sequence[HeldNotice], public_url: str, said: Mapping[str, str]) -> DigestLine:
    first = held[0]
    return DigestLine(
        alert_id=alert.id or 0,
        level=alert.level,
        state=alert.state,
        title=alert.title,
        language=alert.language,
        countries=tuple(alert.countries),
        categories=tuple(alert.categories),
        subtypes=tuple(alert.subtypes),
        unconfirmed=alert.unconfirmed,
        withdrawn=alert.withdrawn,
        held_for=first.held_for or "",
        held_by=first.held_by or "",
        held_since=stamp(first.created_at) or "",
        url=f"{public_url.rstrip('/')}/alerts/{alert.id}",
        changes=len(held),
        held_said=said.get(first.held_by or "", ""),
    )


def _message(number: str, lines: Sequence[DigestLine], whom: Whom, name: str | None, now: datetime) -> Message:
    live = [line for line in lines if not line.over]
    return replace(
        NO_ALERT,
        id=number,
        action="digest",
        level=min((line.level for line in live), default=int(Level.BLUE)),
        state="open" if live else "resolved",
        countries=tuple(dict.fromkeys(code for line in lines for code in line.countries)),
        categories=tuple(dict.fromkeys(key for line in lines for key in line.categories)),
        opened_at=min(line.held_since for line in lines),
        changed_at=stamp(now) or "",
        subscription=name,
        owner=whom.owner,
        alerts=tuple(lines[:LINES]),
        total=len(lines),
    )


def _log(session: Session, whom: Whom, number: str, alerts: int, notices: int, now: datetime) -> None:
    write_log(
        session,
        at=now,
        actor=ACTOR,
        action="notice.digest",
        subject="notice",
        subject_id=number,
        organisation_id=whom.organisation_id,
        detail={"alerts": alerts, "notices": notices, "owner": whom.owner, "subscription": whom.subscription_id},
    )
