"""Permanent references by kind: `D-142` is a deal, `C-9` a customer, `R-31` a request, `e311` a journal entry."""

from oppcli.model.nouns import BY_WORD, NOUNS, PREFIXES, RECORDS, Noun
from oppcli.model.records import folded


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


def belonging_to(word: str) -> tuple[Noun, ...]:
    """The nouns whose records belong to one of this noun, and are told in its history."""
    return tuple(noun for noun in NOUNS if noun.parent == word)


def referred(field: str) -> Noun | None:
    """The noun that a field of this name refers to, as `customer_id` does; None for any other."""
    word, its_id, rest = field.rpartition("_id")
    return BY_WORD.get(word) if its_id and not rest else None


def typed(text: str) -> str:
    """A reference as it is looked up: in small letters of half width, blanks of every kind around it off."""
    text = text.strip()
    if text.isascii():
        return text.lower()
    return folded(text).strip()


def meant(text: str) -> tuple[str, str] | None:
    """(noun, key) of a reference as typed: `D-142`, `r-31`, `e311`, `stage:Lead`; None for anything else."""
    word, colon, key = text.partition(":")
    if colon and key and word.lower() in BY_WORD:
        return word.lower(), key
    reference = typed(text)
    for noun in RECORDS:
        if noun.prefix and reference.startswith(noun.prefix.lower()):
            digits = reference[len(noun.prefix) :]
            if digits.isascii() and digits.isdigit() and len(digits) < 19:
                return noun.word, str(int(digits))
    return None
