"""How much of each record is filled, by the weights of a sheet of the policy, and what is missing; or per owner."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oppcli.errors import NotFound, UsageError
from oppcli.model.noun import NOTHING
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.relations import OF_DEAL
from oppcli.model.said import Word, listed, say
from oppcli.reads import population, touch_rows
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import fields, filling
from oppcli.rules.filling import RECORD, Filling
from oppcli.rules.record_fields import word
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.spelling import nearest

COLUMNS = ranked(
    (
        Column("ref", Kind.REF),
        Column("title", cut=True),
        Column("owner", Kind.REF),
        Column("filled", Kind.COUNT),
        Column("of", Kind.COUNT),
        Column("completeness", Kind.FRACTION),
        Column("missing", Kind.LIST),
    ),
    "ref completeness 1, title 2, owner 4, filled of 5, missing 2",
)
BY_OWNER = (
    Column("owner", Kind.REF),
    Column("records", Kind.COUNT),
    Column("complete", Kind.COUNT),
    Column("completeness", Kind.FRACTION),
)
OF_DEALS_ALONE = ("source", "period", "since", "until", "outcome", "pipeline")
CHART = Chart("bars", ("ref", "title"), ("completeness",))


class Record(NamedTuple):
    """One record, with what is known of it."""

    name: str
    title: str
    owner: str | None
    values: Mapping[str, Any]


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per record, the emptiest first; or per owner. Refused for a sheet that the policy has not."""
    policy, name = frame.policy(), args.get("sheet") or RECORD
    noun = of_sheet(policy, name)
    weights = filling.weights(policy.sheets, fields.of_team(noun, policy), noun, name)
    records, notes = _records(door, noun, args, frame)
    alike: dict[Filling, Filling] = {}
    found = []
    for each in records:
        filled = filling.filling(weights, each.values)
        found.append((each._replace(values=NOTHING), alike.setdefault(filled, filled)))
    said = say("{n:,} {n:record|records}", n=len(found))
    notes = (Footnote("population", len(found), said), *notes)
    if args.get("by") == "owner":
        chart = Chart("bars", ("owner",), ("completeness",))
        return Table(BY_OWNER, _by_owner(found), READ.title, notes, chart=chart)
    rows = [_row(each, filled, noun, policy) for each, filled in found if filled.of]
    rows.sort(key=lambda row: (row[5], int(row[0][2:])))
    return Table(COLUMNS, rows, READ.title, notes, chart=CHART)


def of_sheet(policy: Policy, name: str) -> str:
    """The noun that a sheet is of; `record` is of deals where the policy has no sheet of that name. Refused for
    others."""
    if name in policy.sheets:
        found: str = policy.sheets[name].of
        return found
    if name == RECORD:
        return OF_DEAL
    there = listed((*policy.sheets, *(() if RECORD in policy.sheets else (RECORD,))))
    said = say("the policy has no sheet {name}{near}", name=name, near=nearest(name, policy.sheets))
    raise NotFound(said, hint=say("one of {words}", words=there))


def _records(
    door: ReadDoor, noun: str, args: Mapping[str, Any], frame: Frame
) -> tuple[Iterable[Record], tuple[Footnote, ...]]:
    if noun != OF_DEAL:
        return _chosen(door, noun, args, frame)
    where, notes = population.chosen(door, args, frame)
    return of_deals(door, where.sql, where.params), notes


def _chosen(
    door: ReadDoor, noun: str, args: Mapping[str, Any], frame: Frame
) -> tuple[Iterable[Record], tuple[Footnote, ...]]:
    """Those of these people that the list of the noun shows under the conditions. Refused with what only deals have."""
    if alone := [f"--{name}" for name in OF_DEALS_ALONE if args.get(name)]:
        nouns = Word("plural", BY_WORD[noun].plural)
        raise UsageError(say("{flags}: of deals alone, and this sheet is of {nouns}", flags=listed(alone), nouns=nouns))
    asked = touch_rows.Asked(door, {"owner": args.get("owner"), "team": args.get("team")}, frame)
    records = (each for each in of_noun(door, noun) if asked.person(each.owner))
    if not args.get("where"):
        return records, ()
    from oppcli.reads import catalog
    from oppcli.reads.narrowing import narrowed

    read, whole = catalog.read(f"{noun} list"), frame._replace(screen=False, newest=None, first=None)
    every = catalog.run(read, door, dict.fromkeys(param.word for param in read.asks), whole)
    met = narrowed(every._replace(notes=()), args["where"], door, frame)
    kept = {row[0] for row in met.rows}
    return (each for each in records if each.name in kept), met.notes


def of_deals(door: ReadDoor, where: str = "", params: Mapping[str, Any] | None = None) -> Iterator[Record]:
    """Deals with all their fields."""
    from oppcli.reads.deals import rows_of

    for row in rows_of(door, where, params or {}):
        yield Record(row["id"], row["title"], row["owner"], row)


def of_noun(door: ReadDoor, noun: str) -> Iterator[Record]:
    """Customers or contacts with all their fields."""
    class_: type[Any] = class_of(BY_WORD[noun])
    for each in door.find(class_):
        values = {name: getattr(each, name) for name in class_.__annotations__ if name != "extra"}
        yield Record(ref(noun, each.id), each.name, getattr(each, "owner", None), values | dict(each.extra))


def _row(record: Record, found: Filling, noun: str, policy: Policy) -> Row:
    share = found.share
    told = (record.name, record.title, record.owner, found.filled, found.of)
    missing = tuple(word(noun, name, policy) for name in found.missing)
    return (*told, None if share is None else float(share), missing)


def _by_owner(found: list[tuple[Record, Filling]]) -> list[Row]:
    """Each with the mean of their records, the emptiest first."""
    of: dict[str | None, list[Filling]] = defaultdict(list)
    for record, filled in found:
        of[record.owner].append(filled)
    rows = []
    for owner, sheets in of.items():
        shares = [float(each.share) for each in sheets if each.share is not None]
        mean = sum(shares) / len(shares) if shares else None
        rows.append((owner, len(sheets), sum(share == 1 for share in shares), mean))
    return sorted(rows, key=lambda row: (row[3] is None, row[3] or 0, row[0] or ""))


READ = Read(
    path="report completeness",
    title=say("Completeness"),
    help="how much of each record is filled and what is missing, by a sheet of the policy, else by required fields",
    columns=COLUMNS,
    params=(
        Param("sheet", "a [sheet.NAME] of the policy; record", metavar="NAME"),
        Param("by", "a row per record, or per owner", "choice", choices=("record", "owner")),
        *population.FILTERS,
    ),
    build=build,
    examples=("opp report completeness", "opp report completeness --sheet bant --by owner"),
)
READS = (READ,)
