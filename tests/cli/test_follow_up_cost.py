"""What a note, what ends a task, a claim and the worklist ask the database where the policy has something to say of all
of it: an upper bound on both engines, and the same one for a team with the retail template."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from command_line import InProcess
from heard import heard

from oppcli.model.deals import Deal
from oppcli.model.follow import FOLLOW, Task
from oppcli.model.journal import Stamp
from oppcli.store import open_write

Count = Callable[[str, str], int]
START, LATER = "2026-03-02T10:00:00+08:00", "2026-03-04T10:00:00+08:00"
EVERYTHING = """
[follow]
deadline = [
  { name = "first contact", from = "assigned", within = "24h", calendar = "always", done = ["touch"], escalate = [
    { after = "0h", to = "manager", do = "notify" } ] },
  { name = "offer", from = "first contact", within = "72h", calendar = "always", done = ["file:offer"] },
  { name = "decider", from = "created", within = "14 days", done = ["contact:decider"] },
]
cadence = [ { when = "tier == 'A'", every = "3 workdays" }, { when = "always", every = "14 days" } ]
survey = { from = "won", within = "14 days", scale = 5, low = 2, rescue = "16h" }

[duplicates]
rule = [{ name = "same name", of = "customer", same = ["name"] }]

[assign]
rule = [{ name = "east", when = "region == 'east'", to = ["user:li", "user:zhou"], by = "turn", capacity = 40 }]
pool = { claim_per_day = 9 }

[[score]]
name = "fit"
rules = [{ when = "amount >= 5000", points = 60 }, { when = "touches_30d >= 2", points = 20 }]
grades = { A = 70, B = 40, C = 0 }

[[tag]]
name = "large"
when = "amount >= 9000"

[[tier]]
name = "A"
when = "won_deals_365 >= 1"

[[suggest]]
words = ["the offer is fine"]
to = "Won"
"""
PEOPLE = ("user add li --manager wang", "user add zhou --manager wang")
STORY = (
    ("wang", "customer add Acme --region east"),
    ("li", "contact add Smith --customer Acme"),
    ("li", "lead add Plant --customer Acme --amount 9500 --owner li"),
    ("li", "lead add Pumps --customer Acme --amount 500 --owner li"),
    ("li", "lead add Lost --customer Bolt"),
    ("li", "deal link D-1 P-1 --role decider"),
    ("li", "task add prepare --for D-1"),
    ("zhou", "notices watch D-1"),
    ("li", "note D-1 'call: hello -> +1d send it'"),
    ("li", "deal assign D-3 --to none"),
)
NOTES = (
    ("li", "note D-1 'call: they have the money -> +3d offer'"),
    ("li", "note D-1 'mail: the offer is fine'"),
    ("li", "note D-1 'busy -> +2d call again'"),
    ("li", "note D-1 'meeting: went well' --rating 1"),
    ("wang", "note D-1 'call: I asked them, too'"),
    ("li", "note D-2 'call: hello'"),
    ("li", "note D-2 'a mere note'"),
    ("wang", "note D-2 'visit: was there -> +1d'"),
    ("li", "note D-3 'call: nobody there'"),
)


@pytest.fixture
def count(opp_on_both: InProcess, monkeypatch: pytest.MonkeyPatch) -> Count:
    """Types a line that must succeed; returns how many reading statements were sent."""
    said = heard(monkeypatch)
    if "://" in opp_on_both.env["OPP_DB"]:
        import psycopg

        execute = psycopg.Connection.execute

        def executed(self: Any, query: Any, *given: Any, **more: Any) -> Any:
            said.append(str(query))
            return execute(self, query, *given, **more)

        monkeypatch.setattr(psycopg.Connection, "execute", executed)

    def typed(who: str, line: str) -> int:
        said.clear()
        opp_on_both.ok(line, user=who, now=LATER)
        return sum(statement.lstrip().startswith(("SELECT", "WITH")) for statement in said)

    return typed


def begun(opp: InProcess, template: str, tables: str = "") -> None:
    opp.ok(f"init --template {template} --lang en", now=START)
    for line in PEOPLE:
        opp.ok(line, now=START)
    if tables:
        text = opp.ok("policy show").out
        (opp.folder / "more.toml").write_text(text + tables, "utf-8")
        opp.ok("policy apply more.toml", now=START)
    for who, line in STORY:
        opp.ok(line, user=who, now=START)


TEAMS = pytest.mark.parametrize(("template", "tables"), [("retail", ""), ("blank", EVERYTHING)])


@TEAMS
def test_a_note_sends_at_most_nine_whatever_follows_from_it(
    opp_on_both: InProcess, count: Count, template: str, tables: str
) -> None:
    begun(opp_on_both, template, tables)
    sent = {line: count(who, line) for who, line in NOTES}
    assert {line: n for line, n in sent.items() if n > 9} == {}


@TEAMS
def test_ending_a_task_a_claim_and_the_worklist_send_few(
    opp_on_both: InProcess, count: Count, template: str, tables: str
) -> None:
    begun(opp_on_both, template, tables)
    mine = next(row for row in opp_on_both.ok("task list -o json", user="li").json if row["title"] == "prepare")
    worklist = [count(who, f"next {of}".strip()) for who in ("li", "wang") for of in ("", "--team me", "--count")]
    ending, claiming = count("li", f"done {mine['id']}"), count("li", "claim D-3")
    assert max(worklist) <= 10
    assert (ending <= 7, claiming <= 13) == (True, True)


MONDAY = 1_772_416_800_000
GROWING = ("deal", "task", "activity", "visit", "request", "customer")


def many(path: str, people: int, deals: int) -> None:
    """So many people with so many deals each, and a next step for every other one; SQLite knows how many there are."""
    with open_write(path, Stamp(actor="wang", now=MONDAY)) as door:
        mine = (f"p{each % people}" for each in range(people * deals))
        keys = door.add_many(
            Deal(title=f"Deal {n}", stage="Lead", owner=one, created_at=MONDAY) for n, one in enumerate(mine)
        )
        door.add_many(
            Task(title="call", kind=FOLLOW, deal_id=key, due_on="2026-03-02", created_by="wang") for key in keys[::2]
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")


def test_the_worklist_of_one_among_many_is_found_by_indexes(opp: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(opp, "blank", EVERYTHING)
    for each in range(20):
        opp.ok(f"user add p{each} --manager wang", now=START)
    many(str(opp.db), 20, 100)
    with monkeypatch.context() as patch:
        said = heard(patch)
        assert opp.ok("next --count", user="p7", now=LATER).out == "100\n"
    asked = [statement for statement in said if statement.lstrip().startswith("SELECT")]
    with closing(sqlite3.connect(str(opp.db))) as connection:
        plans = [row[3] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    short = {"d": "deal", "t": "task", "n": "task", "a": "activity", "v": "visit", "r": "request", "c": "customer"}
    whole = [plan for plan in plans if plan.startswith("SCAN ") and short.get(plan.split()[1]) in GROWING]
    assert [plan for plan in whole if "request_blocked" not in plan] == []
    assert any("deal_owner" in plan for plan in plans)
