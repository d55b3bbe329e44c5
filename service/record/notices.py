"""Outbox rows: who is told of a change, each exactly once."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ingest.entry import Sharing
from rules.decision import Hush
from rules.quiet_rule import RestraintRule
from service.log import logger
from service.notify.message import Message, SourceLine, StepLine, stamp, to_payload
from service.record.audience import Audience
from service.record.holding import Change, settle
from service.store.events import Told
from service.store.exposure import hit_reason
from service.store.stage import is_staged
from service.store.tables import Alert, Channel, Notice, Organisation, Subscription

SOURCES_SHOWN = 8
HITS_SHOWN = 2
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """One change of an alert that people are told of.

    `steps` are the next steps of each owner; `about` tells apart what is told of the same version more than once.
    `hush` keeps it quiet for now, `restraint` has the budgets: without one, nobody is spared.
    """

    alert: Alert
    told: tuple[Told, ...]
    action: str
    previous_level: int | None
    public_url: str
    steps: Mapping[str, tuple[StepLine, ...]] = field(default_factory=dict)
    about: str = ""
    hush: Hush | None = None
    restraint: RestraintRule | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a notice goes to, and for what: a subscription, or an owner's duty. Their day begins by `zone`."""

    organisation: Organisation
    channel: Channel | None
    subscription: Subscription | None = None
    owner: str | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if (self.subscription is None) == (self.owner is None):
            raise ValueError("a notice comes from one subscription or one duty")


def tell(
    session: Session,
    audience: Audience,
    telling: Telling,
    subscriptions: set[int],
    owners: Iterable[str],
    now: datetime,
) -> int:
    """Write the notices of a change to these subscriptions and owners; answers how many were written."""
    addressees = [
        Addressee(one.organisation, one.channel, one.subscription)
        for one in audience.followers
        if one.id in subscriptions and one.channel is not None
    ]
    for owner in dict.fromkeys(owners):
        # An owner without a channel becomes a dead letter that the desk sees: silence must not look like delivery.
        channels: list[Channel | None] = list(audience.owners.get(owner, ())) or [None]
        if channels == [None]:
            log.warning("alert %s cannot be told to owner %s: there is no channel", telling.alert.id, owner)
        zone = audience.zones.get(owner, "UTC")
        addressees += [Addressee(audience.home, channel, owner=owner, zone=zone) for channel in channels]
    return write(session, telling, addressees, now)


def tells_nobody(session: Session, alert: Alert) -> bool:
    """Whether an alert is of the demonstration on a real desk, where nobody is disturbed by what is invented."""
    return alert.demo and is_staged(session)


def write(session: Session, telling: Telling, addressees: Sequence[Addressee], now: datetime) -> int:
    """Put one notice for each addressee into the outbox, to be sent or to be held for a digest; answers how many.

    Of a demonstration on a real desk nobody is told.
    """
    if tells_nobody(session, telling.alert):
        return 0
    notices = [(_notice(telling, addressee, now), addressee.zone) for addressee in addressees]
    alert = telling.alert
    settle(
        session,
        notices,
        Change(alert.level, telling.previous_level, telling.action, telling.hush, telling.restraint),
        now,
    )
    session.add_all(notice for notice, _ in notices)
    return len(addressees)


def _notice(telling: Telling, to: Addressee, now: datetime) -> Notice:
    alert = telling.alert
    channel = to.channel.id if to.channel is not None else None
    whom = f"s{to.subscription.id}" if to.subscription is not None else f"o{to.owner}"
    dedup = f"{alert.id}:{alert.version}:{telling.action}{telling.about}:{channel}:{whom}"
    notice = outgoing(_message(new_number(), telling, to), to, dedup, now)
    notice.alert_id, notice.version = alert.id, alert.version
    return notice


def message_for(telling: Telling, to: Addressee) -> Message:
    """What an addressee is told of a change, for notices that are written one by one."""
    return _message(new_number(), telling, to)


def new_number() -> str:
    """A notice's number, which travels with every attempt to deliver it."""
    return f"msg_{secrets.token_hex(12)}"


def outgoing(message: Message, to: Addressee, dedup: str, now: datetime) -> Notice:
    """The outbox row of a message, not yet stored; without a channel it is a dead letter, which the desk sees."""
    lost = f"Owner {to.owner} has no channel. Add one with `watchfire channel add`."
    return Notice(
        id=message.id,
        organisation_id=to.organisation.id or 0,
        action=message.action,
        channel_id=to.channel.id if to.channel is not None else None,
        subscription_id=to.subscription.id if to.subscription is not None else None,
        owner=to.owner,
        dedup=dedup[:200],
        payload=to_payload(message),
        state="pending" if to.channel is not None else "dead",
        error=None if to.channel is not None else lost,
        not_before=now,
        created_at=now,
    )


def _message(number: str, telling: Telling, to: Addressee) -> Message:
    alert = telling.alert
    return Message(
        id=number,
        action=telling.action,
        alert_id=alert.id or 0,
        version=alert.version,
        level=alert.level,
        previous_level=telling.previous_level,
        state=alert.state,
        title=alert.title,
        language=alert.language,
        countries=tuple(alert.countries),
        categories=tuple(alert.categories),
        subtypes=tuple(alert.subtypes),
        unconfirmed=alert.unconfirmed,
        withdrawn=alert.withdrawn,
        concern=alert.concern,
        score=alert.score,
        reasons=(*_own(alert, to.organisation), *alert.reasons),
        clause=alert.clause,
        guideline=alert.guideline,
        opened_at=stamp(alert.opened_at) or "",
        changed_at=stamp(alert.changed_at) or "",
        acknowledge_by=stamp(alert.acknowledge_by) if to.owner and telling.action != "overdue" else None,
        sources=_sources(telling.told, to.organisation),
        url=f"{telling.public_url.rstrip('/')}/alerts/{alert.id}",
        subscription=to.subscription.name if to.subscription is not None else None,
        owner=to.owner,
        demo=alert.demo,
        kind="risk" if alert.source_id is None else "source",
        steps=telling.steps.get(to.owner, ()) if to.owner is not None else (),
    )


def _own(alert: Alert, organisation: Organisation) -> list[dict[str, Any]]:
    """What of the organisation's own is touched; another organisation is not told of it."""
    if organisation.id != alert.organisation_id:
        return []
    return [hit_reason(hit) for hit in alert.exposure[:HITS_SHOWN]]


def _sources(told: tuple[Told, ...], organisation: Organisation) -> tuple[SourceLine, ...]:
    most = Sharing(organisation.clearance).strictness
    visible = [one for one in told if one.report.latest and Sharing(one.entry.sharing).strictness <= most]
    return tuple(
        SourceLine(
            name=one.source_name,
            reliability=one.entry.reliability,
            title=one.entry.title,
            link=one.entry.link,
            published_at=stamp(one.entry.published_at),
        )
        for one in visible[-SOURCES_SHOWN:]
    )
