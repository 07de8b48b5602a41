"""Two policies side by side, as tables: what changed in the rules, which open deals would be treated differently."""

from collections import Counter
from collections.abc import Iterable, Iterator

from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.policy.comparing import Change
from oppcli.reads.policy_effects import Case, Compared
from oppcli.reads.table import NEEDED, Column, Footnote, Kind, Param, Read, Row, Table
from oppcli.rules.approvals.policy_effects import Difference, Plan

DEALS = (
    Column("deal", Kind.REF),
    Column("title", cut=True),
    Column("customer", wide=False, cut=True),
    Column("owner", Kind.REF, wide=False),
    Column("stage"),
    Column("amount", Kind.MONEY, wide=False),
    Column("currency", wide=False),
    Column("type", Kind.REF),
    Column("required_before", title=say("REQUIRED")),
    Column("required_after", title="→"),
    Column("steps_before", Kind.LIST, title=say("STEPS")),
    Column("steps_after", Kind.LIST, title="→"),
    Column("closes", Kind.LIST),
    Column("opens", Kind.LIST),
    Column("running", Kind.REF),
    Column("rules", Kind.LIST),
)
"""A row per deal and type. `closes`: stages ahead that would ask for the approval and did not; `opens` the reverse.
`running`: a live request, which goes on under the rules it was submitted under. `rules`: those of what is asked under
both that are others."""
RULES = (
    Column("about"),
    Column("what"),
    Column("before"),
    Column("after"),
    Column("type", Kind.REF, wide=False),
    Column("step", wide=False),
    Column("deals", Kind.COUNT),
)
"""A row per change. `deals`: open deals that need the type, or have the step, under either policy."""


def rules(found: Compared, title: str) -> Table:
    """A row per change of the rules."""
    rows = [
        (c.about, c.what, c.before, c.after, c.type, c.step, None if found.deals is None else _number(found, c))
        for c in found.changes
    ]
    return Table(RULES, rows, title=title, notes=_notes(found))


def _number(found: Compared, change: Change) -> int | None:
    return None if change.type is None else found.affected.get((change.type, change.step), 0)


def deals(found: Compared, title: str) -> Table:
    """A row per deal and type that would be treated differently; people read the changes of the rules above."""
    # Most often nothing but the steps differs, and a screen is narrow.
    rules = DEALS[-1]._replace(wide=any(case.difference.otherwise for case in found.cases))
    rows = [_row(case) for case in found.cases]
    return Table((*DEALS[:-1], rules), rows, title=title, above=_above(found, title), notes=_notes(found))


def _row(case: Case) -> Row:
    deal, each = case.deal, case.difference
    return (
        ref("deal", deal.id),
        deal.title,
        case.customer,
        deal.owner,
        deal.stage,
        deal.amount,
        deal.currency,
        each.type,
        _required(each.before),
        _required(each.after),
        each.before.steps,
        each.after.steps,
        each.closes,
        each.opens,
        ref("request", case.running) if case.running else None,
        each.otherwise,
    )


def _required(plan: Plan) -> str:
    if plan.required is None:
        return say("unknown")
    return say("yes") if plan.required else say("no")


def _above(found: Compared, title: str) -> tuple[str, ...]:
    lines = [
        title,
        *(say("  {line}", line=line) for line in map(_change_line, found.changes, [found] * len(found.changes))),
    ]
    if not found.changes:
        lines.append(say("  no difference"))
    for stage, number in found.homeless.items():
        lines.append(
            say(
                "  {n:,} open {n:deal|deals} in {stage}, which is not there any more: --rename '{stage}=…'",
                n=number,
                stage=stage,
            )
        )
    if found.deals is None:
        return tuple(lines)
    touched = len({case.deal.id for case in found.cases})
    treated = {"touched": touched, "n": found.deals}
    lines += ["", say("{touched:,} of {n:,} open {n:deal|deals} would be treated differently", **treated)]
    return (*lines, *_summaries(found.cases))


def _change_line(change: Change, found: Compared) -> str:
    number = _number(found, change) if found.deals is not None else None
    return say("{change}   ({n:,} open {n:deal|deals})", change=str(change), n=number) if number else str(change)


def _summaries(cases: Iterable[Case]) -> Iterator[str]:
    """`  quote: 12 newly required, 3 no longer, 40 with other steps; closes 谈判 for 5, opens 谈判 for 2`."""
    by_type: dict[str, Counter[str]] = {}
    for case in cases:
        each = case.difference
        tally = by_type.setdefault(each.type, Counter())
        if each.before != each.after:
            tally.update([_turn(each)])
        tally.update([say("other rules")] if each.otherwise else [])
        tally.update(say("closes {stage}", stage=stage) for stage in each.closes)
        tally.update(say("opens {stage}", stage=stage) for stage in each.opens)
    for name, tally in by_type.items():
        counts = (say("{what} for {number:,}", what=what, number=number) for what, number in sorted(tally.items()))
        yield say("  {name}: {counts}", name=name, counts=listed(counts))


def _turn(each: Difference) -> str:
    turns = {
        (False, True): say("newly required"),
        (True, False): say("no longer required"),
        (True, True): say("other steps"),
    }
    return turns.get((each.before.required, each.after.required), say("decided by other facts"))  # type: ignore[arg-type]


def _notes(found: Compared) -> tuple[Footnote, ...]:
    """Populations, and what could not be told."""
    if found.deals is None:
        return (Footnote("left_out", None, say("open deals are not compared: there is no database")),)
    said = say("{n:,} open {n:deal|deals} compared", n=found.deals)
    notes = [Footnote("population", found.deals, said)]
    for name, number in found.unknown.items():
        said = say("{type}: {n:,} open {n:deal lacks|deals lack} facts that decide it", type=name, n=number)
        notes.append(Footnote("left_out", number, said))
    if found.approved:
        said = say("{n:,} left out: approved already, and the approval holds", n=found.approved)
        notes.append(Footnote("left_out", found.approved, said))
    return tuple(notes)


READS = (
    Read(
        path="policy diff",
        narrows=False,
        title=say("Policies compared"),
        help="What a policy changes, and which open deals it would treat differently: approvals, steps, gates",
        columns=DEALS,
        params=(
            Param(
                "old",
                "a file or a version to compare with; alone: what would run, compared with what is applied",
                default=NEEDED,
                place=True,
                metavar="OLD",
            ),
            Param("new", "a file or a version: what would run", place=True, metavar="[NEW]"),
            Param("rename", "a stage has a new name; its deals stay", many=True, metavar="OLD=NEW"),
            Param("rules", "a row per change of the rules instead of per deal", "flag"),
        ),
        standing=COUNTED,
        examples=("opp policy diff team.toml", "opp policy diff team.toml --rules -o csv", "opp policy diff 2 3"),
    ),
)
