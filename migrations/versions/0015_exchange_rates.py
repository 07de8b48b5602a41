"""Exchange rates by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"
NOT_LIVE, KEPT = "standing <> 'live'", "standing <> 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "rate",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("base", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("rate", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("rate_standing")),
        sa.PrimaryKeyConstraint("id", name=op.f("rate_pkey")),
    )
    with op.batch_alter_table("rate") as table:
        where = {"sqlite_where": sa.text(KEPT), "postgresql_where": sa.text(KEPT)}
        table.create_index("rate_pair", ["base", "currency", "day"], unique=True, **where)
        where = {"sqlite_where": sa.text(NOT_LIVE), "postgresql_where": sa.text(NOT_LIVE)}
        table.create_index("rate_standing", ["standing"], unique=False, **where)
