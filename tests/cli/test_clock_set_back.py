"""`opp db clock`: a machine whose clock ran ahead dated the journal ahead; from then on it is the real time again."""

import sqlite3

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess

AHEAD = "2031-06-02T09:00:00+08:00"
WHY = "-m 'the battery of the clock was changed'"


@pytest.fixture
@begun
def office(opp_on_both: InProcess) -> Office:
    """Their request R-1 was submitted while the machine believed that it was June 2031."""
    made = Office(opp_on_both)
    made.deal()
    made.now = AHEAD
    made.ok("li", "submit D-1 quote")
    return made


def back(office: Office, who: str = "root", line: str = f"db clock {WHY}") -> None:
    office.ok(who, line, at="10 09:00")


def test_what_comes_after_is_dated_by_the_clock_again_and_the_chain_holds(office: Office) -> None:
    office.ok("li", "lead add Y --customer Y", at="10 08:00")
    assert office.opp.ok("deal show D-2 --json").json["created_at"].startswith("2031")
    back(office)
    office.ok("li", "lead add Z --customer Z", at="10 09:30")
    assert office.opp.ok("deal show D-3 --json").json["created_at"] == "2026-03-10T01:30:00Z"
    assert office.opp.ok("audit verify --json").json["clean"] is True


def test_the_entry_says_from_when_to_when_and_why(office: Office) -> None:
    back(office)
    told = next(
        row for row in office.opp.ok("log --json").json if row["action"] == "clock" and row["noun"] == "database"
    )
    assert (told["at"], told["actor"], told["reason"]) == (
        "2026-03-10T01:00:00Z",
        "root",
        "the battery of the clock was changed",
    )
    assert told["what"] == "clock 2031-06-02T01:00:00Z → 2026-03-10T01:00:00Z, 2 entries ahead"


def test_open_steps_of_later_open_now_with_their_full_time(office: Office) -> None:
    assert office.request()["steps"][0]["due"].startswith("2031")
    back(office)
    step = office.request(at="10 09:00")["steps"][0]
    assert (step["opened_at"], step["due"]) == ("2026-03-10T01:00:00Z", "2026-03-10T10:00:00Z")
    office.ok("wang", "approve R-1", at="10 10:00")


def test_what_else_is_dated_ahead_is_named_and_stays(office: Office) -> None:
    told = office.ok("root", f"db clock {WHY}", at="10 09:00").out
    assert "R-1: submitted_at, revision at ahead, and left so" in told.splitlines()
    assert office.request(at="10 09:00")["submitted_at"].startswith("2031")


def test_a_dry_run_says_the_same_and_writes_nothing(office: Office) -> None:
    before = office.opp.ok("audit anchor --ids").out
    told = office.ok("root", f"db clock {WHY} --dry-run", at="10 09:00").out
    assert "R-1: submitted_at, revision at ahead, and left so" in told
    assert office.opp.ok("audit anchor --ids").out == before


def test_nobody_but_an_admin_sets_it_back_and_not_without_a_reason(office: Office) -> None:
    refused = [office("li", f"db clock {WHY}", at="10 09:00"), office("root", "db clock", at="10 09:00")]
    assert [answer.code for answer in refused] == [4, 2]


def test_it_is_not_set_back_where_the_last_entry_is_not_ahead(office: Office) -> None:
    back(office)
    assert office("root", f"db clock {WHY}", at="10 09:00").code == 5


def test_no_other_entry_may_step_back(office: Office) -> None:
    """The story that spoilt a database: an entry with an older time, put in with the chain built anew behind it."""
    from oppcli.store import open_read
    from oppcli.store.journal import EMPTY, SELECT, Head, digest_of, verify

    back(office)
    with open_read(office.opp.env["OPP_DB"]) as door:
        rows = door.rows(SELECT)
    head, forged = EMPTY, []
    for row in rows:
        action = "lie" if row[6] == "clock" and row[7] == "database" else row[6]
        changed = (*row[:6], action, *row[7:11], head.hash)
        forged.append((*changed, digest_of((*changed, "", *row[13:])), *row[13:]))
        head = Head(row[0], row[2], forged[-1][12])
    assert (verify(rows).fault, verify(forged).fault is None) == (None, False)


def test_a_tick_that_finds_nothing_to_do_says_so(opp: InProcess) -> None:
    office = Office(opp)
    office.deal()
    office.ok("li", "submit D-1 quote")
    with sqlite3.connect(opp.db) as connection:
        connection.execute("UPDATE request SET wake_at = 1")
    connection.close()
    office.ok("root", "tick", at="09 09:30")
    told = office.opp.ok("log R-1 --json").json[-1]
    assert (told["action"], told["actor"], told["meta"]["run_by"], told["what"]) == (
        "tick",
        "system",
        "root",
        "nothing to do until Mon 9 Mar 14:00",
    )
