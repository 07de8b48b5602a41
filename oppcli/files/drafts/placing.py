"""Columns put to fields: by name, where the cells fit; each column and each field once."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from oppcli.files.drafts.fitting import NAMING, Fit, Here, fit
from oppcli.files.drafts.forms import Order, date_form
from oppcli.files.drafts.names import CLOSED, STATUS, called, own_names, plain
from oppcli.files.drafts.sample import Cells, Sample
from oppcli.files.drafts.stages import GOING, Stages, is_kind
from oppcli.files.kinds import converter
from oppcli.files.mapping import Source
from oppcli.files.mapping_keys import OPEN
from oppcli.model.deals import LOST, WON
from oppcli.model.fields import Field
from oppcli.model.said import Said, say
from oppcli.tuples import NamedTuple
from oppcli.words import amounts
from oppcli.words.invalid import Invalid

MOST_STAGES = 60
"""Different cells of a column that can be stages."""
_INSTANT = Field("", "instant")
NEVER = float("inf")
"""Of a cell that is no date, or of which nobody knows which."""


class Placed(NamedTuple):
    """A column and the field it fills."""

    column: str
    fit: Fit


class Candidate(NamedTuple):
    """A field that a column may fill by its name. The smallest is tried first."""

    strength: int
    """0 a ready mapping says so, 1 its whole name, 2 a part of it."""
    rank: int
    place: int
    column: str
    field: str


Ready = Mapping[str, list[tuple[str, int]]]
"""Column → fields and ranks, of a ready mapping."""


class Places:
    """What the columns of a file are."""

    def __init__(self, sample: Sample, here: Here, stages: Stages, ready: Ready, system: str = "") -> None:
        self.sample, self.here, self.stages, self.system = sample, here, stages, system
        self.fields: dict[str, Placed] = {}
        self.entered: dict[str, Placed] = {}
        self.used: set[str] = set()
        self.currency, self.told_currency = self._currency()
        self.order = self._order()
        for candidate in sorted(self._candidates(ready)):
            self._try(candidate)
        self._entries()

    def _candidates(self, ready: Ready) -> Iterator[Candidate]:
        own = own_names({n: f for n, f in self.here.fields.items() if n not in ("system", "last_open_stage")})
        for place, (column, cells) in enumerate(self.sample.columns.items()):
            if not cells.counts:
                continue
            yield from (Candidate(0, rank, place, column, field) for field, rank in ready.get(column, ()))
            for field, rank, whole in called(column, own):
                yield Candidate(1 if whole else 2, rank, place, column, field)

    def _try(self, candidate: Candidate) -> None:
        _, _, _, column, name = candidate
        # A program that keeps one closing date means the planned day while a deal is open, and the true one behind it.
        shared = candidate.strength == 0 and name in (CLOSED, "expected_close")
        if name in self.fields or (column in self.used and not shared):
            return
        cells = self.sample.columns[column]
        found = self._fit(cells, name)
        if found is None:
            return
        known = candidate.strength == 0
        bare = name in NAMING or OPEN in found.keys.values()
        by = found.why if bare else say("name; {why}", why=found.why)
        if known and OPEN not in found.keys.values():
            by = say("{system}; {why}", system=self.system, why=found.why)
        sure = found.sure and candidate.strength < 2
        self.put(name, column, found._replace(why=by, sure=sure))

    def put(self, name: str, column: str, fit: Fit) -> None:
        """A column for a field."""
        self.fields[name] = Placed(column, fit)
        self.used.add(column)

    def _fit(self, cells: Cells, name: str) -> Fit | None:
        if name == "stage":
            return self.stage(cells)
        if name == STATUS:
            return self._status(cells)
        if name == CLOSED:
            return fit(cells, _INSTANT, self.rows, self.here, "", self.order)
        field = self.here.fields.get(name)
        return fit(cells, field, self.rows, self.here, self.currency, self.order) if field is not None else None

    @property
    def rows(self) -> int:
        """Rows that were read."""
        return len(self.sample.rows)

    def stage(self, cells: Cells) -> Fit | None:
        """How the cells of a column are stages; None for too many of them."""
        if len(cells.counts) > min(MOST_STAGES, max(3, cells.filled)) or all(cell.isdigit() for cell in cells.counts):
            return None
        values, known = {}, 0
        for cell, _ in cells.counts.most_common():
            meant = self.stages.meant(cell)
            known += meant is not None
            if not self.stages.said(cell):
                values[cell] = meant or OPEN
        why = say("{known} of {n} are stages here", known=known, n=len(cells.counts))
        keys: dict[str, Any] = {"values": values} if values else {}
        if cells.nothing:
            keys["blank"] = sorted(cells.nothing)
        return Fit(keys, why, sure=known == len(cells.counts))

    def _status(self, cells: Cells) -> Fit | None:
        """Won, lost, or still open."""
        values = {}
        for cell in cells.counts:
            kind = next((kind for kind in (WON, LOST) if is_kind(cell, kind)), None)
            ends = self.stages.of_kind(kind) if kind else []
            if plain(cell) not in GOING and len(ends) != 1:
                return None
            values[cell] = ends[0] if ends else ""
        return Fit({"values": values}, say("{n} {n:value|values}", n=len(values)))

    def _entries(self) -> None:
        """Columns of dates that are named after a stage."""
        for column, cells in self.sample.columns.items():
            if column in self.used or not cells.counts or not (found := self.stages.entered(column)):
                continue
            stage, whole = found
            dates = fit(cells, _INSTANT, self.rows, self.here, "", self.order)
            if dates is not None and stage not in self.entered:
                why = say("name; {why}", why=dates.why) if whole else say("like the stage; {why}", why=dates.why)
                self.entered[stage] = Placed(column, dates._replace(why=why, sure=dates.sure and whole))
                self.used.add(column)

    def _currency(self) -> tuple[str, Said | None]:
        """The currency that signs beside the amounts stand for, and why it is another than the policy's."""
        policy = self.here.policy.currency
        for column, cells in self.sample.columns.items():
            if not any(name == "amount" for name, _, _ in called(column, {})):
                continue
            signs = [named for cell in cells.counts if (named := _signs(cell))]
            fitting = [set(amounts.fitting(named)) for named in signs]
            both = set.intersection(*fitting) if fitting else {policy}
            if policy in both:
                return policy, None
            first = next((code for code in amounts.fitting(signs[0]) if code in both), policy)
            return first, say("{n} amounts say {sign}", n=len(signs), sign=signs[0][0])
        return policy, None

    def _order(self) -> str | None:
        """What comes first in the dates of digits, where some column decides it."""
        found = set()
        for cells in self.sample.columns.values():
            form = date_form(cells.counts) if cells.counts else None
            if isinstance(form, Order) and form.decided:
                found.add(form.decided[:2])
        return found.pop() if len(found) == 1 else None


def _signs(cell: str) -> tuple[str, ...]:
    for decimal in (".", ","):
        try:
            return amounts.read(cell, decimal)[1]
        except Invalid:
            continue
    return ()


def instants(placed: Placed, zone: ZoneInfo) -> Callable[[str], float]:
    """The cells of a placed column of dates as milliseconds since 1970 UTC, in order even where one cannot be read."""
    form = placed.fit.keys.get("date")
    if form == OPEN:
        return lambda cell: NEVER
    convert = converter(_INSTANT, Source(date=form), currency="", zone=zone)

    def read(cell: str) -> float:
        try:
            return float(convert(cell))
        except Invalid:
            return NEVER

    return read
