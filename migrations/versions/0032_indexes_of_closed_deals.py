"""What is like a deal is found among the closed ones without a look at all; whose customers one sees, in an index."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("deal_owner", table_name="deal")
    op.create_index("deal_owner", "deal", ["owner", "customer_id"])
    op.create_index("deal_closed", "deal", ["currency", "closed_at", "amount", "stage_id"])
