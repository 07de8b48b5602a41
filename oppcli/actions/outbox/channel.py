"""What the outbox knows of a channel, and what it reports of a run."""

from collections.abc import Mapping
from typing import Protocol

from oppcli.model.deliveries import Letter
from oppcli.model.people import User
from oppcli.tuples import NamedTuple


class Channel(Protocol):
    """What the outbox knows of a channel (see `oppcli.notify`)."""

    name: str
    quiet: bool
    """Sends in business hours only."""
    by_mail: bool
    """Its letters lie in the mailbox of their reader alone: they may hold codes."""
    limit: float
    """Seconds that one letter may take at most."""

    def gap(self, person: User, roles: frozenset[str]) -> str | None:
        """Why it does not reach this person; None when it does."""
        ...

    def carries(self, kind: str) -> bool: ...

    def send(self, letter: Letter) -> None:
        """Returns when the letter was taken. Raises `Undelivered`."""
        ...

    def close(self) -> None: ...


class Failure(NamedTuple):
    """A digest that was not taken."""

    channel: str
    to: str
    error: str
    next_try_at: int
    held: int
    """Digests of this channel that are on their way still."""


class Summary(NamedTuple):
    """What a run did."""

    sent: Mapping[str, int] = {}
    """Digests taken, by channel."""
    failed: tuple[Failure, ...] = ()
    nowhere: tuple[str, ...] = ()
    """Who cannot be reached, and why: said once."""
    closed: Mapping[str, int] = {}
    """Digests that wait for business hours, by channel."""
    opens_at: int | None = None
    """When those hours begin."""
