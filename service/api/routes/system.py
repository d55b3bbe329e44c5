"""/system: is everything alive, line by line, and how the last day went. For the desk."""

from fastapi import APIRouter, Depends

from service.api.asked import asks_nothing
from service.api.house import Reader, TheHouse
from service.api.shapes.system import CurveShape, SystemShape, curve_shape, system_shape
from service.desk.failures import failures
from service.desk.system import curves, status

router = APIRouter(tags=["system"], dependencies=[Depends(asks_nothing)])


@router.get("/system")
def system(house: TheHouse, scope: Reader) -> SystemShape:
    """Database, workers, flow, sources, model, disk, clocks: each well, to look at, broken or unknown. What failed."""
    return system_shape(status(house, scope), failures(house, scope))


@router.get("/system/history", name="system_history")
def history(house: TheHouse, scope: Reader) -> list[CurveShape]:
    """A few figures of the last 24 hours, half an hour a value; null where nobody measured."""
    return [curve_shape(one) for one in curves(house, scope)]
