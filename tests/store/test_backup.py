"""Backups: whole, made while others work, and put back into either engine."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import made
import pytest
from test_locks import cut_off, running

from oppcli import store
from oppcli.errors import Conflict, Exists, NeedsUpgrade, NoDatabase, OppError, StoreError
from oppcli.model.deals import Deal
from oppcli.model.forecasts import Forecast, ForecastLine
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.model.requests import Request
from oppcli.store import backup, journal, migrate, sqlite
from oppcli.store.doors import ReadDoor
from oppcli.store.version import SCHEMA


def everything(url: str) -> tuple[list[object], ...]:
    """All nouns of a database, and its journal as it lies."""
    with store.open_read(url) as door:
        return contents(door)


def contents(door: ReadDoor) -> tuple[list[object], ...]:
    nouns: list[list[object]] = [[*door.find(noun)] for noun in (User, Deal, Request)]
    return (*nouns, [*door.rows(journal.SELECT)], [*door.rows("SELECT * FROM meta")])


@pytest.fixture
def filled(db_url: str, stamp: Stamp) -> str:
    with store.open_write(db_url, stamp) as door:
        request = made.request(door)
        door.save(request, made.approved(request))
        door.save(made.LI, replace(made.LI, manager="wang"))
    return db_url


def test_a_backup_holds_everything_with_the_same_hashes(filled: str, tmp_path: Path) -> None:
    backup.back_up(filled, tmp_path / "backups" / "monday.db")
    assert everything(str(tmp_path / "backups" / "monday.db")) == everything(filled)
    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["monday.db"]


def test_a_backup_never_writes_over_a_file(filled: str, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x", "utf-8")
    with pytest.raises(Exists):
        backup.back_up(filled, tmp_path / "precious")
    assert (tmp_path / "precious").read_text("utf-8") == "x"


def test_a_backup_is_made_while_somebody_writes_and_holds_none_of_it(filled: str, tmp_path: Path, stamp: Stamp) -> None:
    before = everything(filled)
    with store.open_write(filled, stamp) as door:
        door.add(made.DEAL)
        backup.back_up(filled, tmp_path / "b.db")
    assert everything(str(tmp_path / "b.db")) == before


def test_a_disk_without_room_is_that_of_the_backup_and_not_of_what_is_backed_up(tmp_path: Path) -> None:
    refused = pytest.raises(StoreError, match=r"^the disk is full; nothing was written to .*/b\.db$")
    with (
        refused,
        sqlite.errors_of("h.db"),
        backup._full(tmp_path / "b.db"),
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        copy.execute("PRAGMA max_page_count = 1")
        copy.execute("CREATE TABLE t (x)")


def test_a_backup_of_nothing_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase):
        backup.back_up(str(tmp_path / "none.db"), tmp_path / "b.db")
    assert list(tmp_path.iterdir()) == []


def test_what_was_backed_up_comes_back_on_either_engine(filled: str, tmp_path: Path, stamp: Stamp) -> None:
    before = everything(filled)
    backup.back_up(filled, tmp_path / "b.db")
    with store.open_write(filled, stamp) as door:
        door.save(door.get(Deal, 1), replace(door.get(Deal, 1), title="a mistake"))
        door.add_many(replace(made.DEAL, title="wrong") for _ in range(100))
    backup.restore(tmp_path / "b.db", filled)
    assert everything(filled) == before
    with store.open_write(filled, stamp) as door:
        assert door.add(made.DEAL).id == 2
    assert "cannot be changed" in refused(filled, "UPDATE journal SET actor = 'x'")


def refused(url: str, statement: str) -> str:
    with pytest.raises(Exception) as error, store.open_write(url, Stamp(actor="x", now=0)) as door:
        door._execute(statement)  # type: ignore[attr-defined]
    return str(error.value)


def test_a_server_moves_into_a_file_and_back(pg_url: str, sqlite_url: str, tmp_path: Path, stamp: Stamp) -> None:
    with store.open_write(pg_url, stamp) as door:
        made.request(door)
        line = ForecastLine(deal_id=1, category="commit", currency="CNY", probability=50)
        door.add(Forecast(month="2026-11", currency="CNY", lines=(line,)))
    backup.back_up(pg_url, tmp_path / "b.db")
    backup.restore(tmp_path / "b.db", sqlite_url)
    assert everything(sqlite_url) == everything(pg_url)
    with store.open_write(sqlite_url, stamp) as door:
        door.add(made.DEAL)
    backup.back_up(sqlite_url, tmp_path / "c.db")
    backup.restore(tmp_path / "c.db", pg_url)
    assert everything(pg_url) == everything(sqlite_url)


def lost(path: Path) -> None:
    path.unlink()


def spoilt(path: Path) -> None:
    path.write_bytes(b"spoilt" * 999)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize("harm", [lost, spoilt, cut_short])
def test_a_database_that_was_harmed_while_somebody_wrote_is_restored(
    sqlite_url: str, tmp_path: Path, stamp: Stamp, harm: Callable[[Path], None]
) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.team(door)
    backup.back_up(sqlite_url, tmp_path / "b.db")
    with store.open_write(sqlite_url, stamp) as door:
        door.add(made.DEAL)
    with running("stop", sqlite_url):
        pass
    assert cut_off(sqlite_url)
    harm(Path(sqlite_url))
    backup.restore(tmp_path / "b.db", sqlite_url)
    assert everything(sqlite_url) == everything(str(tmp_path / "b.db"))
    with store.open_read(sqlite_url) as door:
        assert door.rows("PRAGMA integrity_check") == [("ok",)]


def tampered(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET actor = 'li' WHERE seq = 2")
    connection.close()


def from_the_future(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" * 400)


BAD = [
    (tampered, StoreError, "e2 was changed"),
    (from_the_future, NeedsUpgrade, "newer"),
    (no_database, StoreError, "not"),
]


@pytest.mark.parametrize(("spoil", "kind", "said"), BAD)
def test_a_bad_backup_is_refused_before_anything_is_touched(
    filled: str, tmp_path: Path, spoil: Callable[[Path], None], kind: type[StoreError], said: str
) -> None:
    before = everything(filled)
    backup.back_up(filled, tmp_path / "b.db")
    spoil(tmp_path / "b.db")
    with pytest.raises(kind, match=said):
        backup.restore(tmp_path / "b.db", filled)
    assert everything(filled) == before


def old_file(path: Path) -> None:
    """A database as the first version made it, with somebody in it."""
    migrate.file_at(path, "0001")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO user_account VALUES ('wang', '王芳', NULL, '[]', NULL, 1, 0, 1)")
        connection.execute("INSERT INTO meta VALUES ('id', 'abc')")
    connection.close()


def upgraded(url: str, target: Path) -> tuple[str, str]:
    return migrate.upgrade(url, lambda: backup.back_up(url, target))


def test_an_old_database_is_backed_up_as_it_is_and_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "opp.db"
    old_file(path)
    with pytest.raises(NeedsUpgrade), store.open_read(str(path)):
        pass
    assert upgraded(str(path), tmp_path / "b.db") == ("0001", SCHEMA)
    assert migrate.version_at(str(tmp_path / "b.db")) == "0001"
    with store.open_read(str(path)) as door:
        assert [user.login for user in door.find(User)] == ["wang"]
    assert upgraded(str(path), tmp_path / "c.db") == (SCHEMA, SCHEMA)
    assert not (tmp_path / "c.db").exists()


def test_an_old_backup_is_upgraded_when_it_is_restored(db_url: str, tmp_path: Path) -> None:
    old_file(tmp_path / "b.db")
    backup.restore(tmp_path / "b.db", db_url)
    with store.open_read(db_url) as door:
        assert [user.login for user in door.find(User)] == ["wang"]
        assert door.rows("SELECT value FROM meta") == [("abc",)]


def test_an_old_server_is_backed_up_as_it_is_and_upgraded(pg_url: str, tmp_path: Path) -> None:
    old_file(tmp_path / "old.db")
    with migrate.migrating(pg_url) as connection:
        from oppcli.store import schema

        schema.drop_all(connection)
        migrate.run(connection, "0001")
    assert upgraded(pg_url, tmp_path / "b.db") == ("0001", SCHEMA)
    assert migrate.version_at(str(tmp_path / "b.db")) == "0001"
    assert migrate.version_at(pg_url) == SCHEMA


def test_a_database_of_a_newer_program_is_left_alone(sqlite_url: str) -> None:
    from_the_future(Path(sqlite_url))
    with pytest.raises(NeedsUpgrade, match="newer"):
        migrate.upgrade(sqlite_url)
    assert migrate.version_at(sqlite_url) == "9999"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_backup_is_for_no_more_eyes_than_its_database(sqlite_url: str, tmp_path: Path, mode: int) -> None:
    Path(sqlite_url).chmod(mode)
    backup.back_up(sqlite_url, tmp_path / "b.db")
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == mode


def test_a_backup_of_a_server_is_for_whoever_made_it(pg_url: str, tmp_path: Path) -> None:
    backup.back_up(pg_url, tmp_path / "b.db")
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600


def test_a_database_that_takes_the_place_of_a_broken_one_is_for_no_more_eyes_than_that(
    sqlite_url: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)
    broken.chmod(0o600)
    backup.restore(Path(sqlite_url), str(broken))
    assert broken.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("what", [backup.back_up, lambda url, target: backup.restore(target, url)])
def test_a_name_that_is_too_long_is_told(sqlite_url: str, tmp_path: Path, what: Callable[..., object]) -> None:
    with pytest.raises(OppError) as told:
        what(sqlite_url, tmp_path / ("x" * 300 + ".db"))
    assert told.value.code == 6
    with pytest.raises(OppError) as made:
        store.create(str(tmp_path / ("x" * 300) / "o.db"))
    assert made.value.code == 6


def test_a_server_takes_back_entries_that_another_role_or_none_wrote_and_guards_what_follows(
    pg_url: str, sqlite_url: str, tmp_path: Path, stamp: Stamp
) -> None:
    with store.open_write(sqlite_url, stamp) as door:  # a file knows no roles
        made.team(door)
    backup.back_up(sqlite_url, tmp_path / "b.db")
    backup.restore(tmp_path / "b.db", pg_url)
    with store.open_write(pg_url, stamp) as door:
        door.save(made.LI, replace(made.LI, manager="wang"))
        assert [entry.meta["role"] for entry in door.entries] == ["postgres"]
        with pytest.raises(Conflict, match="names the role that writes it"):
            door.rows("INSERT INTO journal SELECT * FROM journal WHERE seq = 1")
