"""Text from outside: cleaned of what turns or hides text, and told apart by language and direction."""

import re
from dataclasses import dataclass

from service.locale.catalogue import Catalogue
from service.notify.text import clean, shorten

RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
TITLE = 300
EXCERPT = 700


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that others wrote. `lang` is a sound BCP 47 tag or None, `dir` is ltr, rtl or auto."""

    text: str
    lang: str | None = None
    dir: str = "auto"


def outside(text: str | None, language: str | None, most: int = TITLE) -> Outside:
    """One line of it, at most so many characters."""
    tag = language if language and _TAG.fullmatch(language) else None
    return Outside(shorten(clean(text), most), tag, direction(tag))


def direction(tag: str | None) -> str:
    """Which way a language runs; `auto` when it is unknown: the browser looks at the letters."""
    if tag is None:
        return "auto"
    return "rtl" if tag.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def language_name(title: Outside, words: Catalogue, lang: str) -> str:
    """What the language of a text is called, "" when it is unknown."""
    key = f"web.language.{(title.lang or '').split('-')[0].lower()}"
    return words.say(key, lang) if words.has(key) else (title.lang or "")
