"""postures of countries and regions

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "posture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("place", String(length=40), nullable=False),
        sa.Column("kind", String(length=10), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("author", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("polling", sa.Float(), nullable=False),
        sa.Column("recheck", sa.Boolean(), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", CleanText(), nullable=True),
        sa.Column("note", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_posture_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_posture_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posture")),
    )
    op.create_index(
        "uq_posture_open",
        "posture",
        ["organisation_id", "place"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("uq_posture_open", "posture", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_table("posture")
