"""Alembic's entry: migrates the connection `oppcli.store.schema` gives it, or a scratch file for `alembic revision`.

PostgreSQL runs a migration in one transaction by itself; the SQLite driver has to be told (`BEGIN IMMEDIATE` in
`oppcli.store.schema`). Changes of existing SQLite tables go through batch mode, which rebuilds the table.
"""

from alembic import context
from sqlalchemy import Connection, create_engine

from oppcli.store.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = context.config.get_main_option("sqlalchemy.url") or "sqlite:///migrations-scratch.db"
    with create_engine(url).begin() as scratch:
        migrate(scratch)
