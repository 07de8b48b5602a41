"""Seats handed on: transfer, one more approver, standing aside; and the nudge."""

from dataclasses import replace

import pytest
from requests_made import HOUR, TEAM, kind, later, open_people, person, policy, states, step, submitted, wall, world

from oppcli.errors import Ambiguous, Conflict, NotAllowed, NotFound, UsageError
from oppcli.rules.approvals.adding import add_approver
from oppcli.rules.approvals.deciding import decide
from oppcli.rules.approvals.handover import nudge, people_changed, recuse, transfer

BOSS = kind(step("主管", "manager"), step("总监", "manager+1"))
FINANCE = kind(step("会签", "role:finance", "all"))


def test_a_holder_hands_the_seat_over_and_due_stays() -> None:
    here = world(BOSS)
    before = submitted(here)
    done = transfer(before, later(here, "03-09 11:00"), "wang", "gao", reason="休假")
    assert open_people(done.request) == {"主管": [["gao"]]}
    assert done.request.open_steps[0].due_at == before.open_steps[0].due_at
    assert [(notice.to, notice.kind) for notice in done.notices] == [("gao", "opened")]
    with pytest.raises(NotAllowed):
        decide(done.request, here, "wang", "approve")
    assert states(decide(done.request, here, "gao", "approve").request)["主管"] == "approved"


def test_in_a_pool_only_the_givers_place_moves_and_the_pool_does_not_bring_them_back() -> None:
    here = world(kind(step()))
    request = transfer(submitted(here), here, "chen", "gao", reason="x").request
    assert open_people(request) == {"财务": [["zhao", "gao"]]}
    assert open_people(people_changed(request, here).request) == {"财务": [["zhao", "gao"]]}
    back = transfer(request, here, "gao", "chen", reason="x").request
    assert open_people(back) == {"财务": [["zhao", "chen"]]}
    assert people_changed(back, here).request is back


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("li", "submitted R-31"),
        ("zhao", "sits in 会签 already"),
        ("chen", "sits in 会签 already"),
        ("xu", "was deactivated"),
    ],
)
def test_only_somebody_who_could_decide_takes_a_seat(to: str, why: str) -> None:
    people = (*(user for user in TEAM if user.login != "xu"), person("xu", "lin", active=False))
    here = world(FINANCE, people=people)
    with pytest.raises(Conflict, match=f"{to} {why}"):
        transfer(submitted(here), here, "chen", to, reason="x")


def test_somebody_who_voted_in_the_step_and_a_stranger_take_none() -> None:
    here = world(FINANCE)
    request = decide(submitted(here), here, "chen", "approve").request
    with pytest.raises(Conflict, match="chen has voted in 会签 already"):
        transfer(request, here, "zhao", "chen", reason="x")
    with pytest.raises(NotFound):
        transfer(request, here, "zhao", "nobody", reason="x")
    with pytest.raises(UsageError):
        transfer(request, here, "zhao", "gao", reason=" ")


def test_a_seat_moves_three_times_at_most() -> None:
    here = world(BOSS)
    request = submitted(here)
    for giver, taker in (("wang", "gao"), ("gao", "xu"), ("xu", "tang")):
        request = transfer(request, here, giver, taker, reason="x").request
    with pytest.raises(Conflict, match="handed over 3 times"):
        transfer(request, here, "tang", "lin", reason="x")


def test_a_seat_that_was_handed_over_three_times_and_is_blocked_is_given_to_somebody_by_an_admin() -> None:
    here = world(policy(kind(step("主管", "user:wang")), fallback=("user:wang",)))
    request = submitted(here)
    for giver, taker in (("wang", "gao"), ("gao", "lin"), ("lin", "ma")):
        request = transfer(request, here, giver, taker, reason="x").request
    people = tuple(person(u.login, None, *u.roles, active=u.login not in ("ma", "wang")) for u in TEAM)
    left = here._replace(users={user.login: user for user in people})
    request = people_changed(request, left).request
    assert request.open_steps[0].seats[0].blocked
    assert open_people(transfer(request, left, "root", "xu", reason="x").request) == {"主管": [["xu"]]}


def test_others_do_not_transfer_and_an_admin_does() -> None:
    here = world(BOSS)
    with pytest.raises(NotAllowed, match="chen does not hold a seat") as refusal:
        transfer(submitted(here), here, "chen", "gao", reason="x")
    assert refusal.value.attempt == ("request", "31")
    assert open_people(transfer(submitted(here), here, "root", "gao", reason="x").request) == {"主管": [["gao"]]}


def test_an_admin_says_whose_place_where_there_are_several() -> None:
    here = world(FINANCE)
    with pytest.raises(Ambiguous) as refusal:
        transfer(submitted(here), here, "root", "gao", reason="x")
    assert [reason.fix for reason in refusal.value.reasons] == ["--step 会签 --from chen", "--step 会签 --from zhao"]
    request = transfer(submitted(here), here, "root", "gao", reason="x", frm="zhao").request
    assert open_people(request) == {"会签": [["chen"], ["gao"]]}
    with pytest.raises(NotAllowed):
        transfer(submitted(here), here, "chen", "gao", reason="x", frm="zhao")


def test_an_admin_fills_a_blocked_seat() -> None:
    here = world(policy(kind(step("会签", ("user:ma", "user:chen"), "all")), fallback=("user:tang",)))
    gone = {"ma": False, "tang": False}
    users = {login: replace(user, active=gone.get(login, True)) for login, user in here.users.items()}
    after = here._replace(users=users)
    request = people_changed(submitted(here), after).request
    assert open_people(request) == {"会签": [[], ["chen"]]}
    assert open_people(transfer(request, after, "root", "gao", reason="x").request) == {"会签": [["gao"], ["chen"]]}


# ---------- one more approver ----------
def test_beside_in_an_all_step_is_one_more_seat() -> None:
    here = world(FINANCE)
    request = add_approver(submitted(here), here, "chen", "gao", "beside").request
    (place,) = request.open_steps
    assert (open_people(request), place.need) == ({"会签": [["chen"], ["zhao"], ["gao"]]}, 3)
    assert place.seats[-1].added_by == "chen"


def test_beside_in_n_of_m_wants_one_more_of_one_more() -> None:
    here = world(kind(step("技术", "role:tech", "at least 2")))
    (place,) = add_approver(submitted(here), here, "gao", "chen", "beside").request.open_steps
    assert (place.need, len(place.seats)) == (3, 4)


def test_beside_in_an_any_step_both_must_agree() -> None:
    here = world(kind(step()))
    request = add_approver(submitted(here), here, "chen", "gao", "beside").request
    request = decide(request, here, "zhao", "approve").request
    assert (request.state, open_people(request)) == ("pending", {"财务": [["gao"]]})
    assert decide(request, here, "gao", "approve").request.state == "approved"


def test_after_is_a_step_of_its_own_behind_the_group() -> None:
    here = world(BOSS)
    request = add_approver(submitted(here), here, "wang", "gao", "after").request
    assert [(place.name, place.group) for place in request.plan] == [("主管", 1), ("主管 + gao", 2), ("总监", 3)]
    request = decide(request, here, "wang", "approve").request
    assert open_people(request) == {"主管 + gao": [["gao"]]}


def test_before_the_new_step_goes_first_and_the_clock_of_the_other_stands_meanwhile() -> None:
    here = world(BOSS)
    request = add_approver(submitted(here), later(here, "03-09 11:00"), "wang", "gao", "before").request
    assert states(request) == {"主管 + gao": "open", "主管": "waiting", "总监": "waiting"}
    with pytest.raises(NotAllowed):
        decide(request, here, "wang", "approve")
    request = decide(request, later(here, "03-10 11:00"), "gao", "approve").request
    (place,) = request.open_steps
    assert (place.name, place.used_ms, wall(place.due_at)) == ("主管", 2 * HOUR, "03-10 18:00")


def test_before_leaves_parallel_colleagues_and_votes_alone() -> None:
    rule = kind(step("会签", "role:finance", "all", together="t"), step("技术", "user:lin", together="t"))
    here = world(rule)
    request = decide(submitted(here), here, "chen", "approve").request
    request = add_approver(request, here, "zhao", "gao", "before").request
    assert open_people(request) == {"技术": [["lin"]], "会签 + gao": [["gao"]]}
    for login in ("gao", "lin"):
        request = decide(request, here, login, "approve").request
    assert open_people(request) == {"会签": [["zhao"]]}, "chen's approval still counts"
    assert decide(request, here, "zhao", "approve").request.state == "approved"


def test_who_was_added_may_add_again_under_another_name() -> None:
    here = world(BOSS)
    request = add_approver(submitted(here), here, "wang", "gao", "after").request
    request = add_approver(request, here, "wang", "gao", "after").request
    assert [place.name for place in request.plan] == ["主管", "主管 + gao 2", "主管 + gao", "总监"]


def test_only_a_holder_adds_and_never_somebody_in_conflict_or_nowhere() -> None:
    here = world(BOSS)
    with pytest.raises(NotAllowed):
        add_approver(submitted(here), here, "root", "gao", "beside")
    with pytest.raises(Conflict, match="li submitted R-31"):
        add_approver(submitted(here), here, "wang", "li", "beside")
    with pytest.raises(UsageError):
        add_approver(submitted(here), here, "wang", "gao", "above")


# ---------- standing aside ----------
@pytest.mark.parametrize(
    ("rule", "who", "expected"),
    [
        (BOSS, "wang", {"主管": [["zhou"]]}),
        (kind(step()), "chen", {"财务": [["zhao"]]}),
        (FINANCE, "chen", {"会签": [["ma"], ["zhao"]]}),
    ],
    ids=["a sole holder's manager", "the rest of a pool", "a fixed seat's manager"],
)
def test_standing_aside_fills_the_seat_like_a_leavers(rule: object, who: str, expected: dict[str, object]) -> None:
    here = world(rule)  # type: ignore[arg-type]
    request = recuse(submitted(here), here, who, reason="亲属").request
    assert open_people(request) == expected
    assert open_people(people_changed(request, here).request) == expected


def test_only_a_holder_stands_aside() -> None:
    here = world(BOSS)
    with pytest.raises(NotAllowed):
        recuse(submitted(here), here, "zhou")


# ---------- the nudge ----------
def test_the_submitter_nudges_once_in_four_business_hours() -> None:
    here = world(BOSS)
    done = nudge(submitted(here), later(here, "03-09 16:00"), "li")
    assert [(notice.to, notice.kind) for notice in done.notices] == [("wang", "nudge")]
    with pytest.raises(Conflict, match="was nudged") as refusal:
        nudge(done.request, later(here, "03-10 10:59"), "li")
    assert refusal.value.hint == "again from 2026-03-10T03:00Z on"
    assert nudge(done.request, later(here, "03-10 11:00"), "li").notices
    with pytest.raises(NotAllowed):
        nudge(submitted(here), here, "wang")


def test_a_nudge_changes_no_due_time() -> None:
    here = world(BOSS)
    request = submitted(here)
    assert nudge(request, here, "li").request.steps == request.steps
