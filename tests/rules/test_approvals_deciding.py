"""Approve, reject, return, withdraw; repeated approvers; two who decide at once."""

import pytest
from requests_made import (
    HOUR,
    changed,
    delegation,
    kind,
    later,
    open_people,
    policy,
    states,
    step,
    submitted,
    wall,
    world,
)

from oppcli.errors import Ambiguous, Conflict, NotAllowed, UsageError
from oppcli.model.policy import Sod
from oppcli.model.requests import Request
from oppcli.rules.approvals import submitting
from oppcli.rules.approvals.changing import deal_changed
from oppcli.rules.approvals.counting import counts
from oppcli.rules.approvals.deciding import decide, withdraw
from oppcli.rules.approvals.world import World

TWO = kind(step("主管", "manager"), step("总监", "manager+1"))


def said(request: Request) -> list[tuple[str, str, bool, bool]]:
    """Every decision as (who, what, automatic, counts)."""
    return [(d.actor, d.verdict, d.automatic, counts(request, d)) for d in request.decisions]


def approve(request: Request, here: World, *logins: str) -> Request:
    for login in logins:
        request = decide(request, here, login, "approve").request
    return request


def test_every_step_in_turn_and_then_the_request_is_approved() -> None:
    here = world(TWO)
    request = approve(submitted(here), here, "wang")
    assert (request.state, states(request)) == ("pending", {"主管": "approved", "总监": "open"})
    done = decide(request, later(here, "03-09 11:00"), "zhou", "approve")
    assert (done.request.state, wall(done.request.decided_at)) == ("approved", "03-09 11:00")
    assert [(notice.to, notice.kind) for notice in done.notices] == [("li", "approved")]


def test_approval_of_the_first_of_two_steps_approves_nothing_yet() -> None:
    here = world(TWO)
    assert approve(submitted(here), here, "wang").decided_at is None


def test_or_sign_the_second_is_told_who_was_first_and_when() -> None:
    here = world(kind(step()))
    request = decide(submitted(here), later(here, "03-09 10:00"), "chen", "approve").request
    with pytest.raises(Conflict) as refusal:
        decide(request, later(here, "03-09 10:00"), "zhao", "reject", reason="no")
    assert refusal.value.message == "R-31 is approved: chen approved 财务 on 2026-03-09T02:00Z"
    request = decide(submitted(world(kind(step(), step("副总", "user:ma")))), here, "chen", "approve").request
    with pytest.raises(Conflict, match=r"chen approved 财务 on .* before zhao"):
        decide(request, world(kind(step(), step("副总", "user:ma"))), "zhao", "approve")


def test_saying_the_same_again_is_harmless_and_the_opposite_is_refused() -> None:
    here = world(TWO)
    request = approve(submitted(here), here, "wang")
    assert decide(request, here, "wang", "approve").request is request
    with pytest.raises(NotAllowed, match="wang does not hold a seat in 总监"):
        decide(request, here, "wang", "reject", reason="no")
    over = approve(request, here, "zhou")
    assert decide(over, here, "wang", "approve").request is over
    rejected = decide(submitted(here), here, "wang", "reject", reason="x").request
    assert decide(rejected, here, "wang", "reject", reason="x").request is rejected


def test_who_agreed_and_thinks_better_of_it_is_told_how_the_vote_is_taken_back() -> None:
    here = world(kind(step("会签", "role:finance", "all")))
    agreed = approve(submitted(here), here, "chen")
    with pytest.raises(Conflict, match="one person, one vote") as refusal:
        decide(agreed, here, "chen", "reject", reason="no")
    assert refusal.value.hint == "opp request withdraw R-31"


@pytest.mark.parametrize("verdict", ["reject", "return"])
def test_a_no_needs_a_reason(verdict: str) -> None:
    here = world(TWO)
    with pytest.raises(UsageError, match=f"{verdict} needs a reason"):
        decide(submitted(here), here, "wang", verdict, reason="  ")


def test_a_rejection_ends_the_request_and_closes_everything() -> None:
    here = world(TWO)
    done = decide(submitted(here), here, "wang", "reject", reason="毛利太低")
    assert (done.request.state, done.request.reason) == ("rejected", "毛利太低")
    assert states(done.request) == {"主管": "rejected", "总监": "cancelled"}
    assert [(notice.to, notice.kind) for notice in done.notices] == [("li", "rejected")]


def test_the_first_no_of_parallel_steps_ends_both_and_the_other_is_nobodys_decision() -> None:
    here = world(kind(step("财务", together="会审"), step("技术", "user:lin", together="会审")))
    request = decide(submitted(here), here, "lin", "reject", reason="不可行").request
    assert states(request) == {"财务": "cancelled", "技术": "rejected"}
    assert [seat.decided_by for seat in request.plan[0].seats] == [None]


def test_a_step_may_send_a_rejected_request_back_and_it_starts_again() -> None:
    here = world(kind(step("主管", "manager"), step("财务", on_reject="return")))
    request = decide(approve(submitted(here), here, "wang"), here, "chen", "reject", reason="补材料").request
    assert (request.state, states(request)) == ("returned", {"主管": "approved", "财务": "rejected"})
    again = submitting.resubmit(request, here, "li").request
    assert (again.state, again.revision, open_people(again)) == ("pending", 2, {"主管": [["wang"]]})
    assert said(again) == [("wang", "approve", False, False), ("chen", "reject", False, False)]


def test_all_must_agree_and_the_others_wait() -> None:
    here = world(kind(step("会签", "role:finance", "all")))
    request = approve(submitted(here), here, "chen")
    assert (request.state, open_people(request)) == ("pending", {"会签": [["zhao"]]})
    assert approve(request, here, "zhao").state == "approved"


def test_two_of_three_with_a_veto() -> None:
    here = world(kind(step("技术", "role:tech", "at least 2", veto=("user:lin",))))
    request = decide(submitted(here), here, "gao", "reject", reason="a").request
    assert request.state == "pending", "one no leaves two who can agree"
    assert approve(request, here, "lin", "xu").state == "approved"
    assert decide(request, here, "lin", "reject", reason="b").request.state == "rejected"
    assert decide(submitted(here), here, "lin", "reject", reason="b").request.state == "rejected"


def test_a_quorum_out_of_reach_fails_at_once() -> None:
    here = world(kind(step("技术", "role:tech", "at least 2")))
    request = decide(submitted(here), here, "gao", "reject", reason="a").request
    assert decide(request, here, "xu", "reject", reason="b").request.state == "rejected"


def test_a_quorum_waits_for_the_one_who_must_agree() -> None:
    here = world(kind(step("技术", "role:tech", "at least 2", must=("user:lin",))))
    request = approve(submitted(here), here, "gao", "xu")
    assert (request.state, open_people(request)) == ("pending", {"技术": [["lin"]]})
    assert approve(request, here, "lin").state == "approved"


# ---------- the same person twice ----------
ABA = kind(step("一", "user:chen"), step("二", "user:zhou"), step("三", "user:chen"))
AAB = kind(step("一", "user:chen"), step("二", "user:chen"), step("三", "user:zhou"), step("四", "user:chen"))


def with_repeat(rule: object, how: str) -> World:
    return world(policy(rule, sod=Sod(repeat=how)))  # type: ignore[arg-type]


@pytest.mark.parametrize(("how", "expected"), [("consecutive", ["一", "二"]), ("none", ["一"]), ("all", ["一", "二"])])
def test_who_approves_twice_in_a_row_is_asked_once(how: str, expected: list[str]) -> None:
    here = with_repeat(AAB, how)
    request = approve(submitted(here), here, "chen")
    assert [name for name, state in states(request).items() if state == "approved"] == expected


@pytest.mark.parametrize(("how", "state"), [("consecutive", "pending"), ("none", "pending"), ("all", "approved")])
def test_somebody_in_between_breaks_the_repetition_except_for_all(how: str, state: str) -> None:
    here = with_repeat(ABA, how)
    request = approve(submitted(here), here, "chen")
    assert states(request)["二"] == "open", "nothing is jumped over"
    assert approve(request, here, "zhou").state == state


def test_a_repeated_approval_is_a_record_of_its_own_that_points_to_the_first() -> None:
    here = with_repeat(AAB, "consecutive")
    request = approve(submitted(here), here, "chen")
    assert said(request) == [("chen", "approve", False, True), ("chen", "approve", True, True)]
    assert (request.decisions[1].refers_to, request.decisions[1].step) == (1, 2)


def test_a_repetition_is_not_repeated_itself() -> None:
    here = world(kind(*(step(str(number), "user:chen") for number in range(1, 4))))
    request = approve(submitted(here), here, "chen")
    assert states(request) == {"1": "approved", "2": "approved", "3": "open"}


def test_a_repetition_fills_only_that_persons_seat() -> None:
    here = world(kind(step("一", "user:chen"), step("二", "role:finance", "all")))
    request = approve(submitted(here), here, "chen")
    assert open_people(request) == {"二": [["zhao"]]}


def test_a_fresh_step_asks_again_and_so_does_an_approval_given_for_somebody_else() -> None:
    here = world(kind(step("一", "user:chen"), step("二", "user:chen", fresh=True)))
    assert states(approve(submitted(here), here, "chen"))["二"] == "open"
    here = world(kind(step("一", "user:wang"), step("二", "user:chen")))
    here = here._replace(delegations=(delegation("wang", "chen", "03-01 00:00", "04-01 00:00"),))
    assert states(approve(submitted(here), here, "chen"))["二"] == "open"


def test_an_approval_in_a_parallel_group_is_repeated_in_the_next_step() -> None:
    rule = kind(step("财务", together="t"), step("技术", "user:lin", together="t"), step("复核", "user:chen"))
    here = world(rule)
    assert approve(submitted(here), here, "chen", "lin").state == "approved"


# ---------- seats in several steps ----------
def test_somebody_with_seats_in_two_open_steps_says_which() -> None:
    here = world(kind(step("甲", "user:chen", together="t"), step("乙", "user:chen", together="t")))
    request = submitted(here)
    with pytest.raises(Ambiguous) as refusal:
        decide(request, here, "chen", "approve")
    assert [reason.fix for reason in refusal.value.reasons] == ["--step 甲", "--step 乙"]
    request = decide(request, here, "chen", "approve", step="乙").request
    assert states(request) == {"甲": "open", "乙": "approved"}
    with pytest.raises(Conflict, match="is not an open step"):
        decide(request, here, "zhao", "approve", step="乙")


def test_a_revision_that_was_not_seen_is_refused_with_the_difference() -> None:
    here = world(TWO)
    edited = changed(here, amount=90_000_000)
    request = deal_changed(submitted(here), edited, "li", touched=True).request
    with pytest.raises(Conflict) as refusal:
        decide(request, edited, "wang", "approve", revision=1)
    assert refusal.value.message == "R-31 is at revision 2, not 1: amount 800000.00 → 900000.00"
    assert decide(request, edited, "wang", "approve", revision=2).request.decisions[0].revision == 2
    with pytest.raises(Conflict, match="is at revision 2, not 3: there is no such revision"):
        decide(request, edited, "wang", "approve", revision=3)


# ---------- withdraw ----------
def test_an_approval_can_be_withdrawn_while_its_step_is_open_and_given_again() -> None:
    here = world(kind(step("会签", "role:finance", "all")))
    request = approve(submitted(here), here, "chen")
    due = request.open_steps[0].due_at
    request = withdraw(request, later(here, "03-09 10:00"), "chen").request
    assert said(request) == [("chen", "approve", False, False), ("chen", "withdraw", False, False)]
    assert (open_people(request), request.open_steps[0].due_at) == ({"会签": [["chen"], ["zhao"]]}, due)
    assert approve(request, here, "zhao", "chen").state == "approved"


def test_after_the_step_is_closed_or_without_an_approval_there_is_nothing_to_withdraw() -> None:
    here = world(TWO)
    request = approve(submitted(here), here, "wang")
    for login in ("wang", "zhou"):
        with pytest.raises(Conflict, match="no approval in an open step"):
            withdraw(request, here, login)
    with pytest.raises(Conflict, match="R-31 is approved"):
        withdraw(approve(request, here, "zhou"), here, "zhou")


# ---------- return ----------
def test_a_return_over_a_weekend_stops_the_clock_and_goes_on_where_it_was() -> None:
    here = world(kind(step("会签", "role:finance", "all", sla_ms=8 * HOUR)), now="03-13 14:00")
    request = approve(submitted(here), here, "chen")
    done = decide(request, later(here, "03-13 16:00"), "zhao", "return", reason="付款条件？")
    assert (done.request.state, done.request.reason) == ("returned", "付款条件？")
    (paused,) = done.request.open_steps
    assert (paused.due_at, paused.used_ms, paused.remaining_ms) == (None, 2 * HOUR, 6 * HOUR)
    assert [(notice.to, notice.kind) for notice in done.notices] == [("li", "returned")]
    again = submitting.resubmit(done.request, later(here, "03-16 11:00"), "li").request
    assert (again.state, again.revision, wall(again.open_steps[0].due_at)) == ("pending", 1, "03-16 18:00")
    assert open_people(again) == {"会签": [["zhao"]]}, "chen's approval still counts"
    assert approve(again, later(here, "03-16 12:00"), "zhao").state == "approved"


def test_while_returned_nobody_decides() -> None:
    here = world(TWO)
    request = decide(submitted(here), here, "wang", "return", reason="?").request
    with pytest.raises(Conflict, match="R-31 is returned: wang returned 主管"):
        decide(request, here, "wang", "approve")
    assert decide(request, here, "wang", "return", reason="?").request is request
