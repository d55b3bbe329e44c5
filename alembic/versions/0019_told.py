"""who proposed a guideline has seen what was decided; the last failures of regular work

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column("guideline_version", sa.Column("seen_at", Instant(timezone=True), nullable=True))
    # What was decided before anybody was told of it counts as seen.
    op.execute(sa.text("UPDATE guideline_version SET seen_at = decided_at WHERE decided_at IS NOT NULL"))
    op.create_table(
        "work_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work", String(length=60), nullable=False),
        sa.Column("worker", String(length=60), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("took", sa.Float(), nullable=False),
        sa.Column("error", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_failure")),
    )
    op.create_index("ix_work_failure_work", "work_failure", ["work", "at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_work_failure_work", "work_failure")
    op.drop_table("work_failure")
    op.drop_column("guideline_version", "seen_at")
