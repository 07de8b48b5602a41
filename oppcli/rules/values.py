"""Typed text ↔ stored values by kind: what may be typed for money, per cent, dates, yes and no, and how it reads."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from oppcli.errors import UsageError
from oppcli.model import money

PERCENT_UNIT = Decimal(10_000)
"""Stored percentages are integers of ten-thousandths of one per cent."""
LONGEST_TEXT = 10_000
STEPS = {"int": Decimal(1), "money": Decimal("0.01"), "percent": Decimal("0.0001"), "number": Decimal("0.000001")}
"""How close two different values of a kind can be."""

ReadDate = Callable[[str], date]


class Invalid(ValueError):
    """A typed value that a field cannot take; the message says what it takes."""


def parse(kind: str, text: str, *, currency: str = "CNY", dates: ReadDate = date.fromisoformat) -> Any:
    """The stored value of typed text; empty text is None. `dates` reads a typed date. Raises `Invalid`."""
    text = text.strip()
    return _PARSERS[kind](text, currency, dates) if text else None


def _text(text: str, currency: str, dates: ReadDate) -> str:
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{len(text):,} characters; at most {LONGEST_TEXT:,} are kept")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid("not text: it holds a NUL or broken UTF-8")
    return text


_UNITS = {"万": 10**4, "亿": 10**8, "k": 10**3, "m": 10**6}


def decimal(text: str) -> Decimal:
    """`500000`, `500,000.00`, `500_000`, `50万`, `1.2亿`, `80k`. Raises `Invalid`."""
    bare = text.strip().replace("_", "").replace("，", ",")
    unit = _UNITS.get(bare[-1:].lower(), 1)
    bare = bare[:-1] if unit != 1 else bare
    if "," in bare and not _grouped(bare):
        raise Invalid(f"{text!r} is not a number; write 1234.50")
    bare = bare.replace(",", "")
    try:
        value = Decimal(bare) if bare.isascii() else Decimal("x")
    except InvalidOperation:
        raise Invalid(f"{text!r} is not a number; write 1234.50") from None
    if not value.is_finite() or abs(value.adjusted()) > 30:
        raise Invalid(f"{text!r} is a number that cannot be kept")
    return value * unit


def _grouped(text: str) -> bool:
    """Commas only where thousands end: 1,234,567.89, not 1,5."""
    first, *groups = text.partition(".")[0].lstrip("+-").split(",")
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)


def _money(text: str, currency: str, dates: ReadDate) -> int:
    bare = text.removeprefix(currency).strip()
    value = decimal(bare)
    minor = value.scaleb(money.exponent(currency))
    if minor != minor.to_integral_value():
        raise Invalid(f"{text} has more decimals than {currency} ({money.exponent(currency)})")
    if abs(minor) > money.LARGEST:
        raise Invalid(f"{text} is too large; at most {money.shown(money.LARGEST, currency)}")
    return int(minor)


def _percent(text: str, currency: str, dates: ReadDate) -> int:
    units = decimal(text.removesuffix("%").removesuffix("％")) * PERCENT_UNIT
    if units != units.to_integral_value():
        raise Invalid(f"{text} has more than 4 decimals")
    return int(units)


def _int(text: str, currency: str, dates: ReadDate) -> int:
    value = decimal(text)
    if value != value.to_integral_value():
        raise Invalid(f"{text} is not a whole number")
    return int(value)


def _number(text: str, currency: str, dates: ReadDate) -> str:
    return format(decimal(text).normalize(), "f")


_YES = frozenset(("yes", "y", "true", "1", "on", "是", "有", "对"))
_NO = frozenset(("no", "n", "false", "0", "off", "否", "无", "没有"))


def _bool(text: str, currency: str, dates: ReadDate) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Invalid(f"{text!r} is neither yes nor no")


def _date(text: str, currency: str, dates: ReadDate) -> str:
    try:
        return dates(text).isoformat()
    except ValueError as wrong:
        raise Invalid(f"{text} is not a date: {wrong}") from None
    except UsageError as wrong:
        raise Invalid(wrong.message + (f" ({wrong.hint})" if wrong.hint else "")) from None


_PARSERS = {
    "text": _text,
    "money": _money,
    "percent": _percent,
    "int": _int,
    "number": _number,
    "bool": _bool,
    "date": _date,
}


def nearest(word: str, among: Iterable[str]) -> str:
    """`; did you mean won?`, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(among), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def comparable(kind: str, value: Any, currency: str = "CNY") -> Any:
    """A stored value as conditions see it: amounts in major units, percentages in per cent, dates as dates."""
    if value is None:
        return None
    if kind == "money":
        return money.to_major(value, currency)
    if kind == "percent":
        return Decimal(value) / PERCENT_UNIT
    if kind in ("int", "number"):
        return Decimal(value)
    return date.fromisoformat(value) if kind == "date" else value


def shown(kind: str, value: Any, currency: str = "CNY") -> str:
    """A stored value as people read it and may type it back."""
    if value is None:
        return ""
    if kind == "money":
        return money.shown(value, currency)
    if kind == "percent":
        return f"{Decimal(value) / PERCENT_UNIT:f} %".replace(".0000", "")
    if kind == "bool":
        return "yes" if value else "no"
    return str(value)
