"""steps of notices: the letter says when they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
    with op.batch_alter_table("notice", schema=None) as notice:
        notice.add_column(sa.Column("step", text, nullable=True))
