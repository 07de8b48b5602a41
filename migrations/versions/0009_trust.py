"""What trust needs: server roles, PINs, the scope of a policy, salts of seals; the journal's triggers know who writes.

Of an entry `changes` and `salt` alone may change (an erasure); on PostgreSQL an entry tells the role that wrote it.
Entries of before tell none: they are there already, and a restore loads them with the trigger off.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
COLUMNS = (
    ("user_account", "server_role", TEXT),
    ("user_account", "pin_at", WHOLE),
    ("policy", "scope", TEXT),
    ("journal", "salt", TEXT),
)
SEALED = "seq txn at actor on_behalf_of channel action noun noun_id meta prev hash".split()
"""Columns of an entry that never change."""
MESSAGE = "the journal cannot be changed"
ROLE = """
CREATE FUNCTION journal_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF (NEW.meta::json ->> 'role') IS DISTINCT FROM session_user::text THEN
RAISE EXCEPTION 'an entry names the role that writes it: %', session_user USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
END $$
"""


def upgrade() -> None:
    for table, column, kind in COLUMNS:
        op.add_column(table, sa.Column(column, kind, nullable=True))
    op.create_table(
        "credential",
        sa.Column("login", TEXT, autoincrement=False, nullable=False),
        sa.Column("salt", TEXT, nullable=False),
        sa.Column("verifier", TEXT, nullable=True),
        sa.Column("code", TEXT, nullable=True),
        sa.Column("code_ends", WHOLE, nullable=True),
        sa.Column("earlier", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["login"], ["user_account.login"], name="credential_login_fkey"),
        sa.PrimaryKeyConstraint("login", name="credential_pkey"),
    )
    op.drop_index("deal_stage_id", "deal")
    columns = ["stage_id", "last_open_stage_id", "currency", "amount", "standing", "owner"]
    op.create_index("deal_stage_id", "deal", columns)
    (on_sqlite if op.get_context().dialect.name == "sqlite" else on_postgresql)()


def on_sqlite() -> None:
    """The values are compared: by `UPDATE OF seq` one could still set `rowid`."""
    other = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in SEALED)
    op.execute("DROP TRIGGER IF EXISTS journal_no_update")
    op.execute(
        f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal WHEN {other} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def on_postgresql() -> None:
    op.execute("DROP TRIGGER IF EXISTS journal_kept ON journal")
    op.execute(
        f"CREATE TRIGGER journal_kept BEFORE UPDATE OF {', '.join(SEALED)} OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_kept()"
    )
    op.execute(ROLE)
    op.execute("CREATE TRIGGER journal_role BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_role()")
