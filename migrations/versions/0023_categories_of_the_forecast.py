"""Categories of the forecast: of a deal by hand, and of a stage."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("deal", sa.Column("category", TEXT, nullable=True))
    op.add_column("stage", sa.Column("category", TEXT, nullable=True))
