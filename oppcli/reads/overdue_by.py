"""Late steps counted by whom they wait on, by type, by step, by how late they are, or by anything of their deals."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.model.said import say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import population
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_cells import SHARE, Measure, amount, counted, currency
from oppcli.reads.breakdown_gathering import Counted, Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.table import Column, Frame, Kind, Row, Table
from oppcli.reads.where import Where
from oppcli.rules.bands import bands
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

STEP = "step"
"""What is counted, where break-downs of deals have kinds of stages."""
LATE = bands(("1", "3", "7"))
"""Elapsed days since it was due."""
DUE = "p.due_at"
OVERDUE = Breakdown(
    name="overdue",
    title=say("Overdue approvals"),
    help="",
    counted=Counted(()),
    on="due",
    by="waiting_on",
    kind=STEP,
    noun=lambda n: say("{n:,} {n:step|steps}", n=n),
    measures=(
        Measure(Column("steps", Kind.COUNT, bar=True, rank=1), counted(STEP), SHARE),
        Measure(Column("amount", Kind.MONEY, rank=1), amount(STEP), SHARE, field="amount"),
        Measure(Column("currency", wide=False), currency(STEP), field="amount"),
    ),
)


_TYPE, _STEP, _WAITING, _LATE, _AMOUNT, _CURRENCY, _WIDTH = 4, 5, 6, 8, 10, 11, 15
"""Where these stand in the row of a late step, and where what else was selected begins."""


def _several(raw: Sequence[Any]) -> Sequence[Any]:
    return raw or (None,)


OWN = {
    "waiting_on": Key(Column("waiting_on", Kind.REF, rank=1), "", _several, several=True),
    "type": Key(Column("type", rank=1), "", one_value),
    "step": Key(Column("step", rank=1), "", one_value),
    "band": Key(Column("band", title=say("DAYS LATE"), rank=1), "", one_value, LATE.labels.index),
}


def table(door: ReadDoor, args: Mapping[str, Any], frame: Frame, late: Callable[[Where, str], Sequence[Row]]) -> Table:
    """A row for each value of the keys; a step that waits on several people stands with each, once in the total.
    `late` finds the steps. Refused for what `Keys.read` refuses."""
    where, on = population.of_approvals(door, args), args.get("on") or "due"
    instant = DUE if on == "due" else ""
    stages = population.stages(door, {})
    keys = Keys(door, frame, where, stages, on, OWN, instant).read(args.get("by") or "waiting_on")
    by = counting(door, frame, args.get("in"))

    def found(times: Times) -> Found:
        narrowed, records = where.copy(), Records(keys)
        if times.asked:
            narrowed.clauses.append(times.clause(narrowed))
        for row in late(narrowed, f"{records.selected}{times.unknown}"):
            if row[-1]:
                records.undated += 1
            else:
                _count(records, row, by)
        return records.found

    return answered(OVERDUE, keys, found, on, args, frame, uncounted(by), instant)


def _count(records: Records, row: Row, by: "Converter | None") -> None:
    """One step, with what its request is about."""
    days = Decimal(row[_LATE]) * HOUR_MS / DAY_MS
    own = {
        "waiting_on": row[_WAITING],
        "type": row[_TYPE],
        "step": row[_STEP],
        "band": LATE.labels[LATE.place(days)],
    }
    minor, code = row[_AMOUNT], row[_CURRENCY]
    if by is not None and minor is not None:
        minor, code = by.minor(int(minor), code, None), by.to
    records.cell(row[_WIDTH:], own).count(STEP, minor, code)
