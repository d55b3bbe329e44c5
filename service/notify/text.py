"""Text from outside, made fit to be shown: without control and direction characters, on one line, and short."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import quote, urlsplit

SHORTENED = "…"
# Besides control characters: direction marks and overrides, which can turn what stands around them about, characters
# without width that hide words from filters, soft hyphen, interlinear marks and the invisible tag characters.
# Joiners (200C, 200D) stay: Persian, Hindi and emoji need them.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_LINK_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&+,;=%]")
_MOST_LINK = 1500


def clean(text: str | None) -> str:
    """One line of visible text; None becomes the empty text."""
    return _BREAKS.sub(" ", _HIDDEN.sub("", text or "")).strip()


def shorten(text: str, most: int) -> str:
    """At most so many characters, an ellipsis where something was cut off; combining marks stay with their letter."""
    if len(text) <= most:
        return text
    kept = text[: max(0, most - 1)]
    while kept and (unicodedata.combining(text[len(kept)]) or text[len(kept)] in "\u200c\u200d\ufe0f" or _joins(kept)):
        kept = kept[:-1]
    return (kept.rstrip() + SHORTENED)[:most]


def _joins(kept: str) -> bool:
    return kept[-1] == "\u200d"


def safe_link(link: str | None) -> str | None:
    """A link to the web that no markup can be broken with, or None: other schemes, user names, no host, too long."""
    text = (link or "").strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or _hostile(parts.netloc):
        return None
    fit = _LINK_UNSAFE.sub(lambda found: quote(found[0], safe=""), text.encode("utf-8", "ignore").decode("utf-8"))
    return fit if len(fit) <= _MOST_LINK else None


def _hostile(host: str) -> bool:
    """Marks that have no place in a host name, or that would hide it."""
    return clean(host) != host or any(mark in host for mark in " <>()\"'\\`|{}*")


def fitted(
    lines: Sequence[str], most: int, size: Callable[[str], int], joint: str = "\n", tail: Sequence[str] = ()
) -> str:
    """The lines that fit, first to last, and then all of the tail. What stands last among the lines is given up first.

    The first line is cut if it must be.
    """
    kept: list[str] = []
    for line in lines:
        if size(joint.join([*kept, line, *tail])) > most:
            break
        kept.append(line)
    if not kept and lines:
        first = lines[0]
        while first and size(joint.join([first, *tail])) > most:
            first = first[:-1]
        kept.append(first)
    return joint.join([*kept, *tail])


def octets(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text.encode("utf-8"))
