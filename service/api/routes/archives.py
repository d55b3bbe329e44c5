"""/archives: what was imported, and that it is over."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.asked import Paged
from service.api.house import Reader, TheHouse
from service.api.shapes.archive import ArchiveShape, archive_shape
from service.api.shapes.common import Listed, listed
from service.store.archives import list_runs

router = APIRouter(prefix="/archives", tags=["archives"])


@router.get("", name="list")
def list_(house: TheHouse, scope: Reader, asked: Annotated[Paged, Query()]) -> Listed[ArchiveShape]:
    """Imports of archives, the newest first; only the desk sees them."""
    with house.store.read() as session:
        return listed(list_runs(session, scope, limit=asked.limit, cursor=asked.cursor), archive_shape)
