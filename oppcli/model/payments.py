"""What a customer is to pay and what came: instalments and receipts, none of which is ever changed."""

from oppcli.model.noun import noun

DUE, RECEIVED = "due", "received"
PAYMENT_KINDS = (DUE, RECEIVED)


@noun
class Payment:
    """An instalment that is due, or money that came. One that is wrong is voided, and entered again."""

    id: int = 0
    kind: str
    """due, received."""
    deal_id: int | None = None
    customer_id: int | None = None
    """Whose it is where it is of no deal; of a deal's the deal says it."""
    on: str | None = None
    """The day it is due, or came; None for an instalment that waits for the contract to be signed."""
    sign_days: int | None = None
    """How many days after signing an instalment is due; kept where the day is known by now."""
    amount: int
    """Minor units. What is due is more than 0; a receipt below 0 is a refund."""
    currency: str
    ref: str | None = None
    """What the bank or the books call it."""
    external_id: str | None = None
    system: str | None = None
    created_at: int = 0
    created_by: str = ""
    voided_at: int | None = None
    """Since when it counts no more."""
    version: int = 1
