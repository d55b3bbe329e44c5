"""what organisations have abroad; the places of an assessment; what of it an alert touches

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import service.store.tables.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant
CleanText = service.store.tables.base.CleanText
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", String(length=20), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("country", String(length=2), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("radius_km", sa.Float(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("criticality", sa.Integer(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_site_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_site_organisation_id_name")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", String(length=20), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("spellings", sa.JSON(), nullable=False),
        sa.Column("country", String(length=2), nullable=True),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_partner_organisation_id_name")),
    )
    # Assessments made before have no places: their events are known by country only.
    op.add_column("assessment", sa.Column("places", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("alert", sa.Column("exposure", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("alert", sa.Column("counterfactuals", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    # What one organisation alone was warned of, by its own sites, was no alert before.
    op.drop_column("alert", "counterfactuals")
    op.drop_column("alert", "exposure")
    op.drop_column("assessment", "places")
    op.drop_table("partner")
    op.drop_table("site")
