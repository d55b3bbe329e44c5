"""/audit: who did what. For administrators and managers of the desk."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.asked import AuditAsked
from service.api.house import Auditor, TheHouse
from service.api.shapes.audit import LineShape, line_shape
from service.api.shapes.common import Listed, listed
from service.desk.audit import read_log
from service.store.audit import AuditFilter

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("", name="list")
def list_(house: TheHouse, scope: Auditor, asked: Annotated[AuditAsked, Query()]) -> Listed[LineShape]:
    """Every line of the log that is for the reader, the newest first."""
    wanted = AuditFilter(
        asked.actor, asked.subject, asked.subject_id, asked.action, since=asked.since, until=asked.until
    )
    page = read_log(house, scope, wanted, limit=asked.limit, cursor=asked.cursor)
    return listed(page, lambda row: line_shape(row, house.catalogue))
