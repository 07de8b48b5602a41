"""How much of a record is filled: by the weights of a sheet, else of its required fields."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.fields import BANT, Field
from oppcli.model.relations import Sheet
from oppcli.rules.conditions import empty
from oppcli.tuples import NamedTuple

RECORD = "record"
"""The sheet that is the column `completeness`."""


class Filling(NamedTuple):
    """A sheet, with what is known of one record."""

    filled: int
    """Weights."""
    of: int
    missing: tuple[str, ...]
    """Fields without a value, the weightiest first."""

    @property
    def share(self) -> Decimal | None:
        """0 to 1; None where nothing is asked for."""
        return Decimal(self.filled) / self.of if self.of else None


def filling(weights: Mapping[str, int], values: Mapping[str, Any]) -> Filling:
    """Weights filled ÷ weights. `unknown` is not filled, where a field has that answer."""
    missing = [name for name in weights if not filled(name, values.get(name))]
    missing.sort(key=lambda name: -weights[name])
    of = sum(weights.values())
    return Filling(of - sum(weights[name] for name in missing), of, tuple(missing))


def filled(name: str, value: Any) -> bool:
    """Whether a field has a value, and one that says something."""
    return not empty(value) and not (name in BANT and value == "unknown")


def weights(
    sheets: Mapping[str, Sheet], fields: Mapping[str, Field], noun: str, name: str = RECORD
) -> Mapping[str, int]:
    """The weights of a sheet of this noun; without `record`, the required fields weigh 1 each."""
    sheet = sheets.get(name)
    if sheet is not None and sheet.of == noun:
        return sheet.fields
    return {field.name: 1 for field in fields.values() if field.required} if name == RECORD else {}
