"""Currencies as they are typed: codes of ISO 4217, in large letters or small ones."""

from oppcli.model.money import CURRENCIES
from oppcli.model.said import Said, say
from oppcli.words.invalid import Invalid
from oppcli.words.spelling import nearest


def unknown(code: str) -> Said | None:
    """Why this is no currency of ISO 4217; None for one."""
    if code in CURRENCIES:
        return None
    return say("there is no currency {code}{nearest}", code=code, nearest=nearest(code, sorted(CURRENCIES)))


def parse(text: str) -> str:
    """The code as it is kept: in capitals, without the spaces around it. Raises `Invalid` for what is no currency."""
    code = text.strip().upper()
    if wrong := unknown(code):
        raise Invalid(wrong)
    return code
