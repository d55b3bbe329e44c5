"""What commands print: words from outside must not steer the terminal that shows them, nor whoever reads the log.

Titles, names and reasons go out by a hundred `print`s; this is the one place that all of them pass.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from service.notify.text import visible

# What our own tables use for bold and colours, and only where a person sees them.
_OURS = re.compile(r"(\x1b\[(?:[0-9]|[39][0-7]|1;3[0-7])?m)")


class Plain:
    """A stream that lets no control, no turning and no half character through."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._coloured = stream.isatty()

    def write(self, text: str) -> int:
        """Write a text; answers its length."""
        parts = _OURS.split(text) if self._coloured and "\x1b" in text else [text]
        self._stream.write("".join(part if _OURS.fullmatch(part) else visible(part) for part in parts))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Everything that is printed meanwhile is plain."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Plain(before[0]), Plain(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
