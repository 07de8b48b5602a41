"""What deals are worth, of their rows: the expected value, and the priority that follows from it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.deals import CLOSED_KINDS
from oppcli.model.policy import Policy
from oppcli.model.relations import Priority
from oppcli.rules.worth import NO_PRIORITY, expected_value
from oppcli.store.mapping import parsed
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple
from oppcli.words.kinds import comparable

SELECTED = (
    "d.amount, d.currency, d.margin, CASE WHEN s.kind IN "
    f"({quoted(CLOSED_KINDS)}) THEN s.probability ELSE coalesce(d.probability, s.probability) END, d.grade, d.extra"
)
"""What a `Worth` is made of, over `deal d` and its `stage s`."""


class Worth(NamedTuple):
    """What is known of the worth of a deal, as stored."""

    amount: int | None
    currency: str
    margin: int | None
    probability: int | None
    grade: str | None
    extra: Any
    """The fields in `extra`, as JSON or read."""


def expected(worth: Worth, policy: Policy) -> Decimal | None:
    """The expected value in units of the deal's currency. None where it is not known; and in another currency than the
    policy's, where effort costs something, for the cost is in the policy's."""
    by = policy.priority or NO_PRIORITY
    rule = policy.fields.get(by.effort or "")
    return reckoned(worth, by, (rule and rule.type) or "number", policy.currency)


def reckoned(worth: Worth, by: Priority, kind: str, currency: str) -> Decimal | None:
    """The same by a priority, whose effort is of this kind and whose cost is in this currency."""
    effort = _effort(worth, by.effort, kind)
    if effort and by.cost and worth.currency != currency:
        return None
    amount = None if worth.amount is None else money.to_major(worth.amount, worth.currency)
    probability = None if worth.probability is None else Decimal(worth.probability)
    return expected_value(amount, probability, comparable("percent", worth.margin), effort, by)


def _effort(worth: Worth, name: str | None, kind: str) -> Decimal | None:
    """How much work it is, by the field that the policy names."""
    if name is None or not worth.extra or name not in worth.extra:
        return None
    known: Mapping[str, Any] = parsed(worth.extra) if isinstance(worth.extra, str) else worth.extra
    found = comparable(kind, known.get(name), worth.currency)
    return found if isinstance(found, Decimal) else None
