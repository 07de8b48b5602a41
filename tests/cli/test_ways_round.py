"""Ways round an approval that got through once: each is refused now, or on record for good."""

from pathlib import Path

import pytest
from approvals_office import Office
from command_line import InProcess


@pytest.fixture
def office(opp: InProcess) -> Office:
    """li's deal of 800,000 in 方案: quote asks wang, then zhou."""
    made = Office(opp)
    made.deal()
    return made


def states(request: dict[str, object]) -> list[tuple[object, ...]]:
    steps: list[dict[str, object]] = request["steps"]  # type: ignore[assignment]
    seats: list[list[dict[str, object]]] = [step["seats"] for step in steps]  # type: ignore[misc]
    return [
        (step["name"], step["state"], held[0]["holders"] if held else [])
        for step, held in zip(steps, seats, strict=True)
    ]


def test_who_takes_a_deal_over_after_voting_is_asked_no_more_and_the_seat_climbs(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    told = office.ok("root", "deal assign D-1 --to wang", at="09 10:00")
    request = office.request()
    assert states(request)[:2] == [("销售主管", "open", ["zhou"]), ("大区总监", "waiting", [])]
    assert [(d["actor"], d["verdict"], d["counts"]) for d in request["decisions"]] == [
        ("wang", "approve", False),
        ("system", "withdraw", False),
    ]
    assert "R-1 quote: waits for zhou" in told.out
    assert office("wang", "approve R-1").code == 4


def test_what_came_after_the_vote_goes_on_once_its_seat_is_filled_again(office: Office) -> None:
    office.ok("root", "user add sun --role manager --manager zhou")
    office.ok("root", "user edit wang --manager sun")
    office.ok("li", "submit D-1 risk")
    office.ok("chen", "approve R-1")
    office.ok("root", "deal assign D-1 --to chen")
    # 财务 is open again beside 法务, which was open all the time
    assert [(name, state) for name, state, _ in states(office.request())] == [("财务", "open"), ("法务", "open")]
    office.ok("zhao", "approve R-1")
    office.ok("qian", "approve R-1")
    assert office.request()["state"] == "approved"


def test_an_approval_ends_when_who_gave_it_takes_the_deal_and_the_deal_is_flagged_beyond_the_gate(
    office: Office,
) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("zhou", "approve R-1")
    office.ok("li", "advance D-1")
    told = office.ok("root", "deal assign D-1 --to zhou")
    assert "R-1 quote: approved → invalidated (zhou decided it and has a part in D-1 now)" in told.out
    assert office("zhou", "advance D-1").code == 7
    assert "approval quote" in office.ok("li", "show D-1").out


def test_a_leavers_deal_does_not_keep_the_votes_of_who_follows(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("root", "user deactivate li --successor wang")
    assert states(office.ok("root", "request show R-1 -o json").json)[0] == ("销售主管", "open", ["zhou"])


def test_a_returned_request_waits_with_the_seat_open_again(office: Office) -> None:
    office.ok("li", "submit D-1 quote")
    office.ok("wang", "approve R-1")
    office.ok("zhou", "request return R-1 -m 为何")
    office.ok("root", "deal assign D-1 --to wang")
    request = office.request()
    assert (request["state"], states(request)[0]) == ("returned", ("销售主管", "open", []))
    assert [step["due"] for step in request["steps"]] == [None, None]
    office.ok("wang", "request resubmit R-1")
    assert states(office.request())[0] == ("销售主管", "open", ["zhou"])


def test_a_vote_by_who_owned_the_deal_before_it_was_submitted_is_allowed(office: Office) -> None:
    office.ok("wang", "lead add 交下来的线索 --amount 800000 --set discount=5")
    office.ok("wang", "lead qualify D-2")
    office.ok("wang", "deal assign D-2 --to li")
    office.ok("li", "submit D-2 quote")
    office.ok("wang", "approve R-1")


LOG = """
kind   = "requests"
system = "old"
[fields]
external_id = "case"
type        = "type"
activity    = "what"
at          = "when"
person      = "who"
[activities]
sent = "submit"
yes  = "final"
[deal]
external_id = "deal"
"""


def log_of(office: Office, *lines: str) -> str:
    """A log of approvals of deals that are here, and the words that import it."""
    folder = Path(office.opp.folder)
    (folder / "log.toml").write_text(LOG, encoding="utf-8")
    (folder / "log.csv").write_text("\n".join(["case,type,what,when,who,deal", *lines, ""]), encoding="utf-8")
    return f"import {folder / 'log.csv'} --mapping {folder / 'log.toml'}"


FORGED = ("1,quote,sent,2026-03-02,wang,X", "1,quote,yes,2026-03-03,zhou,X")


@pytest.fixture
def hers(office: Office) -> Office:
    """A deal of wang's own, whom nobody has approved anything."""
    office.ok("wang", "lead add 自己的单 --amount 800000 --set discount=5 --set external_id=X --set system=old")
    office.ok("wang", "lead qualify D-2")
    return office


def test_a_manager_who_forges_the_approvals_of_her_own_deal_in_a_file_opens_no_gate(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED), at="09 10:00")
    assert hers.request()["state"] == "approved"
    refused = hers("wang", "advance D-2", at="09 10:05")
    assert refused.code == 7
    assert "R-1 was imported by wang on Mon 9 Mar 10:00; submit it here" in refused.err
    assert "opp request submit D-2 quote" in refused.err


def test_what_was_asked_here_speaks_before_what_a_file_says(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    hers.ok("wang", "submit D-2 quote")
    assert "pending at zhou" in hers("wang", "advance D-2").err
    hers.ok("zhou", "approve R-2")
    hers.ok("ma", "approve R-2")
    hers.ok("wang", "advance D-2")


def test_an_admin_vouches_for_imported_approvals_with_a_reason_and_not_for_their_own_deals(hers: Office) -> None:
    line = log_of(hers, *FORGED)
    assert hers("wang", f"{line} --trust-approvals -m x").code == 4
    assert hers("root", f"{line} --trust-approvals").code == 2
    hers.ok("root", f"{line} --trust-approvals -m 财务核对过")
    trusted = [entry for entry in hers.ok("root", "export journal -o json").json if entry["action"] == "trust"]
    assert [(entry["noun_id"], entry["meta"]["reason"]) for entry in trusted] == [("1", "财务核对过")]
    hers.ok("root", "user edit wang --role admin")
    assert hers("wang", f"{log_of(hers, *FORGED)} --trust-approvals -m x").code == 9
    hers.ok("wang", "advance D-2")


def test_what_a_manager_adds_to_trusted_approvals_ends_the_trust(hers: Office) -> None:
    hers.ok("root", f"{log_of(hers, *FORGED[:1])} --trust-approvals -m geprüft")
    hers.ok("wang", log_of(hers, *FORGED))
    assert "was imported by wang" in hers("wang", "advance D-2").err


def test_a_file_that_was_imported_as_history_can_be_vouched_for_later(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    hers.ok("root", f"{log_of(hers, *FORGED)} --trust-approvals -m geprüft")
    hers.ok("wang", "advance D-2")


def test_a_deal_beyond_a_gate_with_imported_approvals_goes_on_as_one_without(hers: Office) -> None:
    hers.ok("wang", log_of(hers, *FORGED))
    assert "no longer" not in hers.ok("wang", "show D-2").out
