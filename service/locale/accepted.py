"""Which of our languages a reader likes best, as browsers and other programs say it."""

from collections.abc import Mapping

LANGUAGES = ("zh", "en")


def preferred(accept: str) -> str:
    """The one of our languages that an Accept-Language header likes best."""
    best: Mapping[str, float] = {language: _weight(accept, language) for language in LANGUAGES}
    return "zh" if best["zh"] > best["en"] else "en"


def _weight(accept: str, language: str) -> float:
    """0–1; ties are broken by place, the earlier the better."""
    found = 0.0
    for place, part in enumerate(accept.lower().split(",")[:20]):
        tag, _, quality = part.strip().partition(";q=")
        if tag.split("-")[0] == language:
            found = max(found, _number(quality) - place / 1000)
    return found


def _number(quality: str) -> float:
    try:
        return min(1.0, max(0.0, float(quality))) if quality else 1.0
    except ValueError:
        return 0.0
