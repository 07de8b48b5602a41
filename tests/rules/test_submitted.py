"""What the deals of a submission come to, by the rates and probabilities that were frozen with them."""

import pytest

from oppcli.model.forecasts import ForecastLine
from oppcli.rules.submitted import Sums, sums


def line(
    category: str, amount: int | None, probability: int = 25, currency: str = "CNY", rate: str | None = "1"
) -> ForecastLine:
    return ForecastLine(
        deal_id=1, category=category, amount=amount, currency=currency, probability=probability, rate=rate
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], Sums(0, 0, 0, 0, 0, 0)),
        ([line("pipeline", 123_450), line("pipeline", 123_450)], Sums(2, 61_726, 0, 0, 0, 0)),
        ([line("commit", 100), line("best", 200), line("commit", 50)], Sums(3, 25 + 50 + 13, 150, 200, 0, 0)),
        ([line("omitted", 100), line("closed", 300, 100)], Sums(0, 0, 0, 0, 300, 0)),
        ([line("commit", 100, 100, "EUR", "7.825")], Sums(1, 783, 783, 0, 0, 0)),
        ([line("commit", 100, 100, "EUR", None), line("best", None, rate=None)], Sums(2, 0, 0, 0, 0, 1)),
    ],
)
def test_each_deal_is_converted_then_weighted_then_added_up(lines: list[ForecastLine], expected: Sums) -> None:
    assert sums(lines, "CNY") == expected
