"""Gates: what a stage still asks for, and approvals that no longer hold."""

from dataclasses import replace

import pytest
from requests_made import changed, deal, kind, later, policy, step, submitted, world

from oppcli.model.requests import Request
from oppcli.rules.approvals import ending
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.gates import flagged, gate_reasons, gate_states
from oppcli.rules.approvals.world import World

BOSS = kind(step("主管", "manager"), when="amount >= 20万", needs=("amount", "discount"))


def with_request(here: World, *requests: Request) -> World:
    return here._replace(requests=requests)


def approved(here: World, number: int = 31) -> Request:
    return decide(submitted(here, number=number), here, "wang", "approve").request


def state(here: World) -> str:
    (found,) = gate_states(here, ("quote",))
    return found.state


def test_a_type_that_does_not_apply_opens_the_gate_whatever_else_is_missing() -> None:
    here = world(BOSS, deal=deal(amount=100, discount=None))
    assert (state(here), gate_reasons(here, ("quote",))) == ("not_required", ())


def test_a_missing_request_is_named_with_whom_it_would_ask_and_the_command() -> None:
    (reason,) = gate_reasons(world(BOSS), ("quote",))
    assert reason.what == "approval quote"
    assert reason.detail == "would ask wang; due 2026-03-09T10:00Z"
    assert reason.fix == "opp request submit D-1 quote"


def test_the_preview_says_or_for_a_pool_and_for_seats_and_then_for_steps() -> None:
    rule = kind(step("甲", together="t"), step("乙", "user:lin", together="t"), step("丙", "role:tech", "all"))
    (reason,) = gate_reasons(world(rule), ("quote",))
    assert reason.detail.startswith("would ask chen or zhao and lin, then gao and lin and xu; due ")


def test_what_is_missing_for_the_submit_is_listed_with_it() -> None:
    here = world(BOSS, deal=deal(amount=None, discount=None))
    assert [reason.what for reason in gate_reasons(here, ("quote",))] == ["amount", "discount", "approval quote"]
    assert state(here) == "unknown"


def test_a_pending_request_says_at_whom_since_when_and_until_when() -> None:
    here = world(BOSS)
    (found,) = gate_states(with_request(here, submitted(here)), ("quote",))
    assert (found.state, found.request) == ("pending", 31)
    assert found.reasons[0].detail == "pending at wang since 2026-03-09T01:00Z, due 2026-03-09T10:00Z"
    assert found.reasons[0].fix == "opp request nudge R-31"
    alone = here._replace(users={"li": here.users["li"]})
    (blocked,) = gate_reasons(with_request(alone, submitted(here)), ("quote",))
    assert blocked.detail.startswith("pending, and nobody can decide it since ")
    assert blocked.fix == "opp request transfer R-31 --to LOGIN -m …"


def test_after_one_of_two_steps_the_gate_is_still_closed() -> None:
    here = world(kind(step("主管", "manager"), step("总监", "manager+1")))
    request = decide(submitted(here), here, "wang", "approve").request
    assert state(with_request(here, request)) == "pending"


def test_an_approved_request_opens_the_gate() -> None:
    here = world(BOSS)
    assert gate_reasons(with_request(here, approved(here)), ("quote",)) == ()


def test_a_returned_and_a_rejected_request_say_by_whom_why_and_what_to_do() -> None:
    here = world(BOSS)
    returned = decide(submitted(here), here, "wang", "return", reason="付款条件？").request
    (reason,) = gate_reasons(with_request(here, returned), ("quote",))
    assert reason.detail == "R-31 is returned: wang returned 主管 on 2026-03-09T01:00Z (付款条件？)"
    assert reason.fix == "opp request resubmit R-31"
    rejected = decide(submitted(here), here, "wang", "reject", reason="毛利").request
    (reason,) = gate_reasons(with_request(here, rejected), ("quote",))
    assert (reason.fix, "毛利" in reason.detail) == ("opp request submit D-1 quote", True)


@pytest.mark.parametrize("ended", ["recall", "cancel"])
def test_a_request_that_was_taken_back_counts_as_none(ended: str) -> None:
    here = world(BOSS)
    verb = {
        "recall": lambda r: ending.recall(r, here, "li"),
        "cancel": lambda r: ending.cancel(r, here, "root", reason="x"),
    }
    assert state(with_request(here, verb[ended](submitted(here)).request)) == "missing"


def test_an_expired_approval_closes_the_gate_without_anybody_having_marked_it() -> None:
    here = world(BOSS._replace(valid_days=1))
    request = approved(here)
    assert state(with_request(later(here, "03-10 09:00"), request)) == "approved"
    assert state(with_request(later(here, "03-10 09:01"), request)) == "expired"


def test_facts_that_are_not_those_approved_close_the_gate_even_if_no_request_was_told() -> None:
    here = world(BOSS)
    request = approved(here)
    (found,) = gate_states(with_request(changed(here, amount=90_000_000), request), ("quote",))
    assert (found.state, found.reasons[0].detail) == (
        "changed",
        "amount 800000.00 → 900000.00 since R-31 was approved",
    )


def test_an_approval_that_holds_is_not_outdone_by_a_newer_request_that_waits() -> None:
    here = world(BOSS)
    first = approved(here)
    second = submitted(here, number=32)
    assert state(with_request(here, first, second)) == "approved"
    refused = decide(second, here, "wang", "reject", reason="x").request
    assert state(with_request(here, first, refused)) == "rejected"


def test_an_invalid_approval_is_asked_again_unless_none_is_required_any_more() -> None:
    here = world(BOSS)
    gone = ending.revoke(approved(here), here, "root", reason="信用变化").request
    (reason,) = gate_reasons(with_request(here, gone), ("quote",))
    assert "信用变化" in reason.detail and reason.fix == "opp request submit D-1 quote"
    assert state(with_request(changed(here, amount=100), gone)) == "not_required"


def test_the_gate_asks_what_the_policy_of_now_asks_and_the_request_answers_by_its_own_rules() -> None:
    old = policy(kind(step("主管", "manager"), tolerance={}), hash="old")
    here = world(old)
    request = approved(here)
    new = policy(kind(step("主管", "manager"), step("财务")), hash="new")
    now = here._replace(policy=new, frozen={"old": old, "new": new}, requests=(request,))
    assert state(now) == "approved"
    none = policy(kind(step(), when="amount >= 900万"), hash="none")
    assert state(now._replace(policy=none, frozen={"old": old})) == "not_required"


def test_several_types_list_all_their_reasons_once() -> None:
    rules = policy(kind(needs=("tier",)), kind(step("法务", "user:lin"), name="risk", needs=("tier",)))
    found = gate_reasons(world(rules), ("quote", "risk"))
    assert [reason.what for reason in found] == ["tier", "approval quote", "approval risk"]


def at_stage(here: World, stage: str, *requests: Request) -> World:
    return here._replace(deal=replace(here.deal, stage=stage), requests=requests)


def test_a_deal_beyond_its_gate_is_flagged_once_the_approval_it_passed_with_no_longer_holds() -> None:
    here = world(BOSS)
    gone = ending.revoke(approved(here), here, "root", reason="x").request
    assert [found.state for found in flagged(at_stage(here, "签约", gone))] == ["invalidated"]
    assert flagged(at_stage(here, "方案", gone)) == (), "the gate is still ahead of it"
    assert flagged(at_stage(here, "签约", approved(here))) == ()
    assert flagged(at_stage(here, "签约")) == (), "it never had one: imported, or the gate is new"


def test_a_flag_stays_while_a_new_request_waits_and_goes_when_it_is_approved() -> None:
    here = world(BOSS)
    gone = ending.revoke(approved(here), here, "root", reason="x").request
    again = submitted(here, number=32)
    assert [found.state for found in flagged(at_stage(here, "签约", gone, again))] == ["pending"]
    done = decide(again, here, "wang", "approve").request
    assert flagged(at_stage(here, "签约", gone, done)) == ()


def test_an_approval_that_merely_expired_has_served_its_gate() -> None:
    here = world(BOSS._replace(valid_days=1))
    request = approved(here)
    then = later(here, "03-20 09:00")
    assert flagged(at_stage(then, "签约", request)) == ()
    assert flagged(at_stage(then, "签约", ending.expire(request, then).request)) == ()
