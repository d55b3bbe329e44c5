"""Short texts that people type: names and reasons."""

import re
import unicodedata

from service.errors import Invalid
from service.notify.text import clean

MOST = 120
_BREAKS = re.compile(r"\r\n|[\r\n\u2028\u2029\x85\x0b\x0c]")


def clean_label(text: str, what: str) -> str:
    """A name without line breaks and unseen characters; Invalid when nothing is left or it is too long."""
    plain = one_line(text)
    if not 1 <= len(plain) <= MOST:
        raise Invalid(f"The name of the {what} is empty or too long.", f"Use 1 to {MOST} characters.")
    return plain


def one_line(text: str) -> str:
    """A text without line breaks and characters that cannot be seen, or that turn the line around."""
    return " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())


def lines_of(text: str) -> list[str]:
    """The lines of a longer text, each without what cannot be seen or turns it around."""
    return [clean(line) for line in _BREAKS.split(unicodedata.normalize("NFC", text))]
