"""What a tick costs that finds nothing to do: as much among thousands of tasks as among none, by indexes alone."""

import sqlite3
from contextlib import closing

import pytest
from command_line import InProcess
from heard import heard

from oppcli.model.deals import Deal
from oppcli.model.follow import DEADLINE, FOLLOW, Task
from oppcli.model.journal import Stamp
from oppcli.store import due_tasks, open_write

MONDAY = 1_772_416_800_000  # 2026-03-02 10:00 in Shanghai
MANY = 3_000


def filled(path: str, many: int) -> None:
    """Open tasks that are not due yet, some of them late and waiting for their next level."""
    with open_write(path, Stamp(actor="wang", now=MONDAY)) as door:
        deals = door.add_many(Deal(title=f"Deal {n}", stage="Lead", owner="wang") for n in range(many))
        door.add_many(
            Task(title="call", kind=FOLLOW, deal_id=deal, due_on="2026-03-02", created_by="wang") for deal in deals
        )
        door.add_many(
            Task(title="offer", kind=DEADLINE, deal_id=deal, due_at=MONDAY + 10_000, created_by="wang")
            for deal in deals
        )
        door.add_many(
            Task(
                title="offer",
                kind=DEADLINE,
                deal_id=deal,
                due_at=MONDAY - 10_000,
                late_at=MONDAY - 9_999,
                wake_at=MONDAY + 1,
                created_by="wang",
            )
            for deal in deals
        )


@pytest.mark.parametrize("table", ["", "[follow]\ntouch = ['call']\n"])
def test_an_idle_tick_sends_as_many_statements_among_thousands_of_tasks_and_none_reads_a_table(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    opp.ok("init --template blank --lang en", now="2026-03-02T10:00:00+08:00")
    if table:
        text = opp.ok("policy show").out
        (opp.folder / "more.toml").write_text(text + "\n" + table, "utf-8")
        opp.ok("policy apply more.toml", now="2026-03-02T10:00:00+08:00")
    said = heard(monkeypatch)

    def idle() -> list[str]:
        said.clear()
        assert opp.ok("tick --no-delivery", now="2026-03-02T10:00:00+08:00").out == "nothing was due\n"
        return [line for line in said if line.lstrip().startswith("SELECT")]

    empty = idle()
    filled(str(opp.db), MANY)
    idle()  # new deals were seen
    assert len(idle()) == len(empty)
    assert len(empty) <= 16


def test_what_is_due_of_tasks_is_found_by_indexes(opp: InProcess) -> None:
    opp.ok("init --template blank --lang en")
    with closing(sqlite3.connect(str(opp.db))) as connection:
        plans = [
            row[-1]
            for sql in (due_tasks.ANY, due_tasks.OVER, due_tasks.AWAKE)
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", {"now": 1, "day": "2026-03-02"})
        ]
    assert [line for line in plans if line.startswith("SCAN task")] == []
    assert any("task_wake" in line for line in plans)
