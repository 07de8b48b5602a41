"""Numbers inside a condition, in every form that `words.numbers` reads, with their per cent, 折 or currency:
`10,000,000`, `50万元`, `8折`, `10 %`, `EUR 10k`.

What such a sign means is left to the field it is compared with (`rules.faults`). Between square brackets, and between
the round ones of a list, a comma parts values: a number is written there without commas.
"""

import re
from decimal import Decimal
from typing import Self

from oppcli.model import money
from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import PLAIN_DIGITS

# The signs of `words.amounts` and the numerals of `words.chinese_numbers`, written out: a condition loads neither until
# it has one of them. A test finds each of theirs here.
_DIGIT = "[0-9０-９]"
_CHINESE = "零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾貳參陸"
_SIZES = "百千万亿佰仟萬億"
_SIGNS = r"US\$|HK\$|NT\$|[$＄€£¥￥円]|RMB|人民币|元整|圆整|元|圆|块"
_FRONT = rf"(?:(?:{_SIGNS})\s?|(?:[A-Z]{{3}}|[A-Za-z]{{3}}\s)(?={_DIGIT}))"
_BACK = rf"\s?(?:{_SIGNS}|[A-Za-z]{{3}}(?![A-Za-z]))"
PATTERN = rf"""(?P<front>{_FRONT})?[-+−]?(?P<again>{_FRONT})?(?:
        {_DIGIT}{{1,3}}(?:[ \u00a0\u202f]{_DIGIT}{{3}}(?!{_DIGIT}))+(?:\.{_DIGIT}+)?
        |{_DIGIT}(?:{_DIGIT}|[_'’.．]|[,，](?={_DIGIT}))*
            (?:[ ]?[{_CHINESE}{_SIZES}]|{_DIGIT})*(?:[ ]?[bB][nN]|[wWkKmM])?
        |[{_CHINESE}][{_CHINESE}{_SIZES}]*
        |\.{_DIGIT}+
    )(?P<unit>\s?[%％]|\s?折|{_BACK})?(?:-(?=\s|$|[\])]))?(?![\w.'])"""
"""A number as it may stand in a condition; whether it is one, `read` says."""
_THOUSANDS = rf"{_DIGIT}{{1,3}}(?:,{_DIGIT}{{3}})+(?!{_DIGIT})"
_PARTS = f"[,，](?={_DIGIT})"


class Quantity(Decimal):
    """A number whose meaning depends on more than its digits."""

    __slots__ = ("typed", "unit")

    unit: str
    """`%`, `off` (8折), `currency`; `,` and `(` where the digits may be meant otherwise: `[10,000]`, `(5)`."""
    typed: str

    def __new__(cls, value: Decimal, unit: str, typed: str) -> Self:
        self = super().__new__(cls, value)
        self.unit, self.typed = unit, typed
        return self


class Found(NamedTuple):
    """A number in a text, and where it ends."""

    value: Decimal
    end: int


def at(text: str, place: int, pattern: re.Pattern[str], *, listed: bool) -> Found | None:
    """The number that begins here; None where none does. `listed`: a comma parts values here. Raises `Invalid` for
    digits that are no number."""
    match = pattern.match(text, place)
    if not match or not all(_is_currency(match[part]) for part in ("front", "again")):
        return None
    typed = match.group()
    if not _is_currency(match["unit"]):
        typed = typed[: match.start("unit") - place]
    if listed and (blank := re.search(rf"{_DIGIT}[ \u00a0\u202f]{_DIGIT}", typed)):
        raise Invalid(say("a comma may be missing after {word}", word=typed[: blank.start() + 1]))
    parted = re.search(_PARTS, typed) if listed else None
    if parted:
        value, whole = read(typed[: parted.start()]), re.match(_THOUSANDS, typed)
        return Found(Quantity(value, ",", whole[0]) if whole else value, place + parted.start())
    return Found(read(typed), place + len(typed))


def _is_currency(part: str | None) -> bool:
    """Whether letters before or behind a number are no currency: then they are a word of their own."""
    name = (part or "").strip()
    return not (len(name) == 3 and name.isascii() and name.isalpha()) or name.upper() in (*money.CURRENCIES, "RMB")


def read(typed: str) -> Decimal:
    """The number, a `Quantity` where it has a sign of per cent, 折 or of a currency. Raises `Invalid`."""
    if typed.isascii() and typed.isdigit() and len(typed) <= PLAIN_DIGITS:
        return Decimal(typed)
    from oppcli.words import numbers

    if all(sign.isdigit() or sign in "-._'," for sign in typed):
        return numbers.parse(typed)
    from oppcli.words import amounts, percents

    plain = numbers.folded(typed)
    if plain.endswith("折"):
        return Quantity(percents.off(plain, typed), "off", typed)
    if "%" in plain:
        return Quantity(numbers.parse(percents.number(plain)), "%", typed)
    value, named = amounts.read(typed)
    return Quantity(value, "currency", typed) if named else value
