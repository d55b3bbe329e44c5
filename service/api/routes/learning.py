"""/learning, /corrections and /models: a person's word over the machine's, and the models that learn from it."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from service.api.asked import CorrectionsAsked, Number, QueueAsked, asks_nothing
from service.api.house import Modeller, Reader, TheHouse
from service.api.shapes.common import Listed, listed
from service.api.shapes.learning import (
    CorrectionGiven,
    CorrectionListed,
    CorrectionShape,
    ModelShape,
    ModelsShape,
    QueueShape,
    TrainingShape,
    UseGiven,
    asked_shape,
    correction_listed,
    correction_shape,
    model_shape,
    serving_shape,
    training_shape,
)
from service.desk.corrections import correct_entry, undo_correction
from service.desk.models import overview, use_model
from service.desk.queue import learning_queue
from service.desk.training import ask_training
from service.store.corrections import list_corrections

router = APIRouter(tags=["learning"])
Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]


@router.get("/learning/queue")
def queue(house: TheHouse, scope: Reader, asked: Annotated[QueueAsked, Query()]) -> QueueShape:
    """Entries of the last two weeks that are worth a label, those first that teach most."""
    found = learning_queue(house, scope, asked.limit)
    return QueueShape(items=[asked_shape(one, house.catalogue) for one in found])


@router.post("/entries/{entry_id}/corrections", status_code=201, dependencies=[Depends(asks_nothing)])
def correct(house: TheHouse, scope: Reader, entry_id: Number, given: CorrectionGiven) -> CorrectionShape:
    """Put a person's word over the machine's; another one takes its place."""
    return correction_shape(correct_entry(house, scope, entry_id, given.wanted(), given.reason))


@router.delete("/entries/{entry_id}/corrections", dependencies=[Depends(asks_nothing)])
def undo(house: TheHouse, scope: Reader, entry_id: Number) -> CorrectionShape:
    """Take the correction of an entry back: the machine's word holds again, and the correction stays in the list."""
    return correction_shape(undo_correction(house, scope, entry_id))


@router.get("/corrections")
def corrections(
    house: TheHouse, scope: Reader, asked: Annotated[CorrectionsAsked, Query()]
) -> Listed[CorrectionListed]:
    """Corrections, the newest first, those that ended too."""
    with house.store.read() as session:
        page = list_corrections(session, scope, entry=asked.entry, limit=asked.limit, cursor=asked.cursor)
    return listed(page, correction_listed)


@router.get("/models", dependencies=[Depends(asks_nothing)])
def models(house: TheHouse, scope: Reader) -> ModelsShape:
    """The model in use, and the house's own with their contests, the newest first."""
    found = overview(house, scope)
    return ModelsShape(
        in_use=found.serving.name,
        fixed=found.serving.fixed,
        shipped=found.shipped,
        corrections=found.corrections,
        items=[model_shape(row) for row in found.models],
        training=training_shape(found.training) if found.training is not None else None,
    )


@router.post("/models/train", status_code=202, dependencies=[Depends(asks_nothing)])
def train(house: TheHouse, scope: Modeller) -> TrainingShape:
    """Have a worker make a model from the corrections; asked again while one is wanted, it is the same wish."""
    return training_shape(ask_training(house, scope))


@router.post("/models/{name}/use", dependencies=[Depends(asks_nothing)])
def use(house: TheHouse, scope: Modeller, name: Name, given: Annotated[UseGiven | None, Body()] = None) -> ModelShape:
    """Use a model from now on, forward or back; workers take it up with their next batch."""
    return serving_shape(use_model(house, scope, name, anyway=given is not None and given.anyway))
