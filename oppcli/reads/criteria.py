"""Whether the criteria of gates are worth asking for: the win rate of closed deals with and without each."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from oppcli.model.deals import CLOSED_KINDS, LIVE_KINDS, WON
from oppcli.model.fields import BANT, Field
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.said import Said, label, say
from oppcli.model.units import DAY_MS
from oppcli.reads import deals, population
from oppcli.reads.table import WHERE, Column, Footnote, Frame, Kind, Read, Row, Table, ranked
from oppcli.rules import fields
from oppcli.rules.criteria import compared, side
from oppcli.rules.gate_words import FIELD, FILE, wanted
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("stage"),
        Column("criterion"),
        Column("with_n", Kind.COUNT, title=say("WITH")),
        Column("with_rate", Kind.FRACTION, title=say("WON WITH")),
        Column("without_n", Kind.COUNT, title=say("WITHOUT")),
        Column("without_rate", Kind.FRACTION, title=say("WON WITHOUT")),
        Column("difference", Kind.FRACTION),
        Column("low", Kind.FRACTION, title=say("LOW")),
        Column("high", Kind.FRACTION, title=say("HIGH")),
        Column("days_with", Kind.DAYS, unit=say("d")),
        Column("days_without", Kind.DAYS, unit=say("d")),
        Column("verdict", title=say("FINDING"), words="criterion"),
    ),
    "stage criterion 1, with_n with_rate without_n without_rate 2, difference 3, low high 4, days_with days_without 4,"
    " verdict 1",
)
YES = "yes"
Told = Mapping[str, Any]
_REACHED = """
SELECT v.deal_id, max(s.position) FROM visit v JOIN stage s ON s.id = v.stage_id
WHERE s.position IS NOT NULL AND s.kind <> 'lost' GROUP BY v.deal_id
"""


class Criterion(NamedTuple):
    """One thing that a gate asks for."""

    stage: str
    told: Said
    place: int
    """The position of the first stage behind the gate."""
    stages: Collection[str]
    """The stages of its pipeline, closed ones too."""
    has: Callable[[Told], bool]


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per stage and criterion, in the order of the policy."""
    where, told = population.ever(door, args, frame)
    where.clauses.append(f"d.stage_id IN (SELECT id FROM stage WHERE kind IN ({quoted(CLOSED_KINDS)}))")
    population.within(where, "d.closed_at", args, frame)
    asked = list(_criteria(frame.policy(), door, frame.hidden))
    closed: list[Told] = list(deals.rows_of(door, where.sql, where.params)) if asked else []
    files, reached = _files(door, asked), _reached(door) if asked else {}
    closed = [
        {**deal, "_file": files.get(number, ()), "_reached": reached.get(number, -1)}
        for deal in closed
        for number in [int(str(deal["id"])[2:])]
    ]
    rows = [_row(each, closed) for each in asked]
    said = say("{n:,} closed {n:deal|deals}", n=len(closed))
    return Table(COLUMNS, rows, READ.title, (Footnote("population", len(closed), said), *told))


def _reached(door: ReadDoor) -> dict[int, int]:
    """Deal → the position of the furthest stage it was in, lost ones aside."""
    return dict(door.rows(_REACHED))


def _files(door: ReadDoor, asked: Collection[Criterion]) -> Mapping[int, Collection[str]]:
    """Deal → kinds of its files."""
    found: dict[int, set[str]] = defaultdict(set)
    for deal, kind in door.rows("SELECT DISTINCT f.deal_id, f.kind FROM file f") if asked else ():
        found[deal].add(kind)
    return found


def _row(criterion: Criterion, closed: Collection[Told]) -> Row:
    past = [deal for deal in closed if deal["_reached"] >= criterion.place and deal["stage"] in criterion.stages]
    sides: dict[bool, list[tuple[bool, int | None]]] = {True: [], False: []}
    for deal in past:
        known = deal["created_at"] is not None and deal["closed_at"] is not None
        spent = deal["closed_at"] - deal["created_at"] if known else None
        sides[criterion.has(deal)].append((deal["kind"] == WON, spent if spent is not None and spent >= 0 else None))
    having, lacking = side(sides[True]), side(sides[False])
    verdict, found = compared(having, lacking)
    return (
        *(criterion.stage, criterion.told, having.n, having.rate, lacking.n, lacking.rate),
        *(found or (None, None, None)),
        *(None if each.days is None else each.days / DAY_MS for each in (having, lacking)),
        verdict,
    )


def _criteria(policy: Policy, door: ReadDoor, hidden: Collection[str]) -> Iterator[Criterion]:
    """What the gates of stages before the end ask for, themselves or by what their approvals need: fields, files, and
    of fields that say yes or no the yes."""
    known = fields.fields(policy)
    order = door.column("SELECT name FROM stage WHERE position IS NOT NULL ORDER BY position")
    places: dict[str, int] = dict(door.rows("SELECT name, position FROM stage WHERE position IS NOT NULL"))
    for stage in sorted(policy.stages, key=lambda each: order.index(each.name) if each.name in order else len(order)):
        if stage.kind not in LIVE_KINDS or stage.name not in places:
            continue
        within = {each.name for each in policy.stages if each.pipeline == stage.pipeline}
        submitted = [word for kind in policy.gates.get(stage.name, ()) for word in policy.types[kind].needs]
        enter = dict.fromkeys((*stage.enter, *submitted))
        for gate, place in ((enter, places[stage.name]), (stage.leave, places[stage.name] + 1)):
            for word in gate:
                for told, has in _read(word, known, policy, hidden):
                    yield Criterion(stage.name, told, place, within, has)


def _read(
    word: str, known: Mapping[str, Field], policy: Policy, hidden: Collection[str]
) -> Iterator[tuple[Said, Callable[[Told], bool]]]:
    found = wanted(word, known)
    if found.kind == FILE:
        yield say("file {kind}", kind=found.name), lambda deal: found.name in deal["_file"]
    if found.kind != FIELD or word not in known or word in hidden:
        return
    yield say("{field}", field=fields.word(word, policy)), lambda deal: _filled(deal.get(word), word)
    if known[word].kind == "bool" or word in BANT:
        said = say("{field}: {answer}", field=fields.word(word, policy), answer=label(YES))
        yield said, lambda deal: deal.get(word) in (True, 1, YES)


def _filled(value: Any, name: str) -> bool:
    return value not in (None, "", [], {}, ()) and not (name in BANT and value == "unknown")


READ = Read(
    path="report criteria",
    title=say("What gates ask for"),
    help="per field, file and yes of a gate: the win rate of closed deals past it that have it, and that have not",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        *population.CLOSED,
        *(population.OWNER, population.TEAM, population.SOURCE, population.PIPELINE, WHERE),
    ),
    build=build,
    examples=("opp report criteria", "opp report criteria --period last-year -w 'amount >= 100k' --csv"),
)
READS = (READ,)
