"""corrections of entries by people, the models that learn from them, and who wants one made

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("model", String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_correction_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_entry_id", "correction", ["entry_id"], unique=False)
    op.create_index(
        "uq_correction_in_force", "correction", ["entry_id"], unique=True,
        sqlite_where=IN_FORCE, postgresql_where=IN_FORCE,
    )  # fmt: skip
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", String(length=80), nullable=False),
        sa.Column("parent", String(length=80), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("made_by", CleanText(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("contest", sa.JSON(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("state", String(length=12), nullable=False),
        sa.Column("adopted_at", Instant(timezone=True), nullable=True),
        sa.Column("adopted_by", CleanText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("name", name=op.f("uq_model_name")),
    )
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        sa.Column("asked_by", CleanText(), nullable=False),
        sa.Column("state", String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("model", String(length=80), nullable=True),
        sa.Column("error", CleanText(), nullable=True),
        sa.Column("lease_until", Instant(timezone=True), nullable=True),
        sa.Column("lease_by", String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index("ix_training_state", "training", ["state", "id"], unique=False)


def downgrade() -> None:
    # What was corrected stays as it is read: the newest assessment of an entry. An entry that waited to be looked at
    # once more has its place already, and a program without corrections would give it a second one.
    op.execute(
        "UPDATE entry SET stage = 'decided' WHERE stage = 'assessed' AND id IN (SELECT entry_id FROM event_entry)"
    )
    op.drop_index("ix_training_state", "training")
    op.drop_table("training")
    op.drop_table("model")
    op.drop_index("uq_correction_in_force", "correction")
    op.drop_index("ix_correction_entry_id", "correction")
    op.drop_table("correction")
