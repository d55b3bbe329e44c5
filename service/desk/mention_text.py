"""Who is called by name in a text that somebody typed."""

import re
from collections.abc import Sequence

from service.auth.names import spelled

_AT = re.compile(r"(?<![A-Za-z0-9_.@＠/+-])[@＠]")
_IN_NAMES = re.compile(r"[a-z0-9_-]", re.IGNORECASE)


def mentions(text: str, names: Sequence[str]) -> tuple[tuple[int, int, str], ...]:
    """Where in a text which of these names is called, as (start, end, name) with the sign before it.

    The longest name counts (`@li wei` is not `@li`), case and width do not. A name ends where its letters end, but
    Chinese is written without blanks: `@王伟请看` calls 王伟. An address (`a@wang.example`) is no call.
    """
    longest_first = sorted({name for name in names if name}, key=len, reverse=True)
    found, last = [], 0
    for at in _AT.finditer(text):
        if at.start() < last:
            continue
        name = next((name for name in longest_first if _stands(text, at.end(), name)), None)
        if name is not None:
            last = at.end() + len(name)
            found.append((at.start(), last, name))
    return tuple(found)


def mentioned(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that are called, each once, in the order of the text."""
    return tuple(dict.fromkeys(name for _, _, name in mentions(text, names)))


def _stands(text: str, at: int, name: str) -> bool:
    end = at + len(name)
    if spelled(text[at:end]) != name:
        return False
    after = text[end : end + 1]
    return not (after and _IN_NAMES.match(after) and _IN_NAMES.match(name[-1]))
