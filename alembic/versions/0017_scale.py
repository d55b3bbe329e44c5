"""indexes for lists and counts over many alerts

Revision: 0017, after 0016.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_alert_list", "alert")
    op.create_index("ix_alert_work", "alert", ["organisation_id", "state", "level", "id", "sharing", "acknowledge_by"])
    op.create_index("ix_alert_changed", "alert", ["organisation_id", "changed_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_alert_changed", "alert")
    op.drop_index("ix_alert_work", "alert")
    op.create_index("ix_alert_list", "alert", ["organisation_id", "state", "level", "id"])
