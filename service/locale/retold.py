"""Sentences of ours that are stored in English, told again in the reader's language.

What a source or a receiver of notices did is kept as one English sentence, where it happened: the stages know no
language. The messages `retold.*` say the same in each language, and their English words are the patterns by which a
stored sentence is known: `{who} answers {status}` knows "news.example answers 503 Service Unavailable". A sentence may
be two such clauses, "; " between them: what happened, and what to do. No clause holds a joint itself.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from service.locale.catalogue import SLOT, Catalogue

PREFIX = "retold."
JOINT = "; "
LONGEST = 1000  # characters; a longer one holds what somebody sent, and a pattern may look at that for seconds
KEY = r"[a-z0-9][a-z0-9_-]*"
NAMED = r"(?:clause|level|magnitude|plan|module|step|region|calendar) .+?"
# A place in a file of rules: `why`, `hold of clause POL-1`, `title of clause POL-1 in English`.
BEHIND = r"(?: in English| in Chinese| \(leave it out to mean all\))?"
SPOT = rf"(?:{KEY} of )*(?:{NAMED}|a magnitude|the route|{KEY}){BEHIND}"
# What stands in a slot, where it is not anything at all: a list of keys, a number, a variable of ours.
SHAPES = {
    "names": r"[^\s,]+(?:(?:,| or|,? and) [^\s,]+)*(?: more)?(?<!\.)",
    "count": r"\S*[^\s.]",
    "variable": r"WATCHFIRE_\w+",
    "spot": SPOT,
    "table": rf"the [a-z]+(?: file| of cases)?|clause about sources|(?:escalation of )?a level|{SPOT}",
    "sort": rf"category or sub-type|sharing mark|value of {KEY}|{KEY}",
    "key": KEY,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A message as a pattern. `begins` and `ends` are its words before the first and behind the last slot."""

    key: str
    text: str
    begins: str
    ends: str


@lru_cache(maxsize=8)
def _clauses(catalogue: Catalogue, prefix: str) -> tuple[Clause, ...]:
    """The English clauses, those with most words of their own first, so that the plainest never hides another."""
    found = [(key, text) for key, text in catalogue.texts("en").items() if key.startswith(prefix)]
    found.sort(key=lambda one: -len(SLOT.sub("", one[1])))
    return tuple(Clause(key, text, (parts := SLOT.split(text))[0], parts[-1]) for key, text in found)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`{who} answers {status}` → a pattern with groups of these names; a slot holds at least a sign."""
    parts = SLOT.split(text)  # literal, name, literal, name …
    return re.compile(
        "".join(
            re.escape(part) if i % 2 == 0 else f"(?P<{part}>{SHAPES.get(part, '.+?')})" for i, part in enumerate(parts)
        ),
        re.DOTALL,
    )


def known_as(catalogue: Catalogue, prefix: str, text: str) -> tuple[str, dict[str, str]] | None:
    """The message of that prefix whose English words a text is, and what stands in its slots; None for none."""
    if len(text) > LONGEST:
        return None
    for clause in _clauses(catalogue, prefix):
        # Hundreds of patterns need not be made and tried for a sentence that neither begins nor ends as they do.
        if text.startswith(clause.begins) and text.endswith(clause.ends):
            found = _pattern(clause.text).fullmatch(text)
            if found is not None:
                return clause.key, found.groupdict()
    return None


def retold(catalogue: Catalogue, text: str, lang: str) -> str | None:
    """A stored sentence in a language; None when it is none that we know, or is in that language as it stands."""
    if catalogue.language(lang) == "en" or not text:
        return None
    parts = text.removesuffix(".").split(JOINT)
    told = [_clause(catalogue, part, lang) for part in parts[:2]]
    if None in told or len(parts) > 2:  # more joints than ours: others spoke
        return None
    if len(parts) == 1:
        return f"{told[0]}{catalogue.say('retold_stop', lang)}"
    return catalogue.say("retold_joint", lang, told=told[0], advice=told[1])


def _clause(catalogue: Catalogue, text: str, lang: str) -> str | None:
    found = known_as(catalogue, PREFIX, text)
    if found is None:
        return None
    key, values = found
    return catalogue.say(key, lang, **{name: _bare(name, value) for name, value in values.items()})


def _bare(name: str, value: str) -> str:
    """A value as it is put in; of a status the number alone, whose English phrase says no more."""
    return value.split(" ", 1)[0] if name == "status" else value
