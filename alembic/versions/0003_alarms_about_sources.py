"""alarms about sources: an event and an alert may be about one of them; sources can be removed

Revision: 0003, after 0002. Sources that failed at their last look are called so at once, and not first at the next.
"""

import sqlalchemy as sa
from alembic import op

import service.store.tables.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain columns: a foreign key would make SQLite write these tables anew, which rows that point at them forbid.
    op.add_column("source", sa.Column("removed_at", service.store.tables.base.Instant(timezone=True), nullable=True))
    op.execute("UPDATE source SET state = 'failing' WHERE state = 'new' AND failures > 0")
    op.add_column("event", sa.Column("source_id", sa.Integer(), nullable=True))
    op.create_index("uq_event_source_id", "event", ["source_id"], unique=True)
    op.add_column("alert", sa.Column("source_id", sa.Integer(), nullable=True))
    op.create_index("ix_alert_source_id", "alert", ["source_id"], unique=False)


def _table(name: str) -> sa.TableClause:
    """As much of a table as is needed here, as it was at this revision."""
    return sa.table(name, *(sa.column(each) for each in ("id", "source_id", "alert_id", "notice_id")))


def downgrade() -> None:
    # Alarms go with what makes them such: without it they would pass for warnings about the world.
    alert, event, notice, attempt = (_table(name) for name in ("alert", "event", "notice", "attempt"))
    alarms = sa.select(alert.c.id).where(alert.c.source_id.is_not(None))
    told = sa.select(notice.c.id).where(notice.c.alert_id.in_(alarms))
    op.execute(sa.delete(attempt).where(attempt.c.notice_id.in_(told)))
    for beside in (notice, *map(_table, ("duty", "alert_country", "alert_category", "alert_share"))):
        op.execute(sa.delete(beside).where(beside.c.alert_id.in_(alarms)))
    for table in (alert, event):
        op.execute(sa.delete(table).where(table.c.source_id.is_not(None)))
    op.drop_index("ix_alert_source_id", "alert")
    op.drop_column("alert", "source_id")
    op.drop_index("uq_event_source_id", "event")
    op.drop_column("event", "source_id")
    op.drop_column("source", "removed_at")
