"""Money in the currency that `--in` asks for; where it asks for none, nothing is loaded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.reads.table import Footnote, Frame
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter


def counting(door: ReadDoor, frame: Frame, currency: str | None) -> "Converter | None":
    """What counts money in that currency; None where none is asked for."""
    if not currency:
        return None
    from oppcli.reads.converting import converter

    return converter(door, frame, currency)


def uncounted(by: "Converter | None") -> Iterator[Footnote]:
    """What had no rate, of all that was counted until this is read."""
    if by is not None:
        from oppcli.reads.converting import unconverted

        yield from unconverted(by)
