"""Chinese numerals, mixed with digits too, each digit with its unit: 五十万, 8万6千5百, 一亿二千万, 两千零五."""

import re
from decimal import Decimal

from oppcli.model.said import say
from oppcli.words.invalid import Invalid

_DIGITS = (
    {digit: value for value, digit in enumerate("零一二三四五六七八九")}
    | {digit: value for value, digit in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"两": 2, "貳": 2, "參": 3, "陸": 6}
)
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_PLAIN = str.maketrans("萬億", "万亿")
_WAN, _YI = 10**4, 10**8


def parse(text: str, typed: str) -> int:
    """The number meant. Raises `Invalid`, also where a digit is without its unit: 三万五 is 35,000 to one reader and
    30,005 to another."""
    words = re.findall(r"\d+|\D", text.translate(_PLAIN).replace(" ", ""), re.ASCII)
    if not words or any(not word.isdigit() and word not in _DIGITS | _SMALL and word not in "万亿" for word in words):
        raise _wrong(typed)
    if any(word.isdigit() and not word.isascii() for word in words):
        raise _wrong(typed)
    return _Reader(typed).whole(words)


def _wrong(typed: str) -> Invalid:
    return Invalid(say("{typed!r} is not a number; write {example}", typed=typed, example="1234.50"))


class _Reader:
    """Reads one text; `typed` is told in a refusal."""

    def __init__(self, typed: str) -> None:
        self.typed = typed

    def whole(self, words: list[str]) -> int:
        """Up to 万亿, 10^12. Refuses what may mean two numbers."""
        before, after = self.parted(words, "亿")
        if before is None:
            return self.below_yi(after)
        if after and "万" not in after and after[0] not in "零〇":
            raise _wrong(self.typed)  # 一亿二千 may mean 一亿二千万
        return self.below_yi(before) * _YI + (self.below_yi(after, after_unit=_YI) if after else 0)

    def below_yi(self, words: list[str], after_unit: int = 0) -> int:
        before, after = self.parted(words, "万")
        if before is None:
            return self.section(after, after_unit)
        return self.section(before) * _WAN + (self.section(after, _WAN) if after else 0)

    def parted(self, words: list[str], unit: str) -> tuple[list[str] | None, list[str]]:
        """What stands before a unit and behind it; None and all where it is not there. Refuses a unit that stands first
        or twice."""
        if unit not in words:
            return None, words
        place = words.index(unit)
        if place == 0 or unit in words[place + 1 :]:
            raise _wrong(self.typed)
        return words[:place], words[place + 1 :]

    def section(self, words: list[str], after_unit: int = 0) -> int:
        """A number below 10,000. `after_unit`: the unit that stands before it, as 万 in 三万五. Refuses digits without
        their unit."""
        total, last, digit, zero = 0, _WAN, None, False
        for word in words:
            if word in ("零", "〇") and digit is None and len(words) > 1:
                zero = True
            elif word in _SMALL:
                unit = _SMALL[word]
                if unit >= last or not 1 <= (digit if digit is not None else unit == 10) <= 9:
                    raise _wrong(self.typed)
                total, last, digit, zero = total + (digit or 1) * unit, unit, None, False
            elif digit is None:
                digit = int(word) if word.isdigit() else _DIGITS[word]
            else:
                raise _wrong(self.typed)
        if digit is None:
            if zero:
                raise _wrong(self.typed)
            return total
        if len(words) == 1 and not after_unit:
            return self.alone(digit)
        if digit > 9 or not (zero or last == 10):
            raise self.without_unit(total, digit, last if total else after_unit)
        return total + digit

    def alone(self, digit: int) -> int:
        """A number without a unit. Refuses one of a place that words have a unit for."""
        if digit >= _WAN:
            raise _wrong(self.typed)
        return digit

    def without_unit(self, total: int, digit: int, last: int) -> Invalid:
        """三万五: what to write in its place."""
        if last != _WAN or total or digit > 9:
            return _wrong(self.typed)
        meant = re.sub(r"(.)$", "", self.typed.strip())
        fault = say("the last digit is without its unit")
        head = _plainly(meant.removesuffix("万").removesuffix("萬"))
        if head is None:
            return Invalid(say("{typed!r} is not a number: {fault}", typed=self.typed, fault=fault))
        example = f"{head}.{digit}万"
        return Invalid(
            say("{typed!r} is not a number: {fault}; write {example}", typed=self.typed, fault=fault, example=example)
        )


def _plainly(head: str) -> Decimal | None:
    try:
        return Decimal(parse(head, head))
    except Invalid:
        return None
