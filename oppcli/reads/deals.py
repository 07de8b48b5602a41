"""Deals as tables: lists of them, each deal as a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from oppcli.model import money
from oppcli.model.deals import CLOSED_KINDS, LEAD, LIVE_KINDS, OPEN
from oppcli.model.noun import NOTHING
from oppcli.model.records import ARCHIVED
from oppcli.model.said import Said, Word, say
from oppcli.model.units import DAY_MS
from oppcli.reads import own
from oppcli.reads.deal_row import COLUMNS, FROM, NAMES, SELECT, SIGNALS, WITH_SINCE, shaper
from oppcli.reads.table import IN, WHERE, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor


def every(door: ReadDoor, args: Mapping[str, Any] = NOTHING, frame: Frame | None = None) -> Table:
    """All deals that meet the conditions by id, one by one."""
    beside, where = own.fields(door), Where()
    columns = (*COLUMNS, *own.columns(beside))
    notes = _asked(door, columns, where, args, frame)
    rows = door.stream(f"{SELECT} {where.sql} ORDER BY d.id", **where.params)
    return Table(columns, map(shaper(beside), rows), notes=notes)


def rows_of(door: ReadDoor, where: str, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The deals that a WHERE lets through by id, one by one: field → value, those in `extra` beside the others."""
    beside = own.fields(door)
    names = (*NAMES, *(field.name for field in beside))
    for row in map(shaper(beside), door.stream(f"{SELECT} {where} ORDER BY d.id", **params)):
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
    if args.get("archived"):
        found.equals("d.standing", ARCHIVED)
    found.holds("d.tags", *(args.get("tag") or ((), ())))
    found.within("d.created_at", args.get("since"), args.get("until"))
    found.words(SEARCHED, args.get("text") or "")
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
    beside, reckoned = own.reckoned(door)
    columns, shape = (*LISTED, *own.columns(beside), IN_STAGE), shaper(beside)
    notes = _asked(door, columns, where, args, frame)
    lying = any(args.get(name) for name in LYING)
    order = "" if lying or frame.screen else _first(door, where, args, frame)
    rows = door.rows(f"{WITH_SINCE} {where.sql} ORDER BY {order or 'd.id'}", **where.params)
    if order:
        rows.sort(key=lambda row: int(row[0][2:]))  # as ever: in which order they are told is not for a read to say

    def line(row: Sequence[Any]) -> Row:
        return (*shape(row[:-1]), None if row[-1] is None else (frame.now - row[-1]) / DAY_MS)

    # Shaped one by one, so that a limit spares the rest.
    told: Iterable[Row] = map(line, rows)
    if reckoned and frame.aside:
        from oppcli.reads.reckoning import beside as made_of

        more, cells = made_of(reckoned, [column.name for column in columns])
        columns, told = (*columns, *more), ((*row, *cells(row)) for row in told)
    table = Table(columns, told, title=say("Deals"), notes=notes, order="-updated_at")
    if lying:
        table = _lying(door, where, args, frame, table)
    if frame.asked and _wants(SIGNALS, frame.asked):
        table = _signalled(door, where, frame, table)
    if args.get("in"):
        from oppcli.reads.counted_in import counting, in_one

        table = in_one(table, counting(door, frame, args["in"]))
    return _summed(table, state, closed) if frame.screen else table


_BY = {"id": "d.id"} | {
    name: f"d.{name}" for name in ("amount", "created_at", "updated_at", "closed_at", "expected_close", "version")
}
"""Columns that a database puts in the same order as `render.view`."""


def _first(door: ReadDoor, where: Where, args: Mapping[str, Any], frame: Frame) -> str:
    """The order and the limit of so many deals that are wanted and no more; nothing where they are chosen from all."""
    if frame.newest is not None:
        return f"d.id LIMIT {frame.newest}"
    by, most = frame.first or ((), 0)
    if not by or any(name not in _BY for _, name in by):
        return ""
    if any(name == "amount" for _, name in by):
        found = door.column(
            f"SELECT DISTINCT CASE WHEN d.amount IS NOT NULL THEN d.currency END {FROM} {where.sql}", **where.params
        )
        if args.get("in") or len({*found} - {None}) > 1:
            return ""  # of several currencies none is more than another
    keys = [f"{_BY[name]} IS NULL, {_BY[name]} {'DESC' if sign == '-' else 'ASC'}" for sign, name in by]
    sign, name = by[-1]
    if sign == "-" and name.endswith("_at"):  # of one instant the later comes first where the latest do
        keys.append(f"CASE WHEN {_BY[name]} IS NOT NULL THEN -d.id END")
    return f"{', '.join(keys)}, d.id LIMIT {most}"


def _summed(table: Table, state: str, closed: int) -> Table:
    """The table with its footer: `38 open · USD 3,327,317.00 · 63 closed left out: --all`. `state` is what all rows
    are, `closed` how many were left out."""
    at = [column.name for column in table.columns]
    rows, sums = list(table.rows), dict[str, int]()
    if "amount" in at:
        amount, currency = at.index("amount"), at.index("currency")
        for row in rows:
            if row[amount] is not None:
                sums[row[currency]] = sums.get(row[currency], 0) + row[amount]
    footer = [Footnote("population", len(rows), _counted(len(rows), state))]
    footer += [Footnote("population", None, say("{sum}", sum=money.shown(sums[each], each))) for each in sorted(sums)]
    if closed:
        footer.append(Footnote("closed", closed, say("{n:,} closed left out: --all", n=closed)))
    return table._replace(rows=rows, footer=tuple(footer))


def _counted(n: int, state: str) -> Said:
    if state == OPEN:
        return say("{n:,} open", n=n)
    return say("{n:,} closed", n=n) if state else say("{n:,} {n:deal|deals}", n=n)


LYING = ("rotting", "over_target", "nostep")
"""Flags that choose live deals which nobody moves."""
IDLE = Column("idle_hours", Kind.HOURS, title=say("IDLE"), unit=say("bh"), place=7, rank=3)
"""Business hours since anybody had to do with it."""


def _wants(column: Column, typed: str) -> bool:
    """Whether a column is among those that were typed, by its name or by what stands above it in some language."""
    words = {word.strip("+- ").casefold() for word in typed.replace("，", ",").split(",")}
    if column.name in words or typed.isascii():
        return column.name in words
    from oppcli.speech.titles import in_every_language

    return not words.isdisjoint(title.casefold() for title in in_every_language(column.heading))


def _signalled(door: ReadDoor, where: Where, frame: Frame, table: Table) -> Table:
    """The same rows with the signals of each."""
    from oppcli.reads.lying import signalled

    found = signalled(door, frame.policy(), where, frame.now, frame.tz, frame.hidden)
    rows = ((*row, tuple(Word("signal", name) for name in found.get(int(row[0][2:]), ()))) for row in table.rows)
    return table._replace(columns=(*table.columns, SIGNALS), rows=rows)


def _lying(door: ReadDoor, where: Where, args: Mapping[str, Any], frame: Frame, table: Table) -> Table:
    """Those of the deals that lie as asked, with how long already."""
    from oppcli.reads.lying import chosen

    idle = chosen(door, frame.policy(), where, frame.now, frame.tz, args)
    rows = ((*row, idle[row[0]]) for row in table.rows if row[0] in idle)
    return table._replace(columns=(*table.columns, IDLE), rows=rows)


def _asked(
    door: ReadDoor, columns: Sequence[Column], where: Where, args: Mapping[str, Any], frame: Frame | None
) -> tuple[Footnote, ...]:
    """The conditions of `-w` as clauses, and what is told of them."""
    if not args.get("where") or frame is None:
        return ()
    from oppcli.reads.deal_terms import of_deals

    return of_deals(door, columns, args["where"], frame, where, FROM)


_ASKED_FOR = ("all", "open", "closed", "stage", "where", "archived", "any")
"""With one of these people are shown closed deals, too."""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Deals; `open` and `closed` together are all. People at a terminal who ask for neither, nor for a stage or by a
    condition, see those that are open, and are told how many are not."""
    opened, ended = bool(args.get("open")), bool(args.get("closed"))
    kinds = () if opened == ended else LIVE_KINDS if opened else CLOSED_KINDS
    left_out = frame.screen and not any(args.get(name) for name in _ASKED_FOR)
    state = OPEN if left_out or opened > ended else "closed" if ended > opened else ""
    over = _where(args, CLOSED_KINDS) if left_out else None
    closed = door.rows(f"SELECT count(*) {FROM} {over.sql}", **over.params)[0][0] if over else 0
    return listed(door, _where(args, LIVE_KINDS if left_out else kinds), args, frame, state=state, closed=closed)


def leads(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Deals in a stage of kind lead, by id."""
    return listed(door, _where(args, (LEAD,)), args, frame)


FILTERS = (
    Param("owner", "me, a login or a name; none: nobody's; !x excludes", "user", many=True),
    Param("team", "me, a login or a name: of who is at or below this person in the lines", "team"),
    Param("stage", "a stage; !x excludes", "stage", many=True),
    Param("customer", "a customer; !x excludes", "customer", many=True),
    Param("source", "where it came from; !x excludes", "source", many=True),
    Param("tag", "a tag; !x excludes", "tag", many=True),
    Param("since", "created on or after", "since"),
    Param("until", "created before the end of this day", "until"),
    IN,
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
            Param("archived", "only those that are put away", "flag"),
            Param("any", "also those that are put away", "flag"),
            Param("rotting", "only live deals that nobody had to do with for longer than their stage allows", "flag"),
            Param("over-target", "only live deals that are in their stage for longer than its target", "flag"),
            Param("nostep", "only live deals without a next step, or with one too far off", "flag"),
        ),
        examples=(
            "opp ls --owner me --open",
            "opp ls --rotting --team me",
            "opp ls --owner me -c +signals",
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
)
