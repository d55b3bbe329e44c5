"""Bounds on what may be sent in: judged by what the request says of itself, then counted while it comes."""

import hashlib
import secrets
from collections import deque
from datetime import datetime, timedelta

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from service.errors import TooMany

REPORT_BYTES = 36 * 2**20  # 25 MB of files in base64, and what stands around them
REPORT_PATHS = ("/api/v1/reports", "/report")


def bound_of(scope: Scope, usual: int) -> int:
    """How many bytes a request may have: more where reports come in with their files."""
    path = str(scope.get("path", ""))
    is_report = path in REPORT_PATHS or path.startswith("/report/")
    return REPORT_BYTES if is_report and scope.get("method") == "POST" else usual


def declared(scope: Scope) -> int | None:
    """The bytes that a request says its body has, 0 when it says nothing, None when that is no number."""
    said = Headers(scope=scope).get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() else None


def counted(receive: Receive, largest: int) -> Receive:
    """`receive`, stopping with 413 once more than `largest` bytes have come, whatever was said before."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise HTTPException(413)
        return message

    return counting


class Allowance:
    """How often each of many may do a thing: `most` times within `per`, and all together `most_together`.

    Kept in memory and by a hash that nobody can turn back: who used a link for anonymous reports is not to be found
    out, not even from this process. `who` is the visitor's address.
    """

    def __init__(self, most: int, most_together: int, per: timedelta) -> None:
        self._most, self._together, self._per = most, most_together, per
        self._salt = secrets.token_bytes(16)
        self._used: deque[tuple[datetime, bytes]] = deque()

    def use(self, who: str, now: datetime) -> None:
        """Count one use; TooMany when there is none left."""
        while self._used and self._used[0][0] <= now - self._per:
            self._used.popleft()
        name = hashlib.blake2b(who.encode(), key=self._salt, digest_size=16).digest()
        if len(self._used) >= self._together or sum(used == name for _, used in self._used) >= self._most:
            raise TooMany("Too many reports came in a short time.", "Nothing was stored; send it again in an hour.")
        self._used.append((now, name))

    def forget(self) -> None:
        """Begin anew."""
        self._used.clear()
