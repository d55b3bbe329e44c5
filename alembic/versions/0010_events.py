"""events that a person merged, split or changed

Revision: 0010, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("deed", String(length=10), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ruling_event_id_event")),
        sa.ForeignKeyConstraint(["other_id"], ["event.id"], name=op.f("fk_ruling_other_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index("ix_ruling_event_id", "ruling", ["event_id"], unique=False)
    op.create_index("ix_ruling_other_id", "ruling", ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ruling_other_id", "ruling")
    op.drop_index("ix_ruling_event_id", "ruling")
    op.drop_table("ruling")
