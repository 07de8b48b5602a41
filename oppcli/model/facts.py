"""What is known of a customer besides its fields, with its source and day; and what a policy says of such facts."""

from oppcli.model.approver import Approver
from oppcli.model.noun import noun
from oppcli.tuples import NamedTuple

UNTIL = "until"
FACT_TYPES = ("money", "number", "int", "percent", "bool", "text", "date", UNTIL)
COUNTS, OVER, REPLACED = "counts", "over", "replaced"
FACT_STATES = (COUNTS, OVER, REPLACED)
"""It is what is known; it was, and is missing by now; another one came after it."""
KIND_OF = {UNTIL: "date"}
"""Type → kind of its values, where they are called otherwise."""


class FactRule(NamedTuple):
    """`[fact.NAME]`: one fact of customers."""

    type: str = "text"
    """One of `FACT_TYPES`. `until`: a last valid day, after which it is missing."""
    source: str = ""
    """The adapter that is asked for it; empty: people enter it."""
    fresh_days: int | None = None
    """How old it may be, in calendar days; None: any age."""
    title: str = ""
    values: tuple[str, ...] = ()
    """The texts it may hold."""
    who: tuple[Approver, ...] = ()
    """Who enters it; nobody named: managers and admins."""

    @property
    def kind(self) -> str:
        """What its values are, as fields have it."""
        return KIND_OF.get(self.type, self.type)


@noun
class Fact:
    """A value of a fact on a day. None is ever changed: the newest day counts, of one day what came last."""

    id: int = 0
    customer_id: int
    name: str
    value: str
    """As text: `500000.00`, `true`, `2027-03-31`."""
    currency: str | None = None
    """Of an amount."""
    as_of: str
    """The day (ISO) it is of."""
    source: str = ""
    """Where it comes from: an adapter, or as people say it."""
    file_id: int | None = None
    """The document it was taken from."""
    at: int = 0
    by: str = ""
    version: int = 1
