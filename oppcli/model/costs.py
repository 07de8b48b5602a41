"""What it cost to be found: money spent on a source of leads in a period."""

from oppcli.model import records
from oppcli.model.noun import noun


@noun
class Cost:
    """What was spent on one source, spread evenly over days."""

    id: int = 0
    source: str
    first: str
    """The first of its days."""
    last: str
    """The last of them."""
    amount: int
    """Minor units."""
    currency: str
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    """live; withdrawn once its entering was undone."""
    version: int = 1
