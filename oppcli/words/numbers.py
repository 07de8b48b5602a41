"""Numbers as people write them: `500,000.00`, `1 200`, `12,34,567`, `50万`, `80k`, `五十万`, `8万6千5百`, `(5)`.

Separators are checked, never dropped: a number that could be meant otherwise is refused with its fault.
"""

import re
from decimal import Decimal

from oppcli.model.said import Said, say
from oppcli.words.invalid import Invalid

UNITS = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4,
    "w": 10**4, "k": 10**3, "m": 10**6, "bn": 10**9,
}  # fmt: skip
LONGEST, MOST_DIGITS = 60, 28
"""No number that anybody types is longer; with more digits `Decimal` would round."""
_SAYS_UNIT = re.compile(rf"[\d.,]\s*(?:{'|'.join(UNITS)})(?![a-z])|[百千万亿]")
_GROUPING = {".": ",' _", ",": ".' _"}
"""What may part groups of digits, by the decimal mark."""
SHORTENED = r"[\d.,]*\d[eE][+-]?\d+"
"""How a spreadsheet shortens a number."""


def parse(text: str, decimal: str = ".") -> Decimal:
    """The number meant. `decimal` is the decimal mark. Raises `Invalid` with the fault of what is none."""
    bare, negative = unsigned(folded(text))
    found = magnitude(bare, decimal, text)
    return -found if negative else found


def shown(value: Decimal) -> str:
    """Plain digits, as few as say it: `1200`, `1.5`."""
    return format(value.normalize() + 0, "f")


def says_unit(text: str) -> bool:
    """Whether a number says what it is counted in: `120万`, `9k`."""
    return _SAYS_UNIT.search(folded(text).lower()) is not None


def folded(text: str) -> str:
    """Full width and other widths made plain, blanks around it off, one kind of minus sign and apostrophe."""
    if text.isascii():
        return text.strip()
    from unicodedata import category, normalize

    # ½, ², ① are no digits, though their plain form has some.
    plain = [character if category(character) == "No" else normalize("NFKC", character) for character in text]
    return "".join(plain).replace("−", "-").replace("’", "'").strip()


def unsigned(text: str) -> tuple[str, bool]:
    """The text without its sign, and whether it is negative: `-5`, `5-`, `(5)`."""
    if text[:1] == "(" and text[-1:] == ")":
        return text[1:-1].strip(), True
    if text[:1] in ("-", "+"):
        return text[1:].strip(), text[0] == "-"
    return (text[:-1].strip(), True) if text[-1:] == "-" else (text, False)


def like_thousands(text: str) -> bool:
    """Whether the point may have been meant to part thousands, as in `1.500`: what is read is then told."""
    return re.search(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?!\d)", text, re.ASCII) is not None


def magnitude(bare: str, decimal: str, typed: str) -> Decimal:
    """The number of a text without sign: digits with a unit, or Chinese numerals. `typed` is told in a refusal."""
    if not bare or len(bare) > LONGEST:
        raise not_a_number(typed, None, decimal)
    if bare.isascii() and re.fullmatch(SHORTENED, bare):
        raise shortened(typed, decimal)
    digits, unit = _unit(bare)
    if digits[:1].isascii() and all(sign.isascii() for sign in digits):
        return _digits(digits, decimal, typed) * unit
    from oppcli.words import chinese_numbers

    return Decimal(chinese_numbers.parse(bare, typed))


def _unit(bare: str) -> tuple[str, int]:
    lowered = bare.lower()
    for name, size in UNITS.items():
        if lowered.endswith(name):
            return bare[: -len(name)].rstrip(), size
    return bare, 1


def _digits(text: str, decimal: str, typed: str) -> Decimal:
    """Plain digits, perhaps in groups, perhaps with a decimal mark."""
    whole, mark, cents = text.partition(decimal)
    fault = _fault(whole, decimal, bare=bool(mark))
    if mark and not cents.isdigit():
        fault = say("right of the decimal mark stand digits only")
    if fault is not None:
        raise not_a_number(typed, fault or None, decimal)
    digits = "".join(filter(str.isdigit, whole))
    if len(digits) + len(cents) > MOST_DIGITS:
        raise Invalid(say("{typed!r} is a number that cannot be kept", typed=typed))
    return Decimal(f"{digits or '0'}.{cents or '0'}")


def _fault(whole: str, decimal: str, *, bare: bool) -> str | None:
    """What is wrong with the digits before the mark; an empty text where they are none at all, None for nothing."""
    if whole.isdigit() or (bare and not whole):
        return None
    signs = {sign for sign in whole if not sign.isdigit()}
    if not whole[:1].isdigit() or not signs <= set(_GROUPING[decimal]):
        return ""
    if len(signs) > 1:
        return say("its digits are parted by two different signs")
    sign = signs.pop()
    first, *groups = whole.split(sign)
    if not first.strip("0"):
        return say("a group of thousands does not begin with 0")
    if sign == "," and len(first) < 3 and [len(group) for group in groups] == [2] * (len(groups) - 1) + [3]:
        return None
    if len(first) > 3 or any(len(group) != 3 for group in groups):
        return say("between separators stand groups of three digits")
    return None


def shortened(typed: str, decimal: str = ".") -> Invalid:
    """The refusal of a number that has lost its end: `1e5`."""
    return not_a_number(typed, say("a spreadsheet has shortened it"), decimal)


def not_a_number(typed: str, fault: Said | str | None, decimal: str = ".") -> Invalid:
    """The refusal of what is no number."""
    example = f"1234{decimal}50"
    if not fault:
        return Invalid(say("{typed!r} is not a number; write {example}", typed=typed, example=example))
    return Invalid(
        say("{typed!r} is not a number: {fault}; write {example}", typed=typed, fault=fault, example=example)
    )
