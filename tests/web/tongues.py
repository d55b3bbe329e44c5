"""Which words of a page are in the other language, though nothing says that they are somebody else's.

A text speaks the language of the nearest `lang` around it. What others wrote stands in `bdi`, or under a language of
its own; names and reasons that people gave are known by what is kept in the database.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import html

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’-]+")
SPOKEN = ("title", "aria-label", "placeholder", "alt", "aria-description")
SILENT = {"script", "style", "code", "pre", "kbd", "textarea"}  # and what is typed, or is typed by readers
# What Chinese writes in Latin letters: names of ours and of services, formats, marks, units, keys, clauses, numerals.
PLAIN = re.compile(
    r"Watchfire|TLP:(?:RED|AMBER\+STRICT|AMBER|GREEN|CLEAR)|UTC|Webhook|Slack|RSS|Atom|JSON(?: Feed)?|CAP|OPML|YAML|CSV"
    r"|API|HTTPS?|https?://\S*|SHA-256|[kKMG]B|\bms\b|\bkm\b|Natural Earth|Equal Earth|Esc|Shift|Enter|Space|Ctrl"
    r"|\b[A-Z]{2,4}-\d+\b|(?<![A-Za-z])(?:I{1,3}|IV)(?![A-Za-z])|\b\d+\+[0-9a-f]{8}\b|\bwatchfire-[0-9a-f]{8}\b"
    r"|\b[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_ -]+)+|PDF|JavaScript|OpenAI|SQLite|PostgreSQL|X-Forwarded-\*|--[a-z-]+\b"
    r"|\b[\w.-]+:\d+:[0-9a-f]{8}\b|X-Api-Key|host:port|`[^`]+`|“crisis”|\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\b|^[a-z]{2}$"
)
CUT = 12  # letters by which something that was shortened is known
HIDDEN_ACTORS = {"operator", "rules", "anonymous"}  # words of ours for whoever is no person


def foreign(page: bytes, kept: Iterable[str]) -> set[str]:
    """Words of the other language in a page of the desk, each with where it stands."""
    document = html.fromstring(page)
    lang = str(document.get("lang"))
    found = _other(lang)
    said = list(_said(document))
    typed = {str(value) for value in document.xpath("//input/@value")}
    theirs = typed | {" ".join(text.split()) for _, text, tongue in said if tongue != lang} | set(kept) - HIDDEN_ACTORS
    aside = sorted((one for one in theirs if found.search(one)), key=len, reverse=True)
    told = set()
    for where, text, tongue in said:
        if tongue == lang:
            left = _without(" ".join(text.split()), aside)
            told |= {f"{where}: {word} in {text.strip()[:80]!r}" for word in found.findall(left)}
    return told


def foreign_words(text: str, lang: str, kept: Iterable[str]) -> list[str]:
    """The same of a text that speaks one language all through, but for what others wrote."""
    found = _other(lang)
    aside = sorted((one for one in set(kept) - HIDDEN_ACTORS if found.search(one)), key=len, reverse=True)
    return [word for line in text.splitlines() for word in found.findall(_without(" ".join(line.split()), aside))]


def _other(lang: str) -> re.Pattern[str]:
    return LATIN if lang.startswith("zh") else HAN


def _without(text: str, aside: Iterable[str]) -> str:
    left = PLAIN.sub(" ", text)
    for one in aside:
        if one in text:
            left = left.replace(PLAIN.sub(" ", one), " ")
        elif "…" in text and one[:CUT] in text:  # shortened
            start = left.find(PLAIN.sub(" ", one[:CUT]))
            left = left[:start] + left[left.find("…", start) :] if start >= 0 else left
    return left


def _said(document: Any) -> Iterator[tuple[str, str, str]]:
    """What is shown or read out: where, the text, and its language; `?` where only its reader can tell."""
    for one in document.iter():
        if not isinstance(one.tag, str) or one.tag in ("script", "style"):
            continue
        where = f"{one.tag}.{one.get('class') or ''}"
        tongue = _tongue(one)
        if one.text and one.text.strip():
            yield where, one.text, tongue
        for name in SPOKEN:
            if one.get(name) and one.tag != "code":
                yield f"{where}[{name}]", str(one.get(name)), _tongue(one, spoken=True)
        parent = one.getparent()
        if one.tail and one.tail.strip() and parent is not None:
            yield f"{parent.tag}.{parent.get('class') or ''}", one.tail, _tongue(parent)


def _tongue(one: Any, *, spoken: bool = False) -> str:
    while one is not None:
        if not spoken and (one.tag in SILENT or (one.tag == "bdi" and not one.get("lang"))):
            return "?"
        if one.get("lang"):
            return str(one.get("lang"))
        if not spoken and one.get("dir") == "auto":
            return "?"
        one = one.getparent()
    return ""
