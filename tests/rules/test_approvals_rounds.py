"""Reasons by their names, shares of the seats, rounds, locks, and the next request at once."""

from dataclasses import replace
from typing import Any

import pytest
from requests_made import at, changed, kind, later, open_people, policy, step, submitted, world

from oppcli.errors import Conflict, Refused, Unchosen, UsageError
from oppcli.model.requests import Request
from oppcli.rules.approvals import locking, submitting
from oppcli.rules.approvals.changing import deal_changed
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.offered import offered
from oppcli.rules.approvals.situation import standing
from oppcli.rules.approvals.ticking import tick
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World

TWO = kind(step("一", "manager"), step("二", "role:finance"))


def approved(here: World) -> Request:
    return decide(decide(submitted(here), here, "wang", "approve").request, here, "chen", "approve").request


def slug(refused: pytest.ExceptionInfo[Any]) -> str:
    return str(refused.value.slug)


@pytest.mark.parametrize("verdict", ["reject", "return"])
def test_where_a_type_lists_reasons_a_no_names_one(verdict: str) -> None:
    here = world(TWO._replace(reasons=("价格", "资料不全")))
    with pytest.raises(Unchosen) as unchosen:
        decide(submitted(here), here, "wang", verdict, reason="too dear")
    assert [reason.what for reason in unchosen.value.reasons] == ["价格", "资料不全"]
    with pytest.raises(UsageError, match="价格, 资料不全"):
        decide(submitted(here), here, "wang", verdict, code="天气")
    done = decide(submitted(here), here, "wang", verdict, code="价格")
    assert (done.request.decisions[-1].code, done.request.reason) == ("价格", "价格")
    done = decide(submitted(here), here, "wang", verdict, code="价格", reason="3 % too much")
    assert done.request.reason == "价格: 3 % too much"
    assert "(价格: 3 % too much)" in standing(done.request, here)


def test_the_commands_that_are_offered_name_a_reason_where_the_type_lists_some() -> None:
    here = world(TWO._replace(reasons=("价格",)))
    told = [str(each) for each in offered(submitted(here), here, "wang")]
    assert "opp reject R-31 --rev 1 --reason …" in told


def test_a_yes_names_no_reason_and_without_a_list_any_text_will_do() -> None:
    here = world(TWO._replace(reasons=("价格",)))
    assert decide(submitted(here), here, "wang", "approve").request.decisions[-1].code is None
    here = world(TWO)
    assert decide(submitted(here), here, "wang", "reject", reason="no").request.reason == "no"


@pytest.mark.parametrize(
    ("share", "people", "need"),
    [
        ("50%", ("user:chen", "user:zhao", "user:lin"), 2),
        ("50%", ("user:chen", "user:zhao"), 1),
        ("1%", ("user:chen",), 1),
    ],
)
def test_a_share_is_of_the_seats_at_opening_rounded_up(share: str, people: tuple[str, ...], need: int) -> None:
    here = world(kind(step("会签", people, f"at least {share}")))
    assert submitted(here).steps[0].need == need


def test_a_share_counts_seats_after_exclusions_and_never_becomes_nobody() -> None:
    here = world(kind(step("会签", ("user:li", "user:chen", "user:zhao"), "at least 100%")))
    request = submitted(here)
    assert (request.steps[0].need, open_people(request)) == (2, {"会签": [["chen"], ["zhao"]]})
    alone = submitted(world(kind(step("会签", "user:li", "at least 50%"))))
    assert (alone.steps[0].need, open_people(alone)) == (1, {"会签": [["tang"]]})


def test_it_goes_back_no_more_often_than_it_may() -> None:
    here = world(TWO._replace(max_rounds=1))
    back = decide(submitted(here), here, "wang", "return", reason="?").request
    assert (back.state, back.rounds) == ("returned", 1)
    again_open = submitting.resubmit(back, here, "li").request
    with pytest.raises(Refused, match="went back 1 time, as often as it may") as refused:
        decide(again_open, here, "wang", "return", reason="?")
    assert slug(refused) == "rounds_spent"
    assert decide(again_open, here, "wang", "reject", reason="no").request.state == "rejected"


def test_a_clock_that_would_send_it_back_once_more_rejects_it() -> None:
    here = world(kind(step("一", "manager", on_timeout="return"), max_rounds=1))
    back = tick(submitted(here), later(here, "03-11 09:00")).request
    assert (back.state, back.rounds) == ("returned", 1)
    on = later(here, "03-11 09:00")
    once_more = submitting.resubmit(back, on, "li").request
    over = tick(once_more, later(here, "03-17 09:00")).request
    assert (over.state, over.rounds) == ("rejected", 1)


def test_a_no_that_would_send_it_back_once_more_ends_it() -> None:
    here = world(kind(step("一", "manager", on_reject="return"), max_rounds=1))
    back = decide(submitted(here), here, "wang", "reject", reason="no").request
    assert (back.state, back.rounds) == ("returned", 1)
    again_open = submitting.resubmit(back, here, "li").request
    assert decide(again_open, here, "wang", "reject", reason="no").request.state == "rejected"


def test_what_it_needs_is_not_cleared_where_it_cannot_go_back() -> None:
    here = world(TWO._replace(max_rounds=1, needs=("margin",)))
    back = decide(submitted(here), here, "wang", "return", reason="?").request
    open_again = submitting.resubmit(back, here, "li").request
    with pytest.raises(Refused) as refused:
        deal_changed(open_again, changed(here, margin=None), "li", touched=True)
    assert slug(refused) == "rounds_spent"
    assert [(each.what, each.fix) for each in refused.value.reasons] == [("margin", "opp request recall R-31")]


@pytest.mark.parametrize("state", ["pending", "approved", "rejected"])
def test_facts_stand_still_in_the_states_of_a_lock_but_for_an_admin_with_a_reason(state: str) -> None:
    here = world(TWO._replace(lock=(state,)))
    requests = {
        "pending": submitted(here),
        "approved": approved(here),
        "rejected": decide(submitted(here), here, "wang", "reject", reason="no").request,
    }
    other = changed(here, amount=80_000_001)
    for name, request in requests.items():
        if name != state:
            deal_changed(request, other, "li", touched=True)
            continue
        for actor, why in (("li", None), ("li", "because"), ("root", None), ("root", " ")):
            with pytest.raises(Conflict, match=f"locked while R-31 is {state}: amount cannot change") as refused:
                deal_changed(request, other, actor, touched=True, reason=why)
            assert slug(refused) == "locked"
        after = deal_changed(request, other, "root", touched=True, reason="corrected").request
        assert (after.state, after.revision) == {
            "pending": ("pending", 2),
            "approved": ("invalidated", 1),
            "rejected": ("rejected", 1),
        }[state]


def test_of_rejected_ones_only_the_last_of_its_type_locks() -> None:
    here = world(TWO._replace(lock=("rejected",)))
    gone = decide(submitted(here), here, "wang", "reject", reason="no").request
    newer = replace_id(submitted(here), 32)
    assert not locking.locks(gone, here._replace(requests=(gone, newer)))
    assert locking.locks(gone, here._replace(requests=(gone,)))


def replace_id(request: Request, number: int) -> Request:
    return replace(request, id=number)


def test_a_live_request_whose_lock_has_moves_holds_the_deal() -> None:
    here = world(TWO._replace(lock=("moves",)))
    for request in (submitted(here), decide(submitted(here), here, "wang", "return", reason="?").request):
        (reason,) = locking.held_by(here._replace(requests=(request,)))
        assert (reason.what, reason.slug) == ("approval quote", "held")
    assert locking.held_by(here._replace(requests=(approved(here),))) == ()
    free = world(TWO)
    assert locking.held_by(free._replace(requests=(submitted(free),))) == ()


def test_the_owners_change_of_an_approved_deal_asks_for_the_next_approval_at_once() -> None:
    here = world(policy(TWO._replace(again=True)))
    request = approved(here)
    other = changed(here, amount=90_000_000)
    fell = deal_changed(request, other, "li", touched=True).request
    assert submitting.wanted_again(request, fell, other, "li")
    assert not submitting.wanted_again(request, fell, other, "root")
    assert not submitting.wanted_again(request, request, other, "li")
    next_one = submitting.again(other._replace(requests=(fell,)), "li", "quote", number=32)
    assert isinstance(next_one, Transition)
    made = next_one.request
    assert (made.id, made.previous, made.state, made.facts.snapshot["amount"]) == (32, 31, "pending", "900000.00")


def test_what_cannot_be_asked_again_says_why() -> None:
    here = world(policy(TWO._replace(again=True, needs=("margin",))))
    other = changed(here, margin=None)
    fell = replace(approved(here), state="invalidated", invalidated_at=at("03-09 10:00"))
    found = submitting.again(other._replace(requests=(fell,)), "li", "quote", number=32)
    assert isinstance(found, Refused)
    spared = world(policy(TWO._replace(again=True, when=kind(when="amount >= 20万").when)))
    found = submitting.again(changed(spared, amount=1)._replace(requests=(fell,)), "li", "quote", number=32)
    assert found is None
