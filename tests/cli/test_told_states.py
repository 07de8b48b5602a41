"""How lists tell approvals that went past the people asked or wait for conditions, and what stands on cards of them."""

import json

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """R-1 quote waits for its first step."""
    made = Office(opp_on_both)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def test_an_override_is_told_as_such_in_tables_and_beside_the_state_for_programs(office: Office) -> None:
    office.ok("root", "request override R-1 -m 'by telephone'")
    assert "approved (override)" in office.ok("li", "request list").out
    assert "approved (override)" in office.ok("li", "show D-1").out
    answer = office("li", "gate D-1 -v")
    assert "approval quote: approved (override), R-1" in answer.out + answer.err
    assert "已通过（特批）" in office.ok("li", "request list --lang zh").out
    (row,) = office.ok("li", "request list -o json").json
    assert (row["state"], row["override"]) == ("approved", True)
    (of_deal,) = office.ok("li", "deal show D-1 -o json").json["requests"]
    assert (of_deal["state"], of_deal["override"]) == ("approved", True)
    assert office.ok("li", "request list --state approved --csv").out.splitlines()[1].split(",")[5] == "approved"


def test_an_approval_by_those_asked_is_no_override(office: Office) -> None:
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    assert "override" not in office.ok("li", "request list").out
    assert office.ok("li", "request list -o json").json[0]["override"] is False


def test_open_conditions_stand_in_the_column_of_the_state_and_are_counted_for_programs(office: Office) -> None:
    office.ok("wang", "approve R-1 --condition 'in writing' --before 签约")
    office.ok("zhou", "approve R-1 --if 'payment_days <= 30' --before 签约")
    assert "approved, 2 of 2 conditions open" in office.ok("li", "request list").out
    office.ok("li", "deal edit D-1 --set payment_days=30")
    office.ok("li", "request met R-1 1 -m 'it came'")
    (row,) = office.ok("li", "request list -o json").json
    assert (row["state"], row["terms_open"]) == ("approved", 0)
    office.ok("li", "deal edit D-1 --set payment_days=60")
    (row,) = office.ok("li", "request list -o json").json
    assert (row["state"], row["terms_open"]) == ("approved", 1)
    assert "approved, 1 of 2 conditions open" in office.ok("li", "show D-1").out


def test_who_may_decide_may_ask(office: Office) -> None:
    assert "opp request ask R-1 -m …" in office.ok("wang", "request show R-1").out
    assert "request ask" not in office.ok("li", "request show R-1").out


def test_the_time_of_a_step_that_is_asked_again_stays_in_the_turnaround(office: Office) -> None:
    office.ok("wang", "approve R-1", at="09 11:00")
    office.ok("zhou", "request return R-1 --to 销售主管 -m again", at="09 12:00")
    found = json.loads(office.ok("wang", "report turnaround -o json", at="09 14:00").out)
    first = next(row for row in found if row["step"] == "销售主管")
    assert (first["decided"], first["median_business_hours"], first["approvals"]) == (1, 2, 1)
    office.ok("wang", "approve R-1", at="09 14:00")
    found = json.loads(office.ok("wang", "report turnaround -o json", at="09 14:00").out)
    first = next(row for row in found if row["step"] == "销售主管")
    assert (first["decided"], first["approvals"]) == (2, 2)


def test_a_delegate_whose_own_vote_is_in_is_told_that_the_seat_needs_somebody_else(office: Office) -> None:
    office.ok("li", "submit D-1 tech")
    office.ok("gao", "approve R-2")
    office.ok("lin", "delegate add --to gao --end 2026-03-20")
    answer = office("gao", "approve R-2 -o json")
    assert answer.code == 5
    told = json.loads(answer.out or answer.err)["error"]
    assert told["slug"] == "needs_other" and "lin's seat needs somebody else" in told["hint"]


def test_who_submitted_a_request_finds_it_overdue_under_nobody_for_whom_they_stand_in(office: Office) -> None:
    office.ok("wang", "delegate add --to li --end 2026-03-20")
    office.ok("wang", "delegate add --to xu --end 2026-03-20")
    for who, found in (("li", []), ("xu", ["R-1"]), ("wang", ["R-1"])):
        rows = json.loads(office.ok(who, "report overdue --waiting-on me -o json", at="12 10:00").out)
        assert [row["request"] for row in rows] == found


def test_the_journal_tells_where_somebody_was_added_and_why_a_step_is_due_later_in_the_language_of_its_reader(
    office: Office,
) -> None:
    office.ok("wang", "request add-approver R-1 --after gao -m 他懂")
    told = office.ok("li", "log R-1 --lang zh").out
    assert "wang 后加签 gao" in told and "他懂" in told
    assert "gao added after by wang" in office.ok("li", "log R-1").out
