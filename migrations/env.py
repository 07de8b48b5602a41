"""Alembic's entry: runs the migrations on the connection that `oppcli.store.migrate` gives it.

A migration is one transaction on both engines. SQLite changes little of a table in place: `op.batch_alter_table` builds
it anew, and loses its triggers on the way, so that a migration of `journal` or `decision` has to make them again.
"""

from alembic import context

from oppcli.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
