"""`db check` knows its own schema: what is missing, changed and foreign is named, on both engines."""

import os
import sqlite3
from contextlib import closing

import pytest

from oppcli import store
from oppcli.store import check, fingerprint


def test_the_parts_of_a_server_are_those_that_the_migrations_make(pg_url: str) -> None:
    with store.open_read(pg_url) as door:
        made = fingerprint.lines(fingerprint.parts(door))
    if os.environ.get("GOLDEN") == "write":
        fingerprint.SERVER.write_text(made, "utf-8")
    assert fingerprint.SERVER.read_text("utf-8") == made


def test_a_new_database_is_as_it_was_made(db_url: str) -> None:
    assert found(db_url) == ()


def found(url: str) -> tuple[str, ...]:
    with store.open_read(url) as door:
        (result,) = (result for result in check.results(door) if result.name == "schema")
    assert result.looked_at > 200
    return result.faults


def run(url: str, *statements: str) -> None:
    if "://" in url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)
        return
    with closing(sqlite3.connect(url)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


ON_BOTH = [
    ("DROP INDEX deal_owner", "index deal.deal_owner: missing"),
    ("CREATE INDEX faster ON deal (title)", "index deal.faster: foreign"),
    ("CREATE TABLE aside (id INTEGER)", "table aside: foreign"),
    ("CREATE VIEW aside AS SELECT * FROM customer", "view aside: foreign"),
    ("ALTER TABLE customer ADD COLUMN secret TEXT", "column customer.secret: foreign"),
]
ON_A_FILE = [
    ("DROP TABLE delivery", "table delivery: missing"),
    ("DROP TRIGGER journal_no_update", "trigger journal.journal_no_update: missing"),
    (
        "CREATE TRIGGER helper AFTER INSERT ON deal BEGIN UPDATE deal SET owner = 'li' WHERE id = NEW.id; END",
        "trigger deal.helper: foreign",
    ),
]
ON_A_SERVER = [
    ("DROP TRIGGER journal_kept ON journal", "trigger journal.journal_kept: missing"),
    ("ALTER TABLE journal DISABLE TRIGGER journal_role", "trigger journal.journal_role: changed"),
    (
        "CREATE OR REPLACE FUNCTION journal_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "trigger journal.journal_kept: changed",
    ),
    ("CREATE RULE quiet AS ON INSERT TO notice DO INSTEAD NOTHING", "rule notice.quiet: foreign"),
    ("DROP TABLE delivery CASCADE", "table delivery: missing"),
    ("ALTER TABLE deal ALTER COLUMN title DROP NOT NULL", "column deal.title: changed"),
    ("ALTER TABLE stage DROP CONSTRAINT stage_kind", "constraint stage.stage_kind: missing"),
]


@pytest.mark.parametrize(("statement", "said"), ON_BOTH)
def test_what_is_missing_or_foreign_is_named(db_url: str, statement: str, said: str) -> None:
    run(db_url, statement)
    assert found(db_url) == (said,)


@pytest.mark.parametrize(("statement", "said"), ON_A_FILE)
def test_a_trigger_of_a_file_that_was_dropped_or_added_is_named(sqlite_url: str, statement: str, said: str) -> None:
    run(sqlite_url, statement)
    assert found(sqlite_url) == (said,)


@pytest.mark.parametrize(("statement", "said"), ON_A_SERVER)
def test_what_was_changed_on_a_server_is_named(pg_url: str, statement: str, said: str) -> None:
    run(pg_url, statement)
    assert found(pg_url) == (said,)


def test_a_trigger_of_the_same_name_that_does_nothing_is_changed(sqlite_url: str) -> None:
    run(
        sqlite_url,
        "DROP TRIGGER journal_no_delete",
        "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT 1; END",
    )
    assert found(sqlite_url) == ("trigger journal.journal_no_delete: changed",)


def test_a_check_that_was_taken_out_of_a_table_is_found(sqlite_url: str) -> None:
    run(
        sqlite_url,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'BETWEEN 0 AND 100', 'BETWEEN 0 AND 999') WHERE name = 'stage'",
    )
    assert found(sqlite_url) == ("table stage: changed",)


def test_statistics_of_the_engine_are_no_foreign_table(sqlite_url: str) -> None:
    run(sqlite_url, "ANALYZE")
    assert found(sqlite_url) == ()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM meta WHERE key = 'id'", "UPDATE meta SET value = '' WHERE key = 'id'"]
)
def test_a_database_without_its_name_is_a_fault(db_url: str, statement: str) -> None:
    run(db_url, statement)
    with store.open_read(db_url) as door:
        (result,) = (result for result in check.results(door) if result.name == "meta")
    assert result.faults == ("the id of the database: missing",)
