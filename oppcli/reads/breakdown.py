"""Break-down reports as members of the catalogue: what each takes, and how its value becomes a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.reads import population
from oppcli.reads.breakdown_gathering import Found, Gathering, Times
from oppcli.reads.breakdown_keys import Key, Keys
from oppcli.reads.breakdown_report import Asking, Breakdown
from oppcli.reads.breakdown_table import Split, notes_of
from oppcli.reads.breakdown_times import asked, told_times, told_vs, vs
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.periods import begins
from oppcli.reads.table import IN, WHERE, Column, Footnote, Frame, Param, Read, Table
from oppcli.store.doors import ReadDoor

PERIOD = Param(
    "period", "only what lies in it: 2026-11 2026Q4 FY2026/27Q3 2026-W48 last-quarter", "period", metavar="P"
)
SINCE = Param("since", "only what lies on or after this day, by --on", "since")
UNTIL = Param("until", "only what lies before the end of this day, by --on", "until")
SHARED = (
    *(population.BY, population.ON, PERIOD, SINCE, UNTIL, population.VS, population.TOP, population.TOTAL),
    IN,
)
"""What every break-down takes."""
CHOSEN = (population.OWNER, population.TEAM, population.SOURCE, population.PIPELINE, WHERE)


def read(report: Breakdown) -> Read:
    """The report as a member of the catalogue."""
    columns = tuple(each.column for each in report.measures)
    keys = tuple(Column(name, rank=1) for name in (report.by,) if name)
    return Read(
        path=f"report {report.name}",
        title=report.title,
        help=report.help,
        standing=COUNTED,
        columns=(*keys, *columns),
        params=(*SHARED, *CHOSEN),
        build=partial(build, report),
        examples=report.examples,
    )


def build(report: Breakdown, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each combination of values that occurs, keys first; the row of the whole behind them. Refused for
    periods of what is about now, and for what `Keys.read` refuses."""
    stages = population.stages(door, args)
    where, told = population.ever(door, args, frame)
    on, typed = args.get("on") or report.on, args.get("by") or report.by
    keys = Keys(door, frame, where, stages, on).read(typed) if typed else ()
    if not report.periods and any(key.unit for key in keys):
        raise UsageError(say("{report} is about now and has no periods", report=f"report {report.name}"))
    gathering = Gathering(door, stages, keys, report.counted)
    by = counting(door, frame, args.get("in"))

    def found(at: Times) -> Found:
        what = gathering.found(where, at, by)
        if report.beside is None:
            return what
        asking = Asking(door, args, keys, at, begins(frame.policy, "year"), by)
        return what._replace(beside=tuple(report.beside(asking)))

    return answered(report, keys, found, on, args, frame, chain(told, uncounted(by)))


def answered(
    report: Breakdown,
    keys: Sequence[Key],
    found: Callable[[Times], Found],
    on: str,
    args: Mapping[str, Any],
    frame: Frame,
    notes: Iterable[Footnote] = (),
    instant: str = "",
) -> Table:
    """The table of what is `found` at the time that is asked about, compared with another where that is asked. The
    `notes` are told last, once everything was looked up. Refused to compare a report of which no measure is."""
    if args.get("vs") is not None and not any(each.change for each in report.measures):
        raise UsageError(say("--vs: no figure of {report} is compared with another time", report=report.title))
    times, other = asked(args, on, frame, instant), vs(args, on, frame, instant)
    now = found(times)
    before = found(other.times) if other else None
    split = Split(report, keys, now, before, other, args, frame)
    told = (
        *notes_of(report, split, now, times),
        *told_times(args, times, frame),
        *(told_vs(other) if other else ()),
        *notes,
    )
    return split.table(told)
