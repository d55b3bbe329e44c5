"""Which language a reader is shown: `?lang=`, else the cookie, else what the browser prefers, else English."""

from service.locale.accepted import LANGUAGES, preferred

OWN_NAMES = {"zh": "中文", "en": "English"}  # of languages


def choose(query: str | None, cookie: str | None, accept: str | None) -> str:
    """`zh` or `en`."""
    for wish in (query, cookie):
        if wish in LANGUAGES:
            return str(wish)
    return preferred(accept or "")
