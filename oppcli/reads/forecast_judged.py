"""The forecast as managers judge it: beside what deals weigh, what they would weigh with the amount, the category and
the date that the nearest manager above their owner gives them; and what the months of people are to bring more or less.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from oppcli.model.judgements import Judgement
from oppcli.model.people import User
from oppcli.model.said import say
from oppcli.reads import judgements
from oppcli.reads.breakdown_cells import Cell, Measure, Whole
from oppcli.reads.breakdown_gathering import Found, Labels, called, selected
from oppcli.reads.breakdown_keys import MANAGER, Key
from oppcli.reads.forecast_gathering import ALL, FROM, OPEN, PROBABILITY, UNWEIGHED, WEIGHTED, Question
from oppcli.reads.forecast_months import CATEGORY
from oppcli.reads.forecast_targets import OWNER, PARTED
from oppcli.reads.table import Column, Footnote, Kind
from oppcli.reads.where import among
from oppcli.rules.forecasting import COUNTED
from oppcli.rules.judging import holds, nearest
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import TAKEN
from oppcli.tuples import NamedTuple
from oppcli.words.periods import MONTH, Period, containing, label

JUDGED = "judged"
"""In a cell: by how much what is judged differs from what deals weigh."""
_DEALS = (
    f"d.id, d.owner, {judgements.CLOSED_LAST} AS closed_last, {CATEGORY} AS category, {PROBABILITY} AS probability, "
    "d.currency, d.amount, d.expected_close"
)
Place = Sequence[tuple[Any, Any]]
"""What is stored of each key, and what that is called."""
Weigh = Callable[[int, int, Any], "int | None"]
"""(deal, minor units, its probability) → what it weighs; None where nothing says how likely it is."""


class State(NamedTuple):
    """What of an open deal is forecast."""

    category: str
    probability: int
    currency: str
    amount: int | None
    close: str | None


class Judged:
    """The judgements of one forecast."""

    def __init__(self, door: ReadDoor, asked: Question, weigh: Weigh) -> None:
        self._door, self._weigh = door, weigh
        self._where, self._keys, self._months, self._by = asked
        self._quiet = self._by.again() if self._by else None  # what has no rate was told of with what deals weigh
        self._cells: dict[Labels, Cell] = {}
        self._names: Sequence[dict[Any, Any]] = ()
        self.apart = 0
        """Judgements of months that are not told, for the deals are chosen by more than people and months."""

    @cached_property
    def _lines(self) -> Mapping[str, User]:
        return judgements.people(self._door)

    def added(self, found: Found, args: Mapping[str, Any]) -> Found:
        """What was found, with the differences: of deals in the rows where they are and where they are thought to be,
        of months in rows of their own."""
        self._cells, self._names = dict(found.cells), [dict(each) for each in found.names]
        self._deals()
        beside = (*found.beside, *self._of_months(args))
        return found._replace(cells=self._cells, names=self._names, beside=beside)

    def _deals(self) -> None:
        told = judgements.of_deals(self._door)
        if not told:
            return
        where = self._where.copy()
        where.clauses.append(OPEN)
        where.clauses.append(f"d.id IN (SELECT deal_id FROM judgement WHERE {TAKEN})")
        sql = f"SELECT {called(self._keys)}t.* FROM (SELECT {selected(self._keys)}{_DEALS} {FROM} {where.sql}) t"
        width = len(self._keys)
        for row in self._door.rows(sql, **where.params):
            names, raw, (deal, owner, closed, *state) = row[:width], row[width : 2 * width], row[2 * width :]
            said = [each for each in told[deal] if holds(each.judged_at, closed)]
            judgement = nearest(said, owner, self._lines)
            if judgement is not None:
                self._moved(tuple(zip(raw, names, strict=True)), deal, State(*state), judgement)

    def _moved(self, here: Place, deal: int, state: State, judgement: Judgement) -> None:
        """The deal out of the cell where it is, and into that where it is thought to be."""
        self._count(here, deal, state, -1)
        close = judgement.expected_close or state.close
        state = state._replace(category=judgement.category or state.category, close=close)
        if judgement.amount is not None:
            state = state._replace(amount=judgement.amount, currency=judgement.currency or state.currency)
        dated = [(close, close) if key.unit else each for key, each in zip(self._keys, here, strict=True)]
        self._count(dated, deal, state, 1)

    def _count(self, here: Place, deal: int, state: State, sign: int) -> None:
        if state.category not in COUNTED or not self._months.holds(state.close) or state.amount is None:
            return
        minor = int(state.amount) if self._quiet is None else self._quiet.minor(int(state.amount), state.currency)
        weight = None if minor is None else self._weigh(deal, minor, state.probability)
        if weight is None:
            return
        for known, (raw, name) in zip(self._names, here, strict=True):
            known[raw] = name
        code = self._by.to if self._by else state.currency
        cell = self._cells.setdefault(tuple(raw for raw, _ in here), Cell())
        cell.money[JUDGED, code] += sign * weight
        cell.priced[JUDGED, code] += sign > 0

    def _of_months(self, args: Mapping[str, Any]) -> Iterator[tuple[Sequence[Sequence[Any]], Cell]]:
        """What months of people are to bring more, by the values of the keys; without one of keys that it has none
        of."""
        here = label(self._months.today, MONTH)
        for (owner, month), told in sorted(judgements.of_months(self._door, here).items()):
            asked = among(owner, args.get("owner")) and among(owner, args.get("team"))
            judgement, days = nearest(told, owner, self._lines), containing(date.fromisoformat(f"{month}-01"), MONTH)
            if judgement is None or judgement.change is None or not asked or not self._within(days):
                continue
            if any(map(args.get, PARTED)):
                self.apart += 1
                continue
            code = judgement.currency or ""
            minor = judgement.change if self._by is None else self._by.minor(judgement.change, code)
            if minor is not None:
                cell, code = Cell(), self._by.to if self._by else code
                cell.money[JUDGED, code], cell.priced[JUDGED, code] = minor, 1
                yield [self._label(key, owner, days, judgement) for key in self._keys], cell

    def _within(self, days: Period) -> bool:
        """Whether the days of a month, of the one under way those to come, are all asked about."""
        first, after = self._months.first, self._months.after
        begun = max(days.first, self._months.today.replace(day=1))
        return (first is None or first <= begun) and (after is None or days.last < after)

    def _label(self, key: Key, owner: str, days: Period, judgement: Judgement) -> Sequence[Any]:
        if key.unit:
            return key.labels(days.last.isoformat())
        person = self._lines.get(owner)
        known = {OWNER: owner, MANAGER: person.manager if person else None, "currency": judgement.currency}
        return (known.get(key.name),)

    def told(self) -> tuple[Footnote, ...]:
        """What is not told."""
        if self.apart:
            said = say(
                "{n:,} {n:judgement|judgements} of months left out: deals are chosen by more than people and months",
                n=self.apart,
            )
            return (Footnote("left_out", self.apart, said),)
        return ()


def _codes(cell: Cell, *kinds: str) -> set[str]:
    return {code for kind, code in cell.priced if kind in kinds and cell.priced[kind, code]}


def _currency(cell: Cell, whole: Whole) -> str | None:
    """The currency of a row, in which something may stand that is only judged to."""
    found = _codes(cell, JUDGED)
    alone = not whole.currency and not _codes(cell, ALL) and len(found) == 1
    return next(iter(found)) if alone else whole.currency_of(cell, ALL)


def _adjusted(cell: Cell, whole: Whole) -> int | None:
    """What deals weigh as they are judged. None in several currencies, and where not one of the deals has an amount."""
    code = _currency(cell, whole)
    if code is None or (not whole.currency and len(_codes(cell, ALL, JUDGED)) > 1):
        return None
    sure = (WEIGHTED,) if cell.sums[UNWEIGHED] else COUNTED
    known = cell.priced[JUDGED, code] or sum(cell.priced[each, code] for each in sure)
    if not known and any(cell.deals[each] for each in COUNTED):
        return None
    return cell.money[WEIGHTED, code] + cell.money[JUDGED, code]


_ADJUSTED = Measure(
    Column("adjusted", Kind.MONEY, title=say("AS JUDGED"), rank=2),
    _adjusted,
    field="amount probability category expected_close",
)


def judged_to(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures of a forecast with what is judged, last; a row of nothing else has the currency of that."""
    return (*(each._replace(of=_currency) if each.name == "currency" else each for each in measures), _ADJUSTED)
