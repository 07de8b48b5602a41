"""Of a list that is long, `-L` reads so many rows as are told: the statements are read, not the time."""

import sqlite3
from typing import Any

import pytest
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> InProcess:
    opp.ok("init --template blank --lang en", user="boss")
    for amount in (40, 30, 20, 10):
        opp.ok(f"add Deal{amount} --amount {amount}", user="boss")
        opp.ok(f"note D-1 'call: of {amount}'", user="boss")
    return opp


@pytest.mark.parametrize(
    ("line", "told", "limited"),
    [
        ("ls -L 2", "D-1 D-2", True),
        ("lead list -L 3", "D-1 D-2 D-3", True),
        ("ls -L 0", "D-1 D-2 D-3 D-4", False),
        ("ls -L 2 --sort amount", "D-4 D-3", True),
        ("ls -L 2 --sort -updated_at,-id", "D-4 D-3", True),
        ("ls -L 2 --sort title", "D-4 D-3", False),
        ("ls -L 1 -w 'amount < 25'", "D-3", True),
        ("ls -L 1 --nostep", "D-1", False),
        ("activity list -L 2", "A-1 A-2", True),
        ("activity list -L 2 --sort -id", "A-4 A-3", False),
        ("activity list -L 1 -w 'id = \"A-4\"'", "A-4", False),
    ],
)
def test_so_many_rows_are_read_as_are_told(
    office: InProcess, monkeypatch: pytest.MonkeyPatch, line: str, told: str, limited: bool
) -> None:
    said: list[str] = []
    connect = sqlite3.connect

    def listening(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", listening)
    assert office.ok(f"{line} --ids", user="boss").out.split() == told.split()
    lists = [sql for sql in said if " ORDER BY d." in sql or " ORDER BY a.at, a.id" in sql]
    assert {" LIMIT " in sql.rpartition("ORDER BY")[2] for sql in lists} == {limited}
