"""machine translations of titles, and the entries that bear them

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_hash", String(length=64), nullable=False),
        sa.Column("title_hash", String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", String(length=10), nullable=False),
        sa.Column("model", String(length=120), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", CleanText(), nullable=True),
        sa.Column("not_before", Instant(timezone=True), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=True),
        sa.Column("lease_until", Instant(timezone=True), nullable=True),
        sa.Column("lease_by", String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint("text_hash", name=op.f("uq_translation_text_hash")),
    )
    op.create_index(
        "ix_translation_due", "translation", ["level", "id"], unique=False,
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.create_index("ix_translation_title_hash", "translation", ["title_hash"], unique=False)
    op.create_table(
        "translated_entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("translation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_translated_entry_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["translation_id"], ["translation.id"], name=op.f("fk_translated_entry_translation_id_translation")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_translated_entry")),
    )
    op.create_index("ix_translated_entry_translation_id", "translated_entry", ["translation_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_translated_entry_translation_id", "translated_entry")
    op.drop_table("translated_entry")
    op.drop_index("ix_translation_title_hash", "translation")
    op.drop_index("ix_translation_due", "translation")
    op.drop_table("translation")
