"""rosters with swaps, acknowledgements one by one, and how far an alert has escalated

Revision: 0007, after 0005. What was acknowledged before stays so: its answer is written down as such.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "roster_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("by", CleanText(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_roster_file_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_file")),
    )
    op.create_index("ix_roster_file_organisation_id", "roster_file", ["organisation_id"], unique=False)
    op.create_table(
        "roster_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("owner", String(length=120), nullable=False),
        sa.Column("person", String(length=120), nullable=False),
        sa.Column("instead", String(length=120), nullable=True),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("by", CleanText(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("cancelled_at", Instant(timezone=True), nullable=True),
        sa.Column("cancelled_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_roster_swap_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_swap")),
    )
    op.create_index("ix_roster_swap_ends", "roster_swap", ["organisation_id", "ends_at"], unique=False)
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("actor", String(length=120), nullable=False),
        sa.Column("owners", CleanText(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("expired_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_acknowledgement_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("alert_id", "actor", "at", name=op.f("uq_acknowledgement_alert_id_actor_at")),
    )
    op.create_index("ix_acknowledgement_alert_id", "acknowledgement", ["alert_id"], unique=False)
    op.execute(
        "INSERT INTO acknowledgement (alert_id, actor, owners, level, at)"
        " SELECT id, substr(acknowledged_by, 1, 120), '', level, acknowledged_at FROM alert"
        " WHERE acknowledged_at IS NOT NULL AND acknowledged_by IS NOT NULL"
        " AND state IN ('acknowledged', 'responding')"
    )
    op.create_table(
        "escalation",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("due", Instant(timezone=True), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(timezone=True), nullable=True),
        sa.Column("lapsed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_escalation_alert_id_alert")),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_escalation")),
    )
    op.create_index("ix_escalation_next_at", "escalation", ["next_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_escalation_next_at", "escalation")
    op.drop_table("escalation")
    op.drop_index("ix_acknowledgement_alert_id", "acknowledgement")
    op.drop_table("acknowledgement")
    op.drop_index("ix_roster_swap_ends", "roster_swap")
    op.drop_table("roster_swap")
    op.drop_index("ix_roster_file_organisation_id", "roster_file")
    op.drop_table("roster_file")
