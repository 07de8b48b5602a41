"""Codes with which somebody decides away from the terminal, and the key that proves such an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
UNSPENT = sa.text("spent_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "code",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("request_id", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("seat", WHOLE, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.Column("spent_at", WHOLE, nullable=True),
        sa.Column("answer", TEXT, nullable=True),
        sa.CheckConstraint("\"kind\" IN ('mail', 'packet')", name=op.f("code_kind")),
        sa.CheckConstraint("spent_at IS NULL OR spent_at <= ends_at", name=op.f("code_spent")),
        sa.ForeignKeyConstraint(["login"], ["user_account.login"], name=op.f("code_login_fkey")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("code_request_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("code_pkey")),
        sa.UniqueConstraint("hash", name=op.f("code_hash_key")),
    )
    op.create_index(
        "code_live",
        "code",
        ["login", "request_id"],
        sqlite_where=UNSPENT,
        postgresql_where=UNSPENT,
    )
    op.add_column("user_account", sa.Column("answer_key", TEXT, nullable=True))
