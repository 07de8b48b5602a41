"""Records have a standing, and a folded text to be searched in; what was withdrawn gives its external id and name free.

`search_key` is written here as the program writes it (`oppcli.model.records`); rows keep their version, and no entry
is made, since nothing is said that was not said before.
"""

import re
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")
SEARCHED = {"deal": ("title", "external_id"), "customer": ("name",)}
HAVE_STANDING = {"deal": "deal_system_external_id_key", "customer": "customer_key_key", "file": None}
"""Tables, and the constraint on each that a partial index takes the place of."""
IN_STANDING = "\"standing\" IN ('live', 'archived', 'withdrawn', 'merged')"
CHUNK = 2_000


def upgrade() -> None:
    on_file = op.get_context().dialect.name == "sqlite"
    for table, unique in HAVE_STANDING.items():
        (rebuild if on_file else alter)(table, unique)
    op.add_column("visit", sa.Column("system", TEXT, nullable=True))
    op.drop_index("deal_stage_id", "deal")
    op.create_index("deal_stage_id", "deal", ["stage_id", "last_open_stage_id", "currency", "amount", "standing"])
    partial("deal_external_id", "deal", ["system", "external_id"], "standing <> 'withdrawn'", unique=True)
    partial("customer_key", "customer", ["key"], "standing <> 'withdrawn'", unique=True)
    for table in HAVE_STANDING:
        partial(f"{table}_standing", table, ["standing"], "standing <> 'live'")
    for table, columns in SEARCHED.items():
        fill(table, columns)


def alter(table: str, unique: str | None) -> None:
    if unique:
        op.drop_constraint(unique, table, type_="unique")
    op.add_column(table, sa.Column("standing", TEXT, nullable=False, server_default="live"))
    op.create_check_constraint(op.f(f"{table}_standing"), table, IN_STANDING)
    if table in SEARCHED:
        op.add_column(table, sa.Column("search_key", TEXT, nullable=False, server_default=""))
        op.alter_column(table, "search_key", server_default=None)
    op.alter_column(table, "standing", server_default=None)  # only the rows that were there need it


def rebuild(table: str, unique: str | None) -> None:
    """SQLite drops no constraint in place. The old definition is edited rather than read back and written anew, which
    would put its constraints into another order every time. No other table knows the new one by its first name."""
    connection = op.get_bind()
    described = "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL ORDER BY rowid"
    found = connection.execute(sa.text(described), {"table": table}).all()
    names = ", ".join(f'"{row[1]}"' for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    new = re.sub(rf"CREATE TABLE \W?{table}\W? ?\(", f"CREATE TABLE {table}_anew (", found[0][1], count=1)
    new = re.sub(rf",\s*CONSTRAINT {unique} UNIQUE \([^)]*\)", "", new)
    columns = "standing TEXT DEFAULT 'live' NOT NULL, \n"
    columns += "search_key TEXT DEFAULT '' NOT NULL, \n" if table in SEARCHED else ""
    before, _, after = new.partition("CONSTRAINT")
    body = f"{before}{columns}CONSTRAINT{after}".rstrip().removesuffix(")").rstrip()
    op.execute(sa.text(f"{body}, \nCONSTRAINT {table}_standing CHECK ({IN_STANDING})\n)"))
    op.execute(f"INSERT INTO {table}_anew ({names}) SELECT {names} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in found:
        if kind == "index":
            op.execute(sql)


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def fill(table: str, columns: tuple[str, ...]) -> None:
    """In slices by id, so that a hundred thousand rows take no memory."""
    connection, last = op.get_bind(), -1
    names = ", ".join(f'"{name}"' for name in columns)
    select = sa.text(f"SELECT id, {names} FROM {table} WHERE id > :last ORDER BY id LIMIT {CHUNK}")
    update = sa.text(f"UPDATE {table} SET search_key = :folded WHERE id = :id")
    while rows := connection.execute(select, {"last": last}).all():
        keys = ["\n".join(folded(text) for text in row[1:] if text) for row in rows]
        connection.execute(update, [{"id": row[0], "folded": key} for row, key in zip(rows, keys, strict=True)])
        last = rows[-1][0]


def folded(text: str) -> str:
    return normalize("NFKC", normalize("NFKC", text).casefold())
