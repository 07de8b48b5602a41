"""Late steps counted by whom they wait on, by type, by step, by how late they are: break-downs of the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads.breakdown_cells import Cell, Measure, amount, counted, currency
from oppcli.reads.breakdown_gathering import Counted, Found
from oppcli.reads.breakdown_keys import Key, names_in
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.breakdown_table import Split
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, Table
from oppcli.rules.bands import bands
from oppcli.words.spelling import nearest

STEP = "step"
"""What is counted, where break-downs of deals have kinds of stages."""
LATE = bands(("1", "3", "7"))
"""Elapsed days since it was due."""
OVERDUE = Breakdown(
    name="overdue",
    title=say("Overdue approvals"),
    help="",
    counted=Counted(()),
    on="",
    by="",
    kind=STEP,
    noun=lambda n: say("{n:,} {n:step|steps}", n=n),
    measures=(
        Measure(Column("steps", Kind.COUNT, bar=True, rank=1), counted(STEP)),
        Measure(Column("amount", Kind.MONEY, rank=1), amount(STEP), field="amount"),
        Measure(Column("currency", wide=False), currency(STEP), field="amount"),
    ),
)


def table(
    rows: Sequence[Row],
    names: Sequence[str],
    known: Sequence[str],
    args: Mapping[str, Any],
    frame: Frame,
    notes: Iterable[Footnote],
) -> Table:
    """A row for each value of the keys, which are some of the known ones; a step that waits on several people stands
    with each, once in the total. Refused for what is no key, and more than two."""
    keys = [_key(name) for name in names_in(args["by"], partial(_meant, known), "type,band")]
    places = {name: at for at, name in enumerate(names)}
    beside = [([_labels(key.name, row, places) for key in keys], _cell(row, places)) for row in rows]
    split = Split(OVERDUE, keys, Found({}, (), 0, beside), None, None, args, frame)
    several = split.now.several
    said = say("{n:,} {n:step stands|steps stand} in several rows, once in the total", n=several)
    return split.table([*notes, *([Footnote("several_rows", several, said)] if several else [])])


def _meant(known: Sequence[str], word: str) -> str:
    if word in known:
        return word
    said = say("--by cannot be {word}{near}", word=word, near=nearest(word, known))
    raise UsageError(said, hint=say("one of {known}", known=" ".join(known)))


def _key(name: str) -> Key:
    if name == "band":
        return Key(Column("band", title=say("DAYS LATE"), rank=1), "", lambda raw: (raw,), LATE.labels.index)
    return Key(Column(name, Kind.REF if name == "waiting_on" else Kind.TEXT, rank=1), "", lambda raw: (raw,))


def _labels(name: str, row: Row, places: Mapping[str, int]) -> Sequence[Any]:
    if name == "band":
        days = Decimal(row[places["overdue_hours"]]) * HOUR_MS / DAY_MS
        return (LATE.labels[LATE.place(days)],)
    value = row[places[name]]
    return (value or (None,)) if name == "waiting_on" else (value,)


def _cell(row: Row, places: Mapping[str, int]) -> Cell:
    """One step, with what its request is about."""
    cell, minor, code = Cell(), row[places["amount"]], row[places["currency"]]
    cell.deals[STEP] = 1
    if minor is not None:
        cell.priced[STEP, code] = 1
        cell.money[STEP, code] = minor
    return cell
