"""A database is compared with its journal: what was changed past it is named."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import made
import pytest

from oppcli import store
from oppcli.model.deals import Customer, Deal, Stage
from oppcli.model.journal import Entry, Stamp
from oppcli.model.notices import Notice
from oppcli.store import check


def faults(url: str) -> dict[str, tuple[str, ...]]:
    with store.open_read(url) as door:
        return {result.name: result.faults for result in check.results(door) if result.faults}


def busy_week(url: str, stamp: Stamp) -> None:
    """Every kind of noun added, most of them changed, one stage renamed, a thousand customers at once."""
    with store.open_write(url, stamp) as door:
        request = made.request(door)
        deal = door.get(Deal, 1)
    with store.open_write(url, stamp) as door:
        door.save(deal, made.advanced(deal), action="advance")
        door.save(request, made.approved(request), action="approve")
        door.add_many(Customer(name=f"客户{n}", key=f"客户{n}") for n in range(1_001))
        (stage,) = door.find(Stage, name="线索")
        door.save(stage, replace(stage, name="潜客"))
        door.add(replace(made.DEAL, stage="潜客", visits=(replace(made.DEAL.visits[0], stage="潜客"),)))
        door.add(Notice(to="wang", kind="opened", request_id=1))
        door.note("refused", "deal", "1", {"reasons": ["x"]})


def test_a_busy_week_is_in_order(db_url: str, stamp: Stamp) -> None:
    busy_week(db_url, stamp)
    with store.open_read(db_url) as door:
        found = {result.name: result.looked_at for result in check.results(door)}
        (entries,) = door.one("SELECT count(*) FROM journal") or (0,)
    assert faults(db_url) == {}
    assert found["journal"] == entries
    assert (found["visits"], found["stored"]) == (2, 2 + 3 + 1002 + 2 + 1 + 1)


def test_an_empty_database_is_in_order(db_url: str) -> None:
    assert faults(db_url) == {}


ASTRAY = "D-1: its visits do not lead to its stage"
UNTOLD = "INSERT INTO customer (id, name, key, created_by, version) VALUES (5000, 'x', 'x', '', 1)"
PAST_IT = [
    ("UPDATE deal SET amount = 1 WHERE id = 1", "stored", "D-1: amount is 1, the journal says 80000000"),
    ("UPDATE deal SET version = 9 WHERE id = 1", "stored", "D-1: version 9, but the journal tells of 2"),
    ("UPDATE user_account SET roles = '[]' WHERE login = 'li'", "stored", "user li: roles is null, the journal says ["),
    ("UPDATE seat SET state = 'rejected' WHERE step = 1", "stored", "R-1: steps is "),
    (
        "INSERT INTO customer (id, name, key, created_by, version) VALUES (5000, 'x', 'x', '', 1)",
        "stored",
        "C-5000: created_by is ",
    ),
    ("DELETE FROM notice", "stored", "notice 1: the journal tells of it, but it is not there"),
    ("UPDATE visit SET left_at = 5 WHERE deal_id = 1 AND number = 2", "visits", ASTRAY),
    ("DELETE FROM visit WHERE deal_id = 1 AND number = 1", "visits", ASTRAY),
    ("UPDATE deal SET stage_id = 1 WHERE id = 1", "visits", ASTRAY),
    ("DELETE FROM journal WHERE seq = 3", "journal", "e3 missing: the next entry is 4"),
    ("DELETE FROM journal WHERE noun = 'deal' AND action = 'advance'", "stored", "D-1: "),
]


@pytest.mark.parametrize(("statement", "where", "said"), PAST_IT)
def test_what_was_changed_past_the_journal_is_named(
    sqlite_url: str, stamp: Stamp, statement: str, where: str, said: str
) -> None:
    busy_week(sqlite_url, stamp)
    with sqlite3.connect(sqlite_url) as connection:
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute(statement)
    connection.close()
    assert [fault for fault in faults(sqlite_url)[where] if fault.startswith(said)] != []


def test_a_reference_to_nothing_is_named(sqlite_url: str, stamp: Stamp) -> None:
    busy_week(sqlite_url, stamp)
    with sqlite3.connect(sqlite_url) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE deal SET customer_id = 77777 WHERE id = 1")
    connection.close()
    found = faults(sqlite_url)
    assert found["references"] == ("deal 1: refers to a customer that is not there",)
    assert "customer_id is 77777, the journal says 1" in found["stored"][0]


def test_damaged_pages_are_named(sqlite_url: str, stamp: Stamp) -> None:
    busy_week(sqlite_url, stamp)
    with sqlite3.connect(sqlite_url) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'deal_owner'")
    connection.close()
    assert faults(sqlite_url)["integrity"] != ()


def test_progress_ends_where_it_should(sqlite_url: str, stamp: Stamp) -> None:
    busy_week(sqlite_url, stamp)
    told: list[tuple[int, int]] = []
    with store.open_read(sqlite_url) as door:
        list(check.results(door, lambda done, total: told.append((done, total))))
    assert told[-1] == (1011, 1011)
    assert told == sorted(told)


UNREADABLE = [
    ("UPDATE deal SET tags = '{' WHERE id = 1", "D-1: tags cannot be read"),
    ("UPDATE deal SET tags = '5' WHERE id = 1", "D-1: tags cannot be read"),
    ("UPDATE deal SET extra = x'ff00' WHERE id = 1", "D-1: extra cannot be read"),
    ("UPDATE deal SET title = x'ff00' WHERE id = 1", "D-1: title cannot be read"),
    ("UPDATE deal SET title = CAST(x'ff00' AS TEXT) WHERE id = 1", "D-1: title cannot be read"),
    ("UPDATE deal SET stage_id = 99 WHERE id = 1", "D-1: stage cannot be read"),
    ("UPDATE visit SET stage_id = 99 WHERE deal_id = 1", "D-1: visit stage cannot be read"),
    ("UPDATE deal SET amount = 'much' WHERE id = 1", "D-1: amount cannot be read"),
    ("UPDATE visit SET entered_at = 'once' WHERE deal_id = 1", "D-1: visit entered_at cannot be read"),
    ("UPDATE user_account SET active = 2 WHERE login = 'li'", "user li: active cannot be read"),
    ("UPDATE step SET fresh = 7 WHERE request_id = 1 AND position = 1", "R-1: step fresh cannot be read"),
    ("UPDATE step SET who = 'x' WHERE request_id = 1 AND position = 1", "R-1: step who cannot be read"),
]


@pytest.mark.parametrize(("statement", "said"), UNREADABLE)
def test_a_row_that_cannot_be_read_is_one_fault_and_the_check_goes_on(
    sqlite_url: str, stamp: Stamp, statement: str, said: str
) -> None:
    busy_week(sqlite_url, stamp)
    with sqlite3.connect(sqlite_url) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
        connection.execute("UPDATE customer SET name = 'y' WHERE id = 1000")
    connection.close()
    found = faults(sqlite_url)["stored"]
    assert [fault for fault in found if "cannot be read" in fault] == [said]
    assert [fault for fault in found if fault.startswith("C-1000: name is ")] != []


@pytest.mark.parametrize(
    ("statement", "said"), [("UPDATE deal SET tags = '{'", "tags"), ("UPDATE seat SET left = '}'", "left")]
)
def test_a_server_s_row_that_cannot_be_read_is_named_too(pg_url: str, stamp: Stamp, statement: str, said: str) -> None:
    import psycopg

    busy_week(pg_url, stamp)
    with psycopg.connect(pg_url) as connection:
        connection.execute(statement.replace(" left ", ' "left" ').encode())
    assert [fault for fault in faults(pg_url)["stored"] if fault.endswith(f"{said} cannot be read")] != []


def test_pages_that_are_spoilt_end_in_a_fault_and_not_in_a_crash(sqlite_url: str, stamp: Stamp) -> None:
    busy_week(sqlite_url, stamp)
    with Path(sqlite_url).open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)
    from oppcli.errors import OppError

    try:
        assert faults(sqlite_url) != {}
    except OppError as error:
        assert error.code == 6


FILLED = [
    "UPDATE request SET blocked = 1 WHERE id = 1",
    "UPDATE visit SET system = 'crm' WHERE deal_id = 1 AND number = 1",
]


@pytest.mark.parametrize("filled", FILLED)
def test_what_an_upgrade_filled_in_needs_no_entry(sqlite_url: str, stamp: Stamp, filled: str) -> None:
    """The journals of the first version say nothing of it, and an upgrade makes no entry."""
    with store.open_write(sqlite_url, stamp) as door:
        made.request(door)
    with closing(sqlite3.connect(sqlite_url)) as file:
        file.execute("DROP TRIGGER journal_no_update")
        file.execute("UPDATE journal SET changes = json_remove(changes, '$.blocked')")
        file.execute(filled)
        file.commit()
    assert "stored" not in faults(sqlite_url)


def test_an_owner_whose_quotes_the_first_version_forgot_is_read_as_a_text(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.deal(door)
    with closing(sqlite3.connect(sqlite_url)) as file:
        file.execute("DROP TRIGGER journal_no_update")
        bare = 'replace(changes, \'"owner":[null,"li"]\', \'"owner":[null,li]\')'
        file.execute(f"UPDATE journal SET changes = {bare}")
        file.commit()
        assert file.execute("SELECT count(*) FROM journal WHERE NOT json_valid(changes)").fetchone() == (1,)
    assert "stored" not in faults(sqlite_url)
    with store.open_read(sqlite_url) as reader:
        told = [entry.changes["owner"] for entry in reader.find(Entry) if entry.noun == "deal"]
    assert told == [[None, "li"]]
