"""What a deal is worth: its expected value, and the priority that follows."""

from decimal import Decimal

from oppcli.model.relations import Priority

HUNDRED = Decimal(100)
NO_PRIORITY = Priority()
"""Of a policy without `[priority]`: no cost, every grade alike."""


def expected_value(
    amount: Decimal | None,
    probability: Decimal | None,
    margin: Decimal | None = None,
    effort: Decimal | None = None,
    by: Priority = NO_PRIORITY,
) -> Decimal | None:
    """amount × probability × margin − effort × cost, in units of the currency; probability and margin in per cent. An
    unknown margin counts whole, an unknown effort nothing. None without amount or probability."""
    if amount is None or probability is None:
        return None
    share = HUNDRED if margin is None else margin
    return amount * probability / HUNDRED * share / HUNDRED - (effort or 0) * by.cost


def priority(value: Decimal | None, grade: str | None, by: Priority = NO_PRIORITY) -> Decimal | None:
    """The expected value × the factor of the grade; of a grade without one, or none, × 1. None for an unknown value."""
    return None if value is None else value * by.grade.get(grade or "", Decimal(1))
