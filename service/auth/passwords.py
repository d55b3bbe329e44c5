"""Passwords: argon2id, and the same work whether or not the name exists."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import BusyError, Invalid

SHORTEST, LONGEST = 10, 256
LEAST_DIFFERENT = 5
HASHER = PasswordHasher()  # RFC 9106's second choice: 3 passes over 64 MiB in 4 lanes
# Each hash holds 64 MiB: two at a time keep a flood of sign-ins from eating the memory.
_ROOM = threading.BoundedSemaphore(2)
_PATIENCE = 10.0  # seconds that a caller waits for its turn


def check_password(password: str, name: str) -> None:
    """Refuse a password that would be guessed; Invalid says why."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Invalid(
            f"The password has {len(plain)} characters.",
            f"Use {SHORTEST} to {LONGEST}; a few unrelated words are good.",
        )
    if len(set(plain)) < LEAST_DIFFERENT or plain.casefold() in name.casefold():
        raise Invalid("The password is too easy to guess.", "A few unrelated words are good.")


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and a fresh salt."""
    with _turn():
        return HASHER.hash(_plain(password))


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the one that was hashed; `stored` None (nobody of that name) is as much work for a no."""
    with _turn():
        try:
            HASHER.verify(stored or _nobody(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's and should be made again."""
    return HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    # The hash of nothing anybody can type: checked when the name is unknown, so that the answer takes as long.
    return HASHER.hash("\x00 nobody \x00")


def _plain(password: str) -> str:
    # The same characters typed on another keyboard may come in another composition.
    return unicodedata.normalize("NFKC", password[: LONGEST * 4]).encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _turn() -> Iterator[None]:
    if not _ROOM.acquire(timeout=_PATIENCE):
        raise BusyError("Too many people are signing in at this moment.", "Try again shortly.")
    try:
        yield
    finally:
        _ROOM.release()
