"""PINs as they are stretched, checked and marked: against the formulas written out once more."""

import hashlib
import hmac
from unicodedata import normalize

import pytest

from oppcli.errors import UsageError
from oppcli.rules import pins

SALT = "000102030405060708090a0b0c0d0e0f"
MINUTE = 60_000


def scrypt(text: str) -> bytes:
    return hashlib.scrypt(
        normalize("NFKC", text).encode(),
        salt=bytes.fromhex(SALT),
        n=32_768,
        r=8,
        p=1,
        dklen=64,
        maxmem=2**26,
    )


def test_half_of_what_scrypt_gives_is_checked_and_the_other_half_marks() -> None:
    key = pins.stretched("ｐａｓｓ phrase", SALT)
    assert key == scrypt("pass phrase")
    assert pins.verifier(key) == hashlib.sha256(key[:32]).hexdigest()
    assert pins.fits(key, pins.verifier(key))
    assert not pins.fits(scrypt("another phrase"), pins.verifier(key))
    assert not pins.fits(key, None)
    assert pins.marker(key[32:])("entry") == hmac.new(key[32:], b"entry", "sha256").hexdigest()


def test_whoever_knows_the_pin_of_now_has_the_secrets_of_those_before() -> None:
    first, second, third = (bytes([n]) * 64 for n in (1, 2, 3))
    earlier = [pins.wrapped(second[32:], third[32:]).hex(), pins.wrapped(first[32:], second[32:]).hex()]
    assert pins.secrets(third, earlier) == [third[32:], second[32:], first[32:]]
    assert pins.secrets(first, earlier)[1:] != [second[32:], first[32:]]


@pytest.mark.parametrize(
    "pin", ["12345", "x" * 129, "111111", "123456", "987654", "abcdef", "Dan-2026!", "ｄａｎ 2026", "①②③④⑤"]
)
def test_a_pin_that_is_too_easy_is_refused(pin: str) -> None:
    with pytest.raises(UsageError):
        pins.require_fit(pin, "dan")


@pytest.mark.parametrize("pin", ["123457", "112233", "6 Wörter", "x" * 127 + "y", "二〇二六年春天"])
def test_any_other_pin_will_do(pin: str) -> None:
    pins.require_fit(pin, "dan")


@pytest.mark.parametrize(
    ("minutes", "now", "until"),
    [
        ((0, 1, 2, 3, 4), 4, 19),
        ((0, 1, 2, 3, 4), 18, 19),
        ((0, 1, 2, 3, 4), 19, None),
        ((0, 1, 2, 3, 15), 16, 30),
        ((0, 1, 2, 3, 16), 16, None),
        ((0, 1, 2, 3), 3, None),
        ((), 0, None),
    ],
)
def test_five_within_a_quarter_of_an_hour_close_the_door_for_one_from_the_fifth(
    minutes: tuple[int, ...], now: int, until: int | None
) -> None:
    refused = [minute * MINUTE for minute in reversed(minutes)]
    assert pins.locked_until(refused, now * MINUTE) == (None if until is None else until * MINUTE)


def test_a_code_is_ten_letters_none_of_which_looks_like_another() -> None:
    assert (len(pins.CODE_LETTERS), set(pins.CODE_LETTERS) & set("lo01")) == (32, set())
    assert pins.code_typed(" ABCDE fghij\n") == "abcdefghij"
