"""Glosses in words: what is known of a title, for a reader who does not know its language."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from babel import Locale
from babel.numbers import format_compact_decimal, get_currency_name

from ingest.place.gazetteer import PlaceTableMissing
from ingest.place.town_names import town_name
from scoring.gloss import Gloss, Part, PartKind, foreign, gloss
from scoring.gloss_number import Bound
from service.locale.catalogue import Catalogue

KEPT = 4096  # glosses; a list of fifty alerts is read again and again
BESIDE = frozenset((PartKind.COUNTRY, PartKind.CATEGORY))  # what a row of the list says in the line below anyway


def glossed(
    words: Catalogue,
    lang: str,
    title: str,
    language: str | None,
    *,
    labels: Sequence[str] = (),
    subtypes: Sequence[str] = (),
    countries: Sequence[str] = (),
    brief: bool = False,
) -> str:
    """The gloss of a title in one line; "" where its reader knows the language, or where nothing is known.

    `brief` leaves out the countries and categories, for places that show them beside it.
    """
    reader = words.language(lang)
    if not title or not foreign(title, language, reader):
        return ""
    known = _known(title, language, tuple(labels), tuple(subtypes), tuple(countries))
    return in_words(known, words, reader, without=BESIDE if brief else frozenset()) if known else ""


def both(words: Catalogue, title: str, language: str | None, **held: Any) -> Mapping[str, str | None]:
    """The gloss in each language of ours; None where there is none."""
    return {lang: glossed(words, lang, title, language, **held) or None for lang in words.languages}


@lru_cache(maxsize=KEPT)
def _known(
    title: str, language: str | None, labels: tuple[str, ...], subtypes: tuple[str, ...], countries: tuple[str, ...]
) -> Gloss | None:
    return gloss(title, language, labels=labels, subtypes=subtypes, countries=countries)


def in_words(known: Gloss, words: Catalogue, lang: str, *, without: frozenset[PartKind] = frozenset()) -> str:
    """A gloss as one line; "" where what is left would be the language alone."""
    parts = [part for part in known.parts if part.kind not in without]
    if all(part.kind is PartKind.LANGUAGE for part in parts):
        return ""
    said = (_SAY[part.kind](part, words, lang) for part in parts)
    return words.say("gloss.joint", lang).join(dict.fromkeys(said))


def language_word(base: str, words: Catalogue, lang: str) -> str:
    """What a language is called; its code where nobody knows it."""
    key = f"web.language.{base}"
    return words.say(key, lang) if words.has(key) else str(Locale.parse(lang).languages.get(base, base))


def _language(part: Part, words: Catalogue, lang: str) -> str:
    return language_word(part.code, words, lang)


def _country(part: Part, words: Catalogue, lang: str) -> str:
    return words.country(part.code, lang)


def _town(part: Part, words: Catalogue, lang: str) -> str:
    country, _, english = part.code.partition("/")
    try:
        return town_name(country, english, lang)
    except PlaceTableMissing:
        return english


def _category(part: Part, words: Catalogue, lang: str) -> str:
    return words.category(part.code, lang)


def _subtype(part: Part, words: Catalogue, lang: str) -> str:
    return words.subtype(part.code, lang)


def _count(part: Part, words: Catalogue, lang: str) -> str:
    if part.value is None:
        return words.say(f"severity.{part.code}_some", lang)
    return words.say(f"severity.{part.code}", lang, value=_bounded(words.number(part.value, lang), part, words, lang))


def _magnitude(part: Part, words: Catalogue, lang: str) -> str:
    return words.say("severity.magnitude", lang, value=f"{part.value:g}")


def _money(part: Part, words: Catalogue, lang: str) -> str:
    form: Literal["long", "short"] = "long" if lang == "en" else "short"
    amount = format_compact_decimal(part.value or 0.0, format_type=form, locale=lang, fraction_digits=2)
    if not part.code.isalpha():
        return _bounded(words.say("gloss.money_sign", lang, amount=amount, currency=part.code), part, words, lang)
    name = get_currency_name(part.code, count=2 if lang == "en" else None, locale=lang)
    return _bounded(words.say("gloss.money", lang, amount=amount, currency=name), part, words, lang)


def _bounded(number: str, part: Part, words: Catalogue, lang: str) -> str:
    return words.say(f"gloss.bound.{part.bound.value}", lang, value=number) if part.bound is not Bound.EXACT else number


def _sign(part: Part, words: Catalogue, lang: str) -> str:
    return words.say(part.code, lang)


_SAY: Mapping[PartKind, Callable[[Part, Catalogue, str], str]] = {
    PartKind.LANGUAGE: _language,
    PartKind.COUNTRY: _country,
    PartKind.TOWN: _town,
    PartKind.CATEGORY: _category,
    PartKind.SUBTYPE: _subtype,
    PartKind.COUNT: _count,
    PartKind.MAGNITUDE: _magnitude,
    PartKind.MONEY: _money,
    PartKind.SIGN: _sign,
}
