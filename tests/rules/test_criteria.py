"""Whether a criterion goes with winning: with enough on both sides the difference tells, else it does not."""

import pytest

from oppcli.rules.criteria import compared, side


@pytest.mark.parametrize(
    ("having", "lacking", "verdict"),
    [
        ((57, 100), (40, 100), "better"),
        ((40, 100), (57, 100), "worse"),
        ((17, 30), (12, 30), "not shown"),
        ((50, 100), (5, 19), "everybody has it"),
        ((5, 19), (50, 100), "too few"),
        ((1, 2), (1, 2), "everybody has it"),
    ],
)
def test_the_interval_of_the_difference_decides(
    having: tuple[int, int], lacking: tuple[int, int], verdict: str
) -> None:
    sides = [side([(at < won, 10) for at in range(n)]) for won, n in (having, lacking)]
    assert compared(*sides)[0] == verdict


def test_the_difference_is_newcombes_and_days_are_a_median_of_those_known() -> None:
    having, lacking = side([(True, 10)] * 57 + [(False, None)] * 43), side([(True, 5)] * 40 + [(False, 7)] * 60)
    found = compared(having, lacking)[1]
    assert found is not None
    assert [round(each, 4) for each in found] == [0.17, 0.0315, 0.2996]
    assert (having.days, lacking.days, side([]).days) == (10, 7, None)
