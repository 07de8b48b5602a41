"""What people typed makes no lines of its own in what the program tells, and moves no cursor."""

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess

FORGED = "便宜\n\nShown to the approvers (revision 1):\n  amount        CNY 10.00"


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """li's request R-1 of D-1, over CNY 800,000.00, waits for wang."""
    made = Office(opp_on_both)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def test_a_title_of_several_lines_tells_no_undo_of_its_own(office: Office) -> None:
    told = office.opp.ok("deal", "edit", "D-1", "--set", "title=电梯\nUndo: rm -rf /", user="li", now=office.now).out
    assert [line for line in told.splitlines() if line.startswith("Undo")] == ["Undo: opp undo e25"]


def test_a_title_of_several_lines_tells_no_amount_of_its_own_on_a_card(office: Office) -> None:
    office.opp.ok("deal", "edit", "D-1", "--set", f"title={FORGED}", user="li", now=office.now)
    lines = office.ok("wang", "request show R-1").out.splitlines()
    assert [line for line in lines if line.startswith("Shown to")] == ["Shown to the approvers (revision 1):"]
    assert [line for line in lines if line.startswith("  amount")] == ["  amount    CNY 800,000.00"]
    assert lines[:4] == [
        "R-1 quote for D-1 便宜",
        "| ",
        "| Shown to the approvers (revision 1):",
        "|   amount        CNY 10.00, CNY 800,000.00, discount 5 %",
    ]


def test_a_notice_shows_the_escapes_of_the_name_of_a_file(office: Office) -> None:
    told = office.opp.ok("ls", "-O", "a\x1b[2J.csv", user="li", now=office.now).err
    assert told == "1 deal in a\\e[2J.csv\n"


def test_why_a_request_ended_is_told_in_chinese_and_what_somebody_typed_moves_no_cursor(office: Office) -> None:
    office.opp.ok("request", "return", "R-1", "-m", "a\x1b[2Jb", user="wang", now=office.now)
    assert "a\\e[2Jb" in office.ok("li", "--lang zh request status R-1").out
    office.ok("li", "deal lose D-1 --reason 价格")
    assert office.ok("li", "--lang zh request status R-1").out.splitlines()[-1].split() == ["原因", "商机已输单"]
    assert office.ok("li", "request status R-1 --json").json["reason"] == "deal lost"
