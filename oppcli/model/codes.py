"""Codes with which somebody decides away from the terminal: by mail, or with a packet that was handed to them."""

from oppcli.model.noun import noun
from oppcli.model.units import HOUR_MS

MAIL, PACKET = "mail", "packet"
AWAY = (MAIL, PACKET)
"""How a type may be decided away from the terminal: the words of its `away`, kinds of codes, channels of answers."""
LASTS_MS = {MAIL: 72 * HOUR_MS, PACKET: 14 * 24 * HOUR_MS}
"""How long a code is good for."""


@noun
class Code:
    """A right to answer once, for one person, one revision of a request, one seat. The code itself is kept nowhere."""

    id: int = 0
    hash: str
    """SHA-256 of the code, in hexadecimal digits."""
    request_id: int
    revision: int
    step: int
    """Position of the step."""
    seat: int
    login: str
    kind: str
    shown: str = ""
    """SHA-256 of the packet that it came with; nothing of a letter's."""
    at: int
    ends_at: int
    """From then on it is no good any more: its time is over, or a newer one was given."""
    spent_at: int | None = None
    answer: str | None = None
    """SHA-256 of the answer that it was spent by: the same bytes again are no second answer."""
