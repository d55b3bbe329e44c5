"""Bounds on what may be sent in: judged by what the request says of itself, then counted while it comes."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope


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
