"""How a request ends other than by votes: recall, cancel, revoke, override, expiry, the end of the deal."""

from dataclasses import replace

import pytest
from requests_made import at, changed, deal, kind, later, policy, states, step, submitted, wall, world

from oppcli.errors import Conflict, NotAllowed, UsageError
from oppcli.model.requests import STATES, Request
from oppcli.rules.approvals import adding, changing, covering, deciding, ending, handover, submitting
from oppcli.rules.approvals.world import World

TWO = kind(step("主管", "manager"), step("总监", "manager+1"))


def in_state(state: str, here: World) -> Request:
    """The request brought to a state by the verbs themselves."""
    request = submitted(here)
    if state == "returned":
        return deciding.decide(request, here, "wang", "return", reason="?").request
    if state == "rejected":
        return deciding.decide(request, here, "wang", "reject", reason="?").request
    if state == "recalled":
        return ending.recall(request, here, "li").request
    if state == "cancelled":
        return ending.cancel(request, here, "root", reason="x").request
    if state in ("approved", "invalidated"):
        for login in ("wang", "zhou"):
            request = deciding.decide(request, here, login, "approve").request
    return ending.revoke(request, here, "root", reason="x").request if state == "invalidated" else request


VERBS = {
    "approve": lambda r, w: deciding.decide(r, w, "wang", "approve"),
    "reject": lambda r, w: deciding.decide(r, w, "wang", "reject", reason="x"),
    "return": lambda r, w: deciding.decide(r, w, "wang", "return", reason="x"),
    "resubmit": lambda r, w: submitting.resubmit(r, w, "li"),
    "recall": lambda r, w: ending.recall(r, w, "li"),
    "cancel": lambda r, w: ending.cancel(r, w, "root", reason="x"),
    "revoke": lambda r, w: ending.revoke(r, w, "root", reason="x"),
    "override": lambda r, w: ending.override(r, w, "root", reason="x"),
    "transfer": lambda r, w: handover.transfer(r, w, "wang", "gao", reason="x"),
    "add-approver": lambda r, w: adding.add_approver(r, w, "wang", "gao", "beside"),
    "recuse": lambda r, w: handover.recuse(r, w, "wang"),
    "nudge": lambda r, w: handover.nudge(r, w, "li"),
    "material change": lambda r, w: changing.deal_changed(r, changed(w, amount=1), "li", touched=True),
    "deal lost": ending.deal_gone,
}
ALLOWED = {
    "approve": {"pending": "pending"},
    "reject": {"pending": "rejected"},
    "return": {"pending": "returned"},
    "resubmit": {"returned": "pending"},
    "recall": {"pending": "recalled", "returned": "recalled"},
    "cancel": {"pending": "cancelled", "returned": "cancelled"},
    "revoke": {"approved": "invalidated"},
    "override": {"pending": "approved", "returned": "approved"},
    "transfer": {"pending": "pending"},
    "add-approver": {"pending": "pending"},
    "recuse": {"pending": "pending"},
    "nudge": {"pending": "pending"},
    "material change": {s: s for s in STATES} | {"approved": "invalidated"},
    "deal lost": {s: s for s in STATES} | {"pending": "cancelled", "returned": "cancelled"},
}
HARMLESS = {("approve", "approved"), ("reject", "rejected"), ("return", "returned")}
"""Saying again what one said already."""
CELLS = [(verb, state) for verb in VERBS for state in STATES]


@pytest.mark.parametrize(("verb", "state"), CELLS, ids=[f"{verb} while {state}" for verb, state in CELLS])
def test_every_verb_in_every_state(verb: str, state: str) -> None:
    here = world(TWO)
    before = in_state(state, here)
    assert before.state == state
    expected = ALLOWED[verb].get(state)
    if expected is not None:
        done = VERBS[verb](before, here)
        assert done.request.state == expected
        assert {(each.was, each.now) for each in done.events if each.verb == "request"} <= {(state, expected)}
    elif (verb, state) in HARMLESS:
        assert VERBS[verb](before, here).request is before
    else:
        with pytest.raises(Conflict, match=f"R-31 is {state}"):
            VERBS[verb](before, here)


def test_recalling_closes_the_seats_and_tells_those_who_voted_or_hold_one() -> None:
    here = world(TWO)
    request = deciding.decide(submitted(here), here, "wang", "approve").request
    done = ending.recall(request, here, "li", reason="客户改主意")
    assert states(done.request) == {"主管": "approved", "总监": "cancelled"}
    assert {notice.to for notice in done.notices} == {"wang", "zhou"}
    assert (done.request.reason, wall(done.request.decided_at)) == ("客户改主意", "03-09 09:00")


def test_submitter_owner_and_admins_recall_and_nobody_else() -> None:
    here = world(TWO, deal=deal(owner="gao"))
    request = submitted(here, by="root")
    assert [ending.recall(request, here, login).request.state for login in ("root", "gao")] == ["recalled"] * 2
    with pytest.raises(NotAllowed, match="wang may not recall"):
        ending.recall(request, here, "wang")


def test_only_admins_cancel_and_they_say_why() -> None:
    here = world(TWO)
    with pytest.raises(NotAllowed):
        ending.cancel(submitted(here), here, "li", reason="x")
    with pytest.raises(UsageError):
        ending.cancel(submitted(here), here, "root", reason="")


@pytest.mark.parametrize(("login", "allowed"), [("zhou", True), ("root", True), ("wang", False), ("li", False)])
def test_a_last_approver_or_an_admin_revokes_and_the_submitter_cannot(login: str, allowed: bool) -> None:
    here = world(TWO)
    request = in_state("approved", here)
    if allowed:
        assert ending.revoke(request, here, login, reason="x").request.state == "invalidated"
    else:
        with pytest.raises(NotAllowed, match=f"{login} may not revoke"):
            ending.revoke(request, here, login, reason="x")


def test_an_admin_who_submitted_cannot_revoke() -> None:
    here = world(TWO._replace(steps=(step("s", "user:ma"),)))
    request = deciding.decide(submitted(here, by="root"), here, "ma", "approve").request
    with pytest.raises(NotAllowed):
        ending.revoke(request, here, "root", reason="x")


def test_an_override_is_its_own_verb_and_never_a_holders_decision() -> None:
    here = world(TWO)
    done = ending.override(submitted(here), here, "root", reason="总经理口头同意")
    (made,) = done.request.decisions
    assert (done.request.state, made.verdict, made.actor, made.step, made.seat) == (
        "approved",
        "override",
        "root",
        0,
        0,
    )
    assert states(done.request) == {"主管": "cancelled", "总监": "cancelled"}
    assert {notice.to for notice in done.notices} == {"li", "wang"}


def test_an_override_is_refused_to_admins_in_conflict_others_and_where_the_policy_forbids_it() -> None:
    here = world(TWO)
    with pytest.raises(NotAllowed, match="root submitted R-31 and cannot override it"):
        ending.override(submitted(here, by="root"), here, "root", reason="x")
    with pytest.raises(NotAllowed, match="wang may not override"):
        ending.override(submitted(here), here, "wang", reason="x")
    with pytest.raises(NotAllowed, match="does not allow overrides"):
        ending.override(submitted(here), here._replace(policy=policy(TWO, override=False)), "root", reason="x")
    returned = in_state("returned", here)
    with pytest.raises(Conflict, match="no longer shows the facts"):
        ending.override(returned, changed(here, amount=1), "root", reason="x")


def test_an_approval_is_valid_to_the_very_instant_and_expires_after_it() -> None:
    here = world(kind(step("s", "manager"), valid_days=30), now="03-09 10:00")
    request = deciding.decide(submitted(here), here, "wang", "approve").request
    assert wall(request.valid_until) == "04-08 10:00"
    then = here._replace(now=request.valid_until)
    assert not covering.expired(request, then)
    assert ending.expire(request, then).request is request
    over = ending.expire(request, then._replace(now=then.now + 1)).request
    assert (over.state, over.reason) == ("invalidated", "expired")


def test_a_lost_deal_cancels_what_waits_and_leaves_what_was_approved() -> None:
    here = world(TWO)
    done = ending.deal_gone(submitted(here), here)
    assert (done.request.state, done.request.reason) == ("cancelled", "deal lost")
    approved = in_state("approved", here)
    assert ending.deal_gone(approved, here).request is approved


def test_winning_is_kept_up_by_everything_that_waits() -> None:
    here = world(policy(TWO, kind(name="risk")))
    quote = submitted(here)
    risk = replace(in_state("returned", here), id=32, type="risk")
    found = ending.winning_objections(here._replace(requests=(quote, risk)))
    assert [(reason.what, reason.fix) for reason in found] == [
        ("approval quote", "opp request nudge R-31"),
        ("approval risk", "opp request resubmit R-32"),
    ]
    assert found[0].detail == "R-31 is pending: waiting for wang since 2026-03-09T01:00Z"
    assert ending.winning_objections(here._replace(requests=(in_state("approved", here),))) == ()


def test_only_the_submitter_or_an_admin_resubmits() -> None:
    here = later(world(TWO, deal=deal(owner="li")), "03-09 12:00")
    returned = in_state("returned", here)
    with pytest.raises(NotAllowed, match="wang may not resubmit"):
        submitting.resubmit(returned, here, "wang")
    assert submitting.resubmit(returned, here, "root").request.state == "pending"
    assert at("03-09 12:00") == here.now
