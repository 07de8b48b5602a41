"""By what the program knew who acted: the words of `meta.by`, which of them are proven, and how older entries read.

Every entry keeps the first basis that holds: role, pin, session, login, claim; `code` and `key` are an answer's
that was sent in; `import`, `tick` and `demo` stand where nobody typed what is told.
"""

from collections.abc import Mapping
from typing import Any

from oppcli.model.journal import CLAIM, LOGIN, PIN, ROLE, SYSTEM, UNTYPED, unasked
from oppcli.model.requests import IMPORT
from oppcli.model.said import Word, say

SESSION, CODE, KEY = "session", "code", "key"
WORDS = (ROLE, PIN, SESSION, LOGIN, CLAIM, CODE, KEY, *UNTYPED)
SIGNING = (ROLE, PIN, KEY)
"""Bases of which nobody but the person themselves has the means: proven under any policy, and enough for a signed
verb."""


def proven(by: str, proof: str = CLAIM) -> bool:
    """Whether this basis proves who acted; the login of the machine does where the policy's `proof` rests on it."""
    return by in SIGNING or (by == LOGIN and proof == LOGIN)


def basis(meta: Mapping[str, Any], actor: str, channel: str = "cli") -> str:
    """The basis of an entry. Those of before there was one: the channel where nobody typed it, `login` where the
    machine's login is the actor, else `claim`."""
    return str(meta.get("by") or unasked(actor, meta.get("os_user", ""), channel))


def vouched(who: str, by: str, entered_by: str = "") -> str:
    """Who decided, and how the program knew: `wang (claimed)`, `wang (pin)`, `bob (imported by cay)`; `entered_by` is
    whose entry it is. Nothing is added where that is not known, nor to what the program did of itself."""
    if not by or who == SYSTEM:
        return who
    if by == IMPORT:
        return say("{who} (imported by {other})", who=who, other=entered_by)
    return say("{who} ({by})", who=who, by=told(by))


def told(by: str) -> str:
    """A basis as people read it behind a name."""
    return say("claimed") if by == CLAIM else Word("by", by)
