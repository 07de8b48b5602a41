"""What managers think of the forecast: the judgements that there are, and those that count."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.judgements import Judgement
from oppcli.model.people import User
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.judging import holds, nearest
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import TAKEN
from oppcli.words.periods import MONTH, label
from oppcli.words.zones import today

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("owner", Kind.REF),
        Column("month"),
        Column("amount", Kind.MONEY),
        Column("category", words="category"),
        Column("close", Kind.DATE),
        Column("change", Kind.MONEY, title=say("MORE")),
        Column("currency", wide=False),
        Column("counts", Kind.BOOL),
        Column("reason", cut=True),
        Column("judged_by", Kind.REF),
        Column("judged_at", Kind.INSTANT),
    ),
    "deal title owner month amount category close change 1, counts reason judged_by 2, judged_at 3",
)
_NAMES = "id deal_id owner month amount category expected_close change currency reason judged_at judged_by".split()
_WIDTH = len(_NAMES)
FIELDS = ", ".join(f"j.{name}" for name in _NAMES)
CLOSED_LAST = """(SELECT max(v.entered_at) FROM visit v JOIN stage c ON c.id = v.stage_id
WHERE v.deal_id = d.id AND c.kind IN ('won', 'lost'))"""
"""When a deal `d` was closed last, which ends what was said of it before (`rules.judging.holds`)."""
HIDING = {"amount": ("amount", "change"), "category": ("category",), "expected_close": ("close",)}
"""By field of deals the columns that tell of it."""


def people(door: ReadDoor) -> dict[str, User]:
    """The lines: everybody with who is above them."""
    return {login: User(login=login, name=login, manager=manager) for login, manager in queries.reporting(door)}


def judgement(row: Sequence[Any]) -> Judgement:
    """What `FIELDS` selects."""
    return Judgement(**dict(zip(_NAMES, row, strict=True)))


def of_deals(door: ReadDoor) -> dict[int, list[Judgement]]:
    """By deal what was said of it, whoever said it; in one statement with nothing of months."""
    rows = door.rows(f"SELECT {FIELDS} FROM judgement j WHERE j.{TAKEN} AND j.deal_id IS NOT NULL ORDER BY j.id")
    found: dict[int, list[Judgement]] = defaultdict(list)
    for each in map(judgement, rows):
        found[each.deal_id or 0].append(each)
    return found


def of_months(door: ReadDoor, since: str) -> dict[tuple[str, str], list[Judgement]]:
    """By owner and month what was said of it, of this month and later ones: what is over brings nothing more."""
    sql = f"SELECT {FIELDS} FROM judgement j WHERE j.{TAKEN} AND j.month >= :since ORDER BY j.id"
    found: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for each in map(judgement, door.rows(sql, since=since)):
        found[each.owner or "", each.month or ""].append(each)
    return found


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each judgement, the last one first, and whether it is the one that counts."""
    where = Where(f"j.{TAKEN}")
    where.among("coalesce(j.owner, d.owner)", *(args.get("owner") or ((), ())))
    where.equals("j.deal_id", args.get("deal"))
    sql = (
        f"SELECT {FIELDS}, d.title, d.owner, s.kind, {CLOSED_LAST} FROM judgement j "
        f"LEFT JOIN deal d ON d.id = j.deal_id LEFT JOIN stage s ON s.id = d.stage_id {where.sql} "
        "ORDER BY j.judged_at DESC, j.id DESC"
    )
    rows = list(door.rows(sql, **where.params))
    month = label(today(frame.now, frame.tz), MONTH)
    counted = set(_counted(rows, people(door) if rows else {}, month))
    hidden = {name for field, names in HIDING.items() if field in frame.hidden for name in names}
    return Table(COLUMNS, [_told(row, int(row[0]) in counted) for row in rows], READ.title).without(hidden)


def _counted(rows: Sequence[Sequence[Any]], users: Mapping[str, User], month: str) -> Iterator[int]:
    """The ids of those that count."""
    by: dict[tuple[Any, ...], list[Judgement]] = defaultdict(list)
    for row in rows:
        each, (_, owner, kind, closed) = judgement(row[:_WIDTH]), row[_WIDTH:]
        if each.deal_id is None and (each.month or "") >= month:
            by[each.owner, each.month].append(each)
        elif each.deal_id is not None and kind in ("lead", "open") and holds(each.judged_at, closed):
            by[owner, each.deal_id].append(each)
    for (owner, _), told in by.items():
        found = nearest(told, owner, users)
        if found is not None:
            yield found.id


def _told(row: Sequence[Any], counts: bool) -> tuple[Any, ...]:
    each, (title, owner, *_) = judgement(row[:_WIDTH]), row[_WIDTH:]
    deal = None if each.deal_id is None else ref("deal", each.deal_id)
    said = (each.amount, each.category, each.expected_close, each.change, each.currency)
    return (deal, title, each.owner or owner, each.month, *said, counts, each.reason, each.judged_by, each.judged_at)


READ = Read(
    path="forecast adjustments",
    title=say("Judgements of the forecast"),
    help="What managers said that deals, and months of people, will bring; and which of it counts",
    columns=COLUMNS,
    build=listing,
    params=(
        Param("deal", "of this deal", "deal"),
        Param("owner", "of deals and months of this person; !x excludes", "user", many=True),
    ),
    examples=("opp forecast adjustments", "opp forecast adjustments --deal D-142 --csv"),
)
READS = (READ,)
