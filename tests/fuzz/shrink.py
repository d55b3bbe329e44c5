"""The smallest part of a document that still fails in the same way."""

from collections.abc import Callable

TRIES = 400


def shrunk(body: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """`body` less all pieces without which it still fails; at most TRIES looks."""
    tries, size = TRIES, max(len(body) // 2, 1)
    while tries > 0:
        start, has_shrunk = 0, False
        while start < len(body) and tries > 0:
            shorter = body[:start] + body[start + size :]
            tries -= 1
            if fails(shorter):
                body, has_shrunk = shorter, True
            else:
                start += size
        if size == 1 and not has_shrunk:
            break
        size = max(size // 2, 1)
    return body
