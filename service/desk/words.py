"""Short texts that people give things as names."""

import unicodedata

from service.errors import Invalid

MOST = 120


def clean_label(text: str, what: str) -> str:
    """A name without line breaks and unseen characters; Invalid when nothing is left or it is too long."""
    plain = " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())
    if not 1 <= len(plain) <= MOST:
        raise Invalid(f"The name of the {what} is empty or too long.", f"Use 1 to {MOST} characters.")
    return plain
