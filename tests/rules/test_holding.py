"""Who held a seat when."""

import pytest

from oppcli.rules.holding import Turn, turns

SEAT = (1, 1, 1)
AT = "steps.1.1.seats.1.holders."


@pytest.mark.parametrize(
    ("now", "changes", "told"),
    [
        ({1: "wang"}, [], [Turn(None, ("wang",))]),
        ({1: "sun"}, [(50, {f"{AT}1.login": ["wang", "sun"]})], [Turn(None, ("wang",)), Turn(50, ("sun",))]),
        (
            {1: "wang", 2: "tang"},
            [(50, {f"{AT}2": [None, {"login": "tang", "how": "escalation"}]})],
            [Turn(None, ("wang",)), Turn(50, ("wang", "tang"))],
        ),
        (
            {},
            [(90, {f"{AT}1": [{"login": "sun"}, None]}), (50, {f"{AT}1.login": ["wang", "sun"]})],
            [Turn(None, ("wang",)), Turn(50, ("sun",)), Turn(90, ())],
        ),
        ({1: "wang"}, [(50, {"state": ["pending", "approved"], f"{AT}1.how": ["a", "b"]})], None),
    ],
)
def test_holders_are_taken_back_change_by_change(
    now: dict[int, str], changes: list[tuple[int, dict[str, list[object]]]], told: list[Turn] | None
) -> None:
    assert turns({SEAT: now}, changes).get(SEAT) == (told or [Turn(None, ("wang",))])
