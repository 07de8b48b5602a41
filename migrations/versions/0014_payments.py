"""Payments: instalments and receipts, of a deal or of a customer alone; and which pipeline a stage is in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
LEDGER = ["voided_at", "on", "kind", "currency", "amount"]


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=True),
        sa.Column("customer_id", WHOLE, nullable=True),
        sa.Column("on", TEXT, nullable=True),
        sa.Column("sign_days", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=True),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("voided_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("\"kind\" IN ('due', 'received')", name=op.f("payment_kind")),
        sa.CheckConstraint("kind <> 'due' OR amount > 0", name=op.f("payment_due")),
        sa.CheckConstraint("kind <> 'received' OR \"on\" IS NOT NULL", name=op.f("payment_received")),
        sa.CheckConstraint('"on" IS NOT NULL OR sign_days IS NOT NULL', name=op.f("payment_dated")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("payment_currency")),
        sa.CheckConstraint("(deal_id IS NULL) <> (customer_id IS NULL)", name=op.f("payment_whose")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("payment_customer_id_fkey")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("payment_deal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_pkey")),
    )
    op.create_index("payment_deal_id", "payment", ["deal_id", *LEDGER])
    partial("payment_customer_id", ["customer_id", *LEDGER], "customer_id IS NOT NULL")
    partial("payment_external_id", ["system", "external_id"], "voided_at IS NULL AND external_id IS NOT NULL", True)
    op.add_column("stage", sa.Column("pipeline", TEXT, nullable=True))


def partial(name: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, "payment", columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
