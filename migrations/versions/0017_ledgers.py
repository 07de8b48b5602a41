"""The indexes that ledgers are added up from have the payments of a currency side by side."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LEDGER = ["voided_at", "currency", "kind", "on", "amount"]


def upgrade() -> None:
    op.drop_index("payment_deal_id", "payment")
    op.create_index("payment_deal_id", "payment", ["deal_id", *LEDGER])
    loose = sa.text("customer_id IS NOT NULL")
    op.drop_index("payment_customer_id", "payment")
    op.create_index(
        "payment_customer_id", "payment", ["customer_id", *LEDGER], sqlite_where=loose, postgresql_where=loose
    )
