"""For developers. `python migrations/revise.py "what changes"` writes the next migration from the tables; look it over,
set `SCHEMA` in oppcli/store/version.py, and run it again without words: it writes `schema.sql` from the migrations."""

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command

from oppcli.store import fingerprint, migrate, schema, version


def revise(words: str) -> None:
    """Compare the tables with the newest migration and write what differs as the next one."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch.db"
        migrate.file_at(scratch, "head")
        with migrate.migrating(str(scratch)) as connection:
            config = migrate.config(connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, words, autogenerate=True, rev_id=f"{int(version.SCHEMA) + 1:04}")


def refresh() -> None:
    """Write the script that makes a new SQLite database at once."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch.db"
        migrate.file_at(scratch, "head")
        with closing(sqlite3.connect(scratch)) as connection:
            fingerprint.SCRIPT.write_text(schema.script_of(connection), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        revise(" ".join(sys.argv[1:]))
    else:
        refresh()
