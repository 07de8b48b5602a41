"""When two names are the same name: the key customers are matched by, and the login made from a person's name."""

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from oppcli.model.people import ME
from oppcli.model.said import Said, say

if TYPE_CHECKING:
    from oppcli.model.people import User


def key(name: str) -> str:
    """Folded for matching: full and half width, case and runs of spaces make no difference."""
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return " ".join(plain.casefold().split())


_PADDED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def unpadded(name: str) -> str:
    """The name of a person without the blanks between Chinese characters, by which sheets make names equally wide:
    `王　磊` is `王磊`."""
    return name if name.isascii() else _PADDED.sub("", name)


def person(name: str) -> str:
    """Folded for matching people, as `key` folds a name without padding."""
    return key(unpadded(name))


def login(name: str) -> str:
    """A login from a printed name: `Darcel Schlecht` is `darcel.schlecht`, `张伟` stays `张伟`."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", unpadded(name))).casefold()
    letters = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return ".".join(letters.split())


RESERVED = (*ME, "system", "nobody", "all", "none", "unassigned")
"""Words that stand for somebody else, or for nobody, wherever a login is typed."""
LONGEST_NAME = 200


def is_login(text: str) -> bool:
    """Whether a person may be called so where logins are typed."""
    return login_fault(text) is None


def login_fault(text: str) -> Said | None:
    """Why this cannot be a login: other characters than letters, digits and . _ - @ +, over 64 of them, only digits (a
    number is an id), a flag, a word of its own, letters of several scripts. None where it can."""
    plain = 0 < len(text) <= 64 and text[0] not in ".-" and not text.isdigit()
    if not plain or not all(c.isalnum() or c in "._-@+" for c in text):
        rule = say("letters, digits and . _ - @ +, at most 64, not only digits")
        return say("{login!r} cannot be a login: {rule}", login=text, rule=rule)
    if key(text) in RESERVED:
        return say("{login!r} cannot be a login: it stands for somebody else", login=text)
    if text.isascii():
        return None
    from oppcli.words.lookalikes import one_script

    if one_script(text):
        return None
    return say("{login!r} cannot be a login: its letters are of several scripts", login=text)


def name_fault(text: str) -> Said | None:
    """Why this cannot be the name of a person: it is no single line, holds what cannot be seen, or is over 200 long."""
    if len(text) > LONGEST_NAME:
        return say("a name has at most {most} characters", most=LONGEST_NAME)
    unseen = (at for at, letter in enumerate(text) if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs"))
    if not all(_joins(text, at) for at in unseen):
        return say("a name is one line without control characters")
    return None


def _joins(text: str, at: int) -> bool:
    """Whether this is a joiner where Persian, Hindi and emoji are written with one; after a Latin letter or an
    ideograph nobody sees it."""
    if text[at] not in "\u200c\u200d" or at in (0, len(text) - 1):
        return False
    before = text[at - 1]
    emoji = before == "\ufe0f" or unicodedata.category(before) in ("So", "Sk")
    virama = unicodedata.combining(before) == 9
    return emoji or virama or unicodedata.bidirectional(before) == "AL"


def nobody(text: str, people: Mapping[str, "User"]) -> Said:
    """That nobody is called so, by login or name, and who nearly is."""
    from oppcli.words.spelling import nearest

    names = (*people, *(each.name for each in people.values()))
    return say("no such user: {text}{nearest}", text=text, nearest=nearest(text, names))
