"""Amounts of money: a number with its currency before it, behind it or both: `CNY 800,000`, `50万元`, `€12k`."""

from collections.abc import Iterable
from decimal import Decimal

from oppcli.model import money
from oppcli.model.said import say
from oppcli.words import numbers
from oppcli.words.invalid import Invalid

_DOLLARS = ("USD", "CAD", "AUD", "HKD", "SGD", "NZD", "TWD", "MXN")
_YUAN = ("CNY", "HKD", "TWD", "MOP")
SIGNS: dict[str, tuple[str, ...]] = {
    "US$": ("USD",), "HK$": ("HKD",), "NT$": ("TWD",), "$": _DOLLARS, "€": ("EUR",), "£": ("GBP",),
    "¥": ("CNY", "JPY"), "円": ("JPY",), "RMB": ("CNY",), "人民币": ("CNY",),
    "元整": _YUAN, "圆整": _YUAN, "元": _YUAN, "圆": _YUAN, "块": _YUAN,
}  # fmt: skip
"""What each sign may stand for; the longer ones first."""
CHOOSING = ("€", "£")
"""Signs that say by themselves which currency a new deal has, as an ISO code does."""


def parse(text: str, currency: str, decimal: str = ".") -> int:
    """Minor units of the currency. Raises `Invalid` for what is no amount, is in another currency, has more decimals
    than the currency, or is too large."""
    value = in_currency(text, currency, decimal)
    minor = value.scaleb(digits := money.exponent(currency))
    if minor != minor.to_integral_value():
        raise Invalid(say("{typed} has more decimals than {currency} ({n})", typed=text, currency=currency, n=digits))
    if abs(minor) > money.LARGEST:
        most = money.shown(money.LARGEST, currency)
        raise Invalid(say("{typed} is too large; at most {most}", typed=text, most=most))
    return int(minor)


def in_currency(text: str, currency: str, decimal: str = ".") -> Decimal:
    """The number. Raises `Invalid` for what is no amount, or names another currency than this."""
    value, named = read(text, decimal)
    if named and currency not in fitting(named):
        raise _other(text, named, currency)
    return value


def read(text: str, decimal: str = ".") -> tuple[Decimal, tuple[str, ...]]:
    """The number, and the currencies that are named with it as written, in front and behind. Refuses a sign said twice,
    and what is no number."""
    bare, negative = numbers.unsigned(numbers.folded(text))
    named = []
    if bare[:1].isascii() and bare.isdigit():
        return numbers.parse(text, decimal), ()
    bare, front = _front(bare)
    bare, back = _back(bare)
    if front or back:
        bare, again = numbers.unsigned(bare)
        if negative and again:
            raise numbers.not_a_number(text, None, decimal)
        negative |= again
        named = [name for name in (front, back) if name]
    value = numbers.magnitude(bare, decimal, text)
    return (-value if negative else value), tuple(named)


def fitting(named: Iterable[str]) -> tuple[str, ...]:
    """The currencies that everything named may stand for, the likeliest first; none where the names disagree."""
    sets = [SIGNS.get(name, (name,)) for name in named]
    return tuple(code for code in sets[0] if all(code in other for other in sets)) if sets else ()


def chosen(text: str) -> str | None:
    """The currency that an amount names by an ISO code, € or £; None where it names none so."""
    try:
        _, named = read(text)
    except Invalid:
        return None
    if any(name in money.CURRENCIES or name in CHOOSING for name in named):
        return next(iter(fitting(named)), None)
    return None


def _front(bare: str) -> tuple[str, str]:
    name = next((sign for sign in SIGNS if bare.startswith(sign)), "")
    if not name and bare[:3].upper() in (*money.CURRENCIES, "RMB") and not bare[3:4].isalpha():
        name = bare[:3]
    return bare[len(name) :].lstrip(), name.upper()


def _back(bare: str) -> tuple[str, str]:
    name = next((sign for sign in SIGNS if bare.endswith(sign)), "")
    if not name and bare[-3:].upper() in (*money.CURRENCIES, "RMB"):
        name = bare[-3:]
    return bare[: len(bare) - len(name)].rstrip(), name.upper()


def _other(text: str, named: tuple[str, ...], currency: str) -> Invalid:
    """It names another currency than the one it has to be in."""
    typed, fits = text.strip(), fitting(named)
    if not fits:
        first, second = named
        return Invalid(
            say("{typed} names two currencies, {first} and {second}", typed=typed, first=first, second=second)
        )
    other = fits[0] if len(fits) == 1 else named[0]
    hint = say("--currency {code}", code=fits[0])
    return Invalid(
        say("{typed} is in {other}, not in {currency}", typed=typed, other=other, currency=currency), hint=hint
    )
