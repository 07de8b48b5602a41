"""The schema is said once: nouns, SQLModel tables, migrations, the fast script and the databases agree."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from oppcli import store
from oppcli.errors import Exists, NeedsUpgrade, NoDatabase
from oppcli.model.journal import Stamp
from oppcli.model.nouns import RECORDS, class_of
from oppcli.model.people import User
from oppcli.store import fingerprint, migrate, schema
from oppcli.store.mapping import Shape, shape_of
from oppcli.store.tables import metadata
from oppcli.store.version import SCHEMA

ROOTS = tuple(map(class_of, RECORDS))


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    for child in shape.children:
        yield from shapes(child)


ALL = [shape for noun in ROOTS for shape in shapes(shape_of(noun))]


def test_every_noun_has_a_table_and_every_table_a_noun() -> None:
    assert {shape.table for shape in ALL} | {"meta", "credential", "match_key", "fired"} == set(metadata.tables)


@pytest.mark.parametrize("shape", ALL, ids=lambda shape: shape.table)
def test_a_noun_and_its_table_have_the_same_columns_and_key(shape: Shape) -> None:
    table = metadata.tables[shape.table]
    assert set(shape.columns) == {column.name for column in table.columns}
    assert list(shape.key) == [column.name for column in table.primary_key]


def engine(url: str) -> Engine:
    return (
        migrate.engine_of(url)
        if url.startswith("postgresql")
        else create_engine(f"sqlite:///{url}", poolclass=NullPool)
    )


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_autogenerate_finds_no_difference(db_url: str) -> None:
    with engine(db_url).connect() as connection:
        assert inspect(connection).get_table_names()
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    assert found == []


def definitions(path: Path) -> dict[str, str]:
    """Every table and index of a file by name, as it was defined."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' "
            "AND name NOT LIKE 'alembic%'"
        ).fetchall()
    connection.close()
    return {name: tidy(sql) for name, sql in rows}


def tidy(sql: str) -> str:
    """The parts of a definition in alphabetical order: columns and constraints may stand in any. Columns that came
    later have a default for the rows that were there, which SQLite keeps, and say themselves what they refer to; a
    table that was built anew has its name in quotes."""
    sql = re.sub(r" DEFAULT '[^']*'", "", sql)
    sql = re.sub(r"(\w+) (\w+) (CONSTRAINT \w+) REFERENCES", r"\1 \2, \3 FOREIGN KEY(\1) REFERENCES", sql)
    head, _, body = re.sub('^CREATE TABLE "([^"]+)"', r"CREATE TABLE \1", " ".join(sql.split())).partition("(")
    inside, _, tail = body.rpartition(")")
    parts, depth = [""], 0
    for letter in inside:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return f"{head.strip()} {tail.strip()}: " + ", ".join(sorted(part.strip() for part in parts))


def test_the_migrations_make_what_the_tables_say_constraints_and_all(tmp_path: Path) -> None:
    migrated, direct = tmp_path / "migrated.db", tmp_path / "direct.db"
    migrate.file_at(migrated, "head")
    metadata.create_all(create_engine(f"sqlite:///{direct}", poolclass=NullPool))
    wanted = definitions(direct)
    assert len(wanted) > len(metadata.tables)
    assert definitions(migrated) == wanted


def test_the_fast_script_makes_what_the_migrations_make(tmp_path: Path) -> None:
    migrate.file_at(tmp_path / "migrated.db", "head")
    with sqlite3.connect(tmp_path / "migrated.db") as connection:
        made = schema.script_of(connection)
    connection.close()
    assert fingerprint.SCRIPT.read_text("utf-8") == made


def test_the_program_speaks_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_current_head() == SCHEMA


def test_making_a_database_where_one_is_is_refused_and_harms_nothing(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        door.add(User(login="wang", name="王芳"))
    with pytest.raises(Exists, match="already"):
        store.create(db_url)
    with store.open_read(db_url) as reader:
        assert [user.login for user in reader.find(User)] == ["wang"]


def test_folders_on_the_way_are_made(tmp_path: Path, stamp: Stamp) -> None:
    path = str(tmp_path / "a" / "b?c#d%20e" / "商机.db")
    store.create(path)
    with store.open_write(path, stamp) as door:
        door.add(User(login="wang", name="王芳"))
    with store.open_read(path) as reader:
        assert len(reader.find(User)) == 1


def test_a_database_whose_filling_fails_is_taken_away(db_url: str, tmp_path: Path, stamp: Stamp) -> None:
    url = db_url if "://" in db_url else str(tmp_path / "new.db")
    if "://" in db_url:
        schema.remove(db_url)
    with pytest.raises(ZeroDivisionError), store.creating(url), store.open_write(url, stamp) as door:
        door.add(User(login="wang", name=str(1 / 0)))
    with pytest.raises(NoDatabase), store.open_read(url):
        pass
    store.create(url)
    with store.open_read(url) as reader:
        assert reader.find(User) == []


def stamp_version(url: str, version: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


AGES = [("0000", "older opp", "opp db upgrade"), ("9999", "newer opp", "pip install --upgrade oppcli")]


@pytest.mark.parametrize(("version", "said", "hint"), AGES)
def test_a_database_that_is_too_old_or_too_new_is_refused_with_the_command_to_run(
    db_url: str, stamp: Stamp, version: str, said: str, hint: str
) -> None:
    stamp_version(db_url, version)
    with pytest.raises(NeedsUpgrade, match=said) as read, store.open_read(db_url):
        pass
    with pytest.raises(NeedsUpgrade, match=said) as write, store.open_write(db_url, stamp):
        pass
    assert (read.value.hint, write.value.hint, read.value.code) == (hint, hint, 6)


def test_every_table_is_somebodys_in_the_grants() -> None:
    from oppcli.store import grants
    from oppcli.store.tables import metadata

    assert sorted({*metadata.tables, "alembic_version"}) == grants.TABLES
