"""Digests of notices on their way to people: what is kept of each before it is sent, and what a channel is given."""

from oppcli.model.noun import noun
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

WAITING, SENDING, SENT, DROPPED = "waiting", "sending", "sent", "dropped"
NOT_FOR_THEM = say("no channel is set up for them")
"""Why a channel does not reach a person whom its `to` does not name."""


@noun
class Delivery:
    """One digest to one person through one channel, stored before it is sent: when nobody answered, the same digest
    goes out again under the same key."""

    id: int = 0
    key: str
    """What a receiver tells a repetition by (Message-ID, Idempotency-Key). Random: a restored database makes new
    ones."""
    channel: str
    to: str
    notices: tuple[int, ...]
    """More may join until the first attempt, none after it."""
    state: str = WAITING
    """waiting, sending (somebody is at it until `next_try_at`), sent, dropped."""
    at: int = 0
    subject: str = ""
    text: str = ""
    """Subject and text are written at the first attempt and stay."""
    attempts: int = 0
    next_try_at: int | None = None
    sent_at: int | None = None
    error: str | None = None
    """What the last attempt failed of, or why it was dropped."""
    down: bool = False
    """The last attempt failed of the channel, not of this person or text: the others of the channel wait too."""
    version: int = 1


class Item(NamedTuple):
    """One notice of a letter, for machines."""

    id: int
    kind: str
    request: str | None
    """`R-31`."""
    deal: str | None
    text: str
    at: int


class Letter(NamedTuple):
    """A digest as a channel is given it."""

    key: str
    login: str
    name: str
    email: str | None
    subject: str
    text: str
    items: tuple[Item, ...]
    at: int
    lang: str = "en"
    """In which it is written."""
    html: str = ""
    """The same as a page, where it has tables."""
