"""Faults of files of rules told in the reader's language: guideline, owners, rosters, plans, cases, senders.

`rules` finds them and says them in English: what is wrong, and what to do. The messages `file_fault.*` and
`file_fault.do.*` say the same in each language, and their English words are the patterns by which a fault is known, as
with `retold.*`. Where in a file it is (`hold of clause POL-1`) and which sort of word is asked for are told by messages
of their own; the keys of a file, and what people wrote, stay as they are.
"""

import re
from collections.abc import Mapping

from service.locale.catalogue import SLOT, Catalogue
from service.locale.retold import known_as

PREFIX, DEED, OTHER_DEED = "file_fault.", "file_fault.do.", "fault.do."
# Slots that hold words of ours: the messages that tell them, in the order in which they are asked.
NESTED = {
    "spot": ("file_spot.",),
    "table": ("file_table.", "file_spot."),
    "sort": ("file_sort.",),
    "shared": ("file_shared.",),
    "why": ("file_why.",),
}
DEEPEST = 4  # places within one another; no file of ours has more
MOST_STOPS = 8  # at which the advice may begin: what is wrong may hold a stop itself
# As `rules.document` writes them; loading that for two words would cost every command 20 ms.
STANDS_FOR = {"(a structure)": "file_structure", "(nothing)": "file_nothing"}
MORE = re.compile(r"(.+) and (\d+) more", re.DOTALL)
LOCATED = re.compile(r"(?P<file>(?:[^\n:]|:(?! ))+?):(?P<line>\d+): (?P<rest>.+)", re.DOTALL)
WIDE = re.compile(r"[\u4e00-\u9fff]")
NARROW = re.compile(r"[A-Za-z0-9]")


def fault_told(catalogue: Catalogue, what: str, advice: str, lang: str) -> tuple[str, str] | None:
    """Both sentences of a fault; None when they are in the language as they stand, or one is none that we know."""
    if catalogue.language(lang) == "en":
        return None
    told = _told(catalogue, (PREFIX,), what, lang)
    then = _told(catalogue, (DEED, OTHER_DEED), advice, lang) if advice else ""
    return None if told is None or then is None else (f"{told}{catalogue.say('retold_stop', lang)}", then)


def located(catalogue: Catalogue, text: str, lang: str) -> str | None:
    """A fault that is told with its file and line, `mine.yaml:3: what. advice`; None as above."""
    found = LOCATED.fullmatch(text)
    if found is None:
        return None
    rest = found["rest"]
    ends = [stop.start() for stop in re.finditer(r"\.(?: |$)", rest)]
    for end in ends[:MOST_STOPS]:
        both = fault_told(catalogue, rest[:end], rest[end + 2 :], lang)
        if both is not None:
            return catalogue.say("file_at", lang, file=found["file"], line=found["line"], told="".join(both))
    return None


def _told(catalogue: Catalogue, prefixes: tuple[str, ...], text: str, lang: str, depth: int = 0) -> str | None:
    for prefix in prefixes if depth <= DEEPEST else ():
        found = known_as(catalogue, prefix, text)
        if found is not None:
            key, values = found
            told = {name: _value(catalogue, name, value, lang, depth) for name, value in values.items()}
            return _filled(catalogue.texts(catalogue.language(lang))[key], told)
    return None


def _value(catalogue: Catalogue, name: str, value: str, lang: str, depth: int) -> str:
    """What stands in a slot: words of ours in the language, all else as it is."""
    if name in NESTED:
        return _told(catalogue, NESTED[name], value, lang, depth + 1) or value
    if value in STANDS_FOR:
        return catalogue.say(STANDS_FOR[value], lang)
    more = MORE.fullmatch(value) if name == "known" else None
    return catalogue.say("file_more", lang, known=more[1], count=more[2]) if more is not None else value


def _filled(text: str, told: Mapping[str, str]) -> str:
    """A message with its slots filled. Words of ours may be Chinese or a key: a blank parts the one from the other."""

    def put(slot: re.Match[str]) -> str:
        value = told[slot[1]]
        if slot[1] not in NESTED:
            return value
        before, after = text[: slot.start()][-1:], text[slot.end() :][:1]
        return f"{_gap(before, value[:1])}{value}{_gap(value[-1:], after)}"

    return SLOT.sub(put, text)


def _gap(one: str, other: str) -> str:
    apart = (WIDE.match(one) and NARROW.match(other)) or (NARROW.match(one) and WIDE.match(other))
    return " " if apart else ""
