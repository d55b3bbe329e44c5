"""The ways by which an organisation is told."""

import base64
import secrets
from dataclasses import dataclass
from typing import Protocol

from service.auth.access import Permission, demand
from service.auth.premises import Premises
from service.desk.addressee import known_addressee
from service.desk.audit import leave_line
from service.desk.words import clean_label
from service.errors import Conflict, Invalid
from service.locale.accepted import LANGUAGES
from service.notify.channel import ChannelInfo, Result
from service.notify.channels import check_channel
from service.notify.deliver import Sender, send_test
from service.store.read_rest import get_channel
from service.store.scope import Scope
from service.store.shares import adopt_orphans, drop_pending, using_channel
from service.store.tables import Channel

ENDED = "The channel was removed before this was sent."


class Sending(Premises, Protocol):
    """Premises that can send."""

    @property
    def sender(self) -> Sender:
        """What carries messages out."""


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel that was made. `secret` is set when it was made up here: it is shown this once."""

    row: Channel
    secret: str | None


def create_channel(
    premises: Premises,
    scope: Scope,
    *,
    kind: str,
    name: str,
    address: str,
    secret: str | None = None,
    language: str = "zh",
    owner: str | None = None,
) -> NewChannel:
    """Add a channel; `owner` is the owner, or the person of the roster, whom it reaches: the desk's own only.

    What live alerts had to tell that owner, when there was no channel, goes out on this one. A generic webhook without
    a secret gets one, so that its receiver can tell our notices from anybody's.
    """
    demand(scope, Permission.CHANNELS)
    made_up = signing_secret() if kind == "webhook" and not secret else None
    info = ChannelInfo(kind, clean_label(name, "channel"), address.strip(), secret or made_up, _language(language))
    check_channel(info)
    if owner is not None and not scope.home:
        raise Invalid("Only the desk's own channels reach an owner.", "Leave the owner out.")
    now = premises.clock()
    row = Channel(
        organisation_id=scope.organisation_id,
        kind=info.kind,
        name=info.name,
        address=info.address,
        secret=info.secret,
        language=info.language,
        owner=known_addressee(premises, scope, owner) if owner else None,
        created_at=now,
    )
    with premises.store.write() as session:
        session.add(row)
        session.flush()
        leave_line(session, scope, now, "channel.add", row.id, kind=kind, name=row.name, owner=row.owner)
        if row.owner is not None:
            adopt_orphans(session, row, now)
    return NewChannel(row, made_up)


def signing_secret() -> str:
    """A secret by which a receiver can tell our notices from anybody else's."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Invalid(f"'{language[:20]}' is no language of ours.", f"Use {' or '.join(LANGUAGES)}.")
    return language


def remove_channel(premises: Premises, scope: Scope, channel_id: int) -> None:
    """Remove a channel and forget its address; Conflict while a subscription is told on it."""
    demand(scope, Permission.CHANNELS)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_channel(session, scope, channel_id)
        users = using_channel(session, channel_id)
        if users:
            raise Conflict(f"The subscription '{users[0].name}' is told on this channel.", "Remove that first.")
        # The row stays: deliveries that were made point to it. What could be used to send does not.
        row.active, row.address, row.secret = False, "", None
        session.add(row)
        drop_pending(session, ENDED, channel_id=channel_id)
        leave_line(session, scope, now, "channel.remove", row.id, kind=row.kind, name=row.name)


async def test_channel(premises: Sending, scope: Scope, channel: Channel) -> Result:
    """Send a test message to a channel that the reader was given; nothing of it is stored."""
    demand(scope, Permission.CHANNELS)
    return await send_test(premises.sender, channel, premises.clock(), premises.demo)


def channel_to_test(premises: Premises, scope: Scope, channel_id: int) -> Channel:
    """The channel for a test, with a line in the log: a test goes out to other people's rooms."""
    demand(scope, Permission.CHANNELS)
    now = premises.clock()
    with premises.store.write() as session:
        row = get_channel(session, scope, channel_id)
        leave_line(session, scope, now, "channel.test", row.id, kind=row.kind, name=row.name)
    return row
