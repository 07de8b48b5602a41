"""The index on open steps answers alone which are late: SQLite goes to the table for a column that is only compared."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.drop_index("step_open", "step")
    op.create_index("step_open", "step", ["due_at", "state"], sqlite_where=OPEN, postgresql_where=OPEN)
