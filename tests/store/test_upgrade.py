"""What upgrades change on their way: folded texts, names that are free again, next steps that become tasks, on both
engines. test_past.py upgrades a database of every schema."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import made
import pytest
from aged import aged

from oppcli import store
from oppcli.errors import Exists, OppError
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import Task
from oppcli.model.journal import Entry, Stamp
from oppcli.model.records import KEPT
from oppcli.store import backup, check, journal, migrate
from oppcli.store import version as version_of


def test_the_folded_text_follows_every_change_and_no_entry_tells_of_it(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
        deal = door.save(deal, replace(deal, title="ЖУК Straße"))
        assert door.rows("SELECT search_key FROM deal") == [("жук strasse",)]
        assert list(door.entries[-1].changes) == ["title"]
        door.add_many([Customer(name="ＡＢＣ", key="abc")])
        fields = ("title", "stage", "external_id")
        door.bulk(Deal, fields, {"system": "crm"}).add([("Plant Ⅱ", "谈判", "Q1")])
        assert door.rows("SELECT search_key FROM customer WHERE id = 2") == [("abc",)]
        assert door.rows("SELECT search_key FROM deal WHERE id = 2") == [("plant ii\nq1",)]


@pytest.mark.parametrize("table", ["deal", "customer"])
def test_a_folded_text_that_does_not_follow_is_found(sqlite_url: str, stamp: Stamp, table: str) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.deal(door)
    with closing(sqlite3.connect(sqlite_url)) as file:
        file.execute(f"UPDATE {table} SET search_key = 'x'")
        file.commit()
    with store.open_read(sqlite_url) as reader:
        found = [fault for result in check.results(reader) for fault in result.faults]
    assert [fault.partition(": ")[2].startswith('search_key is "x", and should be') for fault in found] == [True]


def test_what_was_withdrawn_gives_its_name_and_external_id_free(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
        known = replace(deal, id=0, external_id="X-1", system="crm")
        first = door.add(known)
        with pytest.raises(Exists):
            door.add(known)
        door.save(first, replace(first, standing="withdrawn"), action="withdraw")
        assert door.entries[-1].changes == {"standing": ["live", "withdrawn"]}
        again = door.add(known)
        customer = door.get(Customer, 1)
        door.save(customer, replace(customer, standing="withdrawn"), action="withdraw")
        door.add(replace(customer, id=0))
        found = door.find(Deal, system="crm", external_id=["X-1"], standing=KEPT)
        assert [deal.id for deal in found] == [again.id]
        assert [one.id for one in door.find(Customer, key="上海精密", standing=KEPT)] == [2]
        gone = door.get(Deal, first.id)
        with pytest.raises(Exists):
            door.save(gone, replace(gone, standing="live"), action="restore")
    with store.open_read(db_url) as reader:
        assert [result.faults for result in check.results(reader) if result.faults] == []


# --- next steps become tasks (0013) --------------------------------------------------------------------------------

PLANS = ((1, "打电话", "2026-03-09"), (2, "offer", None), (3, "", "2026-03-10"))


STOPPED = {
    "sqlite": (
        "CREATE TRIGGER stop BEFORE INSERT ON journal WHEN NEW.noun_id = '2' "
        "BEGIN SELECT RAISE(ABORT, 'stopped here'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stopped here'; END $$",
        "CREATE TRIGGER stop BEFORE INSERT ON journal FOR EACH ROW WHEN (NEW.noun_id = '2') EXECUTE FUNCTION stop()",
    ),
}
"""What ends an upgrade while the second next step becomes a task."""


def planning(url: str, stamp: Stamp) -> None:
    """Three of four deals have a next step: what and when, what, when."""
    with store.open_write(url, stamp) as door:
        first = made.deal(door)
        for _ in range(3):
            door.add(replace(first, id=0))
        for deal, title, on in PLANS:
            door.add(Task(title=title, kind="follow", deal_id=deal, due_on=on, promised_on=on))


def old_on(engine: str, file: Path, request: pytest.FixtureRequest) -> str:
    """A database of 0012 on this engine, with what is in the file."""
    if engine == "sqlite":
        return str(file)
    url = str(request.getfixturevalue("pg_url"))
    with migrate.migrating(url) as connection, closing(sqlite3.connect(file)) as old:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        migrate.run(connection, "0012")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table, columns in backup.tables_of(old).items():
            if table == "alembic_version":
                continue
            names = ", ".join(f'"{name}"' for name in columns)
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
            for row in old.execute(f'SELECT {names} FROM "{table}"').fetchall():
                marks = ", ".join(["%s"] * len(row))
                connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row))
    return url


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_next_steps_of_old_deals_are_open_tasks_with_entries_after_the_upgrade(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, stamp: Stamp, engine: str
) -> None:
    planning(sqlite_url, stamp)
    url = old_on(engine, aged(sqlite_url, "0012", tmp_path / "old.db"), request)
    assert migrate.upgrade(url) == ("0012", version_of.SCHEMA)
    with store.open_read(url) as after:
        deals = after.find(Deal, id=[1, 2, 3, 4])
        found = [(deal.id, deal.next_step or "", deal.next_step_on) for deal in deals]
        assert found == [*PLANS, (4, "", None)]
        tasks = after.find(Task, state="open")
        assert [(each.deal_id, each.title, each.due_on) for each in tasks] == list(PLANS)
        assert [each.promised_on for each in tasks] == [on for _, _, on in PLANS]
        entries = after.find(Entry, noun="task")
        assert [(each.action, each.actor, each.noun_id) for each in entries] == [
            ("create", "system", str(each.id)) for each in tasks
        ]
        assert journal.verify(after.stream(journal.SELECT)).fault is None
        assert [result.faults for result in check.results(after) if result.faults] == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_an_upgrade_that_is_interrupted_leaves_the_old_database_whole(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, stamp: Stamp, engine: str
) -> None:
    """While the next steps become tasks: their table is changed by then, and their entries begun."""
    planning(sqlite_url, stamp)
    url = old_on(engine, aged(sqlite_url, "0012", tmp_path / "old.db"), request)
    with migrate.migrating(url) as connection:
        for sql in STOPPED[engine]:
            connection.exec_driver_sql(sql)
    with pytest.raises(OppError, match="stopped here"):
        migrate.upgrade(url)
    assert migrate.version_at(url) == "0012"
    with migrate.migrating(url) as connection:
        rows = connection.exec_driver_sql("SELECT id, coalesce(next_step, ''), next_step_on FROM deal WHERE id < 4")
        assert sorted(map(tuple, rows)) == list(PLANS)
