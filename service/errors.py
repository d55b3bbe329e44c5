"""Errors that a person meets: each says what happened and what to do.

WatchfireError
├── SetupError        the installation or its settings are wrong; an operator must act (exit code 2)
├── BusyError         the database is locked or away; trying again helps (exit code 75)
├── StorageError      the disk is full or not writable; nothing was lost, make room and try again (exit code 74)
├── SignInNeeded      nobody is signed in, or the key is not known (401)
├── Misdirected       the request was meant for another host (421)
├── NotFound          no such thing, or none that the reader may see (404)
├── Refused           the caller may not do this (403)
├── Conflict          the thing is no longer in the state that the caller assumed (409)
├── Invalid           what was sent cannot be used (422)
└── TooMany           too much was sent in too short a time; trying again later helps (429)
"""

from typing import ClassVar


class WatchfireError(Exception):
    """Base of all. `again` tells whether trying again can help; `key` is the message key for translation."""

    again: ClassVar[bool] = False
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    key: ClassVar[str] = "error.internal"

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(f"{what} {advice}".strip())
        self.what = what
        self.advice = advice


class SetupError(WatchfireError):
    """The installation or its settings are wrong."""

    exit_code = 2
    status = 503
    key = "error.setup"


class BusyError(WatchfireError):
    """The database is locked or away."""

    again = True
    exit_code = 75
    status = 503
    key = "error.busy"


class StorageError(WatchfireError):
    """The disk is full or not writable."""

    again = True
    exit_code = 74
    status = 507
    key = "error.storage"


class SignInNeeded(WatchfireError):
    """Nobody is signed in, or the key is not known."""

    status = 401
    key = "error.sign_in"


class Misdirected(WatchfireError):
    """The request was meant for another host."""

    status = 421
    key = "error.misdirected"


class NotFound(WatchfireError):
    """No such thing, or none that the reader may see."""

    status = 404
    key = "error.not_found"


class Refused(WatchfireError):
    """The caller may not do this."""

    status = 403
    key = "error.refused"


class Conflict(WatchfireError):
    """The thing is no longer in the state that the caller assumed."""

    status = 409
    key = "error.conflict"


class Invalid(WatchfireError):
    """What was sent cannot be used."""

    exit_code = 2
    status = 422
    key = "error.invalid"


class TooMany(WatchfireError):
    """Too much was sent in too short a time."""

    again = True
    exit_code = 75
    status = 429
    key = "error.too_many"
