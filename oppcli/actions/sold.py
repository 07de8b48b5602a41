"""What a deal is sold for: the total that a plan of payments makes."""

from oppcli.actions.act import Look
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.records import LIVE
from oppcli.tuples import NamedTuple


class Sold(NamedTuple):
    """What the customer is to pay in all; `amount` is None where nothing says it yet."""

    amount: int | None
    currency: str


def sold(look: Look, deal: Deal) -> Sold:
    """The contract's amount, else the quote's gross, else the deal's own: the first there is."""
    from oppcli.actions import offers

    contract = next(iter(look.door.find(Contract, id=deal.id, standing=LIVE)), None)
    agreed = contract.binding if contract is not None else None
    if agreed is not None and agreed.amount is not None:
        return Sold(agreed.amount, agreed.currency)
    quote = offers.quote_of(look, deal.id)
    version = quote.in_effect if quote is not None else None
    if version is not None and version.lines:
        return Sold(offers.figures_of(look, version).gross, version.currency)
    return Sold(deal.amount, deal.currency)
