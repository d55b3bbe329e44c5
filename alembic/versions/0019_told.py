"""who proposed a guideline has seen what was decided

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

import service.store.tables.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Instant = service.store.tables.base.Instant


def upgrade() -> None:
    op.add_column("guideline_version", sa.Column("seen_at", Instant(timezone=True), nullable=True))
    # What was decided before anybody was told of it counts as seen.
    op.execute(sa.text("UPDATE guideline_version SET seen_at = decided_at WHERE decided_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_column("guideline_version", "seen_at")
