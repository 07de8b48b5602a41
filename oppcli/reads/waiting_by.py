"""What deals waited for, split by whom, by step or type of approval, by team, or by anything of the deals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from oppcli.model.said import Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_cells import SHARE, Cell, Measure, Whole, currency
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.counted_in import uncounted
from oppcli.reads.table import Column, Footnote, Frame, Kind, Table
from oppcli.reads.time_spent import COLUMNS, MONEY, PARTS, Looking, Spent
from oppcli.reads.where import Where
from oppcli.rules.waiting import Parts, Wait
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

DEAL, WAIT = "deal", "wait"
"""Kinds in a cell: deals with their amounts; waits with what they cost."""
_TEAMS = "SELECT u.login, u.manager FROM user_account u"
_HOURS = {column.name: column for column in COLUMNS if column.kind is Kind.HOURS}


OF_WAITS = {
    name: Key(Column(name, kind, rank=1), "", one_value)
    for name, kind in (("person", Kind.REF), ("step", Kind.TEXT), ("type", Kind.TEXT), ("team", Kind.REF))
}
"""Keys of waits: whom it was for, what was asked, who leads them."""


def table(door: ReadDoor, args: Mapping[str, Any], frame: Frame, by: "Converter | None") -> Table:
    """A row for each combination of values that occurs; of keys of waits the deals that waited alone."""
    where, told = population.ever(door, args, frame)
    on = args.get("on") or "created"
    keys = Keys(door, frame, where, population.stages(door, args), on, OF_WAITS).read(args.get("by") or "person")
    waiting = any(key.name in OF_WAITS for key in keys)
    looking = _Waits(Looking(door, frame, by, each=waiting), where, keys, waiting=waiting)
    if any(key.name == "team" for key in keys):
        looking.leads = dict(door.rows(_TEAMS))
    report = Breakdown(
        name="waiting",
        title=say("Whose time deals spent"),
        on="created",
        by="person",
        kind=DEAL,
        ordered="approval_hours",
        noun=lambda n: say("{n:,} {n:deal|deals}", n=n),
        measures=tuple(_measures(looking, waiting=waiting)),
    )

    notes = chain(looking.notes(), told, uncounted(by))
    return answered(report, keys, looking.found, on, args, frame, notes)


def _measures(looking: "_Waits", *, waiting: bool) -> Iterator[Measure]:
    yield Measure(Column("deals", Kind.COUNT, rank=1), lambda cell, whole: len(_deals(cell)))
    yield Measure(
        Column("approval_hours", Kind.HOURS, title=say("HELD"), unit=say("bh"), bar=True, rank=1),
        _hours("approval_hours"),
        SHARE,
    )
    money = Column("amount", Kind.MONEY, rank=3)
    yield Measure(money, looking.amount, field=" ".join(MONEY["amount"]))
    cost = Column("cost", Kind.MONEY, title=say("COST OF DELAY"), wide=looking.costs, rank=2)
    yield Measure(cost, _cost, SHARE if looking.costs else "", field=" ".join(MONEY["cost"]))
    yield Measure(Column("currency", wide=False), currency(DEAL), field="amount")
    for name in () if waiting else ("total_hours", *(each for each in PARTS if each != "approval_hours")):
        yield Measure(_HOURS[name]._replace(rank=4, place=0), _hours(name))


def _deals(cell: Cell) -> set[int]:
    """A deal that several of them stood still for is one."""
    return set(cell.values.get(DEAL, ()))


def _hours(name: str) -> Callable[[Cell, Whole], float]:
    return lambda cell, whole: cell.sums[name] / HOUR_MS


def _cost(cell: Cell, whole: Whole) -> int | None:
    """What the waits cost; None where not one is known, and in several currencies."""
    code = whole.currency_of(cell, DEAL)
    return cell.money[WAIT, code] if code is not None and cell.priced[WAIT, code] else None


class _Waits:
    """The waits of a population at a time."""

    def __init__(self, looking: Looking, where: Where, keys: Sequence[Key], *, waiting: bool) -> None:
        self._looking, self._where, self._keys, self._waiting = looking, where, keys, waiting
        self.costs = looking.costs
        self.leads: Mapping[str, str | None] = {}
        """Login → who leads them."""
        self._worth: dict[int, tuple[int | None, str]] = {}
        self._told: list[Footnote] = []

    def found(self, times: Times) -> Found:
        """Every deal, or every wait, into the cell of its keys."""
        where, records, told = times.narrowed(self._where), Records(self._keys), []
        selected, several = f"{records.selected}{times.unknown}, ", 0
        for spent in self._looking.spent(where, selected, records.width + 1):
            if spent.keys[-1]:
                records.undated += 1
            else:
                self._worth[spent.deal[0]] = (spent.amount, spent.currency)
                cells = self._put(records, spent)
                several += len(cells) > 1
                for cell in cells[:1]:
                    cell.deals[DEAL] += 1
        if several:
            what = say("{n:,} {n:deal|deals}", n=several)
            told.append(Footnote("several_rows", several, say("{what} in several rows, once in the total", what=what)))
        if not self._told:
            self._told = [*self._looking.notes(), *told]
        return records.found

    def notes(self) -> Iterator[Footnote]:
        """What is told of the time that was asked about first."""
        yield from self._told

    def _put(self, records: Records, spent: Spent) -> list[Cell]:
        """The cells that one deal stands in."""
        if not self._waiting:
            cell = records.cell(spent.keys)
            self._add(cell, spent, sum(spent.parts.holders.values()), spent.costs)
            cell.sums.update(_parts(spent.parts))
            return [cell]
        cells = list[Cell]()
        for each, cost in zip(spent.held, spent.costs, strict=True):
            cell = records.cell(spent.keys, self._of(each.wait))
            self._add(cell, spent, each.business, (cost,))
            if cell not in cells:
                cells.append(cell)
        return cells

    def _of(self, wait: Wait) -> Mapping[str, Any]:
        return {
            "person": wait.holder,
            "step": wait.step,
            "type": Word("type", wait.type, wait.title),
            "team": self.leads.get(wait.holder),
        }

    def _add(self, cell: Cell, spent: Spent, business: int, costs: Sequence[int | None]) -> None:
        number, known = spent.deal[0], cell.values.setdefault(DEAL, [])
        if known[-1:] != [number]:
            known.append(number)
            cell.price(DEAL, spent.amount, spent.currency)
        cell.sums["approval_hours"] += business
        for cost in costs:
            cell.price(WAIT, cost, spent.currency)

    def amount(self, cell: Cell, whole: Whole) -> int | None:
        """The money of the deals, each once."""
        once = Cell()
        for number in _deals(cell):
            once.count(DEAL, *self._worth[number])
        return whole.amount(once, DEAL)


def _parts(parts: Parts) -> dict[str, int]:
    """By the name of their columns."""
    return {
        "total_hours": parts.whole,
        "seller_hours": parts.seller,
        "returned_hours": parts.returned,
        "outside_hours": parts.outside,
    }
