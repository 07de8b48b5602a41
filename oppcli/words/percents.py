"""Per cents, kept in ten-thousandths of one per cent: `12.5`, `12.5%`; of a discount also `8折`, which is 20 %."""

from decimal import Decimal

from oppcli.model.said import say
from oppcli.words.invalid import Invalid

UNIT = Decimal(10_000)
"""Stored percentages are integers of ten-thousandths of one per cent."""
_ZHE = "折"
_CHINESE = "零一二三四五六七八九"


def parse(text: str, decimal: str = ".", *, folds: bool = False) -> int:
    """The stored percentage. `folds`: it is a discount, of which 折 tells what is left to pay. Raises `Invalid`."""
    from oppcli.words import numbers

    bare = number(text)
    value = off(bare, text) if folds and bare.endswith(_ZHE) else numbers.parse(bare, decimal)
    units = value * UNIT
    if units != units.to_integral_value():
        raise Invalid(say("{typed} has more than 4 decimals", typed=text))
    return int(units)


def number(text: str) -> str:
    """The text without its sign of per cent."""
    import re

    from oppcli.words.numbers import folded

    bare = folded(text)
    return re.sub(r"\s*%(?=\)?$)", "", bare) if "%" in bare else bare


def off(bare: str, typed: str) -> Decimal:
    """What a price of so many tenths takes off: 8折 20, 85折 and 八五折 15, 8.8折 12. Refuses what is no such price."""
    import re

    tenths = bare.removesuffix(_ZHE).rstrip()
    tenths = "".join(str(_CHINESE.index(sign)) if sign in _CHINESE else sign for sign in tenths)
    if not re.fullmatch(r"[1-9](?:\.[1-9])?|[2-9][1-9]", tenths, re.ASCII):
        raise Invalid(say("{typed!r} is no discount: 8折 is 20 %, 85折 is 15 %", typed=typed))
    return 100 - Decimal(tenths.replace(".", "").ljust(2, "0"))


def shown(units: int) -> str:
    """`12.5 %`."""
    return f"{format((Decimal(units) / UNIT).normalize() + 0, 'f')} %"
