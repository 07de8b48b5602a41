"""Text as people type it: what cannot be kept, and the blanks around it."""

from oppcli.model.said import say
from oppcli.model.units import LONGEST_TEXT
from oppcli.words.invalid import Invalid

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Characters without a width, which `str.strip` leaves: an id with one of them looks like the id without."""


def parse(text: str) -> str:
    """The text as it is kept. Raises `Invalid` for what is too long or no text."""
    if len(text) > LONGEST_TEXT:
        raise Invalid(say("{value:,} characters; at most {longest:,} are kept", value=len(text), longest=LONGEST_TEXT))
    if "\x00" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
        raise Invalid(say("not text: it holds a NUL or broken UTF-8"))
    return text


def bare(text: str) -> str:
    """The text without the blanks of every kind around it: also those of no width."""
    text = text.strip()
    if text.isascii():
        return text
    shorter = text.strip(_UNSEEN).strip()
    return shorter if shorter == text else bare(shorter)
