"""The cells of a placed column of dates as instants, in order even where one cannot be read."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from oppcli.files.drafts.placing import Placed
from oppcli.files.kinds import converter
from oppcli.files.mapping import Source
from oppcli.files.mapping_keys import OPEN
from oppcli.model.fields import Field
from oppcli.words.invalid import Invalid

NEVER = float("inf")
"""Of a cell that is no date, or of which nobody knows which."""


def instants(placed: Placed, zone: ZoneInfo) -> Callable[[str], float]:
    """Cell → milliseconds since 1970 UTC."""
    form = placed.fit.keys.get("date")
    if form == OPEN:
        return lambda cell: NEVER
    convert = converter(Field("", "instant"), Source(date=form), currency="", zone=zone)

    def read(cell: str) -> float:
        try:
            return float(convert(cell))
        except Invalid:
            return NEVER

    return read
