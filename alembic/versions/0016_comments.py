"""comments on alerts, and whom they mention

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
UNREAD = sa.text("read_at IS NULL")


def _keys(name: str, **others: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}_{table}"))
        for column, table in others.items()
    ]


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("actor", String(length=120), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.Column("edited_at", Instant(timezone=True), nullable=True),
        sa.Column("removed_at", Instant(timezone=True), nullable=True),
        *_keys("comment", alert_id="alert", organisation_id="organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_alert", "comment", ["alert_id", "organisation_id", "id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person", String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=True),
        *_keys("mention", comment_id="comment", organisation_id="organisation", alert_id="alert"),
        sa.PrimaryKeyConstraint("comment_id", "person", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_person", "mention", ["organisation_id", "person", "comment_id"], unique=False)
    op.create_index(
        "ix_mention_unread", "mention", ["organisation_id", "person"], unique=False,
        sqlite_where=UNREAD, postgresql_where=UNREAD,
    )  # fmt: skip
    op.create_index("ix_mention_alert_id", "mention", ["alert_id"], unique=False)


def downgrade() -> None:
    for name in ("ix_mention_alert_id", "ix_mention_unread", "ix_mention_person"):
        op.drop_index(name, "mention")
    op.drop_table("mention")
    op.drop_index("ix_comment_alert", "comment")
    op.drop_table("comment")
