"""The price list; quotes of deals with their versions and lines; the deal that another was made like."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"
KEPT = "standing <> 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "price",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("list", WHOLE, nullable=False),
        sa.Column("floor", WHOLE, nullable=True),
        sa.Column("cost", WHOLE, nullable=True),
        sa.Column("tax", WHOLE, nullable=True),
        sa.Column("from_on", TEXT, nullable=False),
        sa.Column("to_on", TEXT, nullable=True),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("system", TEXT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("price_standing")),
        sa.CheckConstraint("cost >= 0", name=op.f("price_cost")),
        sa.CheckConstraint("floor >= 0", name=op.f("price_floor")),
        sa.CheckConstraint("list >= 0", name=op.f("price_list")),
        sa.CheckConstraint("tax BETWEEN 0 AND 1000000", name=op.f("price_tax")),
        sa.PrimaryKeyConstraint("id", name=op.f("price_pkey")),
    )
    partial("price_external_id", "price", ["system", "external_id"], KEPT, unique=True)
    partial("price_sku", "price", ["sku", "currency", "from_on"], KEPT, unique=True)
    partial("price_standing", "price", ["standing"], "standing <> 'live'")

    op.create_table(
        "quote",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("deal_id", WHOLE, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(IN_STANDING, name=op.f("quote_standing")),
        sa.CheckConstraint("id = deal_id", name=op.f("quote_deal_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("quote_deal_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("quote_pkey")),
        sa.UniqueConstraint("deal_id", name=op.f("quote_deal_id_key")),
    )
    partial("quote_standing", "quote", ["standing"], "standing <> 'live'")

    op.create_table(
        "quoteversion",
        sa.Column("quote_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("opened_on", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("opened_by", TEXT, nullable=False),
        sa.Column("valid_until", TEXT, nullable=True),
        sa.Column("terms", TEXT, nullable=True),
        sa.Column("used_at", WHOLE, nullable=True),
        sa.Column("frozen_at", WHOLE, nullable=True),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("sent", TEXT, nullable=False),
        sa.Column("accepted_on", TEXT, nullable=True),
        sa.Column("accepted_at", WHOLE, nullable=True),
        sa.Column("accepted_by", TEXT, nullable=True),
        sa.Column("accepted_note", TEXT, nullable=True),
        sa.CheckConstraint("length(currency) = 3", name=op.f("quoteversion_currency")),
        sa.CheckConstraint("number >= 1", name=op.f("quoteversion_number")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("quoteversion_quote_id_fkey")),
        sa.PrimaryKeyConstraint("quote_id", "number", name=op.f("quoteversion_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "line",
        sa.Column("quote_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("quoteversion", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("sku", TEXT, nullable=True),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("qty", WHOLE, nullable=False),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("list", WHOLE, nullable=True),
        sa.Column("floor", WHOLE, nullable=True),
        sa.Column("cost", WHOLE, nullable=True),
        sa.Column("price", WHOLE, nullable=True),
        sa.Column("discount", WHOLE, nullable=True),
        sa.Column("tax", WHOLE, nullable=False),
        sa.Column("note", TEXT, nullable=True),
        sa.CheckConstraint("discount BETWEEN 0 AND 1000000", name=op.f("line_discount")),
        sa.CheckConstraint("position >= 1", name=op.f("line_position")),
        sa.CheckConstraint("tax BETWEEN 0 AND 1000000", name=op.f("line_tax")),
        sa.ForeignKeyConstraint(
            ["quote_id", "quoteversion"],
            ["quoteversion.quote_id", "quoteversion.number"],
            name=op.f("line_quote_id_quoteversion_fkey"),
        ),
        sa.PrimaryKeyConstraint("quote_id", "quoteversion", "position", name=op.f("line_pkey")),
        sqlite_with_rowid=False,
    )
    partial("line_sku", "line", ["sku"], "sku IS NOT NULL")

    op.add_column("deal", sa.Column("origin", WHOLE, nullable=True))
    partial("deal_origin", "deal", ["origin"], "origin IS NOT NULL")


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
