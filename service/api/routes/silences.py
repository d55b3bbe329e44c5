"""/silences: what shall not interrupt anybody, until when, and what it held back."""

from fastapi import APIRouter, Depends

from service.api.asked import Number, asks_nothing
from service.api.house import Quieter, Reader, TheHouse
from service.api.shapes.common import Listed
from service.api.shapes.silence import (
    HeldShape,
    SilenceBody,
    SilenceShape,
    TrialShape,
    held_shape,
    silence_shape,
    trial_shape,
)
from service.desk.silences import add_silence, end_silence, try_silence
from service.store.quiet import get_silence, held_by, held_counts, list_silences

router = APIRouter(prefix="/silences", tags=["silences"], dependencies=[Depends(asks_nothing)])


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader) -> Listed[SilenceShape]:
    """The organisation's silences and windows, those that end last first; past ones stay."""
    now = house.clock()
    with house.store.read() as session:
        counts = held_counts(session, scope)
        rows = list_silences(session, scope)
        return Listed(items=[silence_shape(row, now, counts.get(row.id or 0, (0, 0))) for row in rows])


@router.post("", status_code=201)
def add(house: TheHouse, scope: Quieter, given: SilenceBody) -> SilenceShape:
    """Silence something, or plan a window. Levels 1 and 2 are told all the same."""
    return silence_shape(add_silence(house, scope, given.given()), house.clock())


@router.post("/try")
def attempt(house: TheHouse, scope: Quieter, given: SilenceBody) -> TrialShape:
    """What it would have held in the last seven days; nothing is stored."""
    return trial_shape(try_silence(house, scope, given.given()))


@router.get("/{silence_id}")
def show(house: TheHouse, scope: Reader, silence_id: Number) -> SilenceShape:
    """One silence."""
    with house.store.read() as session:
        row = get_silence(session, scope, silence_id)
        return silence_shape(row, house.clock(), held_counts(session, scope).get(silence_id, (0, 0)))


@router.get("/{silence_id}/held")
def held(house: TheHouse, scope: Reader, silence_id: Number) -> Listed[HeldShape]:
    """What it kept quiet, and what was too grave for it, the newest first."""
    with house.store.read() as session:
        row = get_silence(session, scope, silence_id)
        return Listed(items=[held_shape(hush, alert) for hush, alert in held_by(session, row)])


@router.post("/{silence_id}/end")
def end(house: TheHouse, scope: Quieter, silence_id: Number) -> SilenceShape:
    """End it now, or call it off before it begins; what it still holds is told."""
    row = end_silence(house, scope, silence_id)
    with house.store.read() as session:
        counts = held_counts(session, scope)
    return silence_shape(row, house.clock(), counts.get(silence_id, (0, 0)))
