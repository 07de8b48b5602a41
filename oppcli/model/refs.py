"""Permanent references by kind: `D-142` is a deal, `C-9` a customer, `R-31` a request, `e311` a journal entry."""

from oppcli.model.nouns import PREFIXES, typed


def ref(noun: str, number: int) -> str:
    """`ref("deal", 142)` is `D-142`."""
    return f"{PREFIXES[noun]}{number}"


def named(noun: str, key: object) -> str:
    """How people call it: `D-142`, `user wang`; the key as a number or as the journal writes it."""
    return ref(noun, int(str(key))) if noun in PREFIXES and str(key).isdecimal() else f"{noun} {key}"


def number(noun: str, text: str) -> int | None:
    """The number in `text` when it is a reference to this kind of noun (`D-142`, `d142`, `142`, in any width), else
    None."""
    prefix = PREFIXES[noun].rstrip("-").lower()
    digits = typed(text).removeprefix(prefix).removeprefix("-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
