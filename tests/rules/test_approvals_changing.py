"""Facts that change under a request: tolerance, revisions, approvals that no longer hold, new rules."""

from dataclasses import replace

import pytest
from requests_made import (
    changed,
    deal,
    kind,
    later,
    open_people,
    percent,
    policy,
    states,
    step,
    submitted,
    wall,
    world,
)

from oppcli.errors import Conflict, NotAllowed, NotFound, PolicyError, Refused, UsageError
from oppcli.model.policy import Tolerance
from oppcli.model.requests import Request
from oppcli.rules.approvals import submitting
from oppcli.rules.approvals.changing import deal_changed, touches
from oppcli.rules.approvals.counting import counts
from oppcli.rules.approvals.covering import material
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.rebasing import rebase
from oppcli.rules.approvals.situation import stands
from oppcli.rules.approvals.world import World

TWO = kind(step("主管", "manager"), step("总监", "manager+1"))


def edit(request: Request, before: World, actor: str = "li", **facts: object) -> tuple[Request, World]:
    """The request and the world after somebody changed the deal."""
    after = changed(before, **facts)
    return deal_changed(request, after, actor, touched=touches(request, before, after)).request, after


def approved(here: World, *logins: str) -> Request:
    request = submitted(here)
    for login in logins:
        request = decide(request, here, login, "approve").request
    assert request.state == "approved"
    return request


def test_an_amount_raised_after_step_1_starts_revision_2_with_a_fresh_clock() -> None:
    here = world(TWO)
    request = decide(submitted(here), here, "wang", "approve").request
    after = later(changed(here, amount=90_000_000), "03-10 09:00")
    done = deal_changed(request, after, "li", touched=True)
    assert (done.request.state, done.request.revision, states(done.request)) == (
        "pending",
        2,
        {"主管": "open", "总监": "waiting"},
    )
    assert [(d.actor, counts(done.request, d)) for d in done.request.decisions] == [("wang", False)]
    assert wall(done.request.open_steps[0].due_at) == "03-10 18:00"
    assert [r.snapshot["amount"] for r in done.request.revisions] == ["800000.00", "900000.00"]
    told = {(notice.to, notice.kind): notice.text for notice in done.notices}
    assert "amount 800000.00 → 900000.00" in told["wang", "changed"]
    assert ("zhou", "changed") in told, "who held a seat learns that it is gone"


def test_every_step_of_the_old_revision_is_closed_and_its_approvals_keep_their_state() -> None:
    here = world(TWO)
    request = decide(submitted(here), here, "wang", "approve").request
    request, _ = edit(request, here, amount=1)
    assert [(s.revision, s.name, s.state) for s in request.steps] == [
        (1, "主管", "approved"),
        (1, "总监", "cancelled"),
        (2, "主管", "open"),
        (2, "总监", "waiting"),
    ]


@pytest.mark.parametrize(
    ("amount", "revision"),
    [(81_600_000, 1), (81_600_001, 2), (78_400_000, 1), (78_399_999, 2), (80_000_000, 1)],
)
def test_two_per_cent_of_tolerance_is_inclusive_and_works_both_ways(amount: int, revision: int) -> None:
    here = world(TWO._replace(tolerance={"amount": percent("2")}))
    request, _ = edit(submitted(here), here, amount=amount)
    assert request.revision == revision


def test_small_changes_are_measured_from_what_the_approvers_saw_and_cannot_creep() -> None:
    here = world(TWO._replace(tolerance={"amount": percent("2")}))
    request = submitted(here)
    for amount in (80_800_000, 81_600_000):
        request, here = edit(request, here, amount=amount)
    assert request.revision == 1
    request, here = edit(request, here, amount=81_700_000)
    assert request.revision == 2


def test_an_absolute_tolerance_and_none_at_all() -> None:
    from decimal import Decimal

    here = world(TWO._replace(tolerance={"discount": Tolerance(absolute=Decimal("0.5"))}))
    assert edit(submitted(here), here, discount=55_000)[0].revision == 1
    assert edit(submitted(here), here, discount=55_001)[0].revision == 2
    assert edit(submitted(here), here, amount=80_000_001)[0].revision == 2


def test_a_tolerated_change_that_alters_the_list_of_steps_is_material() -> None:
    rule = kind(step("主管", "manager"), step("总监", "user:ma", when="amount >= 800001"))
    here = world(rule._replace(tolerance={"amount": percent("2")}))
    request, _ = edit(submitted(here), here, amount=80_000_100)
    assert (request.revision, list(states(request))) == (2, ["主管", "总监"])


def test_fields_that_are_not_material_ask_nobody_again_even_where_a_step_depends_on_them() -> None:
    rule = kind(step("主管", "manager"), step("财务", when="margin < 25"), material=("amount",))
    here = world(rule)
    request, after = edit(submitted(here), here, margin=10_000, title="改名")
    assert request.revision == 1
    request, _ = edit(request, after, amount=1)
    assert list(states(request)) == ["主管", "财务"], "once something material changed, everything is looked at anew"


def test_the_same_number_in_another_currency_is_another_amount() -> None:
    here = world(TWO)
    after = changed(here, currency="USD")
    assert [str(change) for change in material(submitted(here), after)] == ["currency CNY → USD"]
    assert touches(submitted(here), here, after)


def test_a_file_that_is_replaced_is_material_where_it_is_named() -> None:
    rule = kind(step(), material=("file:合同",), needs=("file:合同",))
    here = world(rule, files={"合同": ("a",)})
    after = here._replace(files={"合同": ("a", "b")})
    request = deal_changed(submitted(here), after, "li", touched=touches(submitted(here), here, after)).request
    assert request.revision == 2


def test_a_change_that_needs_no_approval_any_more_cancels_the_request() -> None:
    here = world(TWO._replace(when=kind(when="amount >= 20万").when))
    request, _ = edit(submitted(here), here, amount=100)
    assert (request.state, request.reason) == ("cancelled", "no longer required")


def test_clearing_something_needed_sends_it_back_and_restoring_it_goes_on_where_it_was() -> None:
    here = world(TWO._replace(needs=("amount", "discount")))
    request = decide(submitted(here), here, "wang", "approve").request
    request, bare = edit(request, here, discount=None)
    assert (request.state, request.reason) == ("returned", "discount was cleared")
    assert stands(request, bare) == "returned: discount was cleared", "and not that wang approved"
    with pytest.raises(Refused) as refusal:
        submitting.resubmit(request, bare, "li")
    assert [reason.what for reason in refusal.value.reasons] == ["discount"]
    again = submitting.resubmit(request, here, "li").request
    assert (again.revision, open_people(again)) == (1, {"总监": [["zhou"]]})


def test_clearing_something_needed_sends_it_back_also_where_it_is_not_material() -> None:
    here = world(TWO._replace(needs=("margin", "payment_days")))
    request, _ = edit(submitted(here), here, margin=None, payment_days=None)
    assert (request.state, request.reason) == ("returned", "margin, payment_days were cleared")
    locked = world(TWO._replace(needs=("margin",), lock=("pending",)))
    with pytest.raises(Conflict, match="is locked while R-31 is pending: margin cannot change"):
        edit(submitted(locked), locked, margin=None)


def test_a_currency_without_a_rate_is_no_field_that_was_cleared() -> None:
    here = world(TWO._replace(needs=("amount",)))
    request, _ = edit(submitted(here), here, currency="EUR")
    told = "no rate from EUR to CNY, in which the policy counts"
    assert (request.state, request.reason) == ("returned", told)


def test_what_is_not_asked_for_any_more_needs_nothing() -> None:
    here = world(TWO._replace(when=kind(when="amount >= 20万").when, needs=("amount", "discount")))
    request, _ = edit(submitted(here), here, amount=100, discount=None)
    assert (request.state, request.reason) == ("cancelled", "no longer required")
    request = decide(submitted(here), here, "wang", "return", reason="?").request
    request, after = edit(request, here, amount=100, discount=None)
    assert submitting.resubmit(request, after, "li").request.state == "cancelled"


def test_changes_while_returned_take_effect_when_it_is_resubmitted() -> None:
    here = world(TWO)
    request = decide(submitted(here), here, "wang", "return", reason="?").request
    request, after = edit(request, here, "chen", amount=90_000_000)
    assert (request.state, request.revision, request.facts.next_editors) == ("returned", 1, ("chen",))
    again = submitting.resubmit(request, after, "li").request
    assert (again.state, again.revision, again.facts.editors) == ("pending", 2, ("chen",))
    assert again.facts.why == "resubmitted"


def test_a_resubmit_after_a_change_that_needs_no_approval_cancels_it() -> None:
    here = world(TWO._replace(when=kind(when="amount >= 20万").when))
    request = decide(submitted(here), here, "wang", "return", reason="?").request
    request, after = edit(request, here, amount=100)
    assert submitting.resubmit(request, after, "li").request.state == "cancelled"


def test_a_change_after_approval_invalidates_it_and_says_what_changed() -> None:
    here = world(TWO)
    done = deal_changed(approved(here, "wang", "zhou"), changed(here, amount=90_000_000), "li", touched=True)
    assert (done.request.state, done.request.reason) == (
        "invalidated",
        "amount 800000.00 → 900000.00 after approval",
    )
    assert done.request.decided_at is not None and done.request.invalidated_at == here.now
    assert {notice.to for notice in done.notices} == {"wang", "zhou"}


def test_a_change_inside_tolerance_leaves_an_approval_alone() -> None:
    here = world(TWO._replace(tolerance={"amount": percent("2")}))
    assert edit(approved(here, "wang", "zhou"), here, amount=81_000_000)[0].state == "approved"


@pytest.mark.parametrize("state", ["rejected", "recalled", "cancelled", "invalidated"])
def test_a_request_that_is_over_does_not_care(state: str) -> None:
    here = world(TWO)
    request = replace(submitted(here), state=state)
    assert edit(request, here, amount=1)[0] is request


def test_a_locked_type_refuses_the_change_while_pending_and_not_while_returned() -> None:
    here = world(TWO._replace(lock=("pending",)))
    with pytest.raises(Conflict, match="D-1 is locked while R-31 is pending: amount cannot change"):
        edit(submitted(here), here, amount=1)
    returned = decide(submitted(here), here, "wang", "return", reason="?").request
    assert edit(returned, here, amount=1)[0].state == "returned"
    assert edit(submitted(here), here, title="x")[0].state == "pending"


def test_a_lock_knows_no_tolerance() -> None:
    here = world(TWO._replace(lock=("pending",), tolerance={"amount": percent("2")}))
    with pytest.raises(Conflict, match="amount cannot change"):
        edit(submitted(here), here, amount=80_000_001)


def test_the_rules_stay_those_of_the_submit_and_people_are_those_of_now() -> None:
    old = policy(kind(step("主管", "manager"), step("财务")), hash="old")
    here = world(old)
    request = submitted(here)
    new = policy(kind(step("主管", "manager")), hash="new", roles={"finance": ("gao",)})
    now = here._replace(policy=new, frozen={"old": old, "new": new})
    request = decide(request, now, "wang", "approve").request
    assert open_people(request) == {"财务": [["gao", "chen", "zhao"]]}
    assert request.policy == "old"


def two_policies() -> tuple[World, Request]:
    """A request under old rules, in a world with new ones."""
    old, new = policy(TWO, hash="old"), policy(kind(step("副总", "user:ma")), hash="new")
    here = world(old)
    request = decide(submitted(here), here, "wang", "approve").request
    return here._replace(policy=new, frozen={"old": old, "new": new}), request


def test_a_rebase_plans_again_under_the_policy_of_now() -> None:
    now, request = two_policies()
    again = rebase(request, now, "root", reason="新制度").request
    assert (again.policy, again.revision, open_people(again)) == ("new", 2, {"副总": [["ma"]]})
    assert [counts(again, decision) for decision in again.decisions] == [False]
    assert again.facts.why == "rebased"


def test_a_rebase_is_for_admins_with_a_reason_and_new_rules() -> None:
    now, request = two_policies()
    with pytest.raises(NotAllowed, match="li may not rebase"):
        rebase(request, now, "li", reason="x")
    with pytest.raises(UsageError, match="needs a reason"):
        rebase(request, now, "root", reason=" ")
    with pytest.raises(Conflict, match="current policy already"):
        rebase(rebase(request, now, "root", reason="x").request, now, "root", reason="x")
    gone = now._replace(policy=policy(kind(name="risk"), hash="third"))
    with pytest.raises(NotFound, match="no type quote"):
        rebase(request, gone, "root", reason="x")
    needs = now._replace(policy=policy(kind(needs=("tier",)), hash="third"), deal=deal(tier=None))
    with pytest.raises(Refused):
        rebase(request, needs, "root", reason="x")


def test_a_rebase_to_a_policy_under_which_nobody_could_decide_is_refused() -> None:
    here = world(policy(kind(step("s", "manager"))))
    hole = policy(kind(step("法务", "role:legal")), fallback=("role:legal",), hash="p2")
    after = here._replace(policy=hole, frozen={"p1": here.policy})
    with pytest.raises(PolicyError, match="a step under the current policy that nobody could decide"):
        rebase(submitted(here), after, "root", reason="x")
