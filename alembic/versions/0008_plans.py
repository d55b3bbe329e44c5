"""responses to alerts and their steps

Revision: 0008, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
OPEN = sa.text("state IN ('todo', 'doing')")


def upgrade() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("plan", String(length=60), nullable=False),
        sa.Column("plans", String(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("command", String(length=10), nullable=False),
        sa.Column("lead", String(length=120), nullable=False),
        sa.Column("central", String(length=120), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        sa.Column("planned_at", Instant(timezone=True), nullable=False),
        sa.Column("plan_before", String(length=60), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.Column("close_reason", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_response_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_response_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_response_alert_id")),
    )
    op.create_index("ix_response_organisation_id", "response", ["organisation_id"], unique=False)
    op.create_table(
        "response_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("key", String(length=130), nullable=False),
        sa.Column("plan", String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("owner", String(length=120), nullable=False),
        sa.Column("support", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("state", String(length=10), nullable=False),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("look_at", Instant(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("handed", sa.Boolean(), nullable=False),
        sa.Column("result", CleanText(), nullable=True),
        sa.Column("reason", CleanText(), nullable=True),
        sa.Column("changed_at", Instant(timezone=True), nullable=True),
        sa.Column("changed_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_response_step_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_step")),
        sa.UniqueConstraint("response_id", "key", name="uq_response_step_key"),
    )  # fmt: skip
    op.create_index(
        "ix_response_step_look", "response_step", ["look_at", "id"], unique=False,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_response_step_look", "response_step")
    op.drop_table("response_step")
    op.drop_index("ix_response_organisation_id", "response")
    op.drop_table("response")
