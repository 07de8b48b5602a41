"""Rows of points (`kind = "points"`): each given as by `opp points give`, refused by its rules row by row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from oppcli.actions import points
from oppcli.actions.act import Act
from oppcli.actions.imports.rows import RowFields, RowTaker
from oppcli.files.mapping import ImportMap
from oppcli.files.points import KIND, LOGIN, NAMES, NUMBER, REASON
from oppcli.files.reading import Columns
from oppcli.files.tally import Draft, Tally
from oppcli.model.fields import Field
from oppcli.model.points import Point

Entry = tuple[str, int, str, str]
"""(login, points, kind, reason)."""


class PointTaker(RowTaker[Entry]):
    """Points row by row: an entry for each, but for those that are in the ledger as often as the file has them."""

    options: ClassVar[Mapping[str, str]] = {"N": NUMBER, "--kind": KIND, "-m": REASON}

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: RowFields) -> None:
        super().__init__(act, mapping, columns, to)
        self.left: dict[str, Counter[Entry]] = {}
        """By login, what the ledger had before the file, and no row said yet."""

    @classmethod
    def fields(cls, act: Act, mapping: ImportMap) -> RowFields:
        """Who may give points is asked of each."""
        return RowFields(Field(name, "int" if name == NUMBER else "text", required=True) for name in NAMES)

    def read(self, draft: Draft) -> Entry:
        """The entry. Refused to who may not give it."""
        values = draft.values
        login = self.act.login(values[LOGIN])
        points.require(self.act, login)
        return login, values[NUMBER], values[KIND], values[REASON]

    def look_up(self, told: Sequence[Entry]) -> None:
        """The ledger of people who were not met before."""
        fresh = {entry[0] for entry in told} - set(self.left)
        self.left |= {login: Counter() for login in fresh}
        for each in self.act.door.find(Point, login=sorted(fresh)) if fresh else ():
            self.left[each.login][(each.login, each.points, each.kind, each.reason)] += 1

    def keep(self, told: Entry, tally: Tally) -> None:
        """Given, where the ledger does not have it already."""
        left = self.left[told[0]]
        if left[told]:
            left[told] -= 1
            tally.unchanged += 1
            return
        points.entered(self.act, *told)
        tally.created += 1
