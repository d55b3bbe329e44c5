"""How the machine does, in words: the same for the page, the command and whoever asks the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.desk.vital import Line, Vital
from service.locale.catalogue import Catalogue

MINUTE = timedelta(minutes=1)
UNITS = ("B", "kB", "MB", "GB", "TB")
SIZES = ("size", "free", "total")


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words. `advice` is "" for what is well; commands in it stand between backticks."""

    name: str
    text: str
    advice: str


def told(line: Line, now: datetime, words: Catalogue, lang: str) -> Told:
    """A line in a language."""
    key = "system.away" if line.code == "away" else f"system.{line.key}.{line.code}"
    values = {name: _word(name, value, now, words, lang) for name, value in line.values.items()}
    advice = f"{key}.do" if line.state is not Vital.WELL and words.has(f"{key}.do") else ""
    return Told(
        line_name(line, words, lang),
        words.say(key, lang, **values),
        words.say(advice, lang, **values) if advice else "",
    )


def line_name(line: Line, words: Catalogue, lang: str) -> str:
    """What is looked at; a tick without a word is called as in the program."""
    if line.key != "tick":
        return words.say(f"system.name.{line.key}", lang)
    return work_name(str(line.values["tick"]), words, lang)


def work_name(work: str, words: Catalogue, lang: str) -> str:
    """What a kind of regular work is called."""
    key = f"system.tick.name.{work}"
    return words.say(key, lang) if words.has(key) else work


def _word(name: str, value: Any, now: datetime, words: Catalogue, lang: str) -> str:
    if isinstance(value, datetime):
        gone = now - value
        if gone < MINUTE:
            return words.say("system.just_now", lang)
        return words.say("system.ago", lang, span=words.span(gone, lang))
    if isinstance(value, timedelta):
        return words.span(value, lang)
    if name == "seconds":
        return words.span(timedelta(seconds=int(value)), lang)
    if name == "took":
        return f"{value:.1f} s" if isinstance(value, float) else "–"
    if name in SIZES:
        return size_told(int(value), words, lang)
    return words.number(value, lang) if isinstance(value, int) else str(value or "")


def size_told(size: int, words: Catalogue, lang: str) -> str:
    """Bytes in their largest unit, by thousands."""
    left, unit = float(size), 0
    while left >= 1000 and unit < len(UNITS) - 1:
        left, unit = left / 1000, unit + 1
    return f"{words.number(round(left, 1 if unit > 2 and left < 100 else 0), lang)} {UNITS[unit]}"
