"""What deciding costs where many wait: as many statements as where few do, and none that reads a whole table."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess
from heard import heard

from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.model.requests import Request
from oppcli.store import open_write

GROWING = {"request", "revision", "step", "seat", "holder", "decision", "deal", "visit", "journal", "notice"}
NEWEST = " FROM journal ORDER BY seq DESC LIMIT 1"
ONE_ENTRY = r"\(?SELECT [\w, ]+ FROM journal ORDER BY seq( DESC)? LIMIT 1\)?"
"""Begins at an end of the journal and stops at once."""
MANY = 60
Spy = Callable[..., list[str]]


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """li's request R-1 waits for wang until Monday evening, R-2 of another deal from Tuesday on until Wednesday."""
    made = Office(opp)
    made.deal()
    made.ok("li", "submit D-1 quote")
    made.ok("li", "lead add 无锡泵业 --customer 无锡泵业 --amount 300000 --set discount=5", at="10 17:00")
    made.ok("li", "submit D-2 quote", at="10 17:00")
    return made


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    """Runs a command that must succeed; returns what SQLite was told."""

    def run(office: Office, who: str, line: str, at: str = "10 17:30") -> list[str]:
        with monkeypatch.context() as patch:
            said = heard(patch)
            office.ok(who, line, at=at)
        return [statement for statement in said if not statement.startswith("--")]

    return run


def copy(office: Office, deal_id: int, count: int) -> None:
    """So many more deals with a request like that of this deal."""
    with open_write(str(office.opp.db), Stamp(actor="tang", now=1_773_133_200_000)) as door:
        deal, (request,) = door.get(Deal, deal_id), door.find(Request, deal_id=deal_id)
        keys = door.add_many(replace(deal, id=0, title=f"副本 {n}") for n in range(count))
        door.add_many(replace(request, id=0, deal_id=key) for key in keys)


def whole_tables(db: Path, statements: list[str]) -> list[str]:
    """Steps of the engine's plans that read all of a table that grows with requests."""
    told = [re.sub(ONE_ENTRY, "NULL", said) for said in statements if not said.endswith(NEWEST)]
    asked = [said for said in told if re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", said)]
    with closing(sqlite3.connect(db)) as connection:
        plans = [row[3] for said in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {said}")]
    short = {"r": "request", "d": "deal", "s": "seat", "h": "holder", "p": "step", "w": "request"}
    scanned = [(plan, plan.split()[1]) for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan]
    return [plan for plan, name in scanned if short.get(name, name) in GROWING]


COMMANDS = ("approve R-1 -m 同意", "request return R-1 -m 为什么", "request show R-1", "request plan D-2 risk", "inbox")


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_on_one_request_costs_the_same_among_many(office: Office, spy: Spy, line: str) -> None:
    who = "li" if "plan" in line else "wang"
    dry = "" if any(word in line for word in ("show", "plan", "inbox")) else " --dry-run"
    among_few = spy(office, who, line + dry)
    copy(office, 2, MANY)
    among_many = spy(office, who, line + dry)
    assert len(among_few) > 3
    assert len(among_many) == len(among_few)
    assert whole_tables(office.opp.db, among_many) == []


def test_a_tick_costs_what_is_due_and_not_what_waits(office: Office, spy: Spy) -> None:
    copy(office, 1, 4)
    due_alone = spy(office, "tang", "tick --dry-run")
    copy(office, 2, MANY)
    among_many = spy(office, "tang", "tick --dry-run")
    assert sum(said.startswith("UPDATE request") for said in due_alone) == 5
    assert len(among_many) == len(due_alone)
    assert whole_tables(office.opp.db, among_many) == []


def test_what_reads_a_whole_table_is_found_out(office: Office) -> None:
    guilty = "SELECT count(*) FROM request WHERE note IS NULL"
    assert whole_tables(office.opp.db, [guilty]) == ["SCAN request"]
