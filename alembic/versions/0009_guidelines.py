"""versions of the guideline, and when each clause last matched

Revision: 0009, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "guideline_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", String(length=80), nullable=False),
        sa.Column("parent", String(length=80), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("state", String(length=12), nullable=False),
        sa.Column("proposed_at", Instant(timezone=True), nullable=False),
        sa.Column("proposed_by", CleanText(), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("decided_by", CleanText(), nullable=True),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("effective_at", Instant(timezone=True), nullable=True),
        sa.Column("back_to", sa.Integer(), nullable=True),
        sa.Column("backtest", sa.JSON(), nullable=True),
        sa.Column("backtest_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_guideline_version_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_version")),
    )
    op.create_index(
        "ix_guideline_version_force", "guideline_version", ["organisation_id", "state", "effective_at"], unique=False
    )
    op.create_table(
        "clause_match",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("clause", String(length=80), nullable=False),
        sa.Column("last_at", Instant(timezone=True), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("guideline", String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clause_match_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "clause", name=op.f("pk_clause_match")),
    )


def downgrade() -> None:
    op.drop_table("clause_match")
    op.drop_index("ix_guideline_version_force", "guideline_version")
    op.drop_table("guideline_version")
