"""Back to an earlier step: what is asked again, from whom, with which time."""

import pytest
from requests_made import at, kind, later, open_people, policy, states, step, submitted, wall, world

from oppcli.errors import Conflict, NotFound
from oppcli.model.policy import Sod
from oppcli.model.requests import Request
from oppcli.rules.approvals import adding, handover
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.terms import Asked
from oppcli.rules.approvals.transition import asked_again
from oppcli.rules.approvals.world import World

THREE = policy(
    kind(step("主管", "manager"), step("财务", ("user:chen", "user:zhao"), "all"), step("总监", "manager+1")),
    sod=Sod(),
)
HERE = world(THREE)
LATER = later(HERE, "03-09 15:00")


def yes(request: Request, here: World, *logins: str) -> Request:
    for login in logins:
        request = decide(request, here, login, "approve").request
    return request


AT_THE_TOP = yes(submitted(HERE), HERE, "wang", "chen", "zhao")


def test_the_step_and_all_behind_it_are_asked_again_with_full_time() -> None:
    done = decide(AT_THE_TOP, LATER, "zhou", "return", reason="the rate is another", to="财务")
    request = done.request
    assert (request.state, request.rounds, request.revision) == ("pending", 0, 1)
    assert [(s.name, s.state) for s in asked_again(request)] == [("财务", "redone"), ("总监", "redone")]
    assert states(request) == {"主管": "approved", "财务": "open", "总监": "waiting"}
    assert open_people(request) == {"财务": [["chen"], ["zhao"]]}
    (again,) = request.open_steps
    assert (again.position, again.opened_at, wall(again.due_at)) == (4, at("03-09 15:00"), "03-10 15:00")
    assert [vote.actor for vote in votes(request)] == ["wang"]
    assert request.decisions[-1].target == "财务"
    assert {"li", "wang", "chen", "zhao"} <= {notice.to for notice in done.notices}


def test_it_goes_on_to_its_end() -> None:
    back = decide(AT_THE_TOP, LATER, "zhou", "return", reason="?", to="主管").request
    assert open_people(back) == {"主管": [["wang"]]}
    over = yes(back, LATER, "wang", "chen", "zhao", "zhou")
    assert (over.state, len(over.decisions)) == ("approved", 8)


def test_who_stood_aside_from_a_step_is_not_asked_in_its_copy() -> None:
    aside = handover.recuse(submitted(HERE), HERE, "wang", reason="my brother's firm").request
    (instead,) = open_people(aside)["主管"][0]
    there = yes(aside, HERE, instead, "chen", "zhao")
    (top,) = open_people(there)["总监"][0]
    back = decide(there, LATER, top, "return", reason="?", to="主管").request
    assert "wang" not in open_people(back)["主管"][0]


@pytest.mark.parametrize(("name", "error"), [("总监", Conflict), ("法务", NotFound)])
def test_only_to_a_step_that_was_approved_before(name: str, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        decide(AT_THE_TOP, HERE, "zhou", "return", reason="?", to=name)
    assert [reason.what for reason in refused.value.reasons] == ["主管", "财务"]  # type: ignore[attr-defined]


def test_no_vote_repeats_into_what_is_asked_again() -> None:
    here = world(policy(kind(step("一", "user:chen"), step("二", "user:chen"), step("三", "manager")), sod=Sod()))
    request = yes(submitted(here), here, "chen")
    assert states(request) == {"一": "approved", "二": "approved", "三": "open"}
    back = yes(decide(request, here, "wang", "return", reason="?", to="一").request, here, "chen")
    assert states(back) == {"一": "approved", "二": "open", "三": "waiting"}


def test_steps_that_were_added_stay_and_seats_beside_are_asked_for_anew() -> None:
    beside = adding.add_approver(submitted(HERE), HERE, "wang", "lin", "beside").request
    after = adding.add_approver(beside, HERE, "wang", "gao", "after").request
    top = yes(after, HERE, "wang", "lin", "gao", "chen", "zhao")
    back = decide(top, HERE, "zhou", "return", reason="?", to="主管").request
    assert open_people(back) == {"主管": [["wang"]]}
    assert [s.name for s in back.plan] == ["主管", "主管 + gao", "财务", "总监"]
    assert yes(back, HERE, "wang", "gao", "chen", "zhao", "zhou").state == "approved"


def test_the_terms_of_votes_that_stop_counting_lapse() -> None:
    first = decide(submitted(HERE), HERE, "wang", "approve", terms=Asked(texts=("a",))).request
    second = decide(first, HERE, "chen", "approve", terms=Asked(texts=("b",))).request
    back = decide(yes(second, HERE, "zhao"), HERE, "zhou", "return", reason="?", to="财务").request
    assert [term.state for term in back.terms] == ["open", "lapsed"]


def test_it_is_no_round() -> None:
    rules = THREE._replace(types={"quote": THREE.types["quote"]._replace(max_rounds=1)})
    here = world(rules)
    top = yes(submitted(here), here, "wang", "chen", "zhao")
    once = decide(top, here, "zhou", "return", reason="?", to="财务").request
    again = decide(yes(once, here, "chen", "zhao"), here, "zhou", "return", reason="?", to="财务").request
    assert (again.rounds, again.state) == (0, "pending")
