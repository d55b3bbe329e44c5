"""Corrections, the queue and models as the API takes and answers them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from scoring.category import Category
from service.api.shapes.common import InWords
from service.api.shapes.entry import EntryShape, entry_shape
from service.desk.corrections import LONGEST_REASON, MOST_COUNTRIES, Wanted
from service.desk.models import Serving
from service.desk.queue import Asked
from service.locale.catalogue import Catalogue
from service.store.tables import Correction, EntryRow, ModelRow, Training

Code = Annotated[str, Field(max_length=8)]


class CorrectionGiven(BaseModel):
    """What an entry is about. No labels: it reports no risk. What is left out is kept as the machine read it."""

    model_config = ConfigDict(extra="forbid")

    labels: list[Category] = Field(max_length=5)
    subtypes: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=40)
    severity: int | None = Field(None, ge=0, le=4, description="0 without labels, else 1 to 4.")
    countries: list[Code] | None = Field(None, max_length=MOST_COUNTRIES, description="ISO 3166 alpha-2.")
    reason: str = Field("", max_length=LONGEST_REASON)

    def wanted(self) -> Wanted:
        """The same as the desk understands it."""
        return Wanted([label.value for label in self.labels], self.subtypes, self.severity, self.countries)


class JudgementShape(BaseModel):
    """Severity runs 0 to 4; the machine's is no whole number."""

    labels: list[str]
    subtypes: list[str]
    severity: float
    countries: list[str]


class CorrectionShape(BaseModel):
    """One correction; it holds while `ended_at` is null. `before` is what `model` had said."""

    id: int
    entry_id: int
    at: datetime
    actor: str
    reason: str
    model: str
    before: JudgementShape
    after: JudgementShape
    ended_at: datetime | None
    ended_by: str | None


class CorrectionListed(CorrectionShape):
    """A correction with the title of its entry."""

    title: str
    language: str | None


class WhyShape(BaseModel):
    """Why an entry is asked for: uncertain, near, declared (value: a category) or language (value: its code)."""

    code: str
    value: str
    text: InWords


class AskedShape(BaseModel):
    """An entry worth a label; more worth teaches more."""

    worth: float
    why: list[WhyShape]
    entry: EntryShape


class QueueShape(BaseModel):
    """Entries worth a label, those first that teach most."""

    items: list[AskedShape]


class ModelShape(BaseModel):
    """A model. `state` is in_use, candidate, retired or refused; of the shipped one most is in its card."""

    name: str
    state: str
    parent: str | None
    made_at: datetime | None
    made_by: str | None
    corrections: int
    adopted_at: datetime | None
    adopted_by: str | None
    contest: dict[str, Any] | None
    data: dict[str, Any]
    metrics: dict[str, Any]


class TrainingShape(BaseModel):
    """A model that somebody wants: waiting, done (then `model` names it) or failed."""

    id: int
    state: str
    asked_at: datetime
    asked_by: str
    done_at: datetime | None
    model: str | None
    error: str | None


class ModelsShape(BaseModel):
    """The model in use, the house's models with the newest first, and the last wish for one.

    `fixed`: WATCHFIRE_MODEL names the one in use, and none can be chosen here. `shipped` can always be gone back to.
    """

    in_use: str
    fixed: bool
    shipped: str
    corrections: int
    items: list[ModelShape]
    training: TrainingShape | None


class UseGiven(BaseModel):
    """`anyway`: use it though it lost its contest, or was held against another model than the one in use."""

    model_config = ConfigDict(extra="forbid")

    anyway: bool = False


def correction_shape(row: Correction) -> CorrectionShape:
    """One correction."""
    return CorrectionShape(**_correction(row))


def correction_listed(pair: tuple[Correction, EntryRow]) -> CorrectionListed:
    """One correction in a list."""
    row, entry = pair
    return CorrectionListed(**_correction(row), title=entry.title, language=entry.language)


def _correction(row: Correction) -> dict[str, Any]:
    return {
        "id": row.id or 0,
        "entry_id": row.entry_id,
        "at": row.at,
        "actor": row.actor,
        "reason": row.reason,
        "model": row.model,
        "before": JudgementShape(**row.before),
        "after": JudgementShape(**row.after),
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
    }


def asked_shape(asked: Asked, words: Catalogue) -> AskedShape:
    """One entry of the queue."""
    why = [
        WhyShape(
            code=one.code,
            value=one.value,
            text=InWords(**{lang: words.learning_why(one.code, one.value, lang) for lang in ("zh", "en")}),
        )
        for one in asked.pick.why
    ]
    entry = entry_shape((asked.entry, asked.source, asked.assessment), words)
    return AskedShape(worth=asked.pick.worth, why=why, entry=entry)


def model_shape(row: ModelRow) -> ModelShape:
    """One of the house's models."""
    return ModelShape(
        name=row.name,
        state=row.state,
        parent=row.parent,
        made_at=row.made_at,
        made_by=row.made_by,
        corrections=row.corrections,
        adopted_at=row.adopted_at,
        adopted_by=row.adopted_by,
        contest=row.contest,
        data=row.card.get("data", {}),
        metrics=row.card.get("metrics", {}),
    )


def serving_shape(found: Serving) -> ModelShape:
    """The model in use."""
    if found.row is not None:
        return model_shape(found.row)
    return ModelShape(
        name=found.name,
        state="in_use",
        parent=None,
        made_at=None,
        made_by=None,
        corrections=0,
        adopted_at=None,
        adopted_by=None,
        contest=None,
        data=found.card.get("data", {}),
        metrics=found.card.get("metrics", {}),
    )


def training_shape(row: Training) -> TrainingShape:
    """A model that is wanted."""
    return TrainingShape(
        id=row.id or 0,
        state=row.state,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        done_at=row.done_at,
        model=row.model,
        error=row.error,
    )
