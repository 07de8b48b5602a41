"""Backups, from either engine into one SQLite file, and back from such a file into either engine.

A backup of a server is an ordinary database file: every command works on it, and its journal verifies the same.
"""

import glob
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.errors import Conflict, Exists, NeedsUpgrade, NoDatabase, NotFound, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.said import of_system, say
from oppcli.store import erasing, handover, journal, knowing, locations, migrate, modes, schema, sqlite, version

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from oppcli.model.journal import Stamp
    from oppcli.store.doors import WriteDoor

    Note = Callable[[WriteDoor], object]

CHUNK = 2_000
DATED = re.compile(r"-\d{8}T\d{6}Z(-\d+)?")
LEFT_S = 3600
"""How long a file that is being written lies without a change at most."""
SIDE_FILES = ("-journal", "-wal", "-shm")
_LAST = "journal".__eq__
"""Of tables that are sorted by it: entries are written after what they tell of, and triggers rely on that."""


def back_up(url: str, target: Path, *, to_try: bool = False) -> None:
    """Write a whole, consistent copy to a new file; others may go on working. Refuses to write over a file. The schema
    is kept, so that a database can be backed up before it is upgraded. `to_try`: marked as a sandbox."""
    locations.require_path(target)
    part = target.parent / f"{target.name}.part"
    try:
        if target.exists():
            raise Exists(say("there is a file at {path} already", path=target))
        part.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        _closed_to_others(part, url)
        if locations.is_server(url):
            _server_to_file(url, part)
        else:
            _file_to_file(locations.file_of(url), part)
        if to_try:
            with _new_file(part) as copy, sqlite.errors_of(str(target)):
                copy.execute(knowing.MARK_SANDBOX)
        part.rename(target)
    except OSError as error:
        reason = of_system(error)
        raise StoreError(
            say("{path} cannot be written: {what}", path=target, what=reason),
            hint=command("db", "backup", "FILE", ready=False),
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Take away what backups left that were killed, whose dated names do not come again: nobody writes to them."""
    if (called := DATED.sub("-*", glob.escape(target.name))) != glob.escape(target.name):
        for left in target.parent.glob(f"{called}.part"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > LEFT_S:
                    left.unlink()


def copy_bytes(url: str, target: Path) -> None:
    """What is left of a file that cannot be read as a database."""
    _closed_to_others(target, url)
    shutil.copyfile(locations.file_of(url), target)


def _closed_to_others(part: Path, url: str) -> None:
    """An empty file that no more people may read than the database; that of a server is for whoever made it."""
    part.touch(mode=modes.OWN)
    modes.narrow(part, url)


def _file_to_file(path: str, target: Path) -> None:
    with closing(sqlite.readable(path)) as source:
        version.known(sqlite.SqliteReadDoor(source, path), path)
        with _new_file(target) as copy, sqlite.errors_of(path), _full(target.with_suffix("")):
            source.backup(copy)
            said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":  # broken pages are copied as they are, and would be found when they are needed
        damaged = say("the database {path} is damaged, and so would be its backup: {said}", path=path, said=said)
        raise StoreError(damaged, hint=command("db", "check"))


@contextmanager
def _full(target: Path) -> Iterator[None]:
    """A disk without room is that of what is written, whoever is copied."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise (
            sqlite.translated(error, str(target)) if error.sqlite_errorcode == sqlite3.SQLITE_FULL else error
        ) from None


@contextmanager
def _new_file(path: Path) -> Iterator[sqlite3.Connection]:
    with sqlite.errors_of(str(path)):
        connection = sqlite3.connect(locations.uri_of(path, "rwc"), uri=True, isolation_level=None)
    with closing(connection):
        yield connection


def _server_to_file(url: str, target: Path) -> None:
    """Make a file of the schema that the server has, and copy every table as it is, from one snapshot."""
    from oppcli.store import server

    with server.reading(url) as door:
        migrate.file_at(target, version.known(door, locations.shown(url)))
        with _new_file(target) as copy, sqlite.errors_of(str(target)):
            copy.execute("BEGIN")
            copy.execute("DELETE FROM alembic_version")
            for table, columns in tables_of(copy).items():
                names = ", ".join(f'"{name}"' for name in columns)
                marks = ", ".join("?" * len(columns))
                rows = door.stream(f"SELECT {names} FROM {table} ORDER BY 1")
                copy.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            copy.execute("COMMIT")


def tables_of(file: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table of a file with its columns; the journal last."""
    names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    return {name: [row[1] for row in file.execute(f"PRAGMA table_info({name})")] for name in sorted(names, key=_LAST)}


def restore(source: Path, url: str, stamp: "Stamp | None" = None, note: "Note | None" = None) -> None:
    """Put the database in a backup in place of the one at `url`, all or nothing, and bring it to the newest schema;
    what `note` writes into it, stamped so, is there as soon as the rest is.

    Refuses a file that is no backup, is damaged, or was written by a newer opp, before anything is touched."""
    examine(source, url)
    if locations.is_server(url):
        _file_to_server(source, url, stamp, note)
        return
    path = locations.file_of(url)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    part = Path(f"{path}.part")
    try:
        _make_ready(source, part, path, stamp, note)
        _file_over_file(part, path)
    finally:
        _gone(part)


def _make_ready(source: Path, part: Path, path: str, stamp: "Stamp | None", note: "Note | None") -> None:
    """The next database, whole, beside the present one, which is not touched yet."""
    from oppcli.store import sqlite_writing

    _gone(part)  # what one left that was killed
    _closed_to_others(part, path)
    with closing(sqlite.readable(str(source))) as opened, _new_file(part) as copy, sqlite.errors_of(path):
        opened.backup(copy)
    migrate.upgrade(str(part))
    if stamp is not None and note is not None:
        with sqlite_writing.open_write(str(part), stamp, locations.WAIT_MS, dry_run=False) as door:
            note(door)
        sqlite_writing.vacuum(str(part), locations.WAIT_MS)  # free pages hold what was erased


def _gone(part: Path) -> None:
    for side in ("", *SIDE_FILES):
        Path(f"{part}{side}").unlink(missing_ok=True)


def require_another(source: Path, url: str) -> None:
    """Refuse a file that is not there, or cannot be looked at, and the database at `url` itself, by whatever name."""
    try:
        there = source.is_file()
    except OSError as error:
        reason = of_system(error)
        raise StoreError(say("{file} cannot be read: {why}", file=source, why=reason)) from None
    if not there:
        raise NotFound(say("there is no backup at {source}", source=source))
    target = None if locations.is_server(url) else Path(locations.file_of(url))
    if target is not None and target.exists() and source.samefile(target):
        # By whatever name: copied over itself, SQLite would wait for its own lock.
        raise UsageError(say("{source} is the database itself", source=source), hint=command("db", "backup"))


def examine(source: Path, url: str) -> journal.Proof:
    """Refuse what cannot be restored into `url`, that database itself too; the proof of the backup's journal."""
    require_another(source, url)
    with closing(sqlite.readable(str(source))) as opened:
        door = sqlite.SqliteReadDoor(opened, str(source))
        made_by = version.known(door, str(source))
        if made_by > version.SCHEMA:
            raise NeedsUpgrade(
                say("{source} was written by a newer opp", source=source), hint="pip install --upgrade oppcli"
            )
        if door.rows("PRAGMA integrity_check(1)") != [("ok",)]:
            raise StoreError(say("the backup {source} is damaged", source=source))
        if knowing.made_after(door) is not None:
            tried = say("{source} is a sandbox, in which things were only tried", source=source)
            raise Conflict(tried, hint=say("do in the database itself what is good of it"))
        proof = erasing.proof(door, schema=made_by)
    if proof.fault:
        raise StoreError(
            say(
                "the journal of the backup {source} does not hold: entry e{seq} {what}",
                source=source,
                seq=proof.fault.seq,
                what=proof.fault.what,
            )
        )
    return proof


def _file_over_file(part: Path, path: str) -> None:
    """Through SQLite where the old file is one, so that programs that have it open see the new state, and in one
    transaction; else by name."""
    try:
        target = sqlite.connect(path, "rw", 10_000)
    except NoDatabase:
        _file_by_name(part, path)
        return
    with closing(target), closing(sqlite.readable(str(part))) as opened:
        try:
            opened.backup(target)
            return
        except sqlite3.Error as error:
            code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
            if code not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise sqlite.translated(error, path) from None
    _file_by_name(part, path)


def _file_by_name(part: Path, path: str) -> None:
    """A journal beside the old file belongs to its pages and would spoil the new one."""
    for side in SIDE_FILES:
        Path(path + side).unlink(missing_ok=True)
    part.replace(path)


def _file_to_server(source: Path, url: str, stamp: "Stamp | None", note: "Note | None") -> None:
    """One transaction: the tables are dropped, made anew at the backup's schema, filled, upgraded, and noted; groups
    that had rights have them again."""
    from oppcli.store import grants

    with closing(sqlite.readable(str(source))) as file, migrate.migrating(url) as connection:
        driver: Any = connection.connection.driver_connection
        given = grants.given(driver)
        schema.drop_all(connection)
        migrate.run(connection, version.known(sqlite.SqliteReadDoor(file, str(source)), str(source)))
        # Entries of other roles, and of before there were any: the triggers guard what comes after them.
        connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER USER")
        _fill(connection, file)
        connection.exec_driver_sql("ALTER TABLE journal ENABLE TRIGGER USER")
        migrate.run(connection)
        if given:
            driver.execute(grants.rights())
        if stamp is not None and note is not None:
            handover.note(connection, stamp, note)


def _fill(connection: "Connection", file: sqlite3.Connection) -> None:
    from sqlalchemy import MetaData, text

    made = MetaData()
    made.reflect(connection)
    kept = tables_of(file)
    connection.execute(text("DELETE FROM alembic_version"))
    for table in sorted((each for each in made.sorted_tables if each.name in kept), key=lambda each: _LAST(each.name)):
        columns = kept[table.name]
        own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
        _copy_table(connection, file, table.name, columns, own)


def _copy_table(
    connection: "Connection", file: sqlite3.Connection, table: str, columns: Sequence[str], own: Sequence[str]
) -> None:
    """`own` are columns that refer to the same table; they are set once all its rows are there."""
    key = columns[0]
    first = [name for name in columns if name not in own]
    names, marks = ", ".join(f'"{name}"' for name in first), ", ".join(["%s"] * len(first))
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    for rows in _chunks(file, f"SELECT {names} FROM {table} ORDER BY 1"):
        connection.exec_driver_sql(insert, rows)
    for name in own:
        select = f'SELECT "{name}", "{key}" FROM {table} WHERE "{name}" IS NOT NULL'
        for rows in _chunks(file, select):
            connection.exec_driver_sql(f'UPDATE {table} SET "{name}" = %s WHERE "{key}" = %s', rows)


def _chunks(file: sqlite3.Connection, sql: str) -> Iterator[list[Any]]:
    cursor = file.execute(sql)
    while rows := cursor.fetchmany(CHUNK):
        yield rows
