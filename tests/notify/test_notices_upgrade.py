"""Notices that an older version wrote are delivered after the upgrade."""

import sqlite3
from pathlib import Path

import pytest
from letters import channel
from office import MONDAY, POLICY
from postbox import hook_server
from sqlalchemy import text

from oppcli import store
from oppcli.actions import outbox
from oppcli.model.journal import Stamp
from oppcli.store import migrate

USER = (
    "INSERT INTO user_account (login, name, roles, active, created_at, version) "
    "VALUES ('wang', '王芳', '[\"sales\"]', 1, 1, 1)"
)
NOTICE = (
    "INSERT INTO notice (id, \"to\", kind, text, at, attempts) VALUES (1, 'wang', 'opened', '上海精密 waits', 1, 0)"
)


@pytest.fixture
def old_file(tmp_path: Path) -> str:
    """A file as version 0001 left it, with one notice."""
    path = tmp_path / "old.db"
    sqlite3.connect(path).execute("CREATE TABLE first (made INTEGER)").connection.close()
    with migrate.migrating(str(path)) as connection:
        migrate.run(connection, "0001")
        for statement in ("DROP TABLE first", USER, NOTICE):
            connection.execute(text(statement))
    return str(path)


@pytest.fixture
def old_server(pg_url: str) -> str:
    """The same on PostgreSQL."""
    with migrate.engine_of(pg_url).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        migrate.run(connection, "0001")
        connection.execute(text("INSERT INTO meta VALUES ('id', '00')"))
        for statement in (USER, NOTICE):
            connection.execute(text(statement))
    return pg_url


@pytest.mark.parametrize("engine", ["old_file", "old_server"])
def test_what_waited_before_an_upgrade_is_delivered_after_it(engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(engine)
    with migrate.migrating(url) as connection:
        migrate.run(connection)
    with hook_server() as hook:
        wanted = channel(kind="webhook", url=hook.url)
        stamp = Stamp(actor="system", now=MONDAY, command="tick")
        summary = outbox.deliver(lambda: store.open_write(url, stamp), [wanted], POLICY)
    assert summary.sent == {"team": 1}
    assert "上海精密 waits" in hook.posts[0].body.decode()
