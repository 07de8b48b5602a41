"""The chain of the journal: who altered it with another tool is found out, and where."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import made
import pytest

from oppcli import store
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.store import journal
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import COLUMNS, EMPTY, Chain, Proof

ENTRIES = 9
"""What `history` writes: two people, three stages, a customer, a deal, two changes of it."""


def history(url: str, stamp: Stamp) -> None:
    with store.open_write(url, stamp) as door:
        deal = made.deal(door)
    with store.open_write(url, replace(stamp, now=stamp.now + 1)) as door:
        deal = door.save(deal, made.advanced(deal))
    with store.open_write(url, replace(stamp, now=stamp.now + 2)) as door:
        door.save(deal, replace(deal, amount=1))


def proof(url: str, anchor: tuple[int, str] | None = None) -> Proof:
    with store.open_read(url) as door:
        return journal.verify(door.stream(journal.SELECT), [anchor] if anchor else [])


def hash_at(url: str, seq: int) -> str:
    with store.open_read(url) as door:
        return str(door.rows("SELECT hash FROM journal WHERE seq = :seq", seq=seq)[0][0])


@pytest.fixture
def tampered(sqlite_url: str, stamp: Stamp) -> Callable[..., str]:
    """A database whose history was altered by a tool that dropped the triggers first."""

    def alter(*statements: str) -> str:
        history(sqlite_url, stamp)
        with sqlite3.connect(sqlite_url) as connection:
            for name in ("journal_no_update", "journal_no_delete", "journal_no_replace"):
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return sqlite_url

    return alter


def test_an_untouched_journal_is_clean(db_url: str, stamp: Stamp) -> None:
    history(db_url, stamp)
    found = proof(db_url)
    assert (found.entries, found.head.seq, found.fault) == (ENTRIES, ENTRIES, None)
    assert found.head.hash == hash_at(db_url, ENTRIES)


def test_an_empty_journal_is_clean(db_url: str) -> None:
    assert proof(db_url) == Proof(0, EMPTY, None)


SWAP = "UPDATE journal SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6)"
ALTERED = [
    (("UPDATE journal SET changes = replace(changes, '80000000', '90000000') WHERE seq = 7",), 7, "changed"),
    (("UPDATE journal SET actor = 'li' WHERE seq = 8",), 8, "changed"),
    (("UPDATE journal SET at = at - 1 WHERE seq = 8",), 8, "changed"),
    (("UPDATE journal SET on_behalf_of = '' WHERE seq = 1",), 1, "changed"),
    (("UPDATE journal SET seq = 0 WHERE seq = 1",), 1, "missing"),
    (("UPDATE journal SET noun_id = 2 WHERE seq = 7",), 7, "changed"),
    (("UPDATE journal SET meta = '' WHERE seq = 3",), 3, "changed"),
    (("UPDATE journal SET meta = x'ff' WHERE seq = 3",), 3, "changed"),
    (("UPDATE journal SET changes = changes || char(10) || meta, meta = '{}' WHERE seq = 4",), 4, "changed"),
    (("UPDATE journal SET hash = prev WHERE seq = 4",), 4, "changed"),
    (("UPDATE journal SET prev = hash WHERE seq = 4",), 4, "follow"),
    (("DELETE FROM journal WHERE seq = 1",), 1, "missing"),
    (("DELETE FROM journal WHERE seq = 5",), 5, "missing"),
    (("DELETE FROM journal WHERE seq = 5", "UPDATE journal SET seq = seq - 1 WHERE seq > 5"), 5, "follow"),
    ((SWAP, "UPDATE journal SET seq = -seq WHERE seq < 0"), 5, "follow"),
    (("INSERT INTO journal SELECT 10, txn, at, actor, NULL, channel, action, noun, noun_id, changes, meta, hash, hash, "
      "NULL FROM journal WHERE seq = 9",), 10, "changed"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "seq", "said"), ALTERED)
def test_what_another_tool_did_is_found_at_its_place(
    tampered: Callable[..., str], statements: tuple[str, ...], seq: int, said: str
) -> None:
    fault = proof(tampered(*statements)).fault
    assert fault is not None
    assert (fault.seq, said in fault.what) == (seq, True)


def test_a_cut_off_end_shows_only_against_an_anchor(tampered: Callable[..., str], sqlite_url: str) -> None:
    url = tampered("DELETE FROM journal WHERE seq > 7")
    assert proof(url).fault is None
    fault = proof(url, (ENTRIES, "0" * 64)).fault
    assert fault is not None
    assert fault == (8, "the journal ends at 7, but entry 9 was noted")


def rebuilt(door: ReadDoor) -> list[tuple[object, ...]]:
    """The whole journal once more, with one amount changed and every hash right."""
    chain = Chain(EMPTY, Stamp(actor="wang", now=0))
    made_anew = []
    for row in door.rows(journal.SELECT):
        values = dict(zip(COLUMNS, row, strict=True))
        changes = values["changes"].replace("80000000", "1")
        chain.at = values["at"]
        made_anew.append(chain.append(values["action"], values["noun"], values["noun_id"], changes, values["meta"]))
    return made_anew


def test_a_journal_built_anew_shows_only_against_an_anchor(sqlite_url: str, stamp: Stamp) -> None:
    history(sqlite_url, stamp)
    noted = hash_at(sqlite_url, 8)
    with store.open_read(sqlite_url) as door:
        rows = rebuilt(door)
    assert journal.verify(rows).fault is None
    assert journal.verify(rows, [(8, noted)]).fault == (8, "is not the entry that was noted")
    assert proof(sqlite_url, (8, noted)).fault is None


FORBIDDEN = [
    "UPDATE journal SET actor = 'li'",
    "DELETE FROM journal WHERE seq = 1",
    "UPDATE decision SET verdict = 'reject'",
    "DELETE FROM decision",
]


def attempt(url: str, statement: str) -> str:
    """Run a statement as another tool would; what it is told."""
    import psycopg

    try:
        if url.startswith("postgresql"):
            with psycopg.connect(url) as server:
                server.execute(statement.encode())
        else:
            with closing(sqlite3.connect(url)) as file, file:
                file.execute(statement)
    except (psycopg.Error, sqlite3.Error) as error:
        return str(error)
    return "done"


def decided(url: str, stamp: Stamp) -> None:
    with store.open_write(url, stamp) as door:
        request = made.request(door)
        door.save(request, made.approved(request))


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_was_done(db_url: str, stamp: Stamp, statement: str) -> None:
    decided(db_url, stamp)
    told = attempt(db_url, statement)
    assert "cannot be changed" in told
    assert proof(db_url).fault is None


@pytest.mark.parametrize("table", ["journal", "decision"])
def test_a_server_refuses_to_empty_what_was_done(pg_url: str, stamp: Stamp, table: str) -> None:
    decided(pg_url, stamp)
    assert "cannot be changed" in attempt(pg_url, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("column", [*COLUMNS, "rowid"])
def test_of_an_entry_nothing_may_change_but_the_changes_and_the_salt(db_url: str, stamp: Stamp, column: str) -> None:
    if column == "rowid" and "://" in db_url:
        pytest.skip("a file's own name of a row")
    decided(db_url, stamp)
    number = column in ("seq", "txn", "at", "rowid")
    told = attempt(db_url, f"UPDATE journal SET {column} = {'99' if number else quoted('x')} WHERE seq = 3")
    assert (told == "done") == (column in ("changes", "salt"))
    assert attempt(db_url, "UPDATE journal SET changes = '{}', salt = '00' WHERE seq = 4") == "done"


def quoted(text: str) -> str:
    return f"'{text}'"


AS_ANOTHER = (
    "INSERT INTO journal SELECT seq + 1, txn, at, actor, NULL, channel, action, noun, noun_id, changes, {}, hash, 'x' "
    "FROM journal ORDER BY seq DESC LIMIT 1"
)


@pytest.mark.parametrize("meta", ["'{}'", """'{"role":"bob"}'"""])
def test_a_server_refuses_an_entry_that_names_another_role_or_none(pg_url: str, stamp: Stamp, meta: str) -> None:
    history(pg_url, stamp)
    assert "an entry names the role that writes it: postgres" in attempt(pg_url, AS_ANOTHER.format(meta))
    assert attempt(pg_url, AS_ANOTHER.format("meta")) == "done"


def test_an_entry_keeps_how_the_actor_was_known_and_as_whom_the_server_knew_the_program(
    db_url: str, stamp: Stamp
) -> None:
    with store.open_write(db_url, replace(stamp, by="login")) as door:
        door.add(made.WANG)
        known = door.entries[-1].meta
    assert known["by"] == "login"
    assert known.get("role") == ("postgres" if "://" in db_url else None)


def test_on_a_server_ones_own_role_is_the_first_basis(pg_url: str, stamp: Stamp) -> None:
    with store.open_write(pg_url, replace(stamp, sign=lambda text: "00")) as door:
        door.add(replace(made.WANG, server_role="postgres"))
        door.add(replace(made.WANG, login="postgres"))
        door.begin(stamp)
        assert door.stamp.by == "role"
        door.begin(replace(stamp, actor="postgres"))
        assert door.stamp.by == "role"
        door.begin(replace(stamp, actor="li"))
        assert door.stamp.by == "claim"


def test_a_stamp_that_signs_puts_a_mark_last_over_the_entry_without_it(db_url: str, stamp: Stamp) -> None:
    signed: list[str] = []

    def sign(text: str) -> str:
        signed.append(text)
        return "ab" * 32

    with store.open_write(db_url, replace(stamp, by="pin", sign=sign)) as door:
        door.add(made.WANG)
        entry = door.entries[-1]
        (row,) = door.rows(journal.SELECT)
    assert list(entry.meta)[-1] == "mark"
    assert row[10].endswith(',"mark":"' + "ab" * 32 + '"}')
    assert signed == [journal.text_of(row).replace(',"mark":"' + "ab" * 32 + '"', "")]
    assert proof(db_url).fault is None


REPLACED = [
    "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 3",
    "INSERT OR REPLACE INTO journal SELECT -1, txn, at, 'x', NULL, '', '', '', '', '', '', '', '', '' FROM journal",
    "INSERT OR REPLACE INTO decision SELECT * FROM decision",
    "REPLACE INTO decision SELECT * FROM decision",
]


@pytest.mark.parametrize("statement", REPLACED)
def test_sqlite_refuses_to_write_over_what_was_done(sqlite_url: str, stamp: Stamp, statement: str) -> None:
    decided(sqlite_url, stamp)
    assert "cannot be changed" in attempt(sqlite_url, statement)


def test_a_decision_that_an_action_would_change_is_refused(db_url: str, stamp: Stamp) -> None:
    from oppcli.errors import Conflict

    decided(db_url, stamp)
    with store.open_write(db_url, stamp) as door:
        from oppcli.model.requests import Request

        request = door.get(Request, 1)
        altered = replace(request, decisions=(replace(request.decisions[0], verdict="reject"),))
        with pytest.raises(Conflict, match="a decision cannot be changed"):
            door.save(request, altered)
        assert door.get(Request, 1) == request


def test_the_deal_of_another_language_verifies(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        door.add(replace(made.DEAL, title='引号" 反斜杠\\ 换行\n 控制\x01 \u2028 😀'))
        assert door.get(Deal, 1).title.endswith("😀")
    assert proof(db_url).fault is None
