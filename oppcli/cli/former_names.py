"""What is called otherwise now: customers whose name is that of one they were merged with."""

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.errors import Ambiguous
from oppcli.store.queries import visible


def former(opp: Context, name: str) -> str | None:
    """What the customer is called that stands for a merged one of this name, which no list shows; None where none does,
    or who asks does not see it."""
    with opp.read() as every:
        try:
            other = find.customer(every, name)
        except Ambiguous:
            return None
        return other.name if other is not None and visible(every, "customer", other.id) else None
