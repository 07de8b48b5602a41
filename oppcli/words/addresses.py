"""By what somebody is reached: phones, mail, sites, postal addresses; kept as typed where they have the form."""

import re
from typing import TYPE_CHECKING

from oppcli.model.said import say
from oppcli.words.invalid import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x|转|轉|分机号?|内线|;ext=)", re.IGNORECASE)
_PHONE = re.compile(r"[+0-9()/.,\-\s#*]+")
_SITE = re.compile(r"(?:https?://)?[^\s/?#@]+\.[^\s/?#@.]+(?:[/?#]\S*)?", re.IGNORECASE)
_BETWEEN = re.compile("[,，;；、]")
FEWEST, MOST = 3, 25
"""Digits of a phone, its extension with it."""


def parted(text: str) -> list[str]:
    """The values of a field that has several, between commas, semicolons, or what else parts them in Chinese."""
    return [part for piece in _BETWEEN.split(text) if (part := piece.strip())]


def parse(kind: str, text: str) -> str:
    """The text of a phone, email, url or address, each without the blanks around it, those within as one. Raises
    `Invalid` for what has not the form; a postal address has none."""
    plain = " ".join(text.split())
    return _FORMS[kind](plain) if kind in _FORMS else plain


def _phone(text: str) -> str:
    from oppcli.model.records import folded

    bare = _EXTENSION.sub(" ", folded(text))
    digits = sum(letter.isdigit() for letter in bare)
    if _PHONE.fullmatch(bare) is None or not FEWEST <= digits <= MOST:
        raise Invalid(say("{typed!r} is no phone number", typed=text))
    return text


def _email(text: str) -> str:
    from oppcli.words.emails import mailbox

    found = mailbox(text)
    if found is None or found != text:
        raise Invalid(say("{typed!r} is no e-mail address", typed=text))
    return text


def _url(text: str) -> str:
    if _SITE.fullmatch(text) is None:
        raise Invalid(say("{typed!r} is no address on the net, such as www.example.com", typed=text))
    return text


_FORMS: "dict[str, Callable[[str], str]]" = {"phone": _phone, "email": _email, "url": _url}
