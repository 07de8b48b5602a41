"""Questions, the terms of a yes, steps that are asked again, and what else the second half of requests keeps."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STEP_STATES = "\"state\" IN ('waiting', 'open', 'approved', 'rejected', 'cancelled', 'redone')"


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("answer", TEXT, nullable=True),
        sa.Column("answered_by", TEXT, nullable=True),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("question_request_id_fkey")),
        sa.PrimaryKeyConstraint("request_id", "number", name=op.f("question_pkey")),
        sqlite_with_rowid=False,
    )
    unanswered = sa.text("answered_at IS NULL")
    op.create_index("question_open", "question", ["to"], sqlite_where=unanswered, postgresql_where=unanswered)
    op.create_table(
        "term",
        sa.Column("request_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("decision", WHOLE, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("test", TEXT, nullable=True),
        sa.Column("before_id", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("closed_by", TEXT, nullable=True),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("why", TEXT, nullable=True),
        sa.Column("file", TEXT, nullable=True),
        sa.CheckConstraint("\"state\" IN ('open', 'met', 'waived', 'lapsed')", name=op.f("term_state")),
        sa.ForeignKeyConstraint(["before_id"], ["stage.id"], name=op.f("term_before_id_fkey")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("term_request_id_fkey")),
        sa.PrimaryKeyConstraint("request_id", "number", name=op.f("term_pkey")),
        sqlite_with_rowid=False,
    )
    for name in ("code", "target"):
        op.add_column("decision", sa.Column(name, TEXT, nullable=True))
    filled("decision", "files", TEXT, "[]")
    filled("request", "rounds", WHOLE, "0")
    filled("request", "chosen", TEXT, "{}")
    filled("request", "parts", TEXT, "")
    filled("revision", "skipped", TEXT, "{}")
    filled("revision", "agreed", TEXT, "{}")
    op.add_column("step", sa.Column("share", WHOLE, nullable=True))
    if op.get_context().dialect.name == "sqlite":
        rebuild_steps()
    else:
        op.drop_constraint(op.f("step_state"), "step", type_="check")
        op.create_check_constraint(op.f("step_state"), "step", STEP_STATES)


def filled(table: str, name: str, type_: sa.types.TypeEngine[object], value: str) -> None:
    """A column that is never blank. On SQLite its default stays: to take it off one would write the table anew."""
    op.add_column(table, sa.Column(name, type_, nullable=False, server_default=value))
    if op.get_context().dialect.name != "sqlite":
        op.alter_column(table, name, server_default=None)


def rebuild_steps() -> None:
    """SQLite alters no constraint in place: the old definition with other states, and every row put into it. No other
    table knows the new one by its first name."""
    connection = op.get_bind()
    described = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'step' AND sql IS NOT NULL ORDER BY rowid"
    found = connection.execute(sa.text(described)).all()
    names = ", ".join(f'"{row[1]}"' for row in connection.exec_driver_sql("PRAGMA table_info(step)"))
    new = re.sub(r"CREATE TABLE \W?step\W? ?\(", "CREATE TABLE step_anew (", found[0][1], count=1)
    new = re.sub(r"(CONSTRAINT \W?step_state\W? CHECK ?\()[^()]*\([^()]*\)\)", rf"\g<1>{STEP_STATES})", new, count=1)
    connection.exec_driver_sql(new)
    op.execute(f"INSERT INTO step_anew ({names}) SELECT {names} FROM step")
    op.execute("DROP TABLE step")
    op.execute("ALTER TABLE step_anew RENAME TO step")
    for kind, sql in found:
        if kind == "index":
            op.execute(sql)
