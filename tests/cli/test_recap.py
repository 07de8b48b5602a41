"""A deal looked back on, asked by commands on both engines; what closing tells at a terminal and beside one."""

from itertools import groupby
from typing import Any

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess

LATER = "2026-03-27T09:00:00+08:00"


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """D-1 is lost after a quote that was returned and approved, its amount and date moved; D-2 is open."""
    made = Office(opp_on_both)
    made.ok("li", "lead add Press --customer Acme --amount 300000 --set discount=5 --close 2026-04-01", at="09 10:00")
    made.ok("li", "lead add Lathe --customer Acme --amount 200000 --set discount=5", at="09 10:00")
    made.ok("li", "lead qualify D-1", at="10 10:00")
    made.ok("li", "deal edit D-1 --amount 350000 --close 2026-05-01", at="10 11:00")
    made.ok("li", "request submit D-1 quote", at="10 12:00")
    made.ok("wang", "request return R-1 -m '再想想'", at="11 10:00")
    made.ok("li", "request resubmit R-1", at="11 15:00")
    made.ok("wang", "approve R-1", at="12 10:00")
    return made


def recapped(office: Office, deal: str = "D-1", user: str = "li") -> dict[str, list[dict[str, Any]]]:
    rows = office.opp.ok(f"deal recap {deal} -o json", user=user, now=LATER).json
    return {section: list(each) for section, each in groupby(rows, key=lambda row: row["section"])}


def test_a_deal_is_looked_back_on_section_by_section(office: Office) -> None:
    office.ok("li", "lose D-1 --reason 价格 -m 太贵 --competitor Globex", at="16 10:00")
    found = recapped(office)
    assert list(found) == ["fact", "stay", "wait", "change", "decision", "outcome"]
    first, competitor = found["outcome"]
    assert (first["first"], first["last"], first["reason"], first["days"]) == ("方案", "输单", "价格: 太贵", 7)
    assert competitor["last"] == "Globex"
    facts = {row["what"]: (row["first"], row["last"]) for row in found["fact"]}
    assert facts["amount"] == ("CNY 300,000.00", "CNY 350,000.00")
    assert (facts["discount"], facts["expected_close"]) == (("5 %", "5 %"), ("2026-04-01", "2026-05-01"))
    assert [(row["what"], row["days"]) for row in found["stay"]] == [("线索", 1), ("方案", 6)]
    assert [(row["what"], row["first"], row["last"]) for row in found["change"]] == [
        ("amount", "CNY 300,000.00", "CNY 350,000.00"),
        ("expected_close", "2026-04-01", "2026-05-01"),
    ]
    assert [(row["last"], row["who"], row["reason"]) for row in found["decision"]] == [
        ("return", "wang", "再想想"),
        ("approve", "wang", None),
    ]


def test_its_waits_are_those_of_the_report_on_waiting(office: Office) -> None:
    (row,) = office.opp.ok("report waiting -w 'id = D-1' -o json", user="li", now=LATER).json
    waits = {(each["what"], each["who"]): each["hours"] for each in recapped(office)["wait"]}
    assert waits.pop(("the seller", "li")) == row["seller_hours"]
    assert waits.pop(("returned for information", None)) == row["returned_hours"]
    assert waits.pop(("outside business hours", None)) == row["outside_hours"]
    assert {who: hours for (_, who), hours in waits.items()} == row["approvers"]


def test_closing_names_the_line_and_at_a_terminal_tells_what_it_took(office: Office) -> None:
    told = office.ok("li", "lose D-1 --reason 价格 -m x", at="16 10:00")
    assert "Next: opp deal recap D-1" in told.out
    assert "Facts, first and last:" not in told.out
    now = "2026-03-16T11:00:00+08:00"
    dry = office.opp.ok("lose D-2 --reason 价格 -m x --dry-run", user="li", now=now, screen=True)
    assert "Facts" not in dry.out
    seen = office.opp.ok("lose D-2 --reason 价格 -m x --lang zh", user="li", now=now, screen=True).out
    assert "事实，最初与最后" in seen
    assert "opp deal recap" not in seen
    assert "\\e[" not in seen


def test_who_does_not_have_amounts_is_told_none(office: Office) -> None:
    policy = office.opp.ok("policy show 1", user="root", now=LATER).out
    scope = '\n[scope]\nsee = "all"\nhide = { amount = ["sales"] }\n'
    office.opp.ok("policy apply -", user="root", now=LATER, stdin=(policy + scope).encode())
    answer = office.opp.ok("deal recap D-1 -o csv", user="li", now=LATER)
    assert "amount" not in answer.out
    assert "350" not in answer.out
