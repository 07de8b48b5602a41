"""Points of a score's conditions: known odds, their points, and how well they tell deals apart."""

import pytest

from oppcli.rules.chances import Lacking, parted
from oppcli.rules.tuning import Odds, Told, judged, learnt


@pytest.mark.parametrize(
    ("true_won", "true_lost", "other_won", "other_lost", "points"),
    [
        (79, 26, 27, 78, 31),  # 80 × 79 / (27 × 28) = 8.36
        (27, 78, 79, 26, -31),  # the condition turned round has the same points, below 0
        (45, 25, 21, 49, 20),  # 46 × 50 / (26 × 22) = 4.02
        (19, 9, 9, 9, 10),  # 20 × 10 / (10 × 10) = 2: twice as good
        (9, 9, 9, 9, 0),
        (30, 0, 0, 30, 99),  # 31 × 31 = 961: what was never otherwise is not certain
        (0, 0, 60, 30, 0),  # true of none: nothing is known of it
        (60, 30, 0, 0, 0),  # true of all: it tells nothing apart
    ],
)
def test_points_are_ten_times_the_logarithm_of_the_smoothed_odds_ratio(
    true_won: int, true_lost: int, other_won: int, other_lost: int, points: int
) -> None:
    assert Odds(true_won, true_lost, other_won, other_lost).points == points


def test_the_older_seven_tenths_are_learnt_from_and_fewer_than_thirty_of_either_give_no_number() -> None:
    past = [Told((at % 2 == 0,), at % 3 == 0) for at in range(90)]
    older, newer = parted(past)
    assert (len(older), len(newer)) == (63, 27)
    assert learnt(older, 1) == Lacking(21, 42)
    assert learnt(past, 1) == (Odds(15, 30, 15, 30),)


@pytest.mark.parametrize(("points", "auc"), [((10, 0), 1.0), ((-10, 0), 0.0), ((0, 10), 0.5), ((0, 0), 0.5)])
def test_points_are_judged_by_how_often_a_won_deal_has_more_than_a_lost_one(
    points: tuple[int, int], auc: float
) -> None:
    deals = [Told((won, other), won) for won in (True, False) for other in (True, False)]
    assert judged(deals, points) == auc
