"""Refusals and failures told in the reader's language: what happened, and what to do about it.

Errors are raised in English, where they happen. The messages `fault.*` (what) and `fault.do.*` (what to do) say the
same in each language, and their English words are the patterns by which a sentence is known, as with `retold.*`. Words
of ours that stand in a slot, such as a role or a state, are `fault_word.*`; what people wrote stays as it is.
"""

import re

from service.locale.catalogue import Catalogue
from service.locale.file_fault import located
from service.locale.retold import known_as, retold

PREFIX, WORD = "fault.", "fault_word."
# Slots that hold words of ours. All others hold what somebody typed, or a name.
WORDED = frozenset({"act", "column", "fourth", "noun", "other", "role", "state", "third", "where", "why"})
HAN = re.compile(r"[\u4e00-\u9fff]")
DEEPEST = 4  # sentences within one another, such as a file, its line and why; what somebody sent may hold any number


def refusal(catalogue: Catalogue, what: str, advice: str, lang: str) -> tuple[str, str] | None:
    """Both sentences in a language; None when they are in it as they stand, or one of them is none that we know."""
    if catalogue.language(lang) == "en":
        return None
    told = _sentence(catalogue, what, lang) if what else ""
    then = _sentence(catalogue, advice, lang) if advice else ""
    return None if told is None or then is None else (told, then)


def _sentence(catalogue: Catalogue, text: str, lang: str, depth: int = 0) -> str | None:
    if HAN.search(re.sub(r"'[^']*'", "", text)) and text.rstrip().endswith(("。", "！", "？")):
        return text  # said in the reader's language where it happened
    fault = located(catalogue, text, lang)
    if fault is not None:
        return fault
    small = f"{text[:1].lower()}{text[1:]}"
    stored = retold(catalogue, text, lang) or retold(catalogue, small, lang) or _known(catalogue, text, lang, depth)
    if stored is None and text.endswith("."):  # a part of a longer sentence, said by itself
        part = _known(catalogue, text[:-1], lang, depth) or _known(catalogue, small[:-1], lang, depth)
        return f"{part}{catalogue.say('retold_stop', lang)}" if part is not None else None
    return stored


def _known(catalogue: Catalogue, text: str, lang: str, depth: int) -> str | None:
    found = known_as(catalogue, PREFIX, text)
    if found is None:
        return None
    key, values = found
    told = {name: _value(catalogue, name, value, lang, depth) for name, value in values.items()}
    return catalogue.say(key, lang, **told)


def _value(catalogue: Catalogue, name: str, value: str, lang: str, depth: int) -> str:
    """What stands in a slot: a word of ours, another sentence, or what it is."""
    if name not in WORDED:
        return value
    key = f"{WORD}{re.sub(r'[^A-Za-z0-9]+', '_', value).strip('_')}"
    if catalogue.has(key):
        return catalogue.say(key, lang)
    inner = _sentence(catalogue, value, lang, depth + 1) if name == "why" and depth < DEEPEST else None
    return inner or value
