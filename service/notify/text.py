"""Text from outside, made fit to be shown: without control and direction characters, on one line, and short."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna

SHORTENED = "…"
# Besides control characters: direction marks and overrides, which can turn what stands around them about, characters
# without width that hide words from filters, letters that show nothing (a title of theirs could not be clicked on),
# soft hyphen, interlinear marks, the invisible tag characters, and what is no character at all.
# Joiners (200C, 200D) stay: Persian, Hindi and emoji need them.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef"
    "\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
) + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_LINES = re.compile(f"[{_UNSEEN}\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# One picture out of more than eight joined ones is none that exists, and a line that cannot be broken.
_CHAIN = re.compile("(?:[^\\s\u200d]\ufe0f?\u200d){8,}")
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_LINK_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&+,;=%]")
_MOST_LINK = 1500


def clean(text: str | None) -> str:
    """One line of visible text; None becomes the empty text."""
    return _flat(_BREAKS.sub(" ", _HIDDEN.sub("", text or "")).strip())


def visible(text: str) -> str:
    """The same of text that may have lines, and blanks that mean something: nothing hidden, nothing that turns."""
    return text if text.isascii() and text.isprintable() else _flat(_LINES.sub("", text))


def _flat(text: str) -> str:
    if text.isascii():
        return text
    thin = _pile().sub(r"\1", text)
    return _CHAIN.sub(lambda found: found[0].replace("\u200d", ""), thin) if "\u200d" in thin else thin


@cache
def _pile() -> re.Pattern[str]:
    """More marks on a letter than any script in use sets; without a limit they reach over the lines above and below.

    Made when it is first asked for: looking through so many characters costs every start some 10 ms.
    """
    marks = "".join(chr(one) for one in range(0x300, 0xFE30) if unicodedata.category(chr(one)) in ("Mn", "Me"))
    return re.compile(f"([{marks}]{{5}})[{marks}]+")


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
    """A link to the web that no markup can be broken with, or None: other schemes, user names, no host, too long.

    A host in letters of other scripts is written in its true form, `xn--…`: none may look like another.
    """
    text = (link or "").strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or _hostile(parts.netloc):
        return None
    if not parts.netloc.isascii():
        true = _true_host(parts.netloc)
        text = urlunsplit((parts.scheme, true, *parts[2:])) if true else ""
        if not text:
            return None
    fit = _LINK_UNSAFE.sub(lambda found: quote(found[0], safe=""), text.encode("utf-8", "ignore").decode("utf-8"))
    return fit if len(fit) <= _MOST_LINK else None


def _true_host(netloc: str) -> str | None:
    """A host and its port as the network knows them (UTS 46, as browsers do); None when there is no such name."""
    host, colon, port = netloc.partition(":")
    try:
        return idna.encode(host, uts46=True).decode() + colon + port
    except idna.IDNAError:
        return None


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
