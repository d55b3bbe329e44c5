"""What a channel is: it renders a message in its own form, signs it, and judges the answer. All of it is pure.

Carrying is done elsewhere (`carry`), so that a channel never sees a network, a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from service.locale.catalogue import Catalogue
from service.notify.message import Message


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """Where to send. Address and secret stay out of `repr`: tokens live in both."""

    kind: str
    name: str
    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class Post:
    """An HTTP POST of JSON."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in text and HTML; `headers` come besides To, From, Subject, Date and Message-ID."""

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    number: str = ""  # left part of the Message-ID: the same at every repetition
    thread: str = ""  # left part of the Message-ID that this one belongs to, "" for none
    date: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Outgoing = Post | Letter


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, and when: HTTP status and body, or an SMTP reply code and its text."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None


class Verdict(StrEnum):
    """Arrived, worth another try, or never."""

    OK = "ok"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one try. `detail` is one sentence for a person, without addresses and secrets.

    `down` says that nobody answered at all: it would be no different for the channel's other notices.
    """

    verdict: Verdict
    detail: str
    status: int | None = None
    retry_after: timedelta | None = None
    down: bool = False

    @property
    def ok(self) -> bool:
        """Whether it arrived."""
        return self.verdict is Verdict.OK


class Unusable(Exception):
    """A channel's address or secret cannot be used; the text says what is wrong and what to do."""


class Channel(Protocol):
    """One kind of channel."""

    def check(self, info: ChannelInfo) -> None:
        """Raise Unusable when address or secret cannot be right."""

    def render(self, message: Message, info: ChannelInfo, words: Catalogue) -> Outgoing:
        """The message in this channel's form, everything from outside escaped. Raises Unusable."""

    def sign(self, outgoing: Outgoing, info: ChannelInfo, now: datetime) -> Outgoing:
        """The same with what proves its origin at this moment."""

    def judge(self, answer: Answer) -> Result:
        """What the answer means."""
