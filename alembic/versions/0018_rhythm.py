"""deadlines as they were before a crisis, reports of a crisis, windows by the clock on the wall, silenced alarms,
and which events changed

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

import service.store.tables.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText


def upgrade() -> None:
    op.add_column("alert", sa.Column("usual_by", Instant(timezone=True), nullable=True))
    op.add_column("event", sa.Column("touched", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_event_open", "event", ["last_at", "source_id", "touched", "id"], unique=False)
    op.add_column("silence", sa.Column("zone", sa.String(length=64), nullable=False, server_default="UTC"))
    op.add_column("silence", sa.Column("alarms", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("posture", sa.Column("reported_at", Instant(timezone=True), nullable=True))
    op.add_column("posture", sa.Column("report_stage", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("posture", sa.Column("report_look_at", Instant(timezone=True), nullable=True))
    op.create_table(
        "situation_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posture_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("author", CleanText(), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["posture_id"], ["posture.id"], name=op.f("fk_situation_report_posture_id_posture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_report")),
    )
    op.create_index("ix_situation_report_posture", "situation_report", ["posture_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_situation_report_posture", "situation_report")
    op.drop_table("situation_report")
    op.drop_index("ix_event_open", "event")
    for table, column in (
        ("posture", "report_look_at"),
        ("posture", "report_stage"),
        ("posture", "reported_at"),
        ("silence", "alarms"),
        ("silence", "zone"),
        ("event", "touched"),
        ("alert", "usual_by"),
    ):
        op.drop_column(table, column)
