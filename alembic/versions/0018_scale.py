"""indexes for lists and counts over many alerts and notices

Revision: 0018, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None

DEAD = sa.text("state = 'dead'")


def upgrade() -> None:
    op.drop_index("ix_alert_list", "alert")
    op.create_index("ix_alert_work", "alert", ["organisation_id", "state", "level", "id", "sharing", "acknowledge_by"])
    op.create_index("ix_alert_changed", "alert", ["organisation_id", "changed_at", "id"])
    op.create_index("ix_notice_dead", "notice", ["organisation_id"], sqlite_where=DEAD, postgresql_where=DEAD)


def downgrade() -> None:
    op.drop_index("ix_notice_dead", "notice", sqlite_where=DEAD, postgresql_where=DEAD)
    op.drop_index("ix_alert_changed", "alert")
    op.drop_index("ix_alert_work", "alert")
    op.create_index("ix_alert_list", "alert", ["organisation_id", "state", "level", "id"])
