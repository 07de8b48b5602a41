"""A database is compared with its journal: what was changed past it is named."""

import sqlite3
from dataclasses import replace

import made
import pytest

from oppcli import store
from oppcli.model.deals import Customer, Deal, Stage
from oppcli.model.journal import Stamp
from oppcli.model.requests import Notice
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
