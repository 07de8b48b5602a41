"""What the readers of amounts and of Chinese numerals know, a condition finds in its text."""

import re
from collections.abc import Callable

from oppcli.words import amounts, chinese_numbers, numbers, quantities
from oppcli.words.invalid import Invalid

PATTERN = re.compile(quantities.PATTERN, re.VERBOSE)
HAN = [chr(point) for point in (0x3007, *range(0x4E00, 0xA000))]


def found(text: str) -> object:
    """The number that is found at the beginning of a text, if it is all of it."""
    number = quantities.at(text, 0, PATTERN, listed=False)
    return number.value if number is not None and number.end == len(text) else None


def readable(text: str, parse: Callable[[str, str], int]) -> bool:
    try:
        parse(text, text)
    except Invalid:
        return False
    return True


def test_a_number_is_found_with_every_sign_of_a_currency() -> None:
    typed = [text for sign in amounts.SIGNS for text in (f"{sign}5", f"5{sign}")]
    assert {text: found(text) for text in typed} == {text: amounts.read(text)[0] for text in typed}


def test_every_chinese_numeral_is_found() -> None:
    words = [text for han in HAN for text in (han, f"五{han}") if readable(text, chinese_numbers.parse)]
    assert len(words) > 20
    assert {text: found(text) for text in words} == {text: numbers.parse(text) for text in words}


def test_no_other_letter_is_part_of_a_number() -> None:
    others = [han for han in HAN if not readable(han, chinese_numbers.parse)]
    assert [han for han in others if found(han) is not None] == []
