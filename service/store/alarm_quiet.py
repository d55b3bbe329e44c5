"""What was told of our own sources, for trying a silence of such alarms."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from rules.level import Level
from rules.quiet_rule import HELD
from service.store.quiet import Change, lines_of_rules
from service.store.scope import Scope
from service.store.tables import Alert, SourceRow

TOLD = ("open", "raise", "lower")  # the same trouble by another name is told to nobody


def told_alarms(session: Session, scope: Scope, since: datetime, limit: int = 5_000) -> list[tuple[Change, str]]:
    """Changes of alarms since then with the trouble that they tell of, the newest first; only the desk sees them."""
    if not scope.home:
        return []
    query = lines_of_rules(scope, TOLD, since, limit).add_columns(col(SourceRow.key))
    query = query.join(SourceRow, col(SourceRow.id) == col(Alert.source_id))
    return [_change(detail, alert, key) for detail, alert, key in session.exec(query).all()]


def _change(detail: dict[str, Any], alert: Alert, source: str) -> tuple[Change, str]:
    level = int(detail.get("level") or alert.level)
    return Change(alert, Level(level), level < min(HELD), (source,)), trouble_of(alert)


def trouble_of(alert: Alert) -> str:
    """What an alarm tells of, as its first reason says."""
    code = str(alert.reasons[0].get("code", "")) if alert.reasons else ""
    return code.partition(".")[2]


def source_of_alarm(session: Session, alert: Alert) -> str:
    """The key of the source that an alarm is about, "" for another alert."""
    query = select(SourceRow.key).where(SourceRow.id == alert.source_id)
    return session.exec(query).first() or "" if alert.source_id is not None else ""
