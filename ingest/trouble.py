"""What can go wrong between us and a publisher: one sentence each, and whether trying again can help.

FetchError
├── Timeout          the publisher was too slow                                              again
├── Unreachable      no name, no connection, no trusted certificate, or the connection broke  again
├── BadAnswer        something came that is not sound HTTP: cut short, wrongly packed         again
├── HttpError        the publisher answered with an error status                              by status
├── BadRedirect      redirects that lead nowhere, in a circle or out of the web               no
├── TooLarge         more bytes than the limit                                                no
├── AddressRefused   the address guard said no                                                no
└── RobotsRefused    the publisher's robots.txt lets no program read the page                  no

ParseError           what came is no document that can be read                                by the document
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import ClassVar


class FetchError(Exception):
    """Base of all; `str(error)` is one sentence for a person, naming hosts but never passwords or whole addresses."""

    again: bool = True


class Timeout(FetchError):
    """The publisher was too slow."""


class Unreachable(FetchError):
    """No name, no connection, no trusted certificate, or the connection broke."""


class BadAnswer(FetchError):
    """Something came that is not sound HTTP: cut short, wrongly packed."""


class BadRedirect(FetchError):
    """Redirects that lead nowhere, in a circle or out of the web."""

    again = False


class TooLarge(FetchError):
    """More bytes than the limit."""

    again = False


class AddressRefused(FetchError):
    """The address guard said no."""

    again = False


class RobotsRefused(FetchError):
    """The publisher's robots.txt lets no program read the page."""

    again = False


class ParseError(Exception):
    """A document is refused; `str(error)` is one sentence for a person: what came, and what to do."""


class HttpError(FetchError):
    """The publisher answered with an error status; `retry_after` is what it asked for, a span or a time."""

    passing: ClassVar[frozenset[int]] = frozenset({304, 408, 421, 423, 425, 429})

    def __init__(self, host: str, status: int, retry_after: timedelta | datetime | None = None) -> None:
        super().__init__(f"{host} answers {status}{_phrase(status)}; {_advice(status)}.")
        self.status = status
        self.retry_after = retry_after
        self.again = status >= 500 or status in self.passing


def _phrase(status: int) -> str:
    try:
        return " " + HTTPStatus(status).phrase
    except ValueError:
        return ""


def _advice(status: int) -> str:
    match status:
        case 401 | 402 | 403 | 407 | 451:
            return "the publisher does not let us in, so check the address or ask for access"
        case 404:
            return "check whether the feed has moved"
        case 410:
            return "the publisher has closed this feed, so remove it or find its successor"
        case 429:
            return "we ask too often, and will wait longer"
        case _ if status >= 500:
            return "the trouble is on their side, and we try again later"
        case _:
            return "check the address"
