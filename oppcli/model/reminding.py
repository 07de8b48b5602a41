"""`[remind]` of the policy: of which dates people are reminded, and when."""

from oppcli.model.approver import Approver
from oppcli.tuples import NamedTuple

APPROVAL, QUOTE, CONTRACT, PAYMENT, FACT = "approval", "quote", "contract", "payment", "fact"
REMINDED = (APPROVAL, QUOTE, CONTRACT, PAYMENT, FACT)


class DayReminder(NamedTuple):
    """So many calendar days before or after a date."""

    text: str
    """As it stands in the policy."""
    days: int
    """Below 0: before."""


class Remind(NamedTuple):
    """When people are reminded of each date, and who besides the owner."""

    approval: tuple[DayReminder, ...] = ()
    """Of the day on which an approval ends."""
    quote: tuple[DayReminder, ...] = ()
    """Of the last day of a quote that is not accepted."""
    contract: tuple[DayReminder, ...] = ()
    """Of the day on which a signed contract ends."""
    payment: tuple[DayReminder, ...] = ()
    """Of the day on which an instalment is due that is not paid."""
    fact: tuple[DayReminder, ...] = ()
    """Of the last day of a fact of a customer."""
    cc: tuple[Approver, ...] = ()


NONE = Remind()
"""For a policy that says nothing of it."""
