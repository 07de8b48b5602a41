"""Unit prices, kept in 1/10,000 of a currency, and quantities, in 1/1,000,000: finer than amounts of money are."""

from decimal import Decimal

from oppcli.model import money
from oppcli.model.said import say
from oppcli.words.invalid import Invalid

DIGITS = {"unit_price": 4, "quantity": 6}
"""Kind → its decimals."""
LARGEST = 10**17


def price(text: str, currency: str, decimal: str = ".") -> int | None:
    """The stored price of one unit; None for empty text. Raises `Invalid` for what is none, in another currency, finer
    than 1/10,000, or too large."""
    from oppcli.words import amounts

    if not text.strip():
        return None
    return _stored("unit_price", amounts.in_currency(text, currency, decimal), text)


def quantity(text: str, decimal: str = ".") -> int | None:
    """The stored quantity; None for empty text. Raises `Invalid`."""
    from oppcli.words import numbers

    return _stored("quantity", numbers.parse(text, decimal), text) if text.strip() else None


def _stored(kind: str, value: Decimal, typed: str) -> int:
    units = value.scaleb(DIGITS[kind])
    if units != units.to_integral_value():
        raise Invalid(say("{typed} has more than {n} decimals", typed=typed, n=DIGITS[kind]))
    if abs(units) > LARGEST:
        raise Invalid(say("{typed!r} is a number that cannot be kept", typed=typed))
    return int(units)


def decimal_of(kind: str, stored: int, currency: str = "") -> Decimal:
    """As a table has it: `68000.00`, `0.0375`, with the decimals of its currency at least; of a quantity `12`."""
    value = Decimal(stored).scaleb(-DIGITS[kind])
    least = Decimal(1) if kind == "quantity" else Decimal(1).scaleb(-money.exponent(currency))
    return value.quantize(least) if value == value.quantize(least) else value.normalize()


def shown(kind: str, stored: int, currency: str = "") -> str:
    """As people read it, and may type it back: `68,000.00`."""
    return f"{decimal_of(kind, stored, currency):,f}"
