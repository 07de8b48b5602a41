"""Late steps counted by whom they wait on, by type, by step, by how late they are, or by anything of their deals."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from oppcli.model.said import say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import population
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_cells import SHARE, Measure, amount, counted, currency
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, Table
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


OWN = {
    "waiting_on": Key(Column("waiting_on", Kind.REF, rank=1), "", lambda raw: raw or (None,), several=True),
    "type": Key(Column("type", rank=1), "", one_value),
    "step": Key(Column("step", rank=1), "", one_value),
    "band": Key(Column("band", title=say("DAYS LATE"), rank=1), "", one_value, LATE.labels.index),
}


def table(
    door: ReadDoor,
    args: Mapping[str, Any],
    frame: Frame,
    late: Callable[[Where, str], Table],
    names: Sequence[str],
) -> Table:
    """A row for each value of the keys; a step that waits on several people stands with each, once in the total.
    `late` finds the steps, in rows of these `names`, with what is told of them. Refused for what `Keys.read`
    refuses."""
    where, on = population.of_approvals(door, args), args.get("on") or "due"
    instant = DUE if on == "due" else ""
    stages = population.stages(door, {})
    keys = Keys(door, frame, where, stages, on, OWN, instant).read(args.get("by") or "waiting_on")
    by = counting(door, frame, args.get("in"))

    told: list[Footnote] = []

    def found(times: Times) -> Found:
        records = Records(keys)
        steps = late(times.narrowed(where), f"{records.selected}{times.unknown}")
        told.extend(() if told else steps.notes)
        for row in steps.rows:
            if row[-1]:
                records.undated += 1
            else:
                _count(records, dict(zip(names, row, strict=False)), row[len(names) :], by)
        return records.found

    return answered(OVERDUE, keys, found, on, args, frame, chain(told, uncounted(by)), instant)


def _count(records: Records, step: Mapping[str, Any], rest: Row, by: "Converter | None") -> None:
    """One step, with what its request is about; `rest` is what else was selected of it."""
    days = Decimal(step["overdue_hours"]) * HOUR_MS / DAY_MS
    own = {**{name: step[name] for name in ("waiting_on", "type", "step")}, "band": LATE.labels[LATE.place(days)]}
    minor, code = step["amount"], step["currency"]
    if by is not None and minor is not None:
        minor, code = by.minor(int(minor), code, None), by.to
    records.cell(rest, own).count(STEP, minor, code)
