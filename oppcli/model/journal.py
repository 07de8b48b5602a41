"""The journal: one entry per change of one noun, chained by hash."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.model.noun import noun, replace
from oppcli.model.units import FAR_MS

SYSTEM = "system"
"""The actor of what nobody did: a timeout, an expiry, a deal that was lost."""
NOBODY, BLOCKED = "nobody", "blocked"
"""Whom an event of a request names where nobody was found; in whose place, where nobody can take a seat."""
TICK = "tick"
"""The channel of what time does."""
AGENT = "agent"
"""The channel of what a program asked for in a person's name: it signs nothing."""
SAID = "said"
"""Under which name an entry's meta keeps, beside the English of its reason, what that was made of."""
CLOCK = "clock"
"""The action of the one kind of entry that may be older than the entry before it."""
UNTYPED = ("import", TICK, "demo")
"""Channels through which nobody typed what is told, and the basis of what came through them."""
CLAIM, LOGIN = "claim", "login"
"""The bases that hold without anything being asked: a name was given; it is the machine's login."""
ROLE = "role"
"""The basis of a name that the database's server vouches for."""
PIN = "pin"
"""The basis of a command in which the person's PIN was given."""

DECISIONS = ("approve", "reject", "return", "withdraw", "recuse", "override", "revoke", "cancel")
"""Actions on a request that are decisions, however they were given."""


def unasked(actor: str, os_user: str, channel: str = "cli") -> str:
    """The basis that holds without anything being asked."""
    if channel in UNTYPED:
        return channel
    return LOGIN if os_user == actor else CLAIM


def is_trial(at: int, wall: object) -> bool:
    """Whether a database was made with a set clock, by its first entry: `at`, and the machine's own clock beside it.
    Without that the database is a real one."""
    return isinstance(wall, int) and abs(at - wall) > FAR_MS


@noun
class Stamp:
    """Who acts, when and through what: given to the write door once, copied into every entry it makes."""

    actor: str
    """Login of the acting person, or `system`."""
    now: int
    """What the clock says (or `--now`); the door moves it forward to the last entry's time if it lags behind."""
    channel: str = "cli"
    """cli, agent, import, tick, demo."""
    command: str = ""
    """The verb as typed, e.g. `deal advance`."""
    os_user: str = ""
    tz: str = ""
    """The zone in which this person reads instants; kept in each entry's meta."""
    on_behalf_of: str | None = None
    run: int | None = None
    """The first entry of the command line that this goes on with; None begins one."""
    run_by: str = ""
    """Login of who let time do its work, where the actor is `system`; kept in each entry's meta."""
    by: str = CLAIM
    """How the program knew who acts: a word of `rules.bases`; kept in each entry's meta."""
    role: str = ""
    """The role in which the database's server knows this program; nothing on a file. Kept in each entry's meta."""
    sign: Callable[[str], str] | None = None
    """Makes the mark of an entry from its text, with a key that only the person's PIN gives; None without one."""

    def on_server(self, role: str, own: str | None) -> "Stamp":
        """The same as the server knows it: by `role` where that is the person's `own` one, whatever held before."""
        by = ROLE if self.by not in UNTYPED and role == (own or self.actor) else self.by
        return replace(self, role=role, by=by, sign=None if by == ROLE else self.sign)


@noun
class Entry:
    """What was done to one noun, field by field old → new."""

    seq: int
    txn: int
    """The seq of the first entry of the same transaction."""
    at: int
    actor: str
    on_behalf_of: str | None
    channel: str
    action: str
    noun: str
    noun_id: str
    changes: Mapping[str, Any]
    meta: Mapping[str, Any]
    prev: str
    hash: str
    salt: str | None = None
    """What the seals of its personal values are made with (16 bytes, hexadecimal); outside the hash."""

    @property
    def run(self) -> int:
        """The first entry of its command line; of its transaction in entries of before there were runs."""
        return int(self.meta.get("run", self.txn))
