"""A yes with terms: what it keeps the deal from, what is foreseen, met, waived, lapsed."""

from typing import Any

import pytest
from requests_made import changed, kind, policy, step, submitted, world

from oppcli.errors import Conflict, NotAllowed, NotFound, UsageError
from oppcli.model.requests import Request
from oppcli.rules.approvals import submitting, terms
from oppcli.rules.approvals.changing import deal_changed, restart
from oppcli.rules.approvals.deciding import decide, withdraw
from oppcli.rules.approvals.ending import recall, revoke
from oppcli.rules.approvals.situation import standing
from oppcli.rules.approvals.terms import Asked
from oppcli.rules.approvals.world import World

RULES = policy(
    kind(step("一", "manager"), step("二", "role:finance"), material=("amount", "discount", "payment_days")),
    gates={"谈判": (), "签约": ("quote",)},
)
HERE = world(RULES)
FIRST = submitted(HERE)


def agreed(*asked: Asked, here: World = HERE) -> Request:
    """wang and chen agree; wang with terms."""
    request = decide(submitted(here), here, "wang", "approve", terms=asked[0] if asked else Asked()).request
    return decide(request, here, "chen", "approve").request


def whats(world: World, into: str, request: Request) -> list[tuple[str, str]]:
    found = terms.move_reasons(world, into, (request,))
    return [(str(reason.what), reason.slug) for reason in found]


def test_a_yes_with_a_condition_is_a_yes_and_the_deal_waits() -> None:
    request = agreed(Asked(texts=("in writing",)))
    assert request.state == "approved"
    assert [(t.text, t.before, t.state) for t in request.terms] == [("in writing", "签约", "open")]
    assert whats(HERE, "谈判", request) == []
    assert whats(HERE, "签约", request) == [("condition 1 of R-31", "term_open")]
    assert whats(HERE, "赢单", request) == [("condition 1 of R-31", "term_open")]
    assert "1 of 1 condition open" in standing(request, HERE)


def test_before_names_another_stage_that_is_ahead() -> None:
    assert agreed(Asked(texts=("x",), before="赢单")).terms[0].before == "赢单"
    for stage in ("线索", "方案", "输单"):
        with pytest.raises(UsageError):
            decide(FIRST, HERE, "wang", "approve", terms=Asked(texts=("x",), before=stage))
    nobody_asks = world(policy(kind(step("一", "manager")), gates={}))
    request = decide(submitted(nobody_asks), nobody_asks, "wang", "approve", terms=Asked(texts=("x",))).request
    assert request.terms[0].before == "谈判"


@pytest.mark.parametrize(
    "asked", [Asked(texts=(" ",)), Asked(tests=("nonsense <",)), Asked(tests=("unheard > 3",)), Asked(before="签约")]
)
def test_terms_that_cannot_be_used_are_refused(asked: Asked) -> None:
    with pytest.raises(UsageError):
        decide(FIRST, HERE, "wang", "approve", terms=asked)


def test_a_condition_that_is_checked_is_checked_at_every_move() -> None:
    request = agreed(Asked(tests=("margin >= 35",)))
    assert whats(HERE, "签约", request) == [("condition 1 of R-31", "term_open")]
    assert whats(changed(HERE, margin=350_000), "签约", request) == []
    assert whats(changed(HERE, margin=None), "签约", request) == [("condition 1 of R-31", "term_open")]


def test_a_change_that_a_condition_asks_for_starts_nothing_over() -> None:
    asked = Asked(tests=("payment_days <= 15",))
    pending = decide(FIRST, HERE, "wang", "approve", terms=asked).request
    done = changed(HERE, payment_days=15)
    for request in (pending, agreed(asked)):
        after = deal_changed(request, done, "li", touched=True).request
        assert (after.state, after.revision, after.steps) == (request.state, 1, request.steps)
        assert after.facts.agreed == {"payment_days": "15"}
        assert after.facts.snapshot == request.facts.snapshot
        # measured from there
        less = deal_changed(after, changed(HERE, payment_days=10), "li", touched=True).request
        assert (less.state, less.facts.agreed) == (request.state, {"payment_days": "10"})
        back = deal_changed(after, changed(HERE, payment_days=30), "li", touched=True).request
        assert (back.state, back.revision) == (("pending", 2) if request.state == "pending" else ("invalidated", 1))


def test_a_change_of_more_than_is_asked_for_is_a_change() -> None:
    request = agreed(Asked(tests=("payment_days <= 15",)))
    more = changed(HERE, payment_days=15, amount=90_000_000)
    assert deal_changed(request, more, "li", touched=True).request.state == "invalidated"


def test_a_condition_that_asks_for_a_step_outside_the_plan_starts_over() -> None:
    rules = kind(step("一", "manager"), step("二", "role:finance", when="discount > 10"), material=("discount",))
    here = world(policy(rules))
    request = decide(submitted(here), here, "wang", "approve", terms=Asked(tests=("discount <= 20",))).request
    assert request.state == "approved"
    assert deal_changed(request, changed(here, discount=80_000), "li", touched=True).request.state == "approved"
    assert deal_changed(request, changed(here, discount=150_000), "li", touched=True).request.state == "invalidated"


def test_what_was_asked_for_while_it_was_returned_goes_on_where_it_was() -> None:
    rules = policy(kind(step("一", ("user:chen", "user:zhao"), "all"), material=("payment_days",)))
    here = world(rules)
    one = decide(submitted(here), here, "chen", "approve", terms=Asked(tests=("payment_days <= 15",))).request
    back = decide(one, here, "zhao", "return", reason="?").request
    done = changed(here, payment_days=15)
    on = submitting.resubmit(deal_changed(back, done, "li", touched=True).request, done, "li").request
    assert (on.state, on.revision) == ("pending", 1)


def test_a_lock_is_not_in_the_way_of_what_an_approver_asked_for() -> None:
    here = world(policy(RULES.types["quote"]._replace(lock=("approved",)), gates={}))
    request = agreed(Asked(tests=("payment_days <= 15",)), here=here)
    assert deal_changed(request, changed(here, payment_days=15), "li", touched=True).request.state == "approved"
    with pytest.raises(Conflict):
        deal_changed(request, changed(here, payment_days=16), "li", touched=True)


@pytest.mark.parametrize(("actor", "waive"), [("wang", False), ("li", False), ("wang", True), ("root", True)])
def test_who_asked_closes_it_and_the_owner_says_that_it_is_met(actor: str, waive: bool) -> None:
    request = agreed(Asked(texts=("in writing",)))
    done = terms.met(request, HERE, actor, 1, why="came today", waive=waive)
    assert (done.request.terms[0].state, done.request.terms[0].closed_by) == ("waived" if waive else "met", actor)
    assert whats(HERE, "签约", done.request) == []
    assert "wang" in {notice.to for notice in done.notices} or actor == "wang"
    with pytest.raises(Conflict):
        terms.met(done.request, HERE, actor, 1, why="again", waive=waive)


@pytest.mark.parametrize(("actor", "waive"), [("li", True), ("chen", False), ("root", False), ("gao", True)])
def test_nobody_else_closes_it(actor: str, waive: bool) -> None:
    with pytest.raises(NotAllowed):
        terms.met(agreed(Asked(texts=("x",))), HERE, actor, 1, why="x", waive=waive)


def test_to_waive_needs_a_reason_and_what_does_not_hold_is_not_met() -> None:
    request = agreed(Asked(texts=("x",), tests=("margin >= 35",)))
    with pytest.raises(UsageError):
        terms.met(request, HERE, "wang", 1, waive=True)
    with pytest.raises(Conflict):
        terms.met(request, HERE, "li", 2)
    with pytest.raises(NotFound):
        terms.met(request, HERE, "li", 3)
    with pytest.raises(Conflict, match="say which"):
        terms.met(request, HERE, "li", None)
    gone = recall(decide(FIRST, HERE, "wang", "approve", terms=Asked(texts=("x",))).request, HERE, "li").request
    with pytest.raises(Conflict):
        terms.met(gone, HERE, "li", None)
    assert terms.met(request, changed(HERE, margin=350_000), "li", 2).request.terms[1].state == "met"


def test_a_term_lapses_with_its_yes() -> None:
    asked = Asked(texts=("x",))
    one = decide(FIRST, HERE, "wang", "approve", terms=asked).request
    both = world(policy(kind(step("会签", ("user:chen", "user:zhao"), "all"))))
    first = decide(submitted(both), both, "chen", "approve", terms=asked).request
    ended: dict[str, Request] = {
        "withdrawn": withdraw(first, both, "chen").request,
        "restarted": restart(one, HERE, "li", "changed", editors=(), why="x").request,
        "recalled": recall(one, HERE, "li").request,
        "rejected": decide(one, HERE, "chen", "reject", reason="no").request,
        "revoked": revoke(agreed(asked), HERE, "root", reason="x").request,
    }
    assert {how: request.terms[0].state for how, request in ended.items()} == dict.fromkeys(ended, "lapsed")


def test_saying_yes_again_with_terms_is_not_taken_for_saying_it_again() -> None:
    both = world(policy(kind(step("会签", ("user:chen", "user:zhao"), "all"))))
    first = decide(submitted(both), both, "chen", "approve").request
    assert decide(first, both, "chen", "approve").request == first
    with pytest.raises(Conflict):
        decide(first, both, "chen", "approve", terms=Asked(texts=("x",)))


def test_tolerance_does_not_creep_past_what_was_agreed() -> None:
    from requests_made import percent

    rules = kind(step("一", "manager"), material=("amount", "discount"), tolerance={"amount": percent("2")})
    here = world(policy(rules))
    asked = Asked(tests=("discount <= 10",))
    request: Any = decide(submitted(here), here, "wang", "approve", terms=asked).request
    request = deal_changed(request, changed(here, amount=81_600_000, discount=80_000), "li", touched=True).request
    assert (request.state, request.facts.agreed) == ("approved", {"discount": "8"})
    over = changed(here, amount=81_600_001, discount=80_000)
    assert deal_changed(request, over, "li", touched=True).request.state == "invalidated"
