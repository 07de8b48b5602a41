"""What quotes come to, to the cent: the arithmetic that deals and approvals rest on."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.noun import replace
from oppcli.model.quotes import ONE, Line
from oppcli.model.quoting import GROSS, NET
from oppcli.rules.quotes.figures import Tax, below_floor, figures, line_discount, stale

MACHINES = Line(
    position=1, sku="P-100", item="Spindle", qty=12 * ONE, list=680_000_000, cost=410_000_000, discount=150_000,
    tax=130_000,
)  # fmt: skip
WORK = Line(position=2, item="Installation", price=300_000_000, cost=180_000_000, tax=60_000)
REBATE = Line(position=3, item="Rebate", price=-36_000_000, tax=130_000)
OFFER = (MACHINES, WORK, REBATE)


def test_the_example_comes_to_the_cent_with_prices_without_tax() -> None:
    found = figures(OFFER, "CNY", NET)
    assert found.amounts == (69_360_000, 3_000_000, -360_000)
    assert (found.net, found.tax, found.gross) == (72_000_000, 9_150_000, 81_150_000)
    assert found.taxes == (Tax(130_000, 69_000_000, 8_970_000), Tax(60_000, 3_000_000, 180_000))
    assert (found.discount, found.max_discount, found.margin) == (148_936, 150_000, 291_667)


def test_the_example_comes_to_the_cent_with_prices_that_have_their_tax() -> None:
    found = figures(OFFER, "CNY", GROSS)
    assert (found.net, found.gross, found.tax) == (63_892_136, 72_000_000, 8_107_864)
    assert (found.discount, found.margin) == (148_936, 201_780)


def test_cents_never_lift_a_uniform_discount() -> None:
    found = figures([Line(position=1, sku="P", item="p", list=100_500, discount=150_000)], "CNY", NET)
    assert (found.amounts, found.discount, found.max_discount) == ((854,), 150_000, 150_000)


@pytest.mark.parametrize(("currency", "amount"), [("CNY", 101), ("JPY", 1), ("KWD", 1005)])
def test_a_line_is_rounded_half_up_to_the_decimals_of_its_currency(currency: str, amount: int) -> None:
    assert figures([Line(position=1, item="p", price=10_050)], currency, NET).amounts == (amount,)


def test_what_is_below_zero_is_rounded_away_from_zero() -> None:
    assert figures([Line(position=1, item="r", price=-10_050)], "CNY", NET).amounts == (-101,)


def test_a_margin_is_missing_while_a_line_has_no_cost_and_a_rebate_needs_none() -> None:
    assert figures([replace(MACHINES, cost=None), REBATE], "CNY", NET).margin is None
    assert figures([MACHINES, REBATE], "CNY", NET).margin is not None
    assert figures([replace(MACHINES, cost=0)], "CNY", NET).margin == 1_000_000


def test_a_margin_is_missing_where_nothing_is_left_to_earn_from() -> None:
    assert figures([replace(MACHINES, discount=1_000_000)], "CNY", NET).margin is None


def test_a_discount_is_missing_where_no_line_has_a_list_price() -> None:
    found = figures([REBATE], "CNY", NET)
    assert (found.discount, found.max_discount) == (None, None)


def test_without_a_line_there_is_nothing_but_zero() -> None:
    found = figures((), "CNY", NET)
    assert (found.net, found.tax, found.gross, found.discount, found.margin) == (0, 0, 0, None, None)


def test_the_discount_of_a_typed_price_is_told_against_the_list() -> None:
    assert line_discount(replace(MACHINES, discount=None, price=580_000_000)) == 147_059
    assert line_discount(replace(MACHINES, discount=None, price=700_000_000)) == -29_412
    assert line_discount(WORK) is None


def test_a_line_is_below_its_floor_by_its_exact_price() -> None:
    assert not below_floor(replace(MACHINES, floor=578_000_000))
    assert below_floor(replace(MACHINES, floor=578_000_001))
    assert not below_floor(MACHINES)


def test_a_line_is_stale_where_its_price_of_today_is_another_or_none() -> None:
    now = {"P-100": (680_000_000, None, 410_000_000)}
    assert stale(OFFER, now) == ()
    assert stale(OFFER, {"P-100": (700_000_000, None, 410_000_000)}) == (1,)
    assert stale(OFFER, {"P-100": (680_000_000, None, None)}) == (1,)
    assert stale(OFFER, {}) == (1,)


# --- laws --------------------------------------------------------------------------------------------------------

MONEY = st.integers(0, 10**11)
PER_CENT = st.integers(0, 1_000_000)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, ...]:
    """Lines of every kind: listed with a discount or a price, unlisted, rebates."""
    found = []
    for position in range(1, draw(st.integers(1, 8)) + 1):
        tax = draw(st.sampled_from((0, 60_000, 130_000, 123_456)))
        kind = draw(st.sampled_from(("discount", "price", "unlisted", "rebate")))
        if kind == "rebate":
            found.append(Line(position=position, item="r", price=-draw(st.integers(1, 10**8)), tax=tax))
            continue
        listed = kind != "unlisted"
        found.append(
            Line(
                position=position,
                sku="P" if listed else None,
                item="p",
                qty=draw(st.integers(1, 10**9)),
                list=draw(MONEY) if listed else None,
                cost=draw(st.none() | MONEY),
                discount=draw(PER_CENT) if kind == "discount" else None,
                price=None if kind == "discount" else draw(MONEY),
                tax=tax,
            )
        )
    return tuple(found)


@given(lines(), st.sampled_from((NET, GROSS)), st.sampled_from(("CNY", "JPY", "KWD")))
def test_what_is_shown_adds_up(offer: tuple[Line, ...], prices: str, currency: str) -> None:
    found = figures(offer, currency, prices)
    assert sum(found.amounts) == (found.net if prices == NET else found.gross)
    assert found.net + found.tax == found.gross
    assert sum(each.net for each in found.taxes) == found.net
    assert sum(each.tax for each in found.taxes) == found.tax


@given(lines(), st.sampled_from((NET, GROSS)))
def test_the_order_of_lines_changes_no_total(offer: tuple[Line, ...], prices: str) -> None:
    forth, back = figures(offer, "CNY", prices), figures(offer[::-1], "CNY", prices)
    same = ("net", "tax", "gross", "taxes", "discount", "max_discount", "margin")
    assert [getattr(forth, name) for name in same] == [getattr(back, name) for name in same]


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**11)), min_size=1, max_size=6), PER_CENT)
def test_a_uniform_discount_is_the_discount_of_the_whole(pieces: list[tuple[int, int]], off: int) -> None:
    offer = [
        Line(position=n, sku="P", item="p", qty=qty, list=listed, discount=off)
        for n, (qty, listed) in enumerate(pieces, 1)
    ]
    assert figures(offer, "CNY", NET).discount == off


def _half_up(value: Fraction) -> int:
    """Of an exact fraction, away from zero."""
    return int((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


@given(lines())
def test_the_margin_is_that_of_exact_fractions(offer: tuple[Line, ...]) -> None:
    net = cost = Fraction(0)
    for line in offer:
        unit = (
            Fraction(line.price, 10_000)
            if line.price is not None
            else Fraction(line.list or 0, 10_000) * (1 - Fraction(line.discount or 0, 1_000_000))
        )
        net += Fraction(line.qty, 1_000_000) * unit
        cost += Fraction(line.qty, 1_000_000) * Fraction(line.cost or 0, 10_000)
    known = all(line.cost is not None for line in offer if line.price is None or line.price >= 0)
    expected = _half_up((net - cost) / net * 1_000_000) if known and net > 0 else None
    found = figures(offer, "CNY", NET).margin
    assert (found is None) == (expected is None)
    assert found is None or expected is None or abs(found - expected) <= abs(expected) // 10**20
