"""Markdown for services that know no escapes: what could be markup is written with its full-width twin.

DingTalk and WeCom each read a small markdown of their own, without documented escapes; a reader sees `［` as `[`, and
no client takes it for a link, a mention or a tag.
"""

import re

_TWINS = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in "*_`[]<>#~\\|@&"}
_LIST = re.compile(r"[-+=]|\d+[.)]")


def wide(text: str) -> str:
    """Text that no markdown takes for markup."""
    shown = text.translate(_TWINS)
    return f"\u200b{shown}" if _LIST.match(shown) else shown


def link(text: str, address: str | None) -> str:
    """A link with text from outside; the text alone without an address. `address` comes from `safe_link`."""
    if address is None:
        return wide(text)
    return f"[{wide(text)}]({address})"
