"""Digests of notices, each stored before it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
WAITING = sa.text("queued_at IS NULL AND unsent IS NULL")
UNSENT = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    op.drop_index("notice_unsent", table_name="notice")
    op.drop_column("notice", "attempts")
    op.drop_column("notice", "next_try_at")
    op.add_column("notice", sa.Column("queued_at", WHOLE, nullable=True))
    op.add_column("notice", sa.Column("unsent", TEXT, nullable=True))
    op.create_index("notice_waiting", "notice", ["to"], unique=False, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "delivery",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("notices", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("next_try_at", WHOLE, nullable=True),
        sa.Column("sent_at", WHOLE, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.Column("down", FLAG, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("\"state\" IN ('waiting', 'sending', 'sent', 'dropped')", name=op.f("delivery_state")),
        sa.CheckConstraint("down IN (0, 1)", name=op.f("delivery_down")),
        sa.PrimaryKeyConstraint("id", name="delivery_pkey"),
        sa.UniqueConstraint("key", name="delivery_key_key"),
    )
    op.create_index(
        "delivery_unsent",
        "delivery",
        ["channel", "next_try_at"],
        unique=False,
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    )
