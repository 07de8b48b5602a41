"""Every invariant's check can fail: each is given a moment that breaks it, and flags it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from approval_checks import CHECKS, Moment, problems
from requests_made import HOUR, changed, deal, delegation, kind, later, policy, step, submitted, world

from oppcli.model.approver import approver
from oppcli.model.policy import Escalation, Sod
from oppcli.model.requests import Decision, Question, Request, Term
from oppcli.rules.approvals import (
    adding,
    changing,
    ending,
    foreseeing,
    handover,
    opening,
    recording,
    rounds,
    seating,
    submitting,
)
from oppcli.rules.approvals.deciding import decide, withdraw
from oppcli.rules.approvals.terms import Asked
from oppcli.rules.approvals.ticking import tick
from oppcli.rules.approvals.transition import Event
from oppcli.rules.approvals.world import World

RULE = kind(
    step("一", "manager", escalate=(Escalation(after_ms=0, to=approver("role:ops"), do="add"),)),
    step("二", "role:tech", "at least 2", must=("user:lin",)),
    step("三", "user:lin"),
)
HERE = world(RULE)._replace(frozen={})
FIRST = submitted(HERE)


def moment(request: Request | None, verb: str = "wait", here: World = HERE, **more: Any) -> Moment:
    return Moment(here._replace(requests=() if request is None else (request,)), verb, **more)


def decided(*logins: str, verdict: str = "approve") -> Request:
    request = FIRST
    for login in logins:
        request = decide(request, HERE, login, verdict, reason="x").request
    return request


LEGAL = world(kind(step("一", "role:tech"), require=("role:tech",)))._replace(frozen={})
REQUIRED = submitted(LEGAL)
ONE, DONE = decided("wang"), decided("wang", "gao", "lin", "lin")
GONE = decided("wang", verdict="reject")
BACK = decided("wang", verdict="return")
PASSED = ((31, 1, Event("request", "system", now="approved")),)


def edited(request: Request, place: int, **facts: Any) -> Request:
    """The request with another step in place of its place-th."""
    steps = list(request.steps)
    steps[place] = replace(steps[place], **facts)
    return replace(request, steps=tuple(steps))


def voted(request: Request, number: int, **facts: Any) -> Request:
    made = list(request.decisions)
    made[number] = replace(made[number], **facts)
    return replace(request, decisions=tuple(made))


def more(request: Request, **facts: Any) -> Request:
    """One more decision, like the last one but for these facts."""
    last = request.decisions[-1]
    return replace(request, decisions=(*request.decisions, replace(last, number=last.number + 1, **facts)))


def seats(request: Request, place: int, *states: str) -> Request:
    found = request.steps[place].seats
    return edited(request, place, seats=tuple(replace(s, state=w) for s, w in zip(found, states, strict=True)))


TERM = Term(number=1, decision=1, text="in writing", before="签约")
TERMED = replace(ONE, terms=(TERM,))
CLOSED = replace(ONE, terms=(replace(TERM, state="met"),))
AGREED = replace(TERMED, revisions=(replace(ONE.revisions[0], agreed={"amount": "1.00"}),))
SIGNED = HERE._replace(deal=replace(HERE.deal, stage="签约"))
AGAIN = edited(decide(decided("wang", "gao"), HERE, "lin", "return", reason="x", to="一").request, 1)
PICKED = replace(edited(FIRST, 0, who=("chosen:role:tech",), seats=(FIRST.steps[0].seats[0],)), chosen={"一": ["lin"]})
STILL = world(RULE._replace(lock=("approved",)))._replace(frozen={})
FAST = world(RULE._replace(lock=("moves",)))._replace(frozen={})
QUESTION = Question(number=1, step=1, by="wang", to="li", text="?", at=HERE.now)
LATE = tick(FIRST, later(HERE, "03-10 09:00")).request
EVENT = (31, 1, Event("escalate", "system", "一"))
TIMED = replace(BACK, steps=tuple(replace(s, due_at=1) if s.state == "open" else s for s in BACK.steps))
WON = HERE._replace(deal=replace(HERE.deal, stage="赢单"))
ASKED = HERE._replace(deal=replace(HERE.deal, stage="谈判"))
SHOWN = replace(FIRST, revisions=(replace(FIRST.revisions[0], snapshot={"amount": "1.00"}),))
EDITED = changed(HERE, amount=1)
LEFT = HERE._replace(users={**HERE.users, "wang": replace(HERE.users["wang"], active=False)})
OPEN = moment(FIRST)
ALL = submitted(world(kind(step("会签", "role:finance", "all"))))
CHEN, ZHAO = (seat.holders for seat in ALL.steps[0].seats)
SWAPPED = (
    ALL,
    edited(ALL, 0, seats=tuple(replace(s, holders=h) for s, h in zip(ALL.steps[0].seats, (ZHAO, ()), strict=True))),
)
BROKEN: dict[int, tuple[Moment, Moment]] = {
    1: (OPEN, Moment(HERE._replace(requests=(FIRST, replace(FIRST, id=32))))),
    2: (moment(GONE), moment(replace(GONE, state="pending"))),
    3: (OPEN, moment(replace(ONE, state="approved"))),
    4: (moment(ONE), moment(more(ONE, actor="gao"))),
    5: (moment(ONE), moment(more(ONE, seat=2))),
    6: (OPEN, moment(voted(ONE, 0, actor="li"))),
    8: (OPEN, moment(edited(FIRST, 1, state="open"))),
    9: (OPEN, moment(seats(FIRST, 0, "approved"))),
    10: (moment(GONE), moment(seats(GONE, 0, "open"))),
    11: (OPEN, moment(FIRST, "tick", LEFT)),
    12: (moment(ONE), moment(seats(ONE, 0, "cancelled"))),
    13: (moment(ONE), moment(voted(ONE, 0, reason="changed"))),
    14: (moment(replace(FIRST, revision=2)), moment(FIRST)),
    15: (OPEN, moment(edited(FIRST, 0, due_at=(FIRST.steps[0].due_at or 0) + 1))),
    16: (moment(BACK), moment(TIMED)),
    17: (moment(LATE), moment(edited(LATE, 0, breached_at=None))),
    18: (moment(LATE, log=(EVENT,)), moment(LATE, log=(EVENT, EVENT))),
    19: (OPEN, moment(FIRST, "tick", later(HERE, "03-10 09:00"))),
    20: (moment(FIRST, here=ASKED), moment(FIRST, "advance", ASKED)),
    21: (OPEN, moment(replace(FIRST, policy="p2"), here=HERE._replace(frozen={"p2": HERE.policy}))),
    22: (OPEN, moment(ONE, refused=True)),
    23: (OPEN, moment(FIRST, here=WON)),
    24: (OPEN, moment(voted(ONE, 0, on_behalf_of="gao"))),
    25: (moment(DONE, log=PASSED), moment(DONE, log=PASSED * 2)),
    26: (OPEN, moment(voted(ONE, 0, automatic=True, refers_to=1))),
    27: (moment(GONE), moment(replace(GONE, decisions=()))),
    28: (moment(DONE), moment(replace(DONE, state="invalidated"))),
    29: (moment(DONE, log=PASSED), moment(DONE, here=EDITED, log=PASSED)),
    30: (moment(BACK), moment(edited(BACK, 0, remaining_ms=HOUR))),
    31: (moment(DONE, log=PASSED), moment(voted(DONE, 2, verdict="reject"), log=PASSED)),
    32: (OPEN, moment(SHOWN)),
    36: (moment(TERMED, here=ASKED), moment(TERMED, "advance", SIGNED)),
    37: (moment(CLOSED), moment(TERMED)),
    38: (moment(TERMED), moment(AGREED)),
    39: (moment(TERMED), moment(replace(GONE, terms=TERMED.terms))),
    40: (moment(AGAIN), moment(edited(AGAIN, 0, seats=FIRST.steps[0].seats))),
    41: (moment(FIRST), moment(replace(BACK, rounds=0))),
    43: (moment(None), moment(PICKED)),
    44: (OPEN, moment(edited(voted(ONE, 0, automatic=True, refers_to=1), 0, added_by="zhou"))),
    45: (moment(GONE), moment(replace(GONE, questions=(QUESTION,)))),
    47: (OPEN, moment(replace(FIRST, revisions=(replace(FIRST.revisions[0], skipped={"四": "amount > 1"}),)))),
    48: (moment(DONE, here=STILL, log=PASSED), moment(DONE, here=changed(STILL, amount=80_000_001), log=PASSED)),
    52: (moment(FIRST, here=FAST), moment(FIRST, "advance", FAST)),
    50: (moment(SWAPPED[0]), moment(SWAPPED[1])),
    51: (OPEN, moment(FIRST, log=((31, 1, Event("recuse", "wang", "一")),))),
    60: (moment(ONE), moment(ONE, here=changed(HERE, owner="wang"))),
    61: (moment(REQUIRED, here=LEGAL), moment(edited(REQUIRED, 0, state="approved"), here=LEGAL)),
}


def test_the_moments_that_are_broken_below_are_sound() -> None:
    sound = [
        (moment(None), moment(FIRST, "submit")),
        (OPEN, moment(ONE, "approve")),
        (OPEN, moment(GONE, "reject")),
        (OPEN, moment(BACK, "return")),
        (moment(decided("wang", "gao", "lin")), moment(DONE, "approve", log=PASSED)),
        (OPEN, moment(LATE, "tick", later(HERE, "03-10 09:00"), log=(EVENT,))),
    ]
    assert [problems(*pair) for pair in sound] == [[]] * len(sound)


def test_every_check_has_a_moment_that_breaks_it() -> None:
    assert set(BROKEN) == set(CHECKS)
    # 7, 33 and 34 are about the journal and the store; 35 about the clock.
    assert set(range(1, 36)) - set(CHECKS) == {7, 33, 34, 35}


@pytest.mark.parametrize("number", sorted(CHECKS), ids=lambda number: CHECKS[number].__name__)
def test_the_check_flags_it(number: int) -> None:
    before, after = BROKEN[number]
    assert CHECKS[number](before, after)


BUGS: dict[int, tuple[str, Callable[..., Any]]] = {
    4: ("oppcli.rules.approvals.recording.SEAT_STATE", lambda real: {}),
    8: ("oppcli.rules.approvals.opening.outcome", lambda real: lambda step: None if step.position == 1 else real(step)),
    26: (
        "oppcli.rules.approvals.opening._repeatable",
        lambda real: lambda request, here, step: _all_approvals(request),
    ),
}


def _all_approvals(request: Request) -> tuple[Decision, ...]:
    return tuple(decision for decision in request.decisions if decision.verdict == "approve")


@pytest.mark.parametrize("number", sorted(BUGS))
def test_a_bug_in_the_rules_is_seen(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only a made-up state: with the rule itself broken, the walk's checks see what comes of it."""
    path, broken = BUGS[number]
    module, _, name = path.rpartition(".")
    monkeypatch.setattr(path, broken(getattr(__import__(module, fromlist=[name]), name)))
    rules = policy(kind(step("一", "user:chen"), step("二", "user:zhou"), step("三", "user:chen")), sod=Sod())
    here = world(rules, deal=deal())
    request, seen = submitted(here), []
    for login in ("chen", "chen", "zhou"):
        before = moment(request, here=here)
        try:
            request = decide(request, here, login, "approve").request
        except Exception:
            break
        seen += problems(before, moment(request, "approve", here=here))
    assert any(found.startswith("invariant") for found in seen)


def test_an_expiry_is_not_mistaken_for_an_approval_that_never_was() -> None:
    here = world(kind(step("一", "manager"), valid_days=1))
    request = decide(submitted(here), here, "wang", "approve").request
    over = ending.expire(request, later(here, "03-20 09:00")).request
    assert (
        problems(moment(request, here=here, log=PASSED), moment(over, "tick", later(here, "03-20 09:00"), log=PASSED))
        == []
    )


def found(before: Request, after: Request, here: World, verb: str = "people", **more: Any) -> set[int]:
    """The numbers of the invariants that do not hold."""
    seen = problems(moment(before, here=here), moment(after, verb, here=here, **more))
    return {int(problem.removeprefix("invariant ").partition(":")[0]) for problem in seen}


def test_a_manager_who_follows_while_losing_the_seat_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("会签", "role:finance", "all")))
    request = submitted(here)
    nobody = {login: replace(user, roles=("sales",)) for login, user in here.users.items()}
    after = here._replace(users=nobody)
    assert found(request, handover.people_changed(request, after).request, after) == set()
    follow = seating._followers
    monkeypatch.setattr(seating, "_boss", lambda login, here, lost: here.users[login].manager)
    monkeypatch.setattr(seating, "_followers", lambda pairs, out, here: follow(pairs, (), here))
    assert found(request, handover.people_changed(request, after).request, after) == {50}


def test_a_seat_handed_back_to_who_stood_aside_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("一", "role:finance")))
    aside = handover.recuse(submitted(here), here, "chen", reason="x")
    log = tuple((31, 1, event) for event in aside.events)
    monkeypatch.setattr(handover, "stood_aside", lambda _: frozenset())
    back = handover.transfer(aside.request, here, "zhao", "chen", reason="x").request
    assert found(aside.request, back, here, "transfer", log=log) == {51}


def test_a_vote_of_an_added_step_that_repeats_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("一", "role:finance"), step("二", "user:zhou")))
    request = adding.add_approver(submitted(here), here, "chen", "zhou", "after").request
    request = decide(request, here, "chen", "approve").request
    monkeypatch.setattr(opening, "_repeatable", lambda request, here, step: _all_approvals(request))
    assert found(request, decide(request, here, "zhou", "approve").request, here, "approve") == {44}


def test_whoever_approved_for_somebody_takes_it_back_when_the_delegation_is_over() -> None:
    here = world(
        kind(step("会签", "role:finance", "all")),
        delegations=(delegation("chen", "zhou", "03-09 08:00", "03-09 10:00"),),
    )
    request = decide(submitted(here), here, "zhou", "approve").request
    after = later(here, "03-09 11:00")
    back = withdraw(request, after, "zhou").request
    assert [(each.verdict, each.on_behalf_of) for each in back.decisions][-1] == ("withdraw", "chen")
    assert found(request, back, after, "withdraw") == set()


def test_a_term_that_outlives_its_yes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("会签", "role:finance", "all")))
    request = decide(submitted(here), here, "chen", "approve", terms=Asked(texts=("in writing",))).request
    assert found(request, withdraw(request, here, "chen").request, here, "withdraw") == set()
    monkeypatch.setattr(recording, "lapsed", lambda request, now: request)
    assert found(request, withdraw(request, here, "chen").request, here, "withdraw") == {39}


def test_a_vote_that_repeats_into_what_is_asked_again_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("一", "user:chen"), step("二", "user:chen"), step("三", "user:zhou")))
    request = decide(submitted(here), here, "chen", "approve").request
    back = decide(request, here, "zhou", "return", reason="x", to="一").request
    assert found(back, decide(back, here, "chen", "approve").request, here, "approve") == set()
    eager = replace(back, steps=tuple(replace(place, fresh=False) for place in back.steps))
    assert found(eager, decide(eager, here, "chen", "approve").request, here, "approve") == {40}


def test_one_round_too_many_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("一", "manager"), max_rounds=1))
    once = decide(submitted(here), here, "wang", "return", reason="x").request
    again = submitting.resubmit(once, here, "li").request
    monkeypatch.setattr(rounds, "spent", lambda request, here: False)
    assert found(again, decide(again, here, "wang", "return", reason="x").request, here, "return") == {41}


def test_a_change_that_nobody_asked_for_and_is_taken_for_foreseen_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(kind(step("一", "manager"), step("二", "user:zhou")))
    request = decide(submitted(here), here, "wang", "approve", terms=Asked(tests=("discount <= 10",))).request
    after = changed(here, amount=90_000_000)
    monkeypatch.setattr(foreseeing, "foreseen", lambda request, here, found: True)
    assert 38 in found(request, changing.deal_changed(request, after, "li", touched=True).request, after, "edit")
