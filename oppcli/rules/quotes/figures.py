"""What a quote comes to: amounts, net, taxes, gross, discount, margin. Exact until cents are made of it.

"Exact" is before cents: rounding never lifts a uniform discount of 15 % to 15.02.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from oppcli.model import money
from oppcli.model.quotes import PRICE_UNIT, QTY_UNIT, Line
from oppcli.model.quoting import GROSS
from oppcli.tuples import NamedTuple

EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""More digits than any product of a quantity, a price and a rate has."""
HUNDRED, PERCENT = Decimal(100), Decimal(10_000)
RATIO = Decimal("0.0001")
"""Four decimals of one per cent."""


class Tax(NamedTuple):
    """What one rate comes to, minor units."""

    rate: int
    net: int
    tax: int


class Figures(NamedTuple):
    """Of one version. Amounts are minor units of its currency, per cents ten-thousandths; None where one is missing."""

    amounts: tuple[int, ...]
    """Of each line, as its prices are: without tax or with it."""
    net: int
    tax: int
    gross: int
    taxes: tuple[Tax, ...]
    """By rate, the highest first."""
    discount: int | None
    max_discount: int | None
    """The highest of the listed lines."""
    margin: int | None
    below_floor: tuple[int, ...]
    """Positions of lines."""
    unlisted: tuple[int, ...]
    costless: tuple[int, ...]


def rebate(line: Line) -> bool:
    """Whether it takes something off the whole (抹零) instead of offering anything."""
    return line.price is not None and line.price < 0


def unlisted(line: Line) -> bool:
    """Whether it offers what is on no list."""
    return line.sku is None and not rebate(line)


def unit_price(line: Line) -> Decimal:
    """What one unit costs, exactly, in the currency's major unit."""
    if line.price is not None:
        return line.price / PRICE_UNIT
    return _decimal(line.list) / PRICE_UNIT * (HUNDRED - _decimal(line.discount) / PERCENT) / HUNDRED


def figures(lines: Iterable[Line], currency: str, prices: str) -> Figures:
    """What these lines come to; `prices` says whether theirs are net or gross."""
    known = tuple(lines)
    with localcontext(EXACT):
        cent = Decimal(1).scaleb(-money.exponent(currency))
        exact = [_qty(line) * unit_price(line) for line in known]
        amounts = [each.quantize(cent, ROUND_HALF_UP) for each in exact]
        taxes = _taxes(known, amounts, cent, gross=prices == GROSS)
        net, tax = sum((each[1] for each in taxes), Decimal(0)), sum((each[2] for each in taxes), Decimal(0))
        told = tuple(Tax(rate, _minor(base, currency), _minor(due, currency)) for rate, base, due in taxes)
        return Figures(
            amounts=tuple(_minor(each, currency) for each in amounts),
            net=_minor(net, currency),
            tax=_minor(tax, currency),
            gross=_minor(net + tax, currency),
            taxes=told,
            discount=_discount(known, exact),
            max_discount=max((each for line in known if (each := line_discount(line)) is not None), default=None),
            margin=_margin(known, exact, gross=prices == GROSS),
            below_floor=tuple(line.position for line in known if below_floor(line)),
            unlisted=tuple(line.position for line in known if unlisted(line)),
            costless=tuple(line.position for line in known if line.cost is None and not rebate(line)),
        )


def _taxes(
    lines: tuple[Line, ...], amounts: list[Decimal], cent: Decimal, *, gross: bool
) -> list[tuple[int, Decimal, Decimal]]:
    """(rate, net, tax), the highest rate first: of each rate one rounding, so that what is shown adds up."""
    sums: dict[int, Decimal] = {}
    for line, amount in zip(lines, amounts, strict=True):
        sums[line.tax] = sums.get(line.tax, Decimal(0)) + amount
    found = []
    for rate, total in sorted(sums.items(), reverse=True):
        per_cent = rate / PERCENT
        if gross:
            net = (total * HUNDRED / (HUNDRED + per_cent)).quantize(cent, ROUND_HALF_UP)
            found.append((rate, net, total - net))
        else:
            found.append((rate, total, (total * per_cent / HUNDRED).quantize(cent, ROUND_HALF_UP)))
    return found


def _discount(lines: tuple[Line, ...], exact: list[Decimal]) -> int | None:
    """(Σ qty × list − Σ exact) / Σ qty × list. What is unlisted is its own list, a rebate has none."""
    listed = sum((_listed(line, each) for line, each in zip(lines, exact, strict=True)), Decimal(0))
    return _ratio(listed - sum(exact, Decimal(0)), listed) if listed else None


def _listed(line: Line, exact: Decimal) -> Decimal:
    if rebate(line):
        return Decimal(0)
    return exact if line.list is None else _qty(line) * line.list / PRICE_UNIT


def line_discount(line: Line) -> int | None:
    """Of a listed line, as typed, else (list − price) / list; None of any other, and of what the list gives away."""
    if line.sku is None or not line.list:
        return None
    if line.discount is not None:
        return line.discount
    with localcontext(EXACT):
        return _ratio(Decimal(line.list) - unit_price(line) * PRICE_UNIT, Decimal(line.list))


def _margin(lines: tuple[Line, ...], exact: list[Decimal], *, gross: bool) -> int | None:
    """(exact net − Σ qty × cost) / exact net; costs are without tax."""
    net = cost = Decimal(0)
    for line, each in zip(lines, exact, strict=True):
        net += each * HUNDRED / (HUNDRED + line.tax / PERCENT) if gross else each
        if rebate(line):
            continue
        if line.cost is None:
            return None
        cost += _qty(line) * line.cost / PRICE_UNIT
    return _ratio(net - cost, net) if net > 0 else None


def below_floor(line: Line) -> bool:
    """Whether one unit costs less than its floor."""
    return line.floor is not None and unit_price(line) * PRICE_UNIT < line.floor


def stale(lines: Iterable[Line], today: Mapping[str, tuple[int | None, int | None, int | None]]) -> tuple[int, ...]:
    """Positions of lines whose list, floor or cost of today differ, or have no price today. `today` has (list, floor,
    cost) by sku of what has one."""
    return tuple(
        line.position
        for line in lines
        if line.sku is not None and today.get(line.sku) != (line.list, line.floor, line.cost)
    )


def _ratio(part: Decimal, whole: Decimal) -> int:
    """Ten-thousandths of one per cent, half up, away from 0."""
    return int((part / whole * HUNDRED).quantize(RATIO, ROUND_HALF_UP) * PERCENT)


def _qty(line: Line) -> Decimal:
    return line.qty / QTY_UNIT


def _decimal(value: int | None) -> Decimal:
    return Decimal(value or 0)


def _minor(value: Decimal, currency: str) -> int:
    return int(value.scaleb(money.exponent(currency)))
