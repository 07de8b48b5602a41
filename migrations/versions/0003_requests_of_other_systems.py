"""Requests that were imported know which case of which system they were."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IMPORTED = sa.text("external_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("request", sa.Column("external_id", TEXT, nullable=True))
    op.add_column("request", sa.Column("system", TEXT, nullable=True))
    op.create_index(
        "request_external_id",
        "request",
        ["external_id", "system"],
        unique=True,
        sqlite_where=IMPORTED,
        postgresql_where=IMPORTED,
    )
