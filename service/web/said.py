"""Refusals told in the reader's language; only what has no words in it stands beside it in English."""

from dataclasses import dataclass

from service.errors import WatchfireError
from service.locale.refusal import refusal
from service.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for the reader; `original` is the English one where it says more than the translation."""

    text: str
    original: str = ""


def said(visit: Visit, error: WatchfireError, key: str | None = None) -> Said:
    """What to tell of an error. `key` is a message that says the very same; without it the kind of error is told."""
    if visit.lang == "en":
        return Said(str(error))
    if key is not None:
        return Said(visit.say(key))
    told = refusal(visit.house.catalogue, error.what, error.advice, visit.lang)
    return Said("".join(told)) if told is not None else Said(visit.say(f"web.{error.key}"), str(error))


def flash(visit: Visit) -> str:
    """A word on what was just done, named in the address by `done=`."""
    key = f"web.done.{visit.request.query_params.get('done', '')}"
    return visit.say(key) if visit.house.catalogue.has(key) else ""
