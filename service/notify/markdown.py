"""Markdown for services that know no escapes: what could be markup is written with its full-width twin.

DingTalk and WeCom each read a small markdown of their own, without documented escapes; a reader sees `［` as `[`, and
no client takes it for a link, a mention or a tag.
"""

import re

_TWINS = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in "*`[]<>#~\\|@&"}
_EDGE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")  # within a word an underscore is no markup
_LIST = re.compile(r"(?:[-+]|\d+[.)])(?:\s|$)|[-=]+\s*$")


def wide(text: str) -> str:
    """Text that no markdown takes for markup."""
    shown = _EDGE.sub("＿", text.translate(_TWINS))
    return f"\u200b{shown}" if _LIST.match(shown) else shown


def link(text: str, address: str | None) -> str:
    """A link with text from outside; the text alone without an address. `address` comes from `safe_link`."""
    if address is None:
        return wide(text)
    return f"[{wide(text)}]({address})"
