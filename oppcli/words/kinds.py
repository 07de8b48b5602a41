"""The kinds of values a field can hold: how each is read, stored, compared and shown. `parse(shown(x)) == x`."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.fields import TEXTS
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words import percents
from oppcli.words.invalid import Invalid

STEPS = {"int": Decimal(1), "money": Decimal("0.01"), "percent": Decimal("0.0001"), "number": Decimal("0.000001")}
"""How close two different values of a kind can be."""


PLAIN_DIGITS = 12
"""A whole number of so many digits can be meant in one way only."""


def _silent(text: str) -> None:
    """Nobody is told."""


class Reading(NamedTuple):
    """What a reader may depend on besides the text: who asks, when, about which deal or file."""

    currency: str = "CNY"
    day: Callable[[str], date] = date.fromisoformat
    """Reads a typed date; raises `UsageError` or `ValueError`."""
    decimal: str = "."
    """The decimal mark."""
    tell: Callable[[str], None] = _silent
    """Is told how a word was read that could have been meant otherwise: `1.500 = USD 1.50`."""


PLAIN = Reading()


def parse(kind: str, text: str, reading: Reading = PLAIN, *, unit: str = "", folds: bool = False) -> Any:
    """The stored value of typed text; empty text is None. `unit` is the field's, `folds` says that it is a discount.
    Raises `Invalid`."""
    typed = text.strip()
    if not typed:
        return None
    if kind in ("money", "percent", "int", "number"):
        return _numeric(kind, typed, reading, unit, folds)
    return _OTHERS[kind](typed, reading)


def _numeric(kind: str, typed: str, reading: Reading, unit: str, folds: bool) -> Any:
    if typed.isascii() and typed.isdigit() and len(typed) <= PLAIN_DIGITS:
        return stored(kind, Decimal(typed), reading.currency)
    from oppcli.words import amounts, numbers

    if kind == "money":
        found: Any = amounts.parse(typed, reading.currency, reading.decimal)
    elif kind == "percent":
        found = percents.parse(typed, reading.decimal, folds=folds)
    else:
        value = numbers.parse(percents.number(typed) if unit == "%" else typed, reading.decimal)
        if kind == "int" and value != value.to_integral_value():
            raise Invalid(say("{value} is not a whole number", value=typed))
        found = int(value) if kind == "int" else numbers.shown(value)
    thousands = reading.decimal == "." and numbers.like_thousands(typed)
    if thousands and not (kind == "money" and money.exponent(reading.currency) == 3):
        reading.tell(say("{typed} = {meant}", typed=typed, meant=shown(kind, found, reading.currency)))
    return found


def _text(text: str, reading: Reading) -> str:
    from oppcli.words.text import parse

    return parse(text)


def _reached(kind: str) -> Callable[[str, Reading], str]:
    """Reads a text of a kind by which somebody is reached: its form is looked at."""

    def parse(typed: str, reading: Reading) -> str:
        from oppcli.words import addresses

        return addresses.parse(kind, _text(typed, reading))

    return parse


def _bool(text: str, reading: Reading) -> bool:
    from oppcli.words.yes_no import parse

    return parse(text)


def _date(text: str, reading: Reading) -> str:
    try:
        return reading.day(text).isoformat()
    except Invalid:
        raise
    except ValueError as wrong:
        raise Invalid(say("{typed} is not a date: {fault}", typed=text, fault=str(wrong))) from None
    except UsageError as wrong:
        if not wrong.hint:
            raise Invalid(wrong.message) from None
        raise Invalid(say("{message} ({hint})", message=wrong.message, hint=wrong.hint)) from None


_OTHERS: dict[str, Callable[[str, Reading], Any]] = {
    "text": _text,
    "bool": _bool,
    "date": _date,
    **{kind: _reached(kind) for kind in TEXTS[1:]},
}


def comparable(kind: str, value: Any, currency: str = "CNY") -> Any:
    """A stored value as conditions see it: amounts in major units, percentages in per cent, dates as dates."""
    if value is None:
        return None
    if kind == "money":
        return money.to_major(value, currency)
    if kind == "percent":
        return Decimal(value) / percents.UNIT
    if kind in ("int", "number"):
        return Decimal(value)
    return date.fromisoformat(value) if kind == "date" else value


def stored(kind: str, seen: Any, currency: str = "CNY") -> Any:
    """What is stored of a value that conditions see: the way back of `comparable`."""
    if seen is None:
        return None
    if kind == "money":
        return money.to_minor(seen, currency)
    if kind == "percent":
        return int(seen * percents.UNIT)
    if kind == "int":
        return int(seen)
    if kind == "number":
        return format(seen.normalize() + 0, "f")
    return seen.isoformat() if kind == "date" else seen


def shown(kind: str, value: Any, currency: str = "CNY") -> str:
    """A stored value as people read it and may type it back."""
    if value is None:
        return ""
    if kind == "money":
        return money.shown(value, currency)
    if kind == "percent":
        return percents.shown(value)
    if kind == "bool":
        from oppcli.words.yes_no import shown as yes_or_no

        return yes_or_no(value)
    return str(value)
