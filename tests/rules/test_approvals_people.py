"""Who sits where: conflicts of interest, the reporting line, stand-ins, fallback, roles, delegates, leavers."""

from dataclasses import replace

import pytest
from requests_made import (
    TEAM,
    at,
    changed,
    deal,
    delegation,
    kind,
    later,
    open_people,
    person,
    policy,
    step,
    submitted,
    world,
)

from oppcli.errors import Conflict, NotAllowed, OppError
from oppcli.model.policy import Sod, TypeRule
from oppcli.model.requests import Request
from oppcli.rules.approvals import adding, changing, eligible, handover, submitting, taking_over
from oppcli.rules.approvals.authority import chances
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.world import World


def seats(rule: TypeRule, **more: object) -> list[list[str]]:
    """Holders per seat of the first step as it opens."""
    fallback = more.pop("fallback", ("role:ops",))
    here = world(policy(rule, fallback=fallback), **more)  # type: ignore[arg-type]
    return next(iter(open_people(submitted(here, by=here.deal.owner or "root")).values()))


@pytest.mark.parametrize(
    ("who", "rule", "expected"),
    [
        ("manager", "any", [["wang"]]),
        ("manager+1", "any", [["zhou"]]),
        ("manager+2", "any", [["ma"]]),
        ("role:finance", "any", [["chen", "zhao"]]),
        ("role:finance", "all", [["chen"], ["zhao"]]),
        (("manager", "role:finance"), "any", [["wang", "chen", "zhao"]]),
        (("user:chen", "role:finance"), "all", [["chen"], ["zhao"]]),
        ("role:tech", "at least 2", [["gao"], ["lin"], ["xu"]]),
        ("manager+3", "any", [["tang"]]),
        ("role:nobody", "any", [["tang"]]),
        (("user:chen", "role:nobody"), "all", [["chen"], ["tang"]]),
        ("role:finance", "at least 3", [["chen"], ["zhao"], ["tang"]]),
    ],
)
def test_people_are_looked_up_when_the_step_opens(who: str, rule: str, expected: list[list[str]]) -> None:
    assert seats(kind(step("s", who, rule))) == expected


@pytest.mark.parametrize(
    ("owner", "who", "rule", "expected"),
    [
        ("chen", "role:finance", "any", [["zhao"]]),
        ("chen", "role:finance", "all", [["zhao"]]),
        ("chen", ("user:chen", "user:lin"), "all", [["lin"], ["tang"]]),
        ("chen", ("user:chen", "user:lin"), "any", [["lin"]]),
        ("chen", "user:chen", "any", [["tang"]]),
        ("ma", "manager", "any", [["tang"]]),
        ("lin", "role:tech", "at least 3", [["gao"], ["xu"], ["tang"]]),
    ],
)
def test_the_owner_never_sits_pools_lose_them_and_a_function_of_their_own_goes_to_the_fallback(
    owner: str, who: str, rule: str, expected: list[list[str]]
) -> None:
    assert seats(kind(step("s", who, rule)), deal=deal(owner=owner)) == expected


def test_a_reporting_line_climbs_over_somebody_in_conflict() -> None:
    request = submitted(world(kind(step("s", "manager")), deal=deal(owner="wang")), by="root")
    assert open_people(request) == {"s": [["tang"]]}, "root has no superior: the fallback"
    line = (*TEAM[:-1], person("root", "wang", "admin"))
    request = submitted(world(kind(step("s", "manager")), deal=deal(owner="wang"), people=line), by="root")
    assert open_people(request) == {"s": [["zhou"]]}


def test_a_stand_in_comes_before_the_fallback_and_only_where_nobody_is_left() -> None:
    rule = kind(step("s", "role:ops", stand_in=("user:zhou",)))
    assert seats(rule) == [["tang"]]
    assert seats(rule, deal=deal(owner="tang")) == [["zhou"]]


def test_a_person_whose_approval_is_a_must_and_who_is_in_conflict_leaves_the_must_to_a_substitute() -> None:
    rule = kind(step("s", "role:tech", "at least 2", must=("user:lin",)))
    request = submitted(world(rule, deal=deal(owner="lin")), by="lin")
    assert [([h.login for h in seat.holders], seat.must) for seat in request.open_steps[0].seats] == [
        (["gao"], False),
        (["xu"], False),
        (["tang"], True),
    ]


@pytest.mark.parametrize("login", ["li", "root"])
def test_nobody_decides_what_they_submitted_or_own_not_even_an_admin(login: str) -> None:
    here = world(kind(step("s", ("user:li", "user:root", "user:chen"))))
    request = submitted(here, by="root")
    with pytest.raises(NotAllowed) as refusal:
        decide(request, here, login, "approve")
    why = "owns D-1" if login == "li" else "submitted R-31"
    assert refusal.value.message == f"{login} {why} and cannot decide it"
    handing = "; to hand over: opp request transfer R-31 --to LOGIN -m …" if login == "root" else ""
    assert refusal.value.hint == f"waiting for chen{handing}"


def test_a_policy_may_let_submitters_approve_and_each_such_decision_says_so() -> None:
    here = world(policy(kind(step("s", "user:li")), sod=Sod(submitter_may_approve=True)))
    done = decide(submitted(here), here, "li", "approve")
    assert [(d.actor, d.own) for d in done.request.decisions] == [("li", True)]


def test_who_changed_the_numbers_cannot_decide_that_revision() -> None:
    here = world(kind(step("s", "role:finance")))
    edited = changed(here, amount=90_000_000)
    request = changing.deal_changed(submitted(here), edited, "chen", touched=True).request
    assert (request.revision, request.facts.editors, open_people(request)) == (2, ("chen",), {"s": [["zhao"]]})
    with pytest.raises(NotAllowed, match="chen changed what revision 2 of R-31 shows"):
        decide(request, edited, "chen", "approve")
    free = here.policy._replace(sod=Sod(editor_may_approve=True))
    request = changing.deal_changed(
        submitted(here._replace(policy=free)), edited._replace(policy=free), "chen", touched=True
    ).request
    assert open_people(request) == {"s": [["chen", "zhao"]]}


def test_two_steps_that_must_be_different_people_exclude_who_decided_the_other() -> None:
    rules = policy(
        kind(step("财务"), step("总经理", ("user:chen", "user:ma"))), sod=Sod(distinct=(("财务", "总经理"),))
    )
    here = world(rules)
    request = decide(submitted(here), here, "chen", "approve").request
    assert open_people(request) == {"总经理": [["ma"]]}
    with pytest.raises(NotAllowed, match="decided 财务, which must be somebody else than 总经理"):
        decide(request, here, "chen", "approve", step="总经理")


def test_two_different_steps_open_at_once_lose_each_others_people_as_they_decide() -> None:
    steps = (step("甲", "role:finance", together="t"), step("乙", "user:chen", together="t"))
    here = world(policy(kind(*steps), sod=Sod(distinct=(("甲", "乙"),))))
    request = decide(submitted(here), here, "chen", "approve", step="甲").request
    assert open_people(request) == {"乙": [["ma"]]}, "chen's manager takes the seat"


def test_a_new_member_of_a_role_may_act_in_an_open_any_step_but_not_in_an_all_step() -> None:
    rule = kind(step("或签", together="t"), step("会签", "role:finance", "all", together="t"))
    here = world(rule)
    joined = here._replace(users={**here.users, "gao": replace(here.users["gao"], roles=("finance",))})
    request = handover.people_changed(submitted(here), joined).request
    assert open_people(request) == {"或签": [["chen", "zhao", "gao"]], "会签": [["chen"], ["zhao"]]}


def test_who_lost_the_role_cannot_act_from_that_moment_and_a_pool_goes_on() -> None:
    here = world(kind(step("s")))
    request = submitted(here)
    moved = here._replace(users={**here.users, "chen": replace(here.users["chen"], roles=("sales",))})
    with pytest.raises(NotAllowed, match="chen does not hold a seat"):
        decide(request, moved, "chen", "approve")
    assert decide(request, moved, "zhao", "approve").request.state == "approved"


def test_a_seat_whose_only_holder_lost_the_role_goes_to_their_manager() -> None:
    here = world(kind(step("s", "role:ops"))._replace())
    moved = here._replace(users={**here.users, "tang": replace(here.users["tang"], roles=("sales",))})
    assert open_people(handover.people_changed(submitted(here), moved).request) == {"s": [["ma"]]}


def leaving(here: World, login: str, successor: str | None = None) -> World:
    person = replace(here.users[login], active=False, successor=successor)
    return here._replace(users={**here.users, login: person})


@pytest.mark.parametrize(
    ("who", "rule", "gone", "successor", "expected"),
    [
        ("user:wang", "any", "wang", "gao", [["gao"]]),
        ("user:wang", "any", "wang", None, [["zhou"]]),
        ("user:wang", "any", "wang", "li", [["zhou"]]),
        ("user:ma", "any", "ma", None, [["tang"]]),
        ("user:tang", "any", "tang", None, [["ma"]]),
        ("role:finance", "any", "chen", "gao", [["zhao", "gao"]]),
        ("role:finance", "all", "chen", "gao", [["gao"], ["zhao"]]),
        ("role:finance", "all", "chen", "zhao", [["ma"], ["zhao"]]),
        (("user:wang", "user:zhou"), "all", "wang", None, [["tang"], ["zhou"]]),
    ],
)
def test_a_leavers_seat_goes_to_the_successor_else_the_manager_else_the_fallback(
    who: str, rule: str, gone: str, successor: str | None, expected: list[list[str]]
) -> None:
    here = world(kind(step("s", who, rule)))
    before = submitted(here)
    after = handover.people_changed(before, leaving(here, gone, successor)).request
    assert open_people(after) == {"s": expected}
    assert after.open_steps[0].due_at == before.open_steps[0].due_at


def test_a_seat_that_nobody_can_take_is_blocked_and_admins_are_told() -> None:
    here = leaving(world(policy(kind(step("s", "user:ma")), fallback=("user:tang",))), "tang")
    done = handover.people_changed(submitted(here), leaving(here, "ma"))
    (seat,) = done.request.open_steps[0].seats
    assert seat.blocked and done.request.state == "pending"
    assert [(notice.to, notice.kind) for notice in done.notices] == [("root", "blocked")]
    back = handover.people_changed(done.request, world(policy(kind(step("s", "user:ma")))))
    assert open_people(back.request) == {"s": [["ma"]]}


def test_the_successor_keeps_the_seat_when_people_change_again() -> None:
    here = world(kind(step("s", "role:finance", "all")))
    gone = leaving(here, "chen", "gao")
    once = handover.people_changed(submitted(here), gone).request
    again = handover.people_changed(once, leaving(gone, "lin"))
    assert again.request == once


def test_a_decision_given_before_leaving_stands() -> None:
    here = world(kind(step("s", "role:finance", "all")))
    request = decide(submitted(here), here, "chen", "approve").request
    request = handover.people_changed(request, leaving(here, "chen")).request
    assert decide(request, leaving(here, "chen"), "zhao", "approve").request.state == "approved"


DELEGATED = [
    ("inside the window", {}, "03-10 09:00", True),
    ("at its start", {}, "03-09 12:00", True),
    ("a moment before", {}, "03-09 11:59", False),
    ("at its end", {}, "03-11 12:00", False),
    ("of this type", {"types": ("quote",)}, "03-10 09:00", True),
    ("of another type", {"types": ("risk",)}, "03-10 09:00", False),
    ("up to this very amount", {"max_amount": 80_000_000}, "03-10 09:00", True),
    ("up to a cent less", {"max_amount": 79_999_999}, "03-10 09:00", False),
]


@pytest.mark.parametrize(("what", "more", "now", "allowed"), DELEGATED, ids=[case[0] for case in DELEGATED])
def test_a_delegate_acts_for_somebody_within_the_window_types_and_amount(
    what: str, more: dict[str, object], now: str, allowed: bool
) -> None:
    given = (delegation("wang", "xu", "03-09 12:00", "03-11 12:00", **more),)
    here = world(kind(step("s", "manager")))
    then = later(here, now, delegations=given)
    request = submitted(here)
    assert [chance.on_behalf_of for chance in chances(request, then, "xu")] == (["wang"] if allowed else [])
    assert open_people(request) == {"s": [["wang"]]}, "the seat never left the delegator"


def delegated(here: World, *pairs: tuple[str, str]) -> World:
    return here._replace(delegations=tuple(delegation(a, b, "03-01 00:00", "04-01 00:00") for a, b in pairs))


def test_the_record_names_the_delegate_and_for_whom() -> None:
    here = delegated(world(kind(step("s", "manager"))), ("wang", "xu"))
    done = decide(submitted(here), here, "xu", "approve").request
    assert [(d.actor, d.actor_name, d.on_behalf_of) for d in done.decisions] == [("xu", "Xu", "wang")]


def test_a_delegation_is_not_passed_on() -> None:
    here = delegated(world(kind(step("s", "manager"))), ("wang", "xu"), ("xu", "gao"))
    with pytest.raises(NotAllowed):
        decide(submitted(here), here, "gao", "approve")


def test_the_submitters_delegate_is_free_but_the_submitter_as_delegate_is_refused() -> None:
    here = delegated(world(kind(step("s", "manager"))), ("wang", "li"))
    request = submitted(here)
    with pytest.raises(NotAllowed, match="li submitted R-31"):
        decide(request, here, "li", "approve")
    assert decide(request, here, "wang", "approve").request.state == "approved"


def test_delegator_and_delegate_share_one_seat_and_the_second_is_told_of_the_first() -> None:
    here = delegated(world(kind(step("s", ("manager", "user:chen"), "all"))), ("wang", "xu"))
    request = decide(submitted(here), later(here, "03-09 10:00", delegations=here.delegations), "xu", "approve").request
    with pytest.raises(Conflict) as refusal:
        decide(request, here, "wang", "approve")
    assert refusal.value.message.startswith("xu for wang approved s on 2026-03-09T02:00Z before wang")


def test_one_human_has_one_vote_in_a_step_whoever_they_act_for() -> None:
    here = delegated(world(kind(step("s", ("user:wang", "user:chen", "user:lin"), "at least 2"))), ("chen", "wang"))
    request = decide(submitted(here), here, "wang", "approve").request
    for verdict in ("approve", "reject"):
        with pytest.raises(Conflict, match="one person, one vote") as refusal:
            decide(request, here, "wang", verdict, reason="no")
        assert refusal.value.hint == "chen's seat needs somebody else"
    alone = here._replace(delegations=())
    assert decide(request, alone, "wang", "approve").request == request, "said already: nothing happens"


def test_a_new_owner_loses_the_seat_they_held() -> None:
    here = world(kind(step("s", "role:finance")))
    request = submitted(here)
    moved = changed(here, owner="chen")
    assert open_people(handover.people_changed(request, moved).request) == {"s": [["zhao"]]}
    with pytest.raises(NotAllowed, match="chen owns D-1"):
        decide(request, moved, "chen", "approve")


@pytest.mark.parametrize("state", ["pending", "returned"])
def test_a_vote_that_falls_behind_an_open_step_opens_no_second_one(state: str) -> None:
    here = world(kind(step("first"), step("then", ("user:wang", "user:lin"), "all")))
    request = decide(decide(submitted(here), here, "chen", "approve").request, here, "wang", "approve").request
    if state == "returned":
        request = decide(request, here, "lin", "return", reason="more").request
    first = changed(here, collaborators=("chen",))
    request = taking_over.parts_changed(request, first, here, "root").request
    both = changed(here, collaborators=("chen", "wang"))
    request = taking_over.parts_changed(request, both, first, "root").request
    assert [(each.name, each.state) for each in request.plan] == [("first", "open"), ("then", "waiting")]
    assert [seat.state for seat in request.plan[1].seats] == ["open", "open"]


def refused(request: Request, here: World, login: str) -> OppError:
    with pytest.raises(OppError) as refusal:
        decide(request, here, login, "approve")
    return refusal.value


def test_somebody_elses_seat_is_refused_saying_whom_it_waits_for_and_the_attempt_is_to_be_remembered() -> None:
    here = world(kind(step("s", "manager")))
    error = refused(submitted(here), here, "chen")
    assert (error.code, error.attempt) == (4, ("request", "31"))
    assert error.hint == "waiting for wang"


def test_a_deactivated_person_and_a_stranger_are_refused() -> None:
    here = leaving(world(kind(step("s", "role:finance"))), "chen")
    assert refused(submitted(here), here, "chen").code == 4
    assert refused(submitted(here), here, "nobody").code == 3
    assert at("03-09 09:00") == here.now


# ---------- who leaves, who stands in ----------
def without_role(here: World, *logins: str) -> World:
    return here._replace(users={**here.users, **{x: replace(here.users[x], roles=("sales",)) for x in logins}})


@pytest.mark.parametrize("order", [("chen", "zhao"), ("zhao", "chen")])
@pytest.mark.parametrize(("rule", "expected"), [("any", [["ma"]]), ("all", [["ma"], ["tang"]])])
def test_a_manager_who_loses_the_role_at_the_same_time_gets_no_seat_in_place_of_the_other(
    order: tuple[str, str], rule: str, expected: list[list[str]]
) -> None:
    """chen leads zhao. Both lose finance at once: it goes on to ma for one of them, then to the fallback."""
    rules = kind(step("s", "role:finance", rule))
    team = without_role(world(rules), "chen", "zhao").users.values()
    here = world(policy(rules, roles={"finance": order}), people=tuple(team))
    nobody = here._replace(policy=policy(rules))
    request = handover.people_changed(submitted(here), nobody).request
    assert open_people(request) == {"s": expected}
    with pytest.raises(NotAllowed):
        decide(request, nobody, "chen", "approve")


def test_somebody_who_stood_aside_does_not_follow_a_colleague_of_the_same_step() -> None:
    here = world(kind(step("s", "role:finance", "all")))
    aside = handover.recuse(submitted(here), here, "chen", reason="亲属").request
    assert open_people(aside) == {"s": [["ma"], ["zhao"]]}
    gone = leaving(here, "zhao")
    assert open_people(handover.people_changed(aside, gone).request) == {"s": [["ma"], ["tang"]]}


@pytest.mark.parametrize("actor", ["zhao", "root"])
def test_nobody_hands_a_seat_back_to_somebody_who_stood_aside(actor: str) -> None:
    here = world(kind(step("s", "role:finance")))
    aside = handover.recuse(submitted(here), here, "chen", reason="亲属").request
    with pytest.raises(Conflict, match="chen stood aside from s"):
        handover.transfer(aside, here, actor, "chen", reason="x")


def test_a_successor_follows_into_a_seat_that_opens_again_after_a_return() -> None:
    here = world(kind(step("s", "user:wang")))
    back = decide(submitted(here), here, "wang", "return", reason="?").request
    gone = leaving(here, "wang", "gao")
    assert handover.people_changed(back, gone, here).request == back
    assert open_people(submitting.resubmit(back, gone, "li").request) == {"s": [["gao"]]}


def test_a_successor_follows_into_a_seat_that_was_set_back_behind_another() -> None:
    here = world(kind(step("s", "user:wang")))
    request = adding.add_approver(submitted(here), here, "wang", "chen", "before").request
    gone = leaving(here, "wang", "gao")
    request = handover.people_changed(request, gone, here).request
    assert open_people(request) == {"s + chen": [["chen"]]}
    assert open_people(decide(request, gone, "chen", "approve").request) == {"s": [["gao"]]}


def test_the_successor_of_a_successor_follows_where_both_have_left() -> None:
    here = world(kind(step("s", "user:wang")))
    back = decide(submitted(here), here, "wang", "return", reason="?").request
    gone = leaving(leaving(here, "wang", "gao"), "gao", "xu")
    assert open_people(submitting.resubmit(back, gone, "li").request) == {"s": [["xu"]]}


@pytest.mark.parametrize(("successor", "expected"), [("gao", "gao"), (None, "ma"), ("li", "ma")])
@pytest.mark.parametrize("term", ["role:ops", "user:tang"])
def test_who_sits_as_fallback_and_leaves_is_followed_like_anybody(
    term: str, successor: str | None, expected: str
) -> None:
    here = world(policy(kind(step("s", "role:legal")), fallback=(term, "user:root")))
    request = submitted(here)
    assert open_people(request) == {"s": [["tang", "root"]]}
    alone = here._replace(policy=policy(kind(step("s", "role:legal")), fallback=(term,)))
    request = handover.people_changed(request, alone).request
    assert open_people(request) == {"s": [["tang"]]}
    gone = leaving(alone, "tang", successor)
    assert open_people(handover.people_changed(request, gone).request) == {"s": [[expected]]}


@pytest.mark.parametrize(("successor", "expected"), [("gao", "gao"), (None, "zhou")])
def test_who_sits_as_stand_in_and_leaves_is_followed_like_anybody(successor: str | None, expected: str) -> None:
    here = world(kind(step("s", "user:li", stand_in=("user:wang",))))
    request = submitted(here)
    assert open_people(request) == {"s": [["wang"]]}
    assert open_people(handover.people_changed(request, leaving(here, "wang", successor)).request) == {
        "s": [[expected]]
    }


# ---------- a returned request of somebody who left ----------
def returned(here: World) -> Request:
    return decide(submitted(here), here, "wang", "return", reason="付款条件？").request


def test_the_successor_of_a_submitter_may_send_it_on_and_is_told() -> None:
    here = world(kind(step("s", "manager")))
    back, gone = returned(here), leaving(here, "li", "gao")
    done = handover.people_changed(back, gone, here)
    assert [(notice.to, notice.kind) for notice in done.notices] == [("gao", "returned")]
    assert eligible.movers(back, gone) == ("gao",)
    again = submitting.resubmit(back, gone, "gao", note="30 天").request
    assert (again.state, again.answers) == ("pending", ({"by": "gao", "at": here.now, "text": "30 天"},))


def test_the_new_owner_of_the_deal_may_send_it_on_and_is_told() -> None:
    here = world(kind(step("s", "manager")))
    back, moved = returned(here), changed(here, owner="xu")
    done = handover.people_changed(back, moved, here)
    assert [(notice.to, notice.kind) for notice in done.notices] == [("xu", "returned")]
    assert submitting.resubmit(back, moved, "xu").request.state == "pending"
    with pytest.raises(NotAllowed) as refusal:
        submitting.resubmit(back, moved, "chen")
    assert refusal.value.hint == "li, xu or an admin may"


def test_a_returned_request_that_nobody_may_send_on_is_blocked_and_the_admins_are_told() -> None:
    here = world(kind(step("s", "manager")))
    back, gone = returned(here), leaving(here, "li")
    done = handover.people_changed(back, gone, here)
    assert [(notice.to, notice.kind) for notice in done.notices] == [("root", "blocked")]
    assert eligible.blocked(back, gone) and not eligible.blocked(back, here)
    assert submitting.resubmit(back, gone, "root").request.state == "pending"


# ---------- added approvers are asked ----------
def test_an_approval_does_not_repeat_into_a_step_or_seat_that_was_added_after() -> None:
    here = world(kind(step("s", "role:finance"), step("t", "user:zhou")))
    request = adding.add_approver(submitted(here), here, "zhao", "wang", "beside").request
    request = adding.add_approver(request, here, "chen", "zhou", "after").request
    request = decide(request, here, "chen", "approve").request
    request = decide(request, here, "wang", "approve").request
    request = decide(request, here, "zhou", "approve").request
    assert open_people(request) == {"t": [["zhou"]]}, "a vote in an added step is not repeated"


def test_an_approval_does_not_repeat_into_an_added_step() -> None:
    here = world(kind(step("s", "role:finance")))
    request = adding.add_approver(submitted(here), here, "zhao", "tang", "after").request
    handed = handover.transfer(request, here, "zhao", "tang", reason="x").request
    done = decide(handed, here, "tang", "approve").request
    assert open_people(done) == {"s + tang": [["tang"]]}
