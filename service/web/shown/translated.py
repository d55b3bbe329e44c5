"""A machine translation beside an original title, always named as such."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scoring.gloss import foreign
from service.locale.catalogue import Catalogue
from service.notify.text import clean
from service.store.translations import Made
from service.translate.health import Health


@dataclass(frozen=True, slots=True)
class Translated:
    """What a machine made of a title; `by` names it as such, with its model."""

    title: str
    summary: str
    by: str


def translated(
    made: Mapping[str, Made] | None, title: str, language: str | None, words: Catalogue, lang: str
) -> Translated | None:
    """The translation for this reader; None where there is none, or none is needed."""
    found = (made or {}).get(lang)
    if found is None or not foreign(title, language, lang):
        return None
    by = words.say("gloss.machine_by", lang, model=clean(found.model))
    return Translated(clean(found.title), clean(found.summary), by)


@dataclass(frozen=True, slots=True)
class EndpointShown:
    """How the endpoint does, in one sentence; `error` is "" while it answers."""

    text: str
    error: str


def endpoint_shown(
    health: Health, texts: Mapping[str, int], budget: int, say: Callable[..., str], now: datetime
) -> EndpointShown:
    """What the desk is told of translations."""
    key = "gloss.health_bad" if health.failures else "gloss.health_good"
    calls = health.calls_on(now)
    text = say(key, calls=calls, budget=budget, done=texts["done"], waiting=texts["waiting"])
    return EndpointShown(text, clean(health.error) if health.failures else "")
