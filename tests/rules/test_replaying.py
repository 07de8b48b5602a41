"""What was submitted, planned once more under another policy: by tables, without a database."""

from decimal import Decimal
from typing import Any

import pytest
from requests_made import TEAM, at, kind, policy, step, when

from oppcli.model.policy import Policy, Sod, StepRule
from oppcli.rules.approvals.replaying import Case, Fate, Past, Plan, Staffed, Staffing, answered, plan, replayed
from oppcli.rules.approvals.restaffing import Parts, Staff, today

HOUR = 3_600_000
EMPTY: dict[str, Any] = {}


def case(*past: Past, **more: Any) -> Case:
    given: dict[str, Any] = {"submitter": "li", "owner": "li", "facts": {}, "request": 1} | more
    return Case(type="quote", title="quote", at=at("03-09 09:00"), deal=1, past=past, **given)


def past(name: str, group: int, hours: float = 1, **more: Any) -> Past:
    return Past(name, group, spent=int(hours * HOUR), **more)


def fates(*past: Past, steps: tuple[StepRule, ...], staffing: Staffing | None = None, sla: float = 4) -> list[Fate]:
    """Nobody's yes is repeated; an added step takes `sla` hours."""
    plain = staffing or (lambda case, steps, step, agreed: Staffed(("chen",)))
    return list(replayed(case(*past), Plan(steps), plain, lambda step, people: int(sla * HOUR)))


def hours(found: list[Fate]) -> dict[str, tuple[str | None, float, float]]:
    return {each.step: (each.change, each.spared / HOUR, each.added / HOUR) for each in found}


A, B, C = step("A"), step("B"), step("C")
A1, B1, C1 = (each._replace(together="x") for each in (A, B, C))


@pytest.mark.parametrize(
    ("before", "steps", "expected"),
    [
        ((past("A", 1, 3), past("B", 2, 5)), (A, B), {"A": ("kept", 0, 0), "B": ("kept", 0, 0)}),
        ((past("A", 1, 3), past("B", 2, 5)), (B,), {"B": ("kept", 0, 0), "A": ("dropped", 3, 0)}),
        # beside a longer one it spares nothing; beside a shorter one what is beyond that
        ((past("A", 1, 3), past("B", 1, 5)), (B1,), {"B": ("kept", 0, 0), "A": ("dropped", 0, 0)}),
        ((past("A", 1, 3), past("B", 1, 5)), (A1,), {"A": ("kept", 0, 0), "B": ("dropped", 2, 0)}),
        ((past("A", 1, 3), past("B", 1, 5)), (), {"A": ("dropped", 3, 0), "B": ("dropped", 2, 0)}),
        # one after the other, then beside each other, and the other way round
        ((past("A", 1, 3), past("B", 2, 5)), (A1, B1), {"A": ("kept", 0, 0), "B": ("kept", 3, 0)}),
        ((past("A", 1, 3), past("B", 1, 5)), (A, B), {"A": ("kept", 0, 0), "B": ("kept", 0, 3)}),
        # what is added takes its estimate, and beside a longer one nothing
        ((past("A", 1, 3),), (A, C), {"A": ("kept", 0, 0), "C": ("added", 0, 4)}),
        ((past("A", 1, 3),), (A1, C1), {"A": ("kept", 0, 0), "C": ("added", 0, 1)}),
        ((past("A", 1, 9),), (A1, C1), {"A": ("kept", 0, 0), "C": ("added", 0, 0)}),
        ((past("A", 1, 3),), (C,), {"C": ("added", 0, 4), "A": ("dropped", 3, 0)}),
        # nobody comes to what stands behind a no or a return
        ((past("A", 1, 3, passed=False),), (A, C), {"A": ("kept", 0, 0), "C": ("added", 0, 0)}),
        ((past("A", 1, 3, passed=False),), (C,), {"C": ("added", 0, 4), "A": ("dropped", 3, 0)}),
        # what was never reached stays as it is; whose yes it would repeat nobody knows
        ((past("A", 1, 3), past("B", 2, 0, reached=False)), (A, B), {"A": ("kept", 0, 0), "B": ("kept", 0, 0)}),
        # a step that repeated a yes asked nobody
        ((past("A", 1, 3), past("B", 2, 0, asked=False)), (A,), {"A": ("kept", 0, 0), "B": (None, 0, 0)}),
    ],
)
def test_hours_are_those_of_the_longest_way(
    before: tuple[Past, ...], steps: tuple[StepRule, ...], expected: dict[str, Any]
) -> None:
    assert hours(fates(*before, steps=steps)) == expected


def test_what_was_never_kept_is_unknown_and_takes_or_spares_nothing() -> None:
    rule = kind(A, step("B", when="margin < 10"), when="amount > 100000 or discount > 5")
    assert plan(rule, {"amount": Decimal(200_000)}) == Plan((A, rule.steps[1]), ("B",), ("margin",))
    assert plan(rule, {"amount": Decimal(1), "discount": Decimal(1)}) == Plan()
    assert plan(rule, {"amount": Decimal(1)}) == Plan(rule.steps, ("A", "B"), ("discount", "margin"))
    assert plan(None, {}) == Plan()
    found = replayed(case(past("B", 1, 7)), plan(rule, {"amount": Decimal(200_000)}), _staffed, lambda *_: HOUR)
    assert [(each.step, each.asked, each.change, each.would_ask, each.spared) for each in found] == [
        ("A", False, "added", True, 0),
        ("B", True, "unknown", False, 0),
    ]


def _staffed(*_: object) -> Staffed:
    return Staffed(("chen",))


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("source is empty", {"source": None}, True),
        ("source is empty", {"source": "web"}, False),
        ("source is empty", EMPTY, None),
        ("source is not empty or amount > 5", EMPTY, None),
        ("source is not empty or amount > 5", {"amount": Decimal(9)}, True),
        ("source is empty and region is not empty", EMPTY, None),
        ("source is empty and region is not empty and amount > 5", {"amount": Decimal(1)}, False),
        ("source is empty or source is not empty", EMPTY, True),
        ("source == 'web' or source is empty", EMPTY, None),
    ],
)
def test_what_was_not_kept_need_not_have_been_empty(
    condition: str, facts: dict[str, Any], expected: bool | None
) -> None:
    assert answered(when(condition), facts) is expected


def test_a_refusal_is_missed_where_nobody_else_who_is_asked_refused() -> None:
    both = (past("A", 1, 1, refused=7, passed=False), past("B", 1, 1, refused=8, passed=False))
    assert [each.missed for each in fates(*both, steps=(B,))] == [None, None]
    assert [each.missed for each in fates(*both, steps=())] == [7, 8]
    assert [each.missed for each in fates(both[0], past("B", 2), steps=(B,))] == [None, 7]
    assert [each.missed for each in fates(both[0], steps=(A,))] == [None]


# --- people --------------------------------------------------------------------------------------------------------

ONE, TWO = step("主管", "manager"), step("总监", "manager")
YES = past("主管", 1, yes=("wang",))


def asked_of(
    *before: Past, steps: tuple[StepRule, ...] = (ONE, TWO), parts: Parts | None = None, **more: Any
) -> list[tuple[str, str | None, bool]]:
    rules = policy(kind(*steps), **more)
    staff = Staff(today(rules, rules), {user.login: user for user in TEAM}, at("03-09 09:00"), {1: parts or Parts()})
    found = replayed(case(*before), Plan(steps), staff, lambda *_: HOUR)
    return [(each.step, each.change, each.blocked) for each in found]


def test_who_agreed_in_the_step_before_is_not_asked_again_where_the_policy_repeats() -> None:
    assert asked_of(YES) == [("主管", "kept", False), ("总监", None, False)]
    assert asked_of(YES, past("总监", 2)) == [("主管", "kept", False), ("总监", "dropped", False)]
    assert asked_of(YES, past("总监", 2), sod=Sod(repeat="none"))[1] == ("总监", "kept", False)
    assert asked_of(YES, past("总监", 2, 0, asked=False), sod=Sod(repeat="none"))[1] == ("总监", "added", False)
    assert asked_of(YES, past("总监", 2, reached=False))[1] == ("总监", "kept", False)
    between = (ONE, step("财务"), TWO)
    assert [change for _, change, _ in asked_of(YES, steps=between)] == ["kept", "added", "added"]
    every = asked_of(YES, steps=between, sod=Sod(repeat="all"))
    assert [change for _, change, _ in every] == ["kept", "added", None]


def test_a_step_that_was_dropped_has_no_yes_to_repeat() -> None:
    assert asked_of(YES, past("总监", 2, 0, asked=False), steps=(TWO,)) == [
        ("总监", "added", False),
        ("主管", "dropped", False),
    ]


def test_whom_nobody_could_replace_is_told() -> None:
    own = step("本人", "user:li")
    assert asked_of(steps=(own,), fallback=()) == [("本人", "added", True)]
    assert asked_of(steps=(own,), fallback=("role:ops",)) == [("本人", "added", False)]
    assert asked_of(steps=(own,), fallback=(), sod=Sod(submitter_may_approve=True)) == [("本人", "added", False)]
    apart = Sod(repeat="none", distinct=(("主管", "总监"),))
    assert asked_of(YES, steps=(ONE, step("总监", "user:wang")), fallback=(), sod=apart)[1] == ("总监", "added", True)
    mine = Parts("chen", ("zhao",))
    assert asked_of(steps=(step("财务"),), fallback=(), parts=mine) == [("财务", "added", True)]


def test_roles_fallback_and_calendars_are_those_of_today_and_what_is_not_there_the_policys() -> None:
    new: Policy = policy(kind(), roles={"finance": ("old",), "legal": ("qian",)}, fallback=("role:legal",))
    now = policy(kind(), roles={"finance": ("chen",)}, hash="p2")
    found = today(new, now)
    assert (found.roles, found.fallback, found.hash) == (
        {"finance": ("chen",), "legal": ("qian",)},
        ("role:ops",),
        "p1",
    )
