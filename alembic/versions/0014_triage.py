"""what people keep beside alerts, and the words by which alerts and entries are found

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString

# The words of entries are never asked back, only looked up: without them the index is a fourth of the size.
FINDING = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_alert USING fts5(words, detail='none', tokenize='unicode61 remove_diacritics 0')",
        "CREATE VIRTUAL TABLE search_entry"
        " USING fts5(words, content='', detail='none', tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE search_alert (alert_id integer PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_search_alert_words ON search_alert USING gin (words)",
        "CREATE TABLE search_entry (entry_id integer PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)",
    ),
}


def _about(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("alert_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f(f"fk_{name}_alert_id_alert")),
        sa.PrimaryKeyConstraint("alert_id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _about(
        "snooze",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
    )
    op.create_index("ix_snooze_until", "snooze", ["until"], unique=False)
    _about(
        "handing",
        sa.Column("owner", String(length=120), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
    )
    _about(
        "alert_fact",
        sa.Column("owner", String(length=120), nullable=True),
        sa.Column("letter", String(length=1), nullable=True),
    )
    op.create_table(
        "seen",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("actor", String(length=120), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_seen_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_seen_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "actor", "alert_id", name=op.f("pk_seen")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("actor", String(length=120), nullable=False),
        sa.Column("name", String(length=60), nullable=False),
        sa.Column("query", String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_saved_view_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("organisation_id", "actor", "name", name=op.f("uq_saved_view_organisation_id_actor_name")),
    )
    op.create_table(
        "presence",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("actor", String(length=120), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_presence_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_presence_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "actor", name=op.f("pk_presence")),
    )
    op.create_index("ix_presence_alert_id", "presence", ["alert_id"], unique=False)
    for statement in FINDING[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for name in ("search_entry", "search_alert"):
        op.execute(f"DROP TABLE {name}")
    op.execute("DELETE FROM meta WHERE key = 'search'")
    op.drop_index("ix_presence_alert_id", "presence")
    op.drop_table("presence")
    op.drop_table("saved_view")
    op.drop_table("seen")
    op.drop_table("alert_fact")
    op.drop_table("handing")
    op.drop_index("ix_snooze_until", "snooze")
    op.drop_table("snooze")
