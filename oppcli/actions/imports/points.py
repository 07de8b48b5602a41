"""Rows of points (`kind = "points"`): each given as by `opp points give`, refused by its rules row by row."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from oppcli.actions import points
from oppcli.actions.act import Act
from oppcli.errors import OppError
from oppcli.files import kinds
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.points import KIND, LOGIN, NAMES, NUMBER, REASON
from oppcli.files.reading import Columns, Convert, Read
from oppcli.files.sheets import Row
from oppcli.files.tally import Draft, Tally, drafted, refused
from oppcli.model.fields import Field
from oppcli.model.points import Point
from oppcli.words.text import bare

_OPTIONS = {"N": NUMBER, "--kind": KIND, "-m": REASON}
"""What is wrong with an option is wrong with its column."""
Said = tuple[str, int, str, str]
"""What an entry says: (login, points, kind, reason)."""


class PointFields:
    """The fields of an entry: each is read by the words that are typed."""

    needed: tuple[str, ...] = NAMES
    fields: Mapping[str, Field] = {
        name: Field(name, "int" if name == NUMBER else "text", required=True) for name in NAMES
    }

    def of(self, field: Field, source: Source) -> Convert:
        """The function from a cell's text to the value; it raises `Invalid`."""
        if field.kind == "int":
            return kinds.converter(field, source, currency="", zone=ZoneInfo("UTC"))
        return bare


class PointTaker:
    """Points row by row: an entry for each, but for those that are in the ledger as often as the file has them."""

    def __init__(self, act: Act, mapping: ImportMap, columns: Columns, to: PointFields) -> None:
        self.act, self.to = act, to
        self.readers: list[tuple[str, Read]] = [
            (name, columns.reader(source, partial(to.of, to.fields[name]))) for name, source in mapping.fields.items()
        ]
        self.left: dict[str, Counter[Said]] = {}
        """By login, what the ledger had before the file, and no row said yet."""

    def take(self, chunk: list[tuple[int, Row]], tally: Tally) -> list[Draft]:
        """Store what can be stored; the drafts in order."""
        drafts = [drafted(line, cells, self.readers, self.to.fields) for line, cells in chunk]
        for draft in (each for each in drafts if not each.problems):
            try:
                self._give(draft, tally)
            except OppError as refusal:
                refused(draft, refusal, _OPTIONS)
        return drafts

    def _give(self, draft: Draft, tally: Tally) -> None:
        values, act = draft.values, self.act
        login = act.login(values[LOGIN])
        points.require(act, login)
        said = (login, values[NUMBER], values[KIND], values[REASON])
        left = self._left(login)
        if left[said]:
            left[said] -= 1
            tally.unchanged += 1
            return
        points.entered(act, *said)
        tally.created += 1

    def _left(self, login: str) -> Counter[Said]:
        if login not in self.left:
            there = self.act.door.find(Point, login=login)
            self.left[login] = Counter((login, each.points, each.kind, each.reason) for each in there)
        return self.left[login]
