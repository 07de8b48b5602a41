"""What managers think of the forecast of those below them, of a deal or of a month; the deals are not changed by it."""

from oppcli.model import records
from oppcli.model.noun import noun


@noun
class Judgement:
    """What one manager thinks: a deal brings another amount, in another category, at another time; or a month of its
    owner brings so much more or less. The nearest manager's counts."""

    id: int = 0
    deal_id: int | None = None
    """None of a month."""
    owner: str | None = None
    """Whose month it is; None of a deal."""
    month: str | None = None
    """As it is called: 2026-11; None of a deal."""
    amount: int | None = None
    """Minor units that the deal brings; None: as the deal says."""
    category: str | None = None
    """None: as the deal says."""
    expected_close: str | None = None
    """None: as the deal says."""
    change: int | None = None
    """Minor units that the month brings more, below 0 less; None of a deal."""
    currency: str | None = None
    """Of the amount or the change."""
    reason: str
    judged_at: int = 0
    """When it was said last."""
    judged_by: str = ""
    standing: str = records.LIVE
    """live; withdrawn once it was cleared, or its saying was undone."""
    version: int = 1
