"""A new lead that nobody was named for: whose it becomes by the rules of the policy, and with it the customer that was
made on the way."""

from collections.abc import Callable

from oppcli.actions.act import Act
from oppcli.actions.assigning import Captured, captured
from oppcli.model.deals import Customer, Deal
from oppcli.model.noun import replace


class _MadeOnTheWay(Exception):
    """A customer was made before it was known whose it is."""


def ruled(act: Act, lead: Deal, filled: Callable[[Deal], Deal]) -> tuple[Deal, Captured | None]:
    """The lead as `filled` makes it, and what the rules say of it; None where none is true. They are asked about the
    deal with its customer; one that is new is made again for whom they name, so that it is theirs from its first entry
    on. What `filled` refuses is refused."""
    made: Customer | None = None
    try:
        with act.door.whole():
            before = len(act.door.written)
            lead = replace(filled(replace(lead, owner=None)), owner=lead.owner)
            found = captured(act, lead)
            owner = found.deal.owner if found is not None else lead.owner
            made = next((each for each in act.door.written[before:] if type(each) is Customer), None)
            if made is None or owner is None:
                return lead, found
            raise _MadeOnTheWay
    except _MadeOnTheWay:
        assert made is not None
        act.door.add(replace(made, owner=owner))
    return lead, found
