"""Hooks: programs of the team's own that are asked before what people do is committed."""

from oppcli.model.policy import ALWAYS, Condition
from oppcli.tuples import NamedTuple

REFUSE, WARN = "refuse", "warn"
LONGEST_MS = 30_000


class Hook(NamedTuple):
    """`[[hook]]`: what it is asked of."""

    name: str
    """Its command stands under this name in the configuration of the machine."""
    on: tuple[str, ...]
    """Nouns and verbs, as `model.events` reads them."""
    when: Condition = ALWAYS
    """The deals that it is asked of; also where what this reads is not known."""
    fail: str = REFUSE
    """refuse, warn: what follows where it cannot be asked, or gives no answer."""
    timeout_ms: int = 5_000
