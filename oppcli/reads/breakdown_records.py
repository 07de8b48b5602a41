"""Break-downs of what is no deal but belongs to one, stays, steps, decisions, waits: each record into the cell of its
keys.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import Found, Labels, selected
from oppcli.reads.breakdown_keys import Key

NOTHING: Mapping[str, Any] = {}


class Records:
    """Records as they come from a query that selects the keys first."""

    def __init__(self, keys: Sequence[Key], beside: "Records | None" = None) -> None:
        """`beside`: records of another query that stand in the same cells; the keys are the same, but for their SQL."""
        self._keys = keys
        asked = [key for key in keys if key.sql]
        self.selected = "".join(f"{key.sql}, {key.lookup.format(key.sql) if key.lookup else 0}, " for key in asked)
        """SQL of the keys and what names them, with a comma behind each."""
        self.raw = selected(asked)
        """SQL of the keys alone, by whose places a query groups that `grouped` names."""
        self._named = "".join(
            f"t.k{at}, {key.lookup.format(f't.k{at}') if key.lookup else 0}, " for at, key in enumerate(asked)
        )
        self.width = 2 * len(asked)
        """So many values stand in front of those of the record."""
        self._places = [2 * asked.index(key) if key.sql else None for key in keys]
        self._cells: dict[Labels, Cell] = beside._cells if beside else defaultdict(Cell)
        self._names: list[dict[Any, Any]] = beside._names if beside else [{} for _ in keys]
        self.undated: int = beside.undated if beside else 0
        """Records left out because nobody knows their date."""

    def grouped(self, inner: str, columns: str) -> str:
        """SQL of groups: what names their keys is looked up for each group, not for each record. `inner` selects `raw`
        first; `columns`: what else it selects."""
        return f"SELECT {self._named}{columns} FROM ({inner}) t"

    def cell(self, row: Sequence[Any], own: Mapping[str, Any] = NOTHING) -> Cell:
        """The cell of a record. `own`: its values of the keys that are no SQL, by their names."""
        raw = self._raw(row, own)
        for key, place, names, value in zip(self._keys, self._places, self._names, raw, strict=True):
            names[value] = row[place + 1] if key.lookup and place is not None else value
        return self._cells[raw]

    def known(self, row: Sequence[Any], own: Mapping[str, Any] = NOTHING) -> Cell | None:
        """The cell of a record, where another one stands in it already."""
        return self._cells.get(self._raw(row, own))

    def _raw(self, row: Sequence[Any], own: Mapping[str, Any]) -> Labels:
        return tuple(
            own[key.name] if place is None else row[place] for key, place in zip(self._keys, self._places, strict=True)
        )

    @property
    def found(self) -> Found:
        return Found(self._cells, self._names, self.undated)
