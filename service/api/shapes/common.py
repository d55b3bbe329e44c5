"""Shapes that many answers share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from service.locale.catalogue import Catalogue
from service.locale.gloss import both
from service.store.pages import Page
from service.store.translations import Made

Item = TypeVar("Item")
Row = TypeVar("Row")


class Listed(BaseModel, Generic[Item]):
    """A page of a list; `next` is the cursor of the page behind it, null at the end."""

    items: list[Item]
    next: str | None = None


class InWords(BaseModel):
    """One phrase in both languages."""

    zh: str
    en: str


class GlossShape(BaseModel):
    """What is known of a title for a reader of each language; null where the reader knows the title's own language, or
    where nothing is known. No translation."""

    zh: str | None
    en: str | None


class TranslationShape(BaseModel):
    """What a machine, `model`, made of a title in `language`, and two sentences of its report ("" for none)."""

    language: str
    title: str
    summary: str
    model: str
    made_at: datetime


class ReasonShape(BaseModel):
    """Why: a stable code and its value, the words of the report that carried it, and the same for people."""

    kind: str
    code: str
    value: str
    words: str
    text: InWords


def gloss_shape(
    title: str,
    language: str | None,
    catalogue: Catalogue,
    labels: Sequence[str] = (),
    subtypes: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> GlossShape:
    """The gloss of a title in both languages."""
    return GlossShape(**both(catalogue, title, language, labels=labels, subtypes=subtypes, countries=countries))


def translations_of(made: Mapping[str, Made] | None) -> list[TranslationShape]:
    """Translations as they are shown."""
    return [
        TranslationShape(language=lang, title=one.title, summary=one.summary, model=one.model, made_at=one.made_at)
        for lang, one in sorted((made or {}).items())
    ]


def reasons_of(stored: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> list[ReasonShape]:
    """Stored reasons as they are shown."""
    return [
        ReasonShape(
            kind=str(reason.get("kind", "")),
            code=str(reason.get("code", "")),
            value=str(reason.get("value", "")),
            words=str(reason.get("words", "")),
            text=InWords(zh=catalogue.reason_text(reason, "zh"), en=catalogue.reason_text(reason, "en")),
        )
        for reason in stored
    ]


def listed(page: Page[Row], shape: Callable[[Row], Item]) -> Listed[Item]:
    """A page of rows as it is answered."""
    return Listed(items=[shape(row) for row in page.items], next=page.next)
