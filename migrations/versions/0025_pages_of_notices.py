"""Notices that are a part of a page: views that go out at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("page", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")))
