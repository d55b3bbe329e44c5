"""Names by which people sign in: one spelling each."""

import unicodedata

from service.errors import Invalid

LONGEST = 60


def clean_name(name: str) -> str:
    """The one spelling of a name; Invalid when it is empty, too long or holds what cannot be typed."""
    plain = spelled(name)
    if not 1 <= len(plain) <= LONGEST:
        raise Invalid("The name is empty or too long.", f"Use 1 to {LONGEST} characters.")
    if any(unicodedata.category(char)[0] == "C" for char in plain):
        raise Invalid("The name holds characters that cannot be seen.", "Type it anew.")
    return plain


def spelled(name: str) -> str:
    """Case, width and composition do not matter: `Ann`, `ANN` and `Ａｎｎ` are one."""
    typed = name[:400].replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
