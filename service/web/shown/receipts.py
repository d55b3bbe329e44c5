"""Notices and receipts: of everybody who was told, by which way, whether it arrived, was opened and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.notify.text import clean, shorten
from service.store.tables import Acknowledgement, Channel, Notice
from service.web.shown.detail import NoticeShown, notice_shown
from service.web.shown.row import Telling
from service.web.shown.times import Moment

ARRIVED = ("sent", "digested", "superseded")
MOST = 12  # messages of one addressee that are shown


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has looked when, who answered, and which people an owner is: by account, and who is on duty."""

    looks: Mapping[str, datetime]
    answers: Sequence[Acknowledgement]
    people: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One addressee. `todo` is what would help where nothing has arrived: channel, again or wait; "" where it has."""

    whom: str
    follows: bool  # a subscription, which nobody answers for
    arrived: Moment | None
    by: str
    opened: tuple[tuple[str, Moment], ...]
    answered: tuple[tuple[str, Moment], ...]
    todo: str
    again: str  # the number of a dead letter that can be sent again
    next: Moment | None
    notices: tuple[NoticeShown, ...]
    more: int


def receipts_shown(
    notices: Sequence[Notice],
    channels: Mapping[int, Channel],
    readers: Readers,
    telling: Telling,
    said: Mapping[str, str],
) -> tuple[Receipt, ...]:
    """One for each owner, person or subscription that was told; those whom nothing has reached come first."""
    groups: dict[tuple[bool, str], list[Notice]] = {}
    for one in notices:
        key = (False, one.owner) if one.owner else (True, str(one.payload.get("subscription") or ""))
        groups.setdefault(key, []).append(one)
    found = [_receipt(follows, key, some, channels, readers, telling, said) for (follows, key), some in groups.items()]
    return tuple(sorted(found, key=lambda one: (not one.todo, one.follows)))


def _receipt(
    follows: bool,
    key: str,
    notices: Sequence[Notice],
    channels: Mapping[int, Channel],
    readers: Readers,
    telling: Telling,
    said: Mapping[str, str],
) -> Receipt:
    newest = notices[-1]
    # Of the newest change: what arrived of an earlier one does not say that they know of this one.
    latest = [one for one in notices if one.version == newest.version]
    arrived = [one for one in latest if one.state in ARRIVED]
    first = min((one.sent_at or one.created_at for one in arrived), default=None)
    since = min(one.created_at for one in latest)
    people = readers.people.get(key, frozenset()) | {key}
    shown = [
        notice_shown(one, channels.get(one.channel_id or 0), telling, said.get(one.held_by or "", ""))
        for one in reversed(notices[-MOST:])
    ]
    todo, again = _todo(latest, bool(arrived))
    waits = [one.release_at or one.not_before for one in latest if one.state in ("pending", "held")]
    return Receipt(
        whom=shorten(clean(key if follows else telling.owner(key) or key), 80),
        follows=follows,
        arrived=telling.moment(first),
        by=telling.say("notify.list_joint").join(dict.fromkeys(_way(one, channels, telling) for one in arrived)),
        opened=tuple(
            (telling.actor(who), telling.surely(at))
            for who, at in readers.looks.items()
            if not follows and who in people and at >= since
        ),
        answered=tuple(
            (telling.actor(one.actor), telling.surely(one.at))
            for one in readers.answers
            if not follows and one.expired_at is None and (key in one.owners.split() or one.actor in people)
        ),
        todo=todo,
        again=again,
        next=telling.moment(min(waits, default=None)) if todo in ("wait", "held") else None,
        notices=tuple(shown),
        more=max(0, len(notices) - MOST),
    )


def _todo(latest: Sequence[Notice], arrived: bool) -> tuple[str, str]:
    """What is to be done, and the dead letter that can be sent again."""
    if arrived:
        return "", ""
    if any(one.state == "pending" for one in latest):
        return "wait", ""
    if any(one.state == "held" for one in latest):
        return "held", ""
    dead = next((one for one in reversed(latest) if one.state == "dead" and one.channel_id is not None), None)
    return ("again", dead.id) if dead is not None else ("channel", "")


def _way(notice: Notice, channels: Mapping[int, Channel], telling: Telling) -> str:
    channel = channels.get(notice.channel_id or 0)
    return telling.say(f"web.channel.{channel.kind}") if channel is not None else telling.say("receipts.other_way")
