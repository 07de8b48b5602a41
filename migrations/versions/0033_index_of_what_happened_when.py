"""What happened in a period, and the first and last of all that happened, is found without sorting the rest."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("activity_at", "activity", ["at"])
