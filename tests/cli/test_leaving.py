"""Who leaves: what `user deactivate` names and moves, and who goes on with what came back."""

import sqlite3
from contextlib import closing

import pytest
from approvals_office import Office
from begun import begun
from command_line import InProcess


@pytest.fixture
@begun
def office(opp: InProcess) -> Office:
    """li's request R-1 of D-1 waits for wang."""
    made = Office(opp)
    made.deal()
    made.ok("li", "submit D-1 quote")
    return made


def waits(office: Office, number: int = 1) -> list[str]:
    """Whom the request waits for."""
    found = office.ok("root", "request list -o json").json
    people: list[str] = next(row["waiting_on"] for row in found if row["id"] == f"R-{number}")
    return people


def test_deactivate_names_and_moves_deals_returned_requests_seats_and_delegations(office: Office) -> None:
    office.ok("wang", "request return R-1 -m 付款条件？")
    office.ok("li", "lead add 无锡泵业 --customer 无锡泵业 --amount 300000 --set discount=5")
    office.ok("root", "submit D-2 tech")
    office.ok("li", "delegate add --to gao --end 2026-04-01")
    answer = office.ok("root", "user deactivate li --successor xu")
    assert answer.out.splitlines()[:6] == [
        "li deactivated",
        "2 open deals of li go to xu: D-1, D-2",
        "R-2 tech: waits for lin, gao, tang",
        "2 customers of li go to xu: C-1, C-2",
        "R-1 quote: returned, xu may resubmit it",
        "G-1 ends: gao no longer decides for li",
    ]
    assert [row["owner"] for row in office.ok("root", "deal list -o json -c owner").json] == ["xu", "xu"]
    assert waits(office) == ["xu"]
    notices = office.ok("root", "notices list -o json").json
    assert [row["to"] for row in notices if row["kind"] == "returned" and "yours to resubmit" in row["text"]] == ["xu"]
    assert office.ok("root", "delegate list -o json").json == []
    assert "R-1 resubmitted" in office.ok("xu", "request resubmit R-1 -m '30 天'").out


def test_a_returned_request_of_somebody_who_left_without_a_successor_waits_for_the_admins(office: Office) -> None:
    office.ok("wang", "request return R-1 -m 付款条件？")
    answer = office.ok("root", "user deactivate li")
    assert "1 open deal of li waits for a new owner: D-1; opp deal assign DEAL --to LOGIN" in answer.out
    assert "R-1 quote: returned, and nobody is left to resubmit it" in answer.out
    assert waits(office) == []
    (first,) = office.ok("root", "inbox -o json").json
    assert (first["id"], first["blocked"], first["state"]) == ("R-1", True, "returned")
    assert office.ok("tang", "inbox -o json").json == [], "nobody but an admin can help"
    office.ok("root", "deal assign D-1 --to gao")
    assert (waits(office), office.ok("root", "inbox -o json").json) == (["gao"], [])
    office.ok("gao", "request resubmit R-1")


def test_a_role_taken_from_a_person_and_their_manager_at_once_leaves_neither_a_seat(office: Office) -> None:
    """chen and zhao hold finance by the policy and by their own roles; chen leads zhao."""
    office.ok("li", "submit D-1 risk")
    text = (office.opp.folder / "policy.toml").read_text(encoding="utf-8")
    for login in ("zhao", "chen"):
        office.ok("root", f"user edit {login} --role sales")
    (office.opp.folder / "policy.toml").write_text(text.replace('["chen", "zhao"]', '["qian"]'), encoding="utf-8")
    office.ok("root", "policy apply policy.toml")
    refused = office("chen", "approve R-2")
    assert (refused.code, "does not hold a seat" in refused.err) == (4, True)
    assert "chen" not in waits(office, 2)


def test_a_delegate_finds_what_waits_for_the_other_in_the_inbox_and_at_home(office: Office) -> None:
    office.ok("wang", "delegate add --to xu --end 2026-04-01")
    assert [row["id"] for row in office.ok("xu", "inbox -o json").json] == ["R-1"]
    (row,) = office.ok("xu", "next -o json").json
    assert (row["who"], row["command"]) == ("wang", "opp approve R-1")
    assert row["reason"].endswith(", for wang")
    assert "for wang" not in office.ok("wang", "").out
    office.ok("xu", "approve R-1")
    assert office.ok("xu", "inbox -o json").json == []
    assert office.ok("xu", "next -o json").json == []


def test_deactivate_names_the_seat_in_a_request_whose_clock_stands_still(office: Office) -> None:
    office.ok("wang", "request return R-1 -m 付款条件？")
    answer = office.ok("root", "user deactivate wang --successor xu")
    assert "wang sits in 1 request whose clock stands still: R-1; who follows is found later" in answer.out
    office.ok("li", "request resubmit R-1 -m '30 天'")
    assert waits(office) == ["xu"]
    office.ok("xu", "request add-approver R-1 --before gao -m 先看")
    assert "xu sits in 1 request whose clock stands still: R-1" in office.ok("root", "user deactivate xu").out


def test_home_says_what_is_blocked_and_what_a_successor_or_owner_may_send_on(office: Office) -> None:
    office.ok("wang", "request return R-1 -m 付款条件？")
    assert requests(office, "li") == [("returned", "R-1", "opp request show R-1")]
    office.ok("root", "user deactivate li")
    assert requests(office, "root") == [("blocked", "R-1", "opp request resubmit R-1")]
    assert "BLOCKED" in office.ok("root", "inbox").out
    office.ok("root", "deal assign D-1 --to gao")
    assert requests(office, "root") == []
    assert requests(office, "gao") == [("returned", "R-1", "opp request show R-1")]


def requests(office: Office, login: str) -> list[tuple[str, str, str]]:
    """What waits for somebody and is a request."""
    rows = office.ok(login, "next -o json").json
    return [(row["kind"], row["ref"], row["command"]) for row in rows if row["ref"].startswith("R-")]


def test_an_upgrade_marks_what_nobody_can_move_on(office: Office) -> None:
    """What migration 0005 finds in a database of before is what the program marks itself."""
    from importlib import import_module

    office.ok("wang", "request return R-1 -m 付款条件？")
    for title in ("无锡泵业", "苏州阀门"):
        office.ok("zhou", f"lead add {title} --customer {title} --amount 300000 --set discount=5")
    office.ok("zhou", "submit D-2 quote")
    office.ok("zhou", "submit D-3 risk")
    for login in ("tang", "li", "ma"):
        office.ok("root", f"user deactivate {login}")
    step = import_module("migrations.versions.0005_who_follows")
    with closing(sqlite3.connect(office.opp.db)) as file:
        marked = file.execute("SELECT id, blocked FROM request ORDER BY id").fetchall()
        file.execute("UPDATE request SET blocked = 0")
        for sql in (step.NOBODY_SITS, step.NOBODY_ANSWERS):
            file.execute(sql)
        assert marked == [(1, 1), (2, 1), (3, 0)]
        assert file.execute("SELECT id, blocked FROM request ORDER BY id").fetchall() == marked


def test_a_successor_who_comes_after_the_leaving_is_not_lost_without_a_word(office: Office) -> None:
    office.ok("root", "user deactivate li")
    late = office("root", "user deactivate li --successor xu")
    assert late.code == 5
    assert late.err.splitlines() == [
        "error: li was deactivated already, without xu as successor",
        "hint: opp user reactivate li",
    ]
    office.ok("root", "user reactivate li")
    assert "open deal of li goes to xu" in office.ok("root", "user deactivate li --successor xu").out
    assert office("root", "user deactivate li --successor xu").code == 0
    assert office("root", "user deactivate li").code == 0


def test_the_withdrawal_of_a_request_is_a_verb_of_its_own(office: Office) -> None:
    refused = office("li", "withdraw R-1 -m x")
    assert (refused.code, refused.err.splitlines()[1]) == (3, "hint: opp request recall R-1")
