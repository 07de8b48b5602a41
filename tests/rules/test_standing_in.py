"""Who can stand in, what cannot be decided without somebody, and which steps ask nobody else."""

import pytest

from oppcli.model.approver import approver
from oppcli.rules.standing_in import Chair, alone, only, substitute


def chair(*holders: str, open_: bool = True, must: bool = False) -> Chair:
    return Chair(open_, not open_, must, holders)


@pytest.mark.parametrize(
    ("mine", "others", "rule", "need", "stuck"),
    [
        (chair("wang"), [], "any", 1, True),
        (chair("wang", "chen"), [], "all", 1, False),
        (chair("wang"), [chair("chen")], "any", 1, False),
        (chair("wang"), [chair("wang")], "any", 1, True),
        (chair("wang"), [chair("chen")], "all", 1, True),
        (chair("wang", must=True), [chair("chen")], "any", 1, True),
        (chair("wang"), [chair("chen"), chair("zhao")], "at_least", 2, False),
        (chair("wang"), [chair("chen"), chair("zhao")], "at_least", 3, True),
        (chair("wang"), [chair("chen", open_=False), chair("zhao")], "at_least", 2, False),
    ],
)
def test_a_step_stands_still_where_the_others_are_not_enough(
    mine: Chair, others: list[Chair], rule: str, need: int, *, stuck: bool
) -> None:
    assert alone("wang", mine, [mine, *others], rule, need) is stuck


@pytest.mark.parametrize(
    ("conflicts", "decided", "loaded", "found"),
    [
        ((), {"b": 3}, {"b": 9}, "b"),
        ((), {"b": 3, "c": 3}, {"b": 2, "c": 1}, "c"),
        ((), {}, {}, "a"),
        (("b",), {"b": 3}, {"a": 1}, "c"),
        (("a", "b", "c"), {}, {}, None),
    ],
)
def test_the_best_substitute_has_decided_there_then_the_least_to_do_then_the_first_name(
    conflicts: tuple[str, ...], decided: dict[str, int], loaded: dict[str, int], found: str | None
) -> None:
    assert substitute(("a", "b", "c"), conflicts, decided, loaded) == found


@pytest.mark.parametrize(
    ("asked", "nobody_else"),
    [
        (("role:legal",), True),
        (("role:finance",), False),
        (("user:wang",), True),
        (("user:wang", "role:legal"), True),
        (("user:chen",), False),
        (("manager",), False),
        ((), False),
    ],
)
def test_a_step_asks_nobody_else_where_its_roles_have_one_member(asked: tuple[str, ...], *, nobody_else: bool) -> None:
    roles = {"legal": {"wang"}, "finance": {"wang", "chen"}}
    assert only("wang", [approver(each) for each in asked], roles) is nobody_else
