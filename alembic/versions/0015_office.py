"""when people and keys were last seen, who made them, how workers do, and how the machine did lately

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString

NEW = (
    ("person", "zone", String(length=60)),
    ("person", "seen_at", Instant(timezone=True)),
    ("sign_in", "seen_at", Instant(timezone=True)),
    ("api_key", "made_by", CleanText()),
    ("api_key", "used_at", Instant(timezone=True)),
    ("invitation", "made_by", CleanText()),
    ("invitation", "note", CleanText()),
)

# What is counted on every page and at every look at the machine.
PARTIAL = (
    ("ix_notice_dead", "notice", ["organisation_id"], "state = 'dead'"),
    ("ix_entry_failed", "entry", ["id"], "stage = 'failed'"),
)


def upgrade() -> None:
    for table, name, kind in NEW:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "worker",
        sa.Column("name", String(length=60), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("seen_at", Instant(timezone=True), nullable=False),
        sa.Column("stopped_at", Instant(timezone=True), nullable=True),
        sa.Column("ticks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.create_table(
        "pulse",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_pulse")),
    )
    for name, table, columns, where in PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_log_actor", "log", ["actor", "at", "id"], unique=False)
    op.create_index("ix_log_at", "log", ["at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_log_at", "log")
    op.drop_index("ix_log_actor", "log")
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
    op.drop_table("pulse")
    op.drop_table("worker")
    for table, name, _ in reversed(NEW):
        op.drop_column(table, name)
