"""Contracts of deals, their versions, and what was said of their clauses."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("contract_standing")),
        sa.CheckConstraint("id = deal_id", name=op.f("contract_deal_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("contract_deal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("contract_pkey")),
        sa.UniqueConstraint("deal_id", name=op.f("contract_deal_id_key")),
    )
    partial("contract_standing", "contract", ["standing"], "standing <> 'live'")

    op.create_table(
        "contractversion",
        sa.Column("contract_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("amount", WHOLE, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("starts_on", TEXT, nullable=True),
        sa.Column("ends_on", TEXT, nullable=True),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("opened_by", TEXT, nullable=False),
        sa.Column("frozen_at", WHOLE, nullable=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("signed_on", TEXT, nullable=True),
        sa.Column("signer", TEXT, nullable=True),
        sa.Column("signed_at", WHOLE, nullable=True),
        sa.Column("signed_by", TEXT, nullable=True),
        sa.Column("scan", TEXT, nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("contractversion_amount")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("contractversion_currency")),
        sa.CheckConstraint("number >= 1", name=op.f("contractversion_number")),
        sa.CheckConstraint("signed_on IS NULL OR scan IS NOT NULL", name=op.f("contractversion_scan")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("contractversion_contract_id_fkey")),
        sa.PrimaryKeyConstraint("contract_id", "number", name=op.f("contractversion_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clause",
        sa.Column("contract_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("contractversion", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("answered_by", TEXT, nullable=True),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.Column("text", TEXT, nullable=True),
        sa.Column("kept_from", WHOLE, nullable=True),
        sa.CheckConstraint("\"state\" IN ('open', 'ok', 'deviates', 'missing')", name=op.f("clause_state")),
        sa.CheckConstraint("position >= 1", name=op.f("clause_position")),
        sa.ForeignKeyConstraint(
            ["contract_id", "contractversion"],
            ["contractversion.contract_id", "contractversion.number"],
            name=op.f("clause_contract_id_contractversion_fkey"),
        ),
        sa.PrimaryKeyConstraint("contract_id", "contractversion", "position", name=op.f("clause_pkey")),
        sqlite_with_rowid=False,
    )


def partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
