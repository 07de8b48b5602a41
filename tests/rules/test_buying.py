"""How often customers buy, and which of them are silent."""

import pytest

from oppcli.model.policy import Calendar
from oppcli.model.relations import DAYS, OF_CUSTOMER, Cadence, Span
from oppcli.rules.buying import next_expected, repeat, repeat_ms, silent

DAY, NOW = 86_400_000, 1_773_050_400_000
"""NOW is 2026-03-09, 18:00 in Shanghai."""
CALENDAR = Calendar(name="cn", timezone="Asia/Shanghai", week=(((540, 1080),),) * 5 + ((), ()))
FORTNIGHT = Cadence(None, Span(DAYS, 14), OF_CUSTOMER)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wins", "usual", "coming"),
    [
        ([], None, None),
        ([5], None, None),
        ([0, 10], 10, 20),
        ([0, 10, 40], 20, 60),  # the mean of the two in the middle
        ([0, 10, 40, 45], 10, 55),
    ],
)
def test_the_usual_time_from_win_to_win_says_when_the_next_would_come(
    wins: list[int], usual: float | None, coming: int | None
) -> None:
    assert (repeat_ms(wins), next_expected(wins)) == (usual, coming)


def test_of_those_who_bought_so_many_bought_again() -> None:
    assert [repeat(wins).rate for wins in ([], [0], [0, 1], [0, 1, 2, 5])] == [None, None, 0, 2 / 3]


@pytest.mark.parametrize(
    ("cadence", "since", "quiet", "late"),
    [
        (FORTNIGHT, NOW - 14 * DAY, None, False),  # due today is not late
        (FORTNIGHT, NOW - 15 * DAY, None, True),
        (FORTNIGHT, NOW - 15 * DAY, "2026-03-08", True),
        (FORTNIGHT, NOW - 15 * DAY, "2026-03-09", False),
        (FORTNIGHT, None, None, False),
        (None, NOW - 99 * DAY, None, False),
    ],
)
def test_a_customer_is_silent_when_the_cadence_is_over(
    cadence: Cadence | None, since: int | None, quiet: str | None, *, late: bool
) -> None:
    assert silent(cadence, since, quiet, NOW, CALENDAR) is late
