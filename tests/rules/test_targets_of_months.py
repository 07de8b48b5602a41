"""What targets of several months come to, and how one of a longer time is split into months."""

from datetime import date

import pytest

from oppcli.errors import UsageError
from oppcli.model.targets import Target
from oppcli.rules.targets import Amounts, Sum, amounts_of, months_of, require_rising, split, summed
from oppcli.words.periods import Period


def target(month: str, amount: str, currency: str | None = "CNY", stretch: str | None = None) -> Target:
    measure = "won_amount" if currency else "won"
    return Target(who="li", month=month, measure=measure, target=amount, stretch=stretch, currency=currency)


@pytest.mark.parametrize(
    ("whole", "parts", "each"),
    [
        ((300, 360, 450), 3, [(100, 120, 150)] * 3),
        ((100, None, None), 3, [(33, None, None), (33, None, None), (34, None, None)]),
        ((2, None, None), 3, [(0, None, None), (0, None, None), (2, None, None)]),
        ((7, 8, None), 1, [(7, 8, None)]),
    ],
)
def test_a_longer_time_is_split_into_equal_parts_with_the_rest_in_the_last(
    whole: Amounts, parts: int, each: list[Amounts]
) -> None:
    assert list(split(whole, parts)) == each


OCT, NOV, DEC = "2026-10", "2026-11", "2026-12"


@pytest.mark.parametrize(
    ("targets", "months", "told"),
    [
        (
            [target(OCT, "1.00", stretch="1.20"), target(NOV, "2.05", stretch="2.10")],
            [OCT, NOV],
            Sum(305, 330, None, "CNY"),
        ),
        ([target(OCT, "1.00", stretch="1.20"), target(NOV, "2.05")], [OCT, NOV], Sum(305, None, None, "CNY")),
        ([target(OCT, "1.00"), target(NOV, "2.05")], [OCT, NOV, DEC], Sum(None, None, None, "CNY", (DEC,))),
        ([target(OCT, "1.00"), target(NOV, "2.05", "EUR")], [OCT, NOV], Sum(None, None, None, None)),
        ([target(OCT, "12", None), target(NOV, "3", None)], [OCT, NOV], Sum(15, None, None, None)),
        ([target(OCT, "500", "JPY")], [OCT], Sum(500, None, None, "JPY")),
        ([], [OCT], Sum(None, None, None, None, (OCT,))),
    ],
)
def test_several_months_come_to_their_sum_where_none_is_missing(
    targets: list[Target], months: list[str], told: Sum
) -> None:
    assert summed(targets, months) == told


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), (NOV,)),
        (date(2026, 10, 1), date(2026, 12, 31), (OCT, NOV, DEC)),
        (date(2026, 11, 1), date(2026, 11, 29), ()),
        (date(2026, 11, 23), date(2026, 11, 29), ()),
    ],
)
def test_only_whole_months_have_targets(first: date, last: date, months: tuple[str, ...]) -> None:
    assert months_of(Period(first, last)) == months


def test_everything_that_is_wrong_with_a_target_is_told_at_once() -> None:
    with pytest.raises(UsageError) as refused:
        require_rising((-1, 500, 400), "CNY")
    assert [reason.what for reason in refused.value.reasons] == ["target", "top"]
    require_rising((5, None, 5), None)


def test_amounts_are_kept_as_exact_decimals() -> None:
    assert amounts_of(target(OCT, "1000000.05", stretch="1200000.00")) == (100_000_005, 120_000_000, None)
