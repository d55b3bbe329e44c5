"""Catalogue: every sentence that people read, in Chinese and English, and how numbers and times are written.

`service/locale/<language>/*.yaml` hold flat `key: text with {slots}`. A key stands in one file only and in every
language with the same slots. A key that is missing is shown as it is and logged once: a page with one raw key in it
is better than none.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from ingest.catalogue.packs import packs
from ingest.loaders import VALUES
from ingest.place.countries import country_name
from ingest.place.gazetteer import PlaceTableMissing
from scoring.category import SUBTYPES, Category
from service.errors import SetupError
from service.locale.accepted import LANGUAGES

FOLDER = Path(__file__).parent
SLOT = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
_CATEGORIES = frozenset(one.value for one in Category)
TELLING = ("source", "posture", "guideline")  # kinds of first reasons that say what a message is about
log = logging.getLogger(__name__)


class Catalogue:
    """All messages; read once by the composition root and handed in. SetupError when the files contradict."""

    languages = LANGUAGES

    def __init__(self, folder: Path = FOLDER) -> None:
        self._texts = _shipped() if folder == FOLDER else _read(folder)
        self._missing: set[tuple[str, str]] = set()

    def texts(self, language: str) -> Mapping[str, str]:
        """Every message of a language, raw, by its key."""
        return self._texts[language]

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self._texts[self.languages[0]]

    def say(self, key: str, lang: str | None, **values: Any) -> str:
        """A message in a language (Chinese for any `zh-…`, else English); a slot without a value stays as it is."""
        language = self.language(lang)
        text = self._texts[language].get(key)
        if text is None:
            self._note(key, language)
            return key
        if not values or "{" not in text:
            return text
        return SLOT.sub(lambda slot: str(values.get(slot[1], slot[0])), text)

    def language(self, tag: str | None) -> str:
        """The language of ours that fits a tag such as `zh-Hant-TW` or `en_GB`."""
        return _language(tag)

    def reason_text(self, reason: Mapping[str, Any], lang: str | None) -> str:
        """One short phrase for a stored reason {kind, code, value, words}."""
        kind, code = str(reason.get("kind", "")), str(reason.get("code", ""))
        value = str(reason.get("value", ""))
        key = next((key for key in (f"reason.{code}", code) if self.has(key)), "")
        shown = self._value(kind, value, lang)
        words = str(reason.get("words", ""))
        text = self.say(key, lang, value=shown, words=words) if key else self._plain(kind, code, shown, lang)
        return f"{text}{self.say('notify.quote', lang, words=words)}" if words and words not in text else text

    def title(self, title: str, reasons: Sequence[Mapping[str, Any]], lang: str | None) -> str:
        """What an alert is called: the title of its report; an alarm about a source is said anew in each language."""
        first = next(iter(reasons), None)
        return self.reason_text(first, lang) if first is not None and first.get("kind") in TELLING else title

    def country(self, code: str, lang: str | None) -> str:
        """What a country is called; the code itself when nobody knows it."""
        language = self.language(lang)
        try:
            name = country_name(code, language)
        except PlaceTableMissing:
            name = code
        return name if name != code else str(Locale.parse(language).territories.get(code.upper(), code))

    def place(self, key: str, lang: str | None) -> str:
        """What a country or, by its key, a region is called."""
        pack = packs().get(key)
        return pack.called(self.language(lang)) if pack is not None else self.country(key, lang)

    def owner(self, name: str, lang: str | None) -> str:
        """An owner's name in one language. Bilingual names are written `English / 中文`."""
        english, _, chinese = name.partition(" / ")
        return chinese if chinese and self.language(lang) == "zh" else english

    def source(self, name: str, lang: str | None) -> str:
        """A source's name in one language: `English / 中文` as an owner's; every other name stays as it is."""
        english, _, chinese = name.partition(" / ")
        return self.owner(name, lang) if HAN.search(chinese) and not HAN.search(english) else name

    def actor(self, actor: str, lang: str | None) -> str:
        """Who did something: nobody with a name by what they are, everybody else by their name."""
        key = f"web.actor.{actor}"
        return self.say(key, lang) if self.has(key) else actor

    def category(self, key: str, lang: str | None) -> str:
        """What a category is called."""
        return self.say(f"category.{key}", lang)

    def subtype(self, key: str, lang: str | None) -> str:
        """What a sub-type is called."""
        return self.say(f"subtype.{key}", lang)

    def tongue(self, code: str, lang: str | None) -> str:
        """What a language is called; its code when nobody knows."""
        key = f"web.language.{code}"
        return self.say(key, lang) if self.has(key) else code

    def learning_why(self, code: str, value: str, lang: str | None) -> str:
        """Why an entry is worth a label: `code` is a ground of the queue, `value` a category or a language."""
        if code == "language":
            key = "learning.why.language" if value else "learning.why.no_language"
            return self.say(key, lang, value=self.tongue(value, lang))
        return self.say(f"learning.why.{code}", lang, value=self.category(value, lang))

    def level_name(self, level: int, lang: str | None) -> str:
        """A level's Roman numeral and name: `I级 特别重大`, `Level I critical`."""
        return self.say(f"level.{level}", lang)

    def level_within(self, level: int, lang: str | None) -> str:
        """The same where it stands within a sentence: `I 级（特别重大）`."""
        return self.say(f"level.within.{level}", lang)

    def number(self, value: float, lang: str | None, pattern: str = "#,##0.#") -> str:
        """A number with the separators of the language."""
        return format_decimal(value, format=pattern, locale=self.language(lang))

    def moment(self, value: datetime | str, lang: str | None, zone: tzinfo = UTC) -> str:
        """A time to the minute in a zone that is named behind it; takes an aware time or RFC 3339, gives back what is
        neither."""
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return str(value)
        pattern = "y年M月d日 HH:mm" if self.language(lang) == "zh" else "d MMM y, HH:mm"
        there = value.astimezone(zone)
        written = format_datetime(there, pattern, tzinfo=zone, locale=self.language(lang))
        return f"{written} {_offset(there)}"

    def day(self, value: date, lang: str | None, pattern: str = "") -> str:
        """A day of the calendar with its weekday, short: `Mon 30 Nov`, `11月30日周一`; or by a pattern of CLDR."""
        language = self.language(lang)
        return str(format_date(value, pattern or ("M月d日EEE" if language == "zh" else "EEE d MMM"), locale=language))

    def span(self, value: timedelta, lang: str | None) -> str:
        """A length of time in its largest unit: `15 minutes`, `4小时`."""
        return format_timedelta(value, threshold=1.2, locale=self.language(lang))

    def exact_span(self, value: timedelta, lang: str | None) -> str:
        """A length of time exactly, in days, hours or minutes: `36 h` is not two days."""
        minutes = value // timedelta(minutes=1)
        for unit, size, least in (("d", 1440, 2880), ("h", 60, 60)):
            if minutes >= least and minutes % size == 0:
                return self.say(f"rules.span.{unit}", lang, value=minutes // size)
        return self.say("rules.span.min", lang, value=minutes)

    def _value(self, kind: str, value: str, lang: str | None) -> str:
        """A reason's value in words: a country, a sub-type or a category by its key; all else is a number or a name."""
        if kind == "country":
            return self.country(value, lang)
        if kind == "posture":
            return self.place(value, lang)
        if kind == "who":
            return self.actor(value, lang)
        if value in SUBTYPES:
            return self.subtype(value, lang)
        return self.category(value, lang) if value in _CATEGORIES else value

    def _plain(self, kind: str, code: str, shown: str, lang: str | None) -> str:
        self._note(code, self.language(lang))
        if kind in ("category", "subtype", "country") and shown:
            return shown
        return f"{code} {shown}".strip()

    def _note(self, key: str, language: str) -> None:
        if (key, language) not in self._missing:
            self._missing.add((key, language))
            log.warning("the %s catalogue has no message %r", language, key)


def _offset(there: datetime) -> str:
    """How far a time's zone is from UTC: `UTC`, `UTC+8`, `UTC+5:45`."""
    minutes = int((there.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02d}' if rest else ''}"


@lru_cache(maxsize=256)
def _language(tag: str | None) -> str:
    return "zh" if (tag or "").lower().replace("_", "-").split("-")[0] == "zh" else "en"


@cache
def _shipped() -> dict[str, dict[str, str]]:
    """The files of this version, which do not change while it runs: read once, however many catalogues are made."""
    return _read(FOLDER)


def _read(folder: Path) -> dict[str, dict[str, str]]:
    return {language: dict(_entries(folder / language)) for language in Catalogue.languages}


def _entries(folder: Path) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        where = f"{folder.name}/{path.name}"
        for key, text in _pairs(path, where):
            if key in seen:
                raise SetupError(f"The message {key} stands in {seen[key]} and again in {where}.", "Keep one of them.")
            seen[key] = where
            yield key, text


def _pairs(path: Path, where: str) -> Iterator[tuple[str, str]]:
    """Keys and texts as written: no YAML type is looked for, so that a text such as `no` stays a text."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=VALUES)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"The catalogue {where} cannot be read: {error}.", "Correct it and start again.") from error
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise SetupError(f"The catalogue {where} is not a list of `key: text`.", "Correct it and start again.")
    for key, value in root.value:
        if not isinstance(value, yaml.ScalarNode):
            line = key.start_mark.line + 1
            raise SetupError(f"The message {key.value} in {where}, line {line}, is no text.", "Write `key: text`.")
        yield str(key.value), str(value.value)
