"""notices that are held, and what told of them instead

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
HELD = sa.text("state = 'held'")
DIGEST = sa.text("action = 'digest'")


def upgrade() -> None:
    # What was sent before counts against no budget.
    op.add_column("notice", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("notice", sa.Column("held_for", String(length=20), nullable=True))
    op.add_column("notice", sa.Column("held_by", CleanText(), nullable=True))
    op.add_column("notice", sa.Column("release_at", Instant(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("told_in", String(length=40), nullable=True))
    op.create_index(
        "ix_notice_held", "notice", ["held_for", "release_at"], unique=False, sqlite_where=HELD, postgresql_where=HELD
    )
    op.create_index(
        "ix_notice_held_place",
        "notice",
        ["channel_id", "created_at"],
        unique=False,
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_index(
        "ix_notice_digest", "notice", ["created_at"], unique=False, sqlite_where=DIGEST, postgresql_where=DIGEST
    )
    op.create_index("ix_notice_created", "notice", ["created_at", "id"], unique=False)
    op.create_index("ix_notice_told_in", "notice", ["told_in"], unique=False)


def downgrade() -> None:
    # An older version knows neither state: what is still held is told one by one, what was told in another is sent.
    op.execute("UPDATE notice SET state = 'pending' WHERE state = 'held'")
    op.execute(
        "UPDATE notice SET state = 'pending' WHERE state = 'digested' AND told_in IN"
        " (SELECT digest.id FROM notice AS digest WHERE digest.action = 'digest' AND digest.state <> 'sent')"
    )
    op.execute("UPDATE notice SET state = 'sent' WHERE state IN ('digested', 'superseded')")
    op.execute("DELETE FROM attempt WHERE notice_id IN (SELECT id FROM notice WHERE action = 'digest')")
    op.execute("DELETE FROM notice WHERE action = 'digest'")
    op.drop_index("ix_notice_told_in", "notice")
    op.drop_index("ix_notice_created", "notice")
    op.drop_index("ix_notice_digest", "notice")
    op.drop_index("ix_notice_held_place", "notice")
    op.drop_index("ix_notice_held", "notice")
    for column in ("told_in", "release_at", "held_by", "held_for", "counted"):
        op.drop_column("notice", column)
