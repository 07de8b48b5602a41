"""Databases that cannot be used: each is a clear error of exit code 6, and no driver's error leaves the store."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import made
import pytest
from postgres import administer

from oppcli import store
from oppcli.errors import Busy, NoDatabase, OppError, StoreError, UsageError
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.model.people import User
from oppcli.store import backup, grants, migrate
from oppcli.store.doors import WriteDoor
from oppcli.store.locations import shown

NOBODY = 65534


def reading(url: str) -> None:
    with store.open_read(url) as door:
        door.find(User)


def writing(url: str) -> None:
    with store.open_write(url, Stamp(actor="wang", now=0), wait_ms=100) as door:
        door.add(User(login="zhou", name="周敏"))


BOTH = pytest.mark.parametrize("use", [reading, writing])


def refusal(use: Callable[[str], None], url: str) -> OppError:
    with pytest.raises(OppError) as refused:
        use(url)
    return refused.value


@BOTH
def test_a_missing_file_asks_for_init_and_is_not_made(use: Callable[[str], None], tmp_path: Path) -> None:
    error = refusal(use, str(tmp_path / "none" / "opp.db"))
    assert (type(error), error.hint) == (NoDatabase, "opp init")
    assert error.message == f"no database at {tmp_path / 'none' / 'opp.db'}"
    assert list(tmp_path.iterdir()) == []


@BOTH
def test_what_the_system_says_of_a_name_is_said_in_its_words(use: Callable[[str], None]) -> None:
    error = refusal(use, "a" * 300)
    assert (type(error), error.message) == (StoreError, f"{'a' * 300}: file name too long")


@BOTH
def test_an_empty_file_is_no_database(use: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "opp.db").touch()
    assert type(refusal(use, str(tmp_path / "opp.db"))) is NoDatabase


def text_file(path: Path) -> None:
    path.write_text("title,amount\nx,1\n" * 200, "utf-8")


def zip_file(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)


def foreign(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


def folder(path: Path) -> None:
    path.mkdir()


def cut_short(path: Path) -> None:
    store.create(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[:6000] + b"\xff" * 3000 + whole[9000:20000])


ODD = [
    (text_file, "is not a database"),
    (zip_file, "is not a database"),
    (foreign, "is a database, but not one of opp"),
    (folder, "is a folder, not a database"),
    (cut_short, "is damaged"),
]


@BOTH
@pytest.mark.parametrize(("make", "said"), ODD)
def test_what_is_no_database_of_ours_is_said_and_left_alone(
    use: Callable[[str], None], make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "opp.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    error = refusal(use, str(path))
    assert isinstance(error, StoreError)
    assert said in error.message
    assert str(path) in error.message
    assert error.code == 6
    assert (path.read_bytes() if path.is_file() else b"") == before


@BOTH
def test_a_folder_in_place_of_a_parent_is_said(use: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert refusal(use, str(tmp_path / "file" / "opp.db")).code == 6


@contextmanager
def without_rights() -> Iterator[None]:
    """As somebody who is not root: root may write anything."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared(stamp: Stamp) -> Iterator[Path]:
    """A team's file in a folder that everybody may read."""
    place = Path(tempfile.mkdtemp(prefix="opp-shared-"))
    place.chmod(0o755)
    path = place / "opp.db"
    store.create(str(path))
    with store.open_write(str(path), stamp) as door:
        made.team(door)
    yield path
    place.chmod(0o755)
    for file in place.iterdir():
        file.unlink()
    place.rmdir()


def test_a_read_only_file_in_a_read_only_folder_can_be_read_and_not_written(shared: Path) -> None:
    shared.chmod(0o444)
    shared.parent.chmod(0o555)
    with without_rights():
        reading(str(shared))
        error = refusal(writing, str(shared))
    mine = f"{shared} cannot be written: the file or its folder is read-only"
    theirs = f"{shared} may not be written by you: it is {shared.owner()}'s"
    assert error.message == (mine if os.geteuid() else theirs)
    assert error.code == 6


def test_a_writable_file_in_a_read_only_folder_is_not_written(shared: Path) -> None:
    shared.chmod(0o666)
    shared.parent.chmod(0o555)
    with without_rights():
        reading(str(shared))
        assert refusal(writing, str(shared)).code == 6
    reading(str(shared))


@BOTH
def test_a_file_that_may_not_be_read_says_so(use: Callable[[str], None], shared: Path) -> None:
    shared.chmod(0o000)
    with without_rights():
        error = refusal(use, str(shared))
    assert (error.code, str(shared) in error.message) == (6, True)
    assert type(error) is not NoDatabase


@BOTH
def test_a_folder_that_may_not_be_entered_says_so(use: Callable[[str], None], shared: Path) -> None:
    shared.parent.chmod(0o000)
    with without_rights():
        error = refusal(use, str(shared))
    assert (error.code, type(error) is NoDatabase) == (6, False)


def test_a_cut_off_write_that_a_reader_may_not_roll_back_is_said(shared: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writers.py")), "stop", str(shared)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline()
        writer.kill()
    shared.chmod(0o444)
    Path(f"{shared}-journal").chmod(0o444)
    shared.parent.chmod(0o555)
    with without_rights():
        error = refusal(reading, str(shared))
    assert "a write to it was cut off" in error.message
    assert error.code == 6
    reading(str(shared)) if os.geteuid() == 0 else None


def nearly_full(door: WriteDoor) -> None:
    """Let SQLite believe that the disk has room for five more pages."""
    pages = door.rows("PRAGMA page_count")[0][0]
    door.rows(f"PRAGMA max_page_count = {pages + 5}")


def test_nothing_is_written_after_the_disk_was_full(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.team(door)
    over = pytest.raises(StoreError, match="the transaction is over")
    with pytest.raises(StoreError), store.open_write(sqlite_url, stamp) as door:
        nearly_full(door)
        with pytest.raises(StoreError, match="the disk is full"):
            door.add(replace(made.DEAL, title="x" * 100_000))
        with over:
            door.add(made.DEAL)
        with over:
            door.note("refused", "deal", "1", {})
    with store.open_read(sqlite_url) as reader:
        assert reader.rows("SELECT (SELECT count(*) FROM deal), (SELECT count(*) FROM journal)") == [(0, 5)]


def test_a_full_disk_keeps_what_was_there(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        deal = made.deal(door)
    full = pytest.raises(StoreError, match="the disk is full; nothing was written")
    with full, store.open_write(sqlite_url, stamp) as door:
        nearly_full(door)
        door.add_many(replace(made.DEAL, title="x" * 900) for _ in range(1_000))
    with store.open_read(sqlite_url) as reader:
        assert reader.find(Deal) == [deal]


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    error = refusal(reading, "postgresql://wang:geheim@127.0.0.1:1/sales")
    assert error.code == 6
    assert "postgresql://wang:***@127.0.0.1:1/sales cannot be reached" in error.message
    assert "geheim" not in str(error)


@BOTH
def test_a_server_without_such_a_database_is_said(use: Callable[[str], None], pg_server: str) -> None:
    error = refusal(use, pg_server.format("nowhere"))
    assert (type(error), '"nowhere" does not exist' in error.message) == (NoDatabase, True)


@BOTH
def test_a_database_on_a_server_without_our_tables_asks_for_init(use: Callable[[str], None], pg_server: str) -> None:
    error = refusal(use, pg_server.format("postgres"))
    assert (type(error), error.hint) == (NoDatabase, "opp init")


def test_a_server_that_goes_away_in_the_middle_is_said(pg_url: str, pg_server: str, stamp: Stamp) -> None:
    with pytest.raises(StoreError) as refused, store.open_write(pg_url, stamp) as door:
        made.team(door)
        name = door.rows("SELECT current_database()")[0][0]
        administer(pg_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        made.team(door)
    assert refused.value.code == 6
    with store.open_read(pg_url) as reader:
        assert reader.find(User) == []


ADDRESSES = ["mysql://host/sales", "http://example.com/x.db", "postgresql://wang@host:notaport/x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_nobody_speaks_is_a_mistake_of_the_user(address: str) -> None:
    assert type(refusal(reading, address)) is UsageError


SHOWN = [
    ("postgresql://wang:geheim@host/sales", "postgresql://wang:***@host/sales"),
    ("postgresql://wang:ge@he:im@host/sales", "postgresql://wang:***@host/sales"),
    ("postgresql://wang@host/sales?password=geheim&x=1", "postgresql://wang@host/sales?password=***&x=1"),
    ("postgresql://host/sales", "postgresql://host/sales"),
    ("/home/wang/opp.db", "/home/wang/opp.db"),
]


@pytest.mark.parametrize(("address", "said"), SHOWN)
def test_an_address_is_shown_without_its_password(address: str, said: str) -> None:
    assert shown(address) == said


EVERYDAY = """
import sys
from oppcli import store
from oppcli.model.journal import Stamp
from oppcli.model.people import User
with store.open_write(sys.argv[1], Stamp(actor="wang", now=1)) as door:
    door.save(before := door.add(User(login="wang", name="a")), before.__class__(login="wang", name="b"))
with store.open_read(sys.argv[1]) as door:
    door.find(User, active=True)
heavy = {"sqlmodel", "sqlalchemy", "pydantic", "alembic", "psycopg", "typing_extensions", "asyncio", "rich"}
print(sorted(heavy & set(sys.modules)))
"""


def test_everyday_work_on_sqlite_imports_nothing_heavy(sqlite_url: str) -> None:
    ran = subprocess.run([sys.executable, "-c", EVERYDAY, sqlite_url], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


GRANTS = ("CREATE ROLE {role} LOGIN", grants.script(), "GRANT opp_write TO {role}")
READS = ("CREATE ROLE {role} LOGIN", grants.script(), "GRANT opp_read TO {role}")


def as_role(url: str, role: str, statements: tuple[str, ...]) -> str:
    """The address for a new role with these rights."""
    import psycopg

    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.format(role=role).encode())
    return url.replace("postgres:@", f"{role}@")


def test_a_connection_that_breaks_at_the_commit_leaves_open_whether_it_was_written(pg_url: str) -> None:
    """A failover at that moment: the answer that tells is the one that did not come."""
    administer(
        pg_url,
        """CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION leave()""",
    )
    error = refusal(writing, pg_url)
    assert (error.code, error.hint) == (6, "opp log -L 3")
    assert error.message.endswith("broke at the commit: whether it was written is not known")


def test_a_role_of_a_server_with_the_rights_of_the_manual_can_do_everyday_work(pg_url: str, stamp: Stamp) -> None:
    with store.open_write(pg_url, stamp) as door:
        request = made.request(door)
    url = as_role(pg_url, "sales_team", GRANTS)
    with store.open_write(url, stamp) as door:
        door.save(request, made.approved(request))
    reading(url)


def test_a_role_of_a_server_that_may_only_read_is_told_so(pg_url: str) -> None:
    url = as_role(pg_url, "controlling", READS)
    reading(url)
    error = refusal(writing, url)
    assert (error.code, "does not give you the right: permission denied" in error.message) == (6, True)


def test_an_upgrade_and_a_restore_give_the_groups_their_rights_again(pg_url: str, tmp_path: Path) -> None:
    import psycopg

    def may_write() -> bool:
        with psycopg.connect(pg_url) as connection:
            answer = connection.execute("SELECT has_table_privilege('again', 'deal', 'INSERT')").fetchone()
        return answer == (True,)

    as_role(pg_url, "again", GRANTS)
    with migrate.migrating(pg_url) as connection:
        connection.exec_driver_sql("REVOKE ALL ON deal FROM opp_write")
    assert not may_write()
    with migrate.migrating(pg_url) as connection:
        migrate.run(connection)
    assert may_write()
    backup.back_up(pg_url, tmp_path / "kept.db")
    backup.restore(tmp_path / "kept.db", pg_url)
    assert may_write()


AT_THE_DOOR = [
    ('FATAL:  database "sales" does not exist', NoDatabase, "no database at "),
    ("FATAL:  no such database: sales", NoDatabase, "no database at "),
    ('FATAL:  role "wang" does not exist', StoreError, "does not let you in"),
    ('FATAL:  password authentication failed for user "wang"', StoreError, "does not let you in"),
    ("FATAL: SASL authentication failed", StoreError, "does not let you in"),
    ("FATAL: SSL required", StoreError, "does not let you in"),
    ('root certificate file "/etc/ca.crt" does not exist', StoreError, "does not let you in"),
    ("could not receive data from server: Connection refused", StoreError, "cannot be reached"),
    ('connection to server at "10.0.0.2", port 5432 failed: session is read-only', StoreError, "can be written now"),
]
"""What servers and poolers say while one connects."""


@pytest.mark.parametrize(("told", "kind", "said"), AT_THE_DOOR)
def test_who_is_not_let_in_is_not_told_to_make_a_database(told: str, kind: type[OppError], said: str) -> None:
    import psycopg

    from oppcli.store.server_errors import translated

    error = translated(psycopg.OperationalError(f"connection failed: {told}"), "postgresql://wang@host/sales")
    assert isinstance(error, OppError)
    assert (type(error), said in error.message, error.hint == "opp init") == (kind, True, kind is NoDatabase)


def test_a_read_that_a_replica_breaks_off_is_no_write_that_waits() -> None:
    import psycopg

    from oppcli.store.server_errors import translated

    broken = psycopg.errors.SerializationFailure("canceling statement due to conflict with recovery")
    error = translated(broken, "postgresql://host/sales")
    assert isinstance(error, Busy)
    assert error.message.endswith("conflict with recovery")
    assert error.hint == "ask again, or the server it follows"


SPOILT = [
    ("UPDATE deal SET extra = '{bad'", "JSON that is none: {bad"),
    ("UPDATE deal SET stage_id = 99", "there is no stage 99"),
]


@pytest.mark.parametrize(("spoil", "what"), SPOILT)
def test_a_record_that_another_tool_has_spoilt_is_an_error_of_the_database(
    sqlite_url: str, stamp: Stamp, spoil: str, what: str
) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.deal(door)
    with closing(sqlite3.connect(sqlite_url)) as file:
        file.execute(spoil)
        file.commit()
    with store.open_read(sqlite_url) as reader, pytest.raises(StoreError) as refused:
        reader.find(Deal)
    assert (refused.value.message, refused.value.code) == (f"a record cannot be read: {what}", 6)
