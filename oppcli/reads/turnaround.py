"""How long approvals take: from a step's opening to its decision, and how many requests pass at the first attempt."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.said import Said, say
from oppcli.reads import population, turnaround_figures
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.elapsed import elapsed
from oppcli.reads.table import WHERE, Frame, Param, Read, Table
from oppcli.reads.turnaround_approvals import STEP, TYPE, Looking
from oppcli.reads.turnaround_figures import FIGURES, VERDICTS
from oppcli.store.doors import ReadDoor


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per type and step, per type, per person who decided, or for each value of anything else."""
    names, on = args.get("by") or "step", args.get("on") or "decided"
    typed = "type,step" if names == "step" else names
    limit = elapsed(args["over"], "--over") if args.get("over") is not None else None
    looking = Looking(door, args, frame, typed, on, limit)
    keys = looking.keys
    plain = [key.name for key in keys]
    report = Breakdown(
        name="turnaround",
        title=say("Turnaround of approvals"),
        on="decided",
        by="step",
        noun=_decisions if looking.of_people else _steps,
        measures=tuple(turnaround_figures.measures(fates=plain == [TYPE.name], over=limit is not None)),
        crossed=names != "step",
    )
    return answered(report, keys, looking.found, on, args, frame, looking.notes(), looking.instant("step"))


def _decisions(n: int) -> Said:
    return say("{n:,} {n:decision|decisions}", n=n)


def _steps(n: int) -> Said:
    return say("{n:,} decided {n:step|steps}", n=n)


READ = Read(
    path="report turnaround",
    title=say("Turnaround of approvals"),
    help="how long approvals take, per step, type, person or anything of deals; how many pass at once, reasons",
    standing=COUNTED,
    columns=(TYPE, STEP, *FIGURES),
    params=(
        Param(
            "by",
            "split by type and step (step), type, person, or anything of the deals: owner region month …; or by two",
            "keys",
            choices=("step", "type", "person", *population.KEYS),
            metavar="K[,K2]",
        ),
        *population.APPROVALS,
        WHERE,
        Param("on", "the date that periods are about", "choice", choices=("decided", *population.DATES)),
        Param("period", "decided in it: 2026-11 2026Q4 last-quarter", "period", metavar="P"),
        Param("since", "decided on or after", "since"),
        Param("verdict", "only what was decided so", "choice", choices=VERDICTS, words="verdict"),
        Param("over", "also count what took longer than this: 168h, 7d (elapsed)"),
        Param("until", "decided before the end of this day", "until"),
        population.VS,
        population.TOP,
        population.TOTAL,
    ),
    build=build,
    examples=(
        "opp report turnaround",
        "opp report turnaround --by person --since -3m",
        "opp report turnaround --by type,month --period this-year",
        "opp report turnaround --by type --csv",
        "opp report turnaround --verdict approve --over 168h",
    ),
)
READS = (READ,)
