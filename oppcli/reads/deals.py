"""Deals as tables: the list, one deal with everything that belongs to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.deals import CLOSED_KINDS, LEAD, LIVE_KINDS, OPEN, Deal
from oppcli.model.fields import of
from oppcli.model.noun import NOTHING
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import ANY, LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads import own
from oppcli.reads.table import DEALS, WHERE, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import NEXT_STEP, parsed
from oppcli.store.patterns import quoted

_ORDER = """
id title customer stage kind amount currency probability owner source expected_close next_step created_at updated_at
closed_at version discount margin payment_days tier product region campaign grade score next_step_on tags collaborators
last_open_stage close_reason close_detail competitor external_id system channel extra probability_reason
""".split()
"""As programs have them; a field that is added to the registry stands behind these, and needs nothing here."""
STABLE = tuple(_ORDER[:16])
"""The columns that stand first in every version: they tell an own export."""
_NOT_LISTED = ("created_by", "standing", "merged_into")
_FIELDS = {field.name: field for field in of("deal") if not field.own and field.name not in _NOT_LISTED}
_NAMES = (*_ORDER, *(name for name in _FIELDS if name not in _ORDER))
_OTHERWISE = {
    "id": Column("id", Kind.REF),
    "kind": Column("kind", words="kind", wide=False),
    "title": Column("title", cut=True),
    "customer": Column("customer", cut=True),
    "stage": Column("stage", toned="kind"),
    "owner": Column("owner", Kind.REF),
    "next_step": Column("next_step", wide=False, cut=True, named=True),
    "expected_close": Column("expected_close", Kind.DATE, title=say("CLOSE")),
    "channel": Column("channel", words="channel", wide=False),
    "extra": Column("extra", Kind.OBJECT, wide=False),
}
"""What is not told like any field of its kind."""
_UNITS = {"%": "%", "days": say("d")}


def _column(name: str) -> Column:
    """Of a field of every team; a count says of what."""
    field = _FIELDS[name]
    unit = _UNITS.get(field.unit, "") if field.kind == "int" else ""
    return Column(name, own.KINDS[field.kind], wide=name == "amount", unit=unit)


COLUMNS = tuple(_OTHERWISE.get(name) or _column(name) for name in _NAMES)
"""Of every team; the fields in `extra` stand behind them (`reads.own`)."""
_LOOKED_UP = {
    "id": f"'{PREFIXES['deal']}' || d.id",
    "customer": "c.name",
    "stage": "s.name",
    "kind": "s.kind",
    "probability": f"CASE WHEN s.kind IN ({quoted(CLOSED_KINDS)}) THEN s.probability "
    "ELSE coalesce(d.probability, s.probability) END",
    "last_open_stage": "l.name",
    "next_step": "nullif(n.title, '')",
    "next_step_on": "n.due_on",
}
_SELECTED = ", ".join(_LOOKED_UP.get(name, f"d.{name}") for name in _NAMES)
_FROM = (
    """
FROM deal d
JOIN stage s ON s.id = d.stage_id
LEFT JOIN stage l ON l.id = d.last_open_stage_id
LEFT JOIN customer c ON c.id = d.customer_id
"""
    + NEXT_STEP
)
_SELECT = f"SELECT {_SELECTED} {_FROM}"
_SINCE = "(SELECT max(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL)"
_LISTED = f"SELECT {_SELECTED}, {_SINCE} {_FROM}"
_NOTHING: dict[Kind, Any] = {Kind.LIST: [], Kind.OBJECT: {}}
_JSON = tuple((i, _NOTHING[column.kind]) for i, column in enumerate(COLUMNS) if column.kind in _NOTHING)
_EMPTY = (None, "", "[]", "{}")
_EXTRA, _CURRENCY = (_NAMES.index(name) for name in ("extra", "currency"))


def _shaper(beside: Sequence[own.Own]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What makes a row of the SQL the cells of the columns, those of the fields in `extra` behind them."""
    blank = [None] * len(beside)

    def shape(row: Sequence[Any]) -> tuple[Any, ...]:
        cells = list(row)
        for i, nothing in _JSON:
            # Nearly every cell is empty, and reading JSON is most of what a long list costs.
            cells[i] = nothing if cells[i] in _EMPTY else parsed(cells[i])
        extra = cells[_EXTRA]
        if not extra:
            return (*cells, *blank)
        cells[_EXTRA] = own.plain(extra, beside, cells[_CURRENCY])
        return (*cells, *own.cells(extra, beside))

    return shape


def every(door: ReadDoor, args: Mapping[str, Any] = NOTHING, frame: Frame | None = None) -> Table:
    """All deals that meet the conditions by id, one by one."""
    beside, where = own.fields(door), Where()
    columns = (*COLUMNS, *own.columns(beside))
    notes = _asked(door, columns, where, args, frame)
    rows = door.stream(f"{_SELECT} {where.sql} ORDER BY d.id", **where.params)
    return Table(columns, map(_shaper(beside), rows), notes=notes)


def rows_of(door: ReadDoor, where: str, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All deals that a WHERE lets through by id, each as field → value, those in `extra` beside the others."""
    beside = own.fields(door)
    names = (*_NAMES, *(field.name for field in beside))
    for row in map(_shaper(beside), door.rows(f"{_SELECT} {where} ORDER BY d.id", **params)):
        yield dict(zip(names, row, strict=True))


_NARROWED = {
    "owner": "d.owner",
    "team": "d.owner",
    "stage": "s.name",
    "customer": "d.customer_id",
    "source": "d.source",
}
SEARCHED = ("d.search_key", "c.search_key")


def _where(args: Mapping[str, Any], kinds: Sequence[str]) -> Where:
    """The filters as SQL over `deal d`, `stage s` and `customer c`."""
    found = Where()
    for name, column in _NARROWED.items():
        found.among(column, *(args.get(name) or ((), ())))
    found.among("s.kind", kinds)
    found.holds("d.tags", *(args.get("tag") or ((), ())))
    if args.get("since") is not None:
        found.at_least("d.created_at", args["since"])
    if args.get("until") is not None:
        found.before("d.created_at", args["until"])
    if args.get("text"):
        found.words(SEARCHED, args["text"])
    return found


_RANKS = "id 1, title 2, stage amount 1, expected_close 3, owner 4, days_in_stage 5, customer 6, next_step 7"
LISTED = ranked(COLUMNS, _RANKS)
IN_STAGE = Column("days_in_stage", Kind.DAYS, title=say("IN STAGE"), unit=say("d"), place=7, rank=5)
"""Since it entered the stage it is in."""


def listed(
    door: ReadDoor, where: Where, args: Mapping[str, Any], frame: Frame, *, state: str = "", closed: int = 0
) -> Table:
    """Every deal that passes the filters and meets the conditions, by id; people at a terminal read what changed last
    first, and what it comes to: `state` is what all are, `closed` how many are left out for them."""
    beside = own.fields(door)
    columns, shape = (*LISTED, *own.columns(beside), IN_STAGE), _shaper(beside)
    notes = _asked(door, columns, where, args, frame)
    rows = door.rows(f"{_LISTED} {where.sql} ORDER BY d.id", **where.params)

    def line(row: Sequence[Any]) -> Row:
        return (*shape(row[:-1]), None if row[-1] is None else (frame.now - row[-1]) / DAY_MS)

    # Shaped one by one, so that a limit spares the rest.
    table = Table(columns, map(line, rows), title=say("Deals"), notes=notes, order="-updated_at")
    if not frame.screen:
        return table
    from oppcli.reads.footer import summed

    return summed(table, state, closed)


def _asked(
    door: ReadDoor, columns: Sequence[Column], where: Where, args: Mapping[str, Any], frame: Frame | None
) -> tuple[Footnote, ...]:
    """The conditions of `-w` as clauses, and what is told of them."""
    if not args.get("where") or frame is None:
        return ()
    from oppcli.reads.deal_terms import of_deals

    return of_deals(door, columns, args["where"], frame, where, _FROM)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Deals; `open` and `closed` together are all. People at a terminal who ask for neither, nor for a stage or by a
    condition, see those that are open, and are told how many are not."""
    opened, ended = bool(args.get("open")), bool(args.get("closed"))
    kinds = () if opened == ended else LIVE_KINDS if opened else CLOSED_KINDS
    left_out = frame.screen and not any(args.get(name) for name in ("all", "open", "closed", "stage", "where"))
    state = OPEN if left_out or opened > ended else "closed" if ended > opened else ""
    over = _where(args, CLOSED_KINDS) if left_out else None
    closed = door.rows(f"SELECT count(*) {_FROM} {over.sql}", **over.params)[0][0] if over else 0
    return listed(door, _where(args, LIVE_KINDS if left_out else kinds), args, frame, state=state, closed=closed)


def leads(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Deals in a stage of kind lead, by id."""
    return listed(door, _where(args, (LEAD,)), args, frame)


_ONE_MORE = (
    Column("visits", Kind.OBJECT),
    Column("files", Kind.OBJECT),
    Column("requests", Kind.OBJECT),
    Column("flagged", Kind.LIST),
)


def one(door: ReadDoor, deal: Deal, iso: Any, flagged: Sequence[str] = (), *, beside: bool = True) -> Table:
    """One deal with its visits, files and requests, and its standing unless it is live. `iso` turns an instant into
    text; `flagged` says which approvals no longer hold that it was let through with. Without `beside`, visits, files
    and requests are empty: who shows them otherwise need not read them twice."""
    fields = own.fields(door)
    whole = _shaper(fields)(door.rows(f"{_SELECT} WHERE d.id = :id", id=deal.id)[0])
    row, values = whole[: len(COLUMNS)], whole[len(COLUMNS) :]
    more: tuple[Any, ...] = tuple(read(door, deal.id, iso) if beside else [] for read in (_visits, _files, _requests))
    more += (tuple(flagged),)
    standing = () if deal.standing == LIVE else (deal.standing,)
    told = (*COLUMNS[:1], *(Column("standing") for _ in standing), *COLUMNS[1:])
    shown = (*(_always(column) for column in told), *_ONE_MORE, *(_always(column) for column in own.columns(fields)))
    return Table(
        shown,
        [row[:1] + standing + row[1:] + more + values],
        title=say("{row} {row1}", row=row[0], row1=row[1]),
        single=True,
    )


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
        "SELECT id, type, state, revision, submitted_by, submitted_at, decided_at FROM request"
        " WHERE deal_id = :id ORDER BY id",
        id=deal_id,
    )
    names = ("id", "type", "state", "revision", "submitted_by", "submitted_at", "decided_at")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        each | {"id": ref("request", each["id"])} | {name: iso(each[name]) for name in ("submitted_at", "decided_at")}
        for each in found
    ]


FILTERS = (
    Param("owner", "me, a login or a name; none: nobody's; !x excludes", "user", many=True),
    Param("team", "me, a login or a name: of who is at or below this person in the lines", "team"),
    Param("stage", "a stage; !x excludes", "stage", many=True),
    Param("customer", "a customer; !x excludes", "customer", many=True),
    Param("source", "where it came from; !x excludes", "source", many=True),
    Param("tag", "a tag; !x excludes", "tag", many=True),
    Param("since", "created on or after", "since"),
    Param("until", "created before the end of this day", "until"),
    WHERE,
)
"""The options by which any list of deals is narrowed."""
READS = (
    Read(
        path="deal list",
        title=say("Deals"),
        help="Deals, by id",
        columns=(*LISTED, *own.columns(own.BESIDE), IN_STAGE),
        build=listing,
        params=(
            *FILTERS,
            Param("text", "each word in the title, the customer's name or the external id", metavar="WORDS"),
            Param("all", "also those that are won or lost, which a terminal leaves out otherwise", "flag"),
            Param("open", "only leads and open deals", "flag"),
            Param("closed", "only won and lost deals", "flag"),
        ),
        examples=(
            "opp ls --owner me --open",
            "opp deal list --owner '!li' --since 2026Q4 -c id,title,amount --sort -amount",
        ),
    ),
    Read(
        path="lead list",
        title=say("Deals"),
        help="Deals in a stage of kind lead",
        columns=(*LISTED, *own.columns(own.BESIDE), IN_STAGE),
        build=leads,
        params=FILTERS,
        examples=("opp lead list --source fair --since -1m",),
    ),
    Read(
        path="deal show",
        narrows=False,
        title=say("Deal"),
        help="One deal with its visits, files and requests",
        columns=(*COLUMNS, *_ONE_MORE, *own.columns(own.BESIDE)),
        params=(DEALS,),
        standing=ANY,
        examples=("opp show D-142", "opp show D-142 -o json | jq .visits"),
    ),
)
