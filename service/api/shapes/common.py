"""Shapes that many answers share."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from service.locale.catalogue import Catalogue
from service.store.pages import Page

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


class ReasonShape(BaseModel):
    """Why: a stable code and its value, the words of the report that carried it, and the same for people."""

    kind: str
    code: str
    value: str
    words: str
    text: InWords


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
