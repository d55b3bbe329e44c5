"""Delivery: drains the outbox. Claim, send, keep what became of it; the network never stands inside a transaction.

A notice is pending until it is sent or dead. A worker that dies leaves its lease to run out: the notice goes out
again with the same id, so that a receiver can tell a repetition.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from service.errors import Conflict, NotFound
from service.log import logger
from service.notify.backoff import TRIES, wait
from service.notify.carry import Sender, carry
from service.notify.channel import ChannelInfo, Result, Verdict
from service.notify.channels import info_of
from service.notify.message import NO_ALERT, Message, from_payload, stamp
from service.notify.names import named
from service.observe import Metrics
from service.store import tables
from service.store.engine import Store
from service.store.lease import LEASE
from service.store.log import write_log
from service.store.outbox import Fate, Held, claim_notices, keep_try, release, rest_channel
from service.store.rosters import member_names
from service.store.scope import Scope
from service.store.tables import Attempt, Notice

__all__ = ["Sender", "deliver_batch", "retry_notice", "send_test"]

BATCH = 64
REST = timedelta(seconds=30)  # for a channel whose receiver does not answer
MOST_ERROR = 500
log = logger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class _Run:
    store: Store
    sender: Sender
    metrics: Metrics
    by: str
    clock: Clock
    gate: asyncio.Semaphore
    # One writer at a time in this process: else sixteen threads would queue for SQLite's one write lock and time out.
    pen: asyncio.Lock
    members: Mapping[int, Mapping[str, str]]  # what the people of each organisation are called


async def deliver_batch(
    store: Store, sender: Sender, metrics: Metrics, by: str, clock: Clock, *, lease: timedelta = LEASE
) -> int:
    """Send one batch of due notices; answers how many were claimed. A notice's failure never stops the others.

    Channels are served side by side, the notices of one channel one after the other, gravest first.
    """
    held, names = await asyncio.to_thread(_claim, store, clock(), by, lease)
    run = _Run(store, sender, metrics, by, clock, asyncio.Semaphore(sender.concurrency), asyncio.Lock(), names)
    ends = await asyncio.gather(*(_serve(run, queue) for queue in _by_channel(held)), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return len(held)


def _claim(
    store: Store, now: datetime, by: str, lease: timedelta
) -> tuple[list[Held], Mapping[int, Mapping[str, str]]]:
    with store.write() as session:
        held = claim_notices(session, now, by, BATCH, lease)
        organisations = {one.notice.organisation_id for one in held}
        return held, {number: member_names(session, number) for number in organisations}


def _by_channel(held: list[Held]) -> list[list[Held]]:
    queues: dict[int | None, list[Held]] = {}
    for one in held:
        queues.setdefault(one.notice.channel_id, []).append(one)
    return list(queues.values())


async def _serve(run: _Run, queue: list[Held]) -> None:
    """One channel's notices in order. A receiver that does not answer, or asks for a rest, is asked once, not 64 times:
    the others wait with it and lose no try."""
    for held in queue:
        async with run.gate:
            started = run.clock()
            if started + timedelta(seconds=run.sender.timeout) > held.until:
                await _write(run, _give_back, run, queue)  # too late to be sure of still holding them at the answer
                return
            result = await _send(run, held, started)
        await _write(run, _keep, run, held, result, started)
        if result.verdict is Verdict.RETRY and (result.down or result.retry_after is not None):
            await _write(run, _rest, run, held, result.retry_after or REST)
            return


async def _write(run: _Run, step: Callable[..., None], *args: object) -> None:
    async with run.pen:
        await asyncio.to_thread(step, *args)


async def _send(run: _Run, held: Held, now: datetime) -> Result:
    if held.channel is None:
        return Result(Verdict.DEAD, "The notice has no channel to go to; add one and try it again.")
    if not held.channel.active:
        return Result(Verdict.DEAD, f"The channel {held.channel.name} was removed; add another one.")
    try:
        names = {**run.members.get(held.notice.organisation_id, {}), **run.sender.owners}
        return await carry(run.sender, named(from_payload(held.notice.payload), names), info_of(held.channel), now)
    except Exception as error:
        log.exception("notice %s cannot be sent", held.notice.id)
        return Result(Verdict.RETRY, f"A fault of ours ({type(error).__name__}); it is tried again later.")


def _give_back(run: _Run, queue: list[Held]) -> None:
    with run.store.write() as session:
        release(session, [held.notice.id for held in queue], run.by)


def _rest(run: _Run, held: Held, pause: timedelta) -> None:
    with run.store.write() as session:
        rest_channel(session, held.notice.channel_id or 0, run.by, run.clock() + pause)


def _keep(run: _Run, held: Held, result: Result, started: datetime) -> None:
    notice, now = held.notice, run.clock()
    fate = _fate(notice, result, now)
    tried = Attempt(
        notice_id=notice.id,
        at=started,
        ok=result.ok,
        status=result.status,
        detail=result.detail[:MOST_ERROR],
        milliseconds=max(0, int((now - started).total_seconds() * 1000)),
    )
    with run.store.write() as session:
        settled = keep_try(session, notice.id, run.by, tried, fate)
        if settled and fate.state == "dead":
            _log_dead(session, held, fate)
    _observe(run, held, fate, settled)


def _fate(notice: Notice, result: Result, now: datetime) -> Fate:
    if result.ok:
        return Fate("sent", now)
    pause = wait(notice.id, notice.attempts + 1, result.retry_after) if result.verdict is Verdict.RETRY else None
    if pause is not None:
        return Fate("pending", now, now + pause, result.detail[:MOST_ERROR])
    gave_up = f"Given up after {TRIES} tries. " if result.verdict is Verdict.RETRY else ""
    return Fate("dead", now, None, f"{gave_up}{result.detail}"[:MOST_ERROR])


def _log_dead(session: Session, held: Held, fate: Fate) -> None:
    notice, channel = held.notice, held.channel
    write_log(
        session,
        at=fate.at,
        actor="delivery",
        action="notice.dead",
        subject="notice",
        subject_id=notice.id,
        organisation_id=notice.organisation_id,
        detail={
            "alert": notice.alert_id,
            "channel": channel.name if channel is not None else None,
            "kind": channel.kind if channel is not None else None,
            "error": fate.error,
        },
    )


def _observe(run: _Run, held: Held, fate: Fate, settled: bool) -> None:
    kind = held.channel.kind if held.channel is not None else "none"
    outcome = {"sent": "ok", "pending": "retry", "dead": "dead"}[fate.state]
    delay = max(0.0, (fate.at - held.notice.created_at).total_seconds())
    run.metrics.attempted(kind, outcome, delay if fate.state == "sent" else None)
    if not settled:
        log.warning("notice %s was taken over by another worker while it was being sent", held.notice.id)
    elif fate.state != "sent":
        # A dead letter needs a person, one that is tried again does not yet.
        level = logging.ERROR if fate.state == "dead" else logging.WARNING
        where = f"channel {held.channel.id} ({kind})" if held.channel is not None else "no channel"
        log.log(level, "notice %s to %s: %s (%s)", held.notice.id, where, fate.state, fate.error)


async def send_test(sender: Sender, channel: tables.Channel | ChannelInfo, now: datetime, demo: bool = False) -> Result:
    """Send a test message to a channel once; nothing is stored. For the button beside a channel."""
    info = channel if isinstance(channel, ChannelInfo) else info_of(channel)
    result = await carry(sender, _test_message(sender, info, now, demo), info, now)
    # A test goes out once: nothing tries it again but the person who pressed the button.
    return replace(result, detail=result.detail.replace("; it is tried again later.", "; try again in a while."))


def _test_message(sender: Sender, info: ChannelInfo, now: datetime, demo: bool) -> Message:
    at = stamp(now) or ""
    return replace(
        NO_ALERT,
        id=f"msg_test_{int(now.timestamp() * 1000)}",
        action="test",
        title=sender.catalogue.say("notify.test.title", info.language),
        language=sender.catalogue.language(info.language),
        opened_at=at,
        changed_at=at,
        demo=demo,
    )


def retry_notice(session: Session, scope: Scope, notice: Notice, now: datetime) -> Notice:
    """A person sends a dead letter out again, with all tries before it. NotFound, Conflict when it is not dead.

    A notice to an owner whose channel is gone, or who had none, goes to one that the owner has by now.
    """
    if not (scope.home or scope.organisation_id == notice.organisation_id):
        raise NotFound(f"There is no delivery {notice.id}.", "`watchfire delivery list` shows them.")
    if notice.state != "dead":
        raise Conflict(f"Delivery {notice.id} is {notice.state}: only a dead one can be sent again.", "Reload it.")
    channel = session.get(tables.Channel, notice.channel_id) if notice.channel_id is not None else None
    if channel is None or not channel.active:
        notice.channel_id = _channel_now(session, notice)
    notice.state, notice.attempts, notice.not_before, notice.error = "pending", 0, now, None
    notice.lease_until = notice.lease_by = None
    session.add(notice)
    write_log(
        session,
        at=now,
        actor=scope.actor,
        action="notice.retry",
        subject="notice",
        subject_id=notice.id,
        organisation_id=notice.organisation_id,
        detail={"alert": notice.alert_id},
    )
    return notice


def _channel_now(session: Session, notice: Notice) -> int:
    if notice.owner is None:
        raise Conflict(f"The channel of delivery {notice.id} was removed.", "Subscribe on another one.")
    query = select(tables.Channel.id).where(
        tables.Channel.organisation_id == notice.organisation_id,
        tables.Channel.owner == notice.owner,
        col(tables.Channel.active).is_(True),
    )
    found = session.exec(query.order_by(col(tables.Channel.id)).limit(1)).first()
    if found is None:
        raise Conflict(f"Owner {notice.owner} has no channel.", "Add one, then try again.")
    return found
