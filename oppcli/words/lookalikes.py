"""Logins that people would take for one another: written with letters of another script, in another width or case, or
with what looks alike. After Unicode Technical Standard 39, of which this holds what keyboards give."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

HAN, LATIN = "CJK", "LATIN"
_BARS = "IΙІ"
_CAPITALS = dict(zip("ΑΒΕΖΗΚΜΝΟΡΤΥΧ", "abezhkmnoptyx", strict=True))
"""Capitals that look like another letter than their small ones do."""
_SMALL = dict(
    zip(
        "01ıɑɡавекмнорстухіјѕһԁԛԝαβεικνορτυχγηωօոսհ",
        "oliagabekmhopctyxijshdqwabeikvoptuxynwonuh",
        strict=True,
    )
)
_PAIRS = (("rn", "m"), ("vv", "w"))


def one_script(text: str) -> bool:
    """Whether all letters are of one script; Han may stand with Latin."""
    plain = unicodedata.normalize("NFKC", text)
    scripts = {_script(letter) for letter in plain if letter.isalpha()}
    return len(scripts) < 2 or scripts == {HAN, LATIN}


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0]
    return HAN if name == "IDEOGRAPHIC" else name


@lru_cache(maxsize=4096)
def keys(login: str) -> frozenset[str]:
    """What a login is taken for: without width and case, and as it looks, a capital I being an l or an i. Two that
    share one are alike."""
    plain = unicodedata.normalize("NFKC", login)
    return frozenset((plain.casefold(), _looks(plain, "l"), _looks(plain, "i")))


def _looks(plain: str, capital: str) -> str:
    letters = (capital if letter in _BARS else _CAPITALS.get(letter, letter) for letter in plain)
    looks = "".join(_SMALL.get(letter, letter) for letter in "".join(letters).casefold())
    for pair, one in _PAIRS:
        looks = looks.replace(pair, one)
    return looks


def alike(login: str, others: Iterable[str]) -> str | None:
    """One of the others that this login would be taken for; None where there is none."""
    mine = keys(login)
    return next((other for other in others if mine & keys(other)), None)
