"""silences and maintenance windows; what was kept quiet; when people were last told of an alert

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
LISTS = ("countries", "categories", "subtypes", "levels", "sources")


def upgrade() -> None:
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", String(length=10), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False, server_default="[]") for name in LISTS),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", Instant(timezone=True), nullable=False),
        sa.Column("ends_at", Instant(timezone=True), nullable=False),
        sa.Column("weekly_minutes", sa.Integer(), nullable=True),
        sa.Column("author", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_silence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_silence_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index("ix_silence_ends", "silence", ["organisation_id", "ends_at"], unique=False)
    op.create_table(
        "hush",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", String(length=20), nullable=False),
        sa.Column("cause", String(length=80), nullable=False),
        sa.Column("silence_id", sa.Integer(), nullable=True),
        sa.Column("cause_alert_id", sa.Integer(), nullable=True),
        sa.Column("until", Instant(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hush_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_hush_alert_id_alert")),
        sa.ForeignKeyConstraint(["silence_id"], ["silence.id"], name=op.f("fk_hush_silence_id_silence")),
        sa.ForeignKeyConstraint(["cause_alert_id"], ["alert.id"], name=op.f("fk_hush_cause_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hush")),
    )
    op.create_index("ix_hush_alert", "hush", ["alert_id", "version"], unique=False)
    op.create_index("ix_hush_silence", "hush", ["silence_id", "id"], unique=False)
    op.add_column("alert", sa.Column("told_at", Instant(timezone=True), nullable=True))
    op.create_index("ix_alert_opened", "alert", ["organisation_id", "opened_at"], unique=False)
    op.create_index("ix_alert_closed", "alert", ["organisation_id", "closed_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_alert_closed", "alert")
    op.drop_index("ix_alert_opened", "alert")
    op.drop_column("alert", "told_at")
    op.drop_index("ix_hush_silence", "hush")
    op.drop_index("ix_hush_alert", "hush")
    op.drop_table("hush")
    op.drop_index("ix_silence_ends", "silence")
    op.drop_table("silence")
