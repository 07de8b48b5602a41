"""One deal, with everything that belongs to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.deals import Deal
from oppcli.model.records import ANY, LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, OVERRIDE
from oppcli.model.said import say
from oppcli.reads import own
from oppcli.reads.deal_row import COLUMNS, FROM, NAMES, SELECTED, SIGNALS, shaper
from oppcli.reads.table import DEALS, Column, Kind, Read, Table
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

_ONE_MORE = (
    Column("visits", Kind.OBJECT),
    Column("files", Kind.OBJECT),
    Column("requests", Kind.OBJECT),
    Column("flagged", Kind.LIST),
)
_FIRST = NAMES.index("extra") + 1
"""So many columns of a deal stood before those from the beginning: what was added since stands behind them."""
AROUND = tuple(
    Column(name, Kind.OBJECT) for name in ("contacts", "team", "rivals", "promises", "activities", "other_deals")
)
"""What stands around one deal; behind all else."""


_THERE = f"""EXISTS (SELECT 1 FROM contact),
EXISTS (SELECT 1 FROM activity a WHERE a.deal_id = d.id AND a.standing = '{LIVE}'),
EXISTS (SELECT 1 FROM task t WHERE t.deal_id = d.id AND t.state = 'open' AND t.standing = '{LIVE}'),
EXISTS (SELECT 1 FROM deal o WHERE o.customer_id = d.customer_id AND o.id <> d.id AND o.standing = '{LIVE}'),
EXISTS (SELECT 1 FROM payment y WHERE y.deal_id = d.id AND y.voided_at IS NULL)"""


class There(NamedTuple):
    """What there is, and is told only then."""

    contacts: bool
    """Anybody keeps contacts here."""
    payments: bool
    """Something is planned or came for the deal."""


def _around(door: ReadDoor, deal: Deal, there: Sequence[Any]) -> tuple[Any, ...]:
    """The cells of what stands around it; read where there is some."""
    if not (deal.contacts or deal.team or deal.collaborators or deal.rivals or any(there)):
        return tuple([] for _ in AROUND)
    from oppcli.reads.around import of_deal

    found = of_deal(door, deal, there)
    return tuple(found[column.name] for column in AROUND)


def one(
    door: ReadDoor, deal: Deal, iso: Any, flagged: Sequence[str] = (), *, beside: bool = True
) -> tuple[Table, There]:
    """One deal with its visits, files and requests, and its standing unless it is live; and what else there is.
    `iso` turns an instant into text; `flagged` says which approvals no longer hold that it was let
    through with. Without `beside`, visits, files and requests are empty: who shows them otherwise need not read them
    twice."""
    fields = own.fields(door)
    *cells, contacts, acted, promised, more_deals, pays = door.rows(
        f"SELECT {SELECTED}, {_THERE} {FROM} WHERE d.id = :id", id=deal.id
    )[0]
    whole = shaper(fields)(cells)
    row, values = whole[: len(COLUMNS)], whole[len(COLUMNS) :]
    more: tuple[Any, ...] = tuple(read(door, deal.id, iso) if beside else [] for read in (_visits, _files, _requests))
    more += (tuple(flagged),)
    standing = () if deal.standing == LIVE else (deal.standing,)
    told = (*COLUMNS[:1], *(Column("standing") for _ in standing), *COLUMNS[1:_FIRST])
    later = (*COLUMNS[_FIRST:], *own.columns(fields))
    shown = (*(_always(column) for column in told), *_ONE_MORE, *(_always(column) for column in later))
    around = _around(door, deal, (acted, promised, more_deals))
    made = row[:1] + standing + row[1:_FIRST] + more + row[_FIRST:] + values + around
    title = say("{row} {row1}", row=row[0], row1=row[1])
    return Table((*shown, *AROUND), [made], title=title, single=True), There(bool(contacts), bool(pays))


def _always(column: Column) -> Column:
    """Shown to people, too; what lies in `extra` is told by its own columns."""
    return column._replace(wide=column.name != "extra")


def _visits(door: ReadDoor, deal_id: int, iso: Any) -> list[Mapping[str, Any]]:
    rows = door.rows(
        "SELECT s.name, v.entered_at, v.left_at FROM visit v JOIN stage s ON s.id = v.stage_id"
        " WHERE v.deal_id = :id ORDER BY v.number",
        id=deal_id,
    )
    return [{"stage": name, "entered_at": iso(entered), "left_at": iso(left)} for name, entered, left in rows]


def _files(door: ReadDoor, deal_id: int, iso: Any) -> list[Mapping[str, Any]]:
    names = ("kind", "name", "size", "sha256", "attached_at", "attached_by")
    sql = f"SELECT {', '.join(names)} FROM file WHERE deal_id = :id AND standing <> '{WITHDRAWN}' ORDER BY id"
    rows = door.rows(sql, id=deal_id)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [file | {"attached_at": iso(file["attached_at"])} for file in found]


def _requests(door: ReadDoor, deal_id: int, iso: Any) -> list[Mapping[str, Any]]:
    rows = door.rows(
        "SELECT id, type, state, revision, submitted_by, submitted_at, decided_at,"
        f" CASE WHEN state = '{APPROVED}' THEN (SELECT count(*) FROM decision o WHERE o.request_id = request.id"
        f" AND o.revision = request.revision AND o.verdict = '{OVERRIDE}') ELSE 0 END"
        " FROM request WHERE deal_id = :id ORDER BY id",
        id=deal_id,
    )
    names = ("id", "type", "state", "revision", "submitted_by", "submitted_at", "decided_at", "override")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        each
        | {"id": ref("request", each["id"]), "override": bool(each["override"])}
        | {name: iso(each[name]) for name in ("submitted_at", "decided_at")}
        for each in found
    ]


READS = (
    Read(
        path="deal show",
        narrows=False,
        title=say("Deal"),
        help="One deal with its visits, files and requests",
        columns=(*COLUMNS[:_FIRST], *_ONE_MORE, *COLUMNS[_FIRST:], *own.columns(own.BESIDE), *AROUND, SIGNALS),
        params=(DEALS,),
        standing=ANY,
        examples=("opp show D-142", "opp show D-142 -o json | jq .visits"),
    ),
)
