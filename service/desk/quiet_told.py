"""Quiet in words: until when a change waits to be told, and by what; and how far a silence has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.locale.catalogue import Catalogue
from service.notify.text import clean, shorten
from service.store.tables import HushRow, SilenceRow

REASON = 120
Clock = Callable[[datetime], str]  # how a time is written
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class QuietTold:
    """`text` in one sentence, `silence` or `alert` what it links to (at most one of them)."""

    text: str
    silence: int | None
    alert: int | None


def quiet_told(
    row: HushRow,
    silences: Mapping[int, SilenceRow],
    catalogue: Catalogue,
    lang: str,
    clock: Clock,
    names: Mapping[str, str] = NOBODY,
) -> QuietTold:
    """What keeps a change quiet, or would have. `names` are what people are called, by their sign-in names."""
    cause = cause_told(row, silences, catalogue, lang, names)
    if row.passed:
        text = catalogue.say("quiet.passed", lang, cause=cause)
    elif row.until is None:
        text = catalogue.say("quiet.open", lang, cause=cause)
    else:
        text = catalogue.say("quiet.until", lang, until=clock(row.until), cause=cause)
    return QuietTold(text, row.silence_id, row.cause_alert_id)


def cause_told(
    row: HushRow,
    silences: Mapping[int, SilenceRow],
    catalogue: Catalogue,
    lang: str,
    names: Mapping[str, str] = NOBODY,
) -> str:
    """By what alone: whose silence and why, which alert."""
    silence = silences.get(row.silence_id or 0)
    if silence is not None:
        values: dict[str, Any] = {"number": silence.id, "author": _author(silence.author, catalogue, lang, names)}
        values |= {"reason": shorten(clean(silence.reason), REASON)}
        return catalogue.say(f"quiet.cause.{silence.kind}", lang, **values)
    what, _, count = row.cause.partition(":")
    key = f"quiet.cause.{row.kind}" if what != "update" else "quiet.cause.update"
    return catalogue.say(key, lang, number=row.cause_alert_id, count=count)


def _author(actor: str, catalogue: Catalogue, lang: str, names: Mapping[str, str]) -> str:
    return shorten(clean(names.get(actor) or catalogue.actor(actor, lang)), 80)


def stage(row: SilenceRow, now: datetime) -> str:
    """`active`, `planned`, `past`, or `called_off` when it was ended before it began."""
    if row.over_at <= now:
        return "past" if row.ended_at is None or row.ended_at >= row.starts_at else "called_off"
    return "planned" if row.starts_at > now else "active"
