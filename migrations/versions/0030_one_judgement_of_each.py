"""One judgement of a deal or month of each who judges it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(
            "judgement_of_deal",
            ["deal_id", "judged_by"],
            unique=True,
            sqlite_where=sa.text("standing <> 'withdrawn' AND deal_id IS NOT NULL"),
            postgresql_where=sa.text("standing <> 'withdrawn' AND deal_id IS NOT NULL"),
        )
        batch_op.create_index(
            "judgement_of_month",
            ["owner", "month", "judged_by"],
            unique=True,
            sqlite_where=sa.text("standing <> 'withdrawn' AND owner IS NOT NULL"),
            postgresql_where=sa.text("standing <> 'withdrawn' AND owner IS NOT NULL"),
        )
