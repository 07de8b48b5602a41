"""Where the time of approvals goes: turnaround and waiting, told from commands at fixed times."""

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """D-1 since Monday 09:00; its quote: wang takes 1 h, zhou returns it after 1 h, li sends it on on Tuesday 09:00,
    zhou approves at 11:00 that day, late for nobody."""
    made = Office(opp)
    made.deal()
    made.ok("li", "submit D-1 quote", at="09 09:00")
    made.ok("wang", "approve R-1", at="09 10:00")
    made.ok("zhou", "request return R-1 -m 缺少毛利", at="09 11:00")
    made.ok("li", "request resubmit R-1", at="10 09:00")
    made.ok("zhou", "approve R-1", at="10 11:00")
    return made


def test_turnaround_counts_no_time_in_which_it_was_returned(office: Office) -> None:
    rows = office.ok("li", "report turnaround --json", at="10 12:00").json
    assert [(row["type"], row["step"], row["decided"]) for row in rows] == [
        ("quote", "销售主管", 1),
        ("quote", "大区总监", 1),
    ]
    assert [(row["median_hours"], row["median_business_hours"], row["late"]) for row in rows] == [(1, 1, 0), (3, 3, 0)]
    assert [(row["approvals"], row["rejections"], row["returns"]) for row in rows] == [(1, 0, 0), (1, 0, 1)]
    assert rows[1]["reasons"] == ["缺少毛利 (1)"]


def test_a_request_that_was_returned_did_not_pass_at_the_first_attempt(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="10 11:00")
    office.ok("chen", "approve R-2", at="10 11:30")
    office.ok("qian", "approve R-2", at="10 11:30")
    rows = office.ok("li", "report turnaround --by type --json", at="10 12:00").json
    assert {row["type"]: row["first_pass_rate"] for row in rows} == {"quote": 0, "risk": 1}


def test_a_persons_turnaround_is_of_their_own_decisions(office: Office) -> None:
    rows = office.ok("li", "report turnaround --by person --json", at="10 12:00").json
    assert [(row["person"], row["decided"], row["median_business_hours"]) for row in rows] == [
        ("wang", 1, 1),
        ("zhou", 2, 2),
    ]


def test_a_decision_after_the_due_time_is_late(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="10 11:00")
    office.ok("chen", "approve R-2", at="12 11:00")
    rows = office.ok("li", "report turnaround --type risk --json", at="12 12:00").json
    assert [(row["step"], row["late"], row["late_share"]) for row in rows] == [("财务", 1, 1)]


def test_the_time_of_a_deal_divides_into_seller_approvers_returned_and_outside(office: Office) -> None:
    (row,) = office.ok("li", "report waiting --json", at="10 12:00").json
    parts = ("seller_hours", "approval_hours", "returned_hours", "outside_hours")
    # Monday 09-12 and 13-18, Tuesday 09-12 are worked: 11 of the 27 hours.
    assert {name: row[name] for name in parts} == {
        "seller_hours": 1,
        "approval_hours": 4,
        "returned_hours": 6,
        "outside_hours": 16,
    }
    assert row["approvers"] == {"zhou": 3, "wang": 1}
    assert sum(row[name] for name in parts) == row["total_hours"] == 27


def test_a_request_that_waits_is_charged_to_who_holds_it_now(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="10 11:00")
    rows = office.ok("li", "report waiting --by person --json", at="10 12:00").json
    # 财务 may be decided by either of two, 法务 by one: the hour is shared by the two seats.
    assert [{name: row[name] for name in ("person", "deals", "approval_hours")} for row in rows] == [
        {"person": "zhou", "deals": 1, "approval_hours": 3},
        {"person": "wang", "deals": 1, "approval_hours": 1},
        {"person": "chen or zhao", "deals": 1, "approval_hours": 0.5},
        {"person": "qian", "deals": 1, "approval_hours": 0.5},
    ]


def test_a_deal_without_requests_is_all_the_sellers(opp: InProcess) -> None:
    office = Office(opp)
    office.ok("li", "lead add 小单 --amount 1")
    (row,) = office.ok("li", "report waiting --json", at="09 12:00").json
    assert (row["seller_hours"], row["approval_hours"], row["approvers"]) == (3, 0, {})


def test_an_override_is_in_the_second_section_for_thirty_days(office: Office) -> None:
    office.ok("li", "submit D-1 risk", at="10 11:00")
    office.ok("root", "request override R-2 -m 总经理口头同意", at="10 12:00")
    assert office.ok("li", "report overdue --json", at="11 09:00").json == []
    (row,) = office.ok("li", "report overdue --overrides --json", at="11 09:00").json
    assert (row["section"], row["request"], row["by"], row["reason"]) == ("override", "R-2", "root", "总经理口头同意")
    later = office.opp("report overdue --overrides --json", user="li", now="2026-04-10T09:00:00+08:00")
    assert later.json == []


def test_a_clock_that_was_set_back_is_said_and_the_entry_written_as_of_the_last_one(office: Office) -> None:
    back = office.ok("li", "lead add 回拨 --amount 1", at="10 07:00")
    assert "warning: the clock says Tue 10 Mar 07:00, the last entry is of Tue 10 Mar 11:00" in back.err
    assert "warning" not in office.ok("li", "lead add 正常 --amount 1", at="10 10:56").err
    made = office.ok("li", "deal show D-2 --json", at="10 12:00").json
    assert made["created_at"] == "2026-03-10T03:00:00Z"
    for line in ("report overdue", "inbox", "deal list --json", "tick --no-delivery"):
        said = office.ok("li", line, at="10 07:00").err
        assert said.count("warning: the clock says Tue 10 Mar 07:00, the last entry is of Tue 10 Mar 11:00") == 1, line
    assert "warning" not in office.ok("li", "inbox -q", at="10 07:00").err


def test_each_holder_of_a_seat_is_charged_with_the_time_they_held_it(opp: InProcess) -> None:
    office = Office(opp)
    office.deal()
    office.ok("li", "submit D-1 quote", at="09 09:00")
    office.ok("wang", "request transfer R-1 --to chen -m 出差", at="09 11:00")
    office.ok("chen", "delegate add --to qian --end '2026-03-20 09:00'", at="09 14:00")
    office.ok("qian", "approve R-1", at="09 15:00")
    (row,) = office.ok("li", "report waiting --json", at="09 16:00").json
    assert row["approvers"] == {"chen": 3, "wang": 2, "zhou": 1}
