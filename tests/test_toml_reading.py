"""A TOML file is read in bounded time, whatever it is, and refused with a sentence."""

import io
import time
from decimal import Decimal

import pytest

from oppcli.errors import PolicyError, UsageError
from oppcli.toml.reading import MOST_BYTES, MOST_LEVELS, NotToml, parsed, typed

TOO_DEEP = "it is nested deeper than 32 levels"
TOO_LONG = "a number has too many digits"


def levels(n: int) -> str:
    return "x = " + "[" * n + "]" * n


def test_32_levels_are_enough_for_everybody():
    assert parsed(levels(MOST_LEVELS))["x"]
    with pytest.raises(NotToml, match=TOO_DEEP):
        parsed(levels(MOST_LEVELS + 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (levels(5_000), TOO_DEEP),
        ("x = " + "{a = " * 5_000, TOO_DEEP),
        ("a" + ".a" * 200_000 + " = 1", TOO_DEEP),
        ("[" + "a." * 200_000 + "a]", TOO_DEEP),
        ('"a"' + '."a"' * 100_000 + " = 1", TOO_DEEP),
        ("x = " + "9" * 5_000, TOO_LONG),
        ("x = " + "9" * 40, TOO_LONG),
        ("x = 0x" + "f" * 100_000, TOO_LONG),
        ("x = 1e999999999", TOO_LONG),
        ("x = 1\n" * 300_000, "it is larger than 1 MB, which no such file is"),
        ("[[x", "column 4: the brackets of the table are not closed: [[x"),
    ],
)
def test_what_no_one_means_is_refused_at_once(text, said):
    start = time.process_time()
    with pytest.raises(NotToml) as caught:
        parsed(text)
    assert str(caught.value).endswith(said) or said in str(caught.value)
    assert time.process_time() - start < 5


def test_of_an_endless_file_no_more_is_read_than_a_file_may_have():
    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def read(self, size=-1):
            assert size > 0
            self.given += size
            return b"\0" * size

    endless = Endless()
    with pytest.raises(PolicyError, match=r"^stdin cannot be read: it is larger than 1 MB") as caught:
        typed(endless, "stdin")  # type: ignore[arg-type]
    assert caught.value.code == 8
    assert endless.given == MOST_BYTES + 1


def test_a_text_that_is_not_utf_8_names_the_byte():
    with pytest.raises(UsageError, match=r"^stdin: not UTF-8 at byte 3$"):
        typed(io.BytesIO(b"a =\xff"), "stdin")


def test_decimals_stay_exact_and_a_byte_order_mark_is_left_out():
    assert parsed("\ufeffx = 0.10") == {"x": Decimal("0.10")}


def test_what_looks_like_a_header_in_a_long_text_stays_as_it_is():
    text = '[fields.竞品价]\nguide = """\n[报价]\n"""\n[[阶段.一]]\n'
    assert parsed(text) == {"fields": {"竞品价": {"guide": "[报价]\n"}}, "阶段": {"一": [{}]}}
