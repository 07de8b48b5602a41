"""What people did with customers, and how the nodes they answer for work, asked by commands on both engines."""

from typing import Any

import pytest
from approvals_office import Office
from test_recap import LATER, office

__all__ = ["office"]
NODES = "node,kind,person,handled,on_time,on_time_rate,median_bh,output_rate,returned_rate,open,late_now"


def rows(office: Office, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.opp.ok(f"{line} -o json", user="li", now=LATER).json
    return found


@pytest.fixture
def noted(office: Office) -> Office:
    office.opp.ok("user add bot --role service", user="root", now="2026-03-12T11:00:00+08:00")
    for user, line, day in (
        ("li", "note D-1 'call: a'", "13"),
        ("li", "note D-1 'visit: b'", "13"),
        ("li", "note C-1 'meeting: c'", "16"),
        ("li", "note D-2 'just so'", "16"),
        ("wang", "note D-2 'mail: d'", "16"),
        ("bot", "note D-2 'call: e'", "16"),
    ):
        office.ok(user, line, at=f"{day} 12:00")
    return office


def test_activities_of_people_are_counted_by_kind_and_services_do_nothing(noted: Office) -> None:
    header, *lines = noted.opp.ok("report activity --csv", user="li", now=LATER).out.splitlines()
    assert header == "person,month,calls,visits,mails,notes,other,total,deals,customers"
    assert lines == ["li,2026-03,1,1,0,1,1,4,2,1", "wang,2026-03,0,0,1,0,0,1,1,1"]
    found = rows(noted, "report activity --by kind,day -c kind,day,total")
    assert [tuple(row.values()) for row in found] == [
        ("call", "2026-03-13", 1),
        ("mail", "2026-03-16", 1),
        ("meeting", "2026-03-16", 1),
        ("note", "2026-03-16", 1),
        ("visit", "2026-03-13", 1),
    ]
    (row,) = rows(noted, "report activity --by customer --period 2026-03-16 --vs 2026-03-13")
    assert (row["customer"], row["total"], row["before_total"], row["change_total"]) == ("Acme", 3, 2, 0.5)
    assert [row["total"] for row in rows(noted, "report activity --by person --owner wang")] == [1]
    assert [row["total"] for row in rows(noted, "report activity --by person -w 'amount > 250000'")] == [2]
    assert "做了什么" in noted.opp.ok("report activity --lang zh -o html", user="li", now=LATER).out


def test_nodes_tell_who_handled_what_in_time_and_what_lies_open(office: Office) -> None:
    office.ok("li", "lose D-1 --reason 价格 -m x", at="16 10:00")
    answer = office.opp.ok("report nodes --csv", user="li", now=LATER).out.splitlines()
    assert answer[0] == NODES
    lead, offer, step = (dict(zip(NODES.split(","), line.split(","), strict=True)) for line in answer[1:])
    assert [lead[name] for name in ("node", "kind", "person", "handled", "on_time", "output_rate", "open")] == [
        *("线索", "stage", "li", "1", "", "1", "1")
    ]
    assert [offer[name] for name in ("node", "handled", "output_rate", "returned_rate")] == ["方案", "1", "0", "0"]
    assert [step[name] for name in ("node", "kind", "person", "handled", "output_rate", "returned_rate")] == [
        *("销售主管", "step", "wang", "2", "0.5", "0.5")
    ]
    assert rows(office, "report nodes --kind step --owner li") == []
    (row,) = rows(office, "report nodes --kind step --period 2026-03-12 --vs 2026-03-11")
    assert (row["handled"], row["before_handled"], row["change_handled"]) == (1, 1, 0)
    whole = rows(office, "report nodes --kind stage")
    assert rows(office, "report nodes --kind stage --period 2026-03") == whole
    earlier = rows(office, "report nodes --kind stage --period 2026-02")
    lie = [(each["node"], 0, each["open"]) for each in whole if each["open"]]
    assert [(each["node"], each["handled"], each["open"]) for each in earlier] == lie
    assert "审批节点" in office.opp.ok("report nodes --lang zh", user="li", now=LATER).out
    people = office.opp.ok("report nodes", user="li", now=LATER).out.splitlines()
    assert people[-1].split()[:2] == ["TOTAL", "4"]
    *_, total = rows(office, "report nodes --total")
    assert (total["node"], total["handled"], total["output_rate"], total["returned_rate"]) == ("(total)", 4, 0.5, 0.25)
    *_, total = rows(office, "report nodes --total --period 2026-03-12 --vs 2026-03-11 --kind step")
    assert (total["handled"], total["before_handled"], total["change_handled"]) == (1, 1, 0)


def test_a_seat_that_is_past_its_due_is_late_now(office: Office) -> None:
    office.ok("li", "lead qualify D-2", at="16 10:00")
    office.ok("li", "request submit D-2 quote", at="16 11:00")
    (row,) = rows(office, "report nodes --kind step -w 'id = D-2'")
    assert (row["node"], row["person"], row["handled"], row["open"], row["late_now"]) == ("销售主管", "wang", 0, 1, 1)
