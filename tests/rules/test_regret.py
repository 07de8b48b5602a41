"""What a deal waited inside the house within some days: each instant once, the longest single wait, and whose."""

import pytest

from oppcli.rules.regret import Waited, internal
from oppcli.rules.waiting import Span, Wait

WINDOW = Span(100, 200)


@pytest.mark.parametrize(
    ("waits", "returned", "closed", "found"),
    [
        ([], [], [], (0, 0, None)),
        ([(0, 90, "wang")], [], [], (0, 0, None)),
        ([(90, 130, "wang")], [], [], (30, 30, "wang")),
        ([(110, 130, "wang"), (120, 150, "chen")], [], [], (40, 30, "chen")),
        ([(110, 120, "wang")], [(120, 160)], [], (50, 40, None)),
        ([(150, None, "wang")], [], [], (50, 50, "wang")),
        ([(110, 150, "wang")], [], [(120, 130)], (30, 40, "wang")),
    ],
)
def test_waits_within_the_window_are_added_up(
    waits: list[tuple[int, int | None, str]],
    returned: list[tuple[int, int]],
    closed: list[tuple[int, int]],
    found: tuple[int, int, str | None],
) -> None:
    seats = [Wait(Span(start, end), who) for start, end, who in waits]
    spans = ([Span(*each) for each in returned], [Span(*each) for each in closed])
    assert internal(WINDOW, seats, spans[0], lambda at: at, spans[1]) == Waited(*found)
