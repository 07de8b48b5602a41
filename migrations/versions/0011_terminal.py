"""What people keep to use again (views, mappings), and the language of their letters."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("lang", TEXT, nullable=True))
    op.create_table(
        "mapping",
        sa.Column("name", TEXT, autoincrement=False, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
        sa.Column("saved_at", WHOLE, nullable=False),
        sa.Column("used_at", WHOLE, nullable=True),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("mapping_standing")),
        sa.PrimaryKeyConstraint("name", name="mapping_pkey"),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("shared", FLAG, nullable=False),
        sa.Column("command", TEXT, nullable=False),
        sa.Column("every", TEXT, nullable=True),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("saved_view_standing")),
        sa.CheckConstraint("shared IN (0, 1)", name=op.f("saved_view_shared")),
        sa.PrimaryKeyConstraint("id", name="saved_view_pkey"),
    )
    for table in ("mapping", "saved_view"):
        partial(f"{table}_standing", table, ["standing"], "standing <> 'live'")
    partial("saved_view_own", "saved_view", ["owner", "name"], "standing <> 'withdrawn'", unique=True)
    partial("saved_view_of_all", "saved_view", ["name"], "standing <> 'withdrawn' AND shared = 1", unique=True)


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
