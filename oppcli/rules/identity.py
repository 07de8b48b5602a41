"""What a policy asks of who acts, as it is kept beside its text: a command knows it without reading a policy."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.journal import CLAIM, PIN
from oppcli.model.policy import Policy
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.rules.bases import SIGNING

IDLE_MS = 10 * MINUTE_MS
LONGEST_MS = 12 * HOUR_MS
"""A session ends then, however busy it was."""


class Identity:
    """What `[identity]` says."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.proof = str(said.get("proof", CLAIM))
        self.idle_ms = int(said.get("idle_ms") or IDLE_MS)

    def asks(self, by: str, *, signed: bool) -> bool:
        """Whether a write (of a signed verb) that is known by this wants more."""
        if self.proof == CLAIM or by in SIGNING:
            return False
        return by == CLAIM or (signed and self.proof == PIN)


def kept(policy: Policy) -> dict[str, Any] | None:
    """What is kept of a policy; None where it asks nothing of anybody, which then costs nothing."""
    said = {"proof": policy.proof, "idle_ms": policy.idle_ms}
    return None if said == {"proof": CLAIM, "idle_ms": None} else said


def read(scope: str | None) -> Identity:
    """What the kept text says."""
    if scope is None:
        return Identity({})
    import json

    return Identity(json.loads(scope).get("identity") or {})
