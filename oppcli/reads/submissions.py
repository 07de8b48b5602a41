"""Submitted forecasts as tables: which there are and what they come to, and the deals of one, as they were frozen."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.errors import NotFound
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.forecasts import Forecast, ForecastLine
from oppcli.model.noun import replace
from oppcli.model.records import ANY
from oppcli.model.refs import number, ref
from oppcli.model.said import Said, label, listed, say
from oppcli.reads.table import NEEDED, Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.submitted import Sums, said, sums, whose
from oppcli.store.doors import ReadDoor
from oppcli.words import periods

COLUMNS = ranked(
    (
        Column("forecast", Kind.REF),
        Column("month"),
        Column("team", Kind.REF, blank=say("(everybody)")),
        Column("deals", Kind.COUNT),
        Column("weighted", Kind.MONEY),
        Column("commit", Kind.MONEY),
        Column("best", Kind.MONEY),
        Column("closed", Kind.MONEY),
        Column("currency", wide=False),
        Column("submitted_by", Kind.REF),
        Column("submitted_at", Kind.INSTANT),
    ),
    "forecast month team 1, deals 3, weighted 1, commit best 1, closed 4, submitted_by 2, submitted_at 2",
)
LINES = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("category", words="category"),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("probability", Kind.COUNT, unit="%"),
        Column("expected_close", Kind.DATE),
        Column("rate", Kind.NUMBER),
    ),
    "deal title category 1, amount 1, probability 2, expected_close 2, rate 3",
)
MADE_OF = {
    "deals": ("category",),
    "weighted": ("amount", "probability", "category"),
    **dict.fromkeys(("commit", "best"), ("amount", "category")),
    **dict.fromkeys(("closed", "rate"), ("amount", "category")),
    **{name: (name,) for name in ("amount", "category", "probability", "expected_close")},
}
"""Column → the fields of deals that it is made of."""
LAST = ("last", "上次")
"""In place of a reference: the last one that who asks submitted."""
_HEADS = "f.id, f.month, f.team, f.currency, f.committed, f.best, f.submitted_at, f.submitted_by"
_LINES = "l.deal_id, l.category, l.amount, l.currency, l.probability, l.expected_close, l.rate"
_NAMES = tuple(name.partition(".")[2] for name in _LINES.split(", "))


def heads(door: ReadDoor, where: Where) -> list[Forecast]:
    """The submissions of `forecast f` that fulfil it, in the order in which they were made; without their lines."""
    rows = door.rows(f"SELECT {_HEADS} FROM forecast f {where.sql} ORDER BY f.submitted_at, f.id", **where.params)
    return [
        Forecast(
            id=key,
            month=month,
            team=team,
            currency=currency,
            committed=committed,
            best=best,
            submitted_at=at,
            submitted_by=by,
        )
        for key, month, team, currency, committed, best, at, by in rows
    ]


def whole(door: ReadDoor, found: Sequence[Forecast]) -> list[Forecast]:
    """These with the lines that are seen; in one statement, where there are any."""
    lines: dict[int, list[ForecastLine]] = defaultdict(list)
    if found:
        which, ids = door.any_of("l.forecast_id", "ids", [each.id for each in found])
        for key, *row in door.rows(
            f"SELECT l.forecast_id, {_LINES} FROM forecastline l WHERE {which} ORDER BY l.forecast_id, l.number",
            ids=ids,
        ):
            lines[key].append(ForecastLine(**dict(zip(_NAMES, row, strict=True))))
    return [replace(each, lines=tuple(lines[each.id])) for each in found]


def named(door: ReadDoor, text: str, actor: str) -> Forecast | None:
    """The submission of a reference, or of `last` the last one of who asks; None for a text that names none. Refused
    (3) where there is no such one."""
    where = Where()
    key = number("forecast", text) if not text.strip().isdigit() else None
    if text.strip().casefold() in LAST:
        where.equals("f.submitted_by", actor)
    elif key is None:
        return None
    else:
        where.equals("f.id", key)
    there = heads(door, where)
    if not there:
        told = (
            say("{login} submitted no forecast yet", login=actor)
            if key is None
            else say("no such forecast: {text}", text=text)
        )
        raise NotFound(told, hint=command("forecast", "list"))
    return whole(door, there[-1:])[0]


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each submission, the newest first."""
    where = Where()
    if args.get("period") is not None:
        first, last = (periods.label(day, periods.MONTH) for day in args["period"])
        where.within("f.month", first)
        where.clauses.append(f"f.month <= {where.name(last)}")
    where.equals("f.team", args.get("team"))
    where.among("f.submitted_by", *(args.get("by") or ((), ())))
    rows = [_row(each, sums(each.lines, each.currency)) for each in whole(door, heads(door, where))]
    return _seen(Table(COLUMNS, rows[::-1], LIST.title), frame)


def _row(of: Forecast, come_to: Sums) -> Row:
    figures = (come_to.deals, come_to.weighted, *said(of, come_to), come_to.closed, of.currency)
    return (ref("forecast", of.id), of.month, of.team, *figures, of.submitted_by, of.submitted_at)


def show(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The deals of a submission as they were frozen, above them what was said of them. Refused where there is none."""
    of = _named(door, args["forecast"], frame.actor)
    head = _head(of, frame)
    above, total = tuple(_above(of, head, frame)), dict(_plain(head, of.currency))
    found = Table(LINES, _lines(door, of), SHOW.title, above=above, total=total, exact=True)
    return _seen(found, frame)


def one(door: ReadDoor, text: str, frame: Frame) -> tuple[Table, Table]:
    """A submission as one thing with its deals in it, and these as a table. Refused where there is none."""
    of = _named(door, text, frame.actor)
    every = _lines(door, of)
    lines, codes = _seen(Table(LINES, every), frame), [row[4] for row in every]
    told = [
        dict(_plain(dict(zip(_names(lines), row, strict=True)), code))
        for row, code in zip(lines.rows, codes, strict=True)
    ]
    head = _seen(Table(COLUMNS, [_row(of, sums(of.lines, of.currency))], SHOW.title, single=True, exact=True), frame)
    columns = (*(each._replace(wide=True) for each in head.columns), Column("lines", Kind.OBJECT))
    return head._replace(columns=columns, rows=[(*row, told) for row in head.rows]), lines


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _lines(door: ReadDoor, of: Forecast) -> list[Row]:
    which, ids = door.any_of("d.id", "ids", [line.deal_id for line in of.lines])
    found = door.rows(f"SELECT d.id, d.title FROM deal d WHERE {which}", ids=ids) if of.lines else ()
    titles = {int(key): title for key, title in found}
    return [
        (
            ref("deal", line.deal_id),
            titles.get(line.deal_id),
            *(line.category, line.amount, line.currency, line.probability, line.expected_close),
            None if line.rate is None else Decimal(line.rate),
        )
        for line in of.lines
    ]


def _head(of: Forecast, frame: Frame) -> dict[str, Any]:
    """Its figures by column, as far as who asks has them."""
    head = _seen(Table(COLUMNS, [_row(of, sums(of.lines, of.currency))]), frame)
    return dict(zip(_names(head), next(iter(head.rows)), strict=True))


def _plain(told: Mapping[str, Any], currency: str) -> Iterator[tuple[str, Any]]:
    """As programs have it where it is no cell of its own."""
    from oppcli.words.shown import iso

    kinds = {column.name: column.kind for column in (*COLUMNS, *LINES)}
    for name, value in told.items():
        if value is not None and kinds[name] in (Kind.MONEY, Kind.INSTANT):
            yield name, money.plain(value, currency) if kinds[name] is Kind.MONEY else iso(value)
        else:
            yield name, format(value, "f") if isinstance(value, Decimal) else value


def _named(door: ReadDoor, text: str, actor: str) -> Forecast:
    found = named(door, text, actor) or named(door, ref("forecast", _digits(text)), actor)
    assert found is not None
    return found


def _digits(text: str) -> int:
    """The number of a submission. Refused (3) for what is none."""
    key = number("forecast", text)
    if key is None:
        raise NotFound(say("no such forecast: {text}", text=text), hint=command("forecast", "list"))
    return key


def _above(of: Forecast, head: Mapping[str, Any], frame: Frame) -> Iterator[Said | str]:
    by = say("submitted by {login} {when}", login=of.submitted_by, when=frame.show(of.submitted_at))
    yield listed((ref("forecast", of.id), of.month, whose(of.team), by), " · ")
    figures = [
        say("{field} {value}", field=label(name), value=money.shown(head[name], of.currency))
        for name in ("weighted", "commit", "best", "closed")
        if name in head
    ]
    if figures:
        yield listed(figures, " · ")


def _seen(table: Table, frame: Frame) -> Table:
    """Without the columns that are made of fields which who asks does not have."""
    return table.without({name for name, fields in MADE_OF.items() if set(fields) & set(frame.hidden)})


LIST = Read(
    path="forecast list",
    title=say("Submitted forecasts"),
    help="What was forecast of months: by whom, when, and what its deals came to then",
    columns=COLUMNS,
    build=listing,
    params=(
        Param("period", "of months in it: 2026-11 2026Q4 2026", "period", metavar="P"),
        Param("team", "of this person's team", "person", metavar="LOGIN"),
        Param("by", "submitted by this person; !x excludes", "user", many=True, metavar="LOGIN"),
    ),
    examples=("opp forecast list", "opp forecast list --period 2026Q4 --team me --csv"),
)
SHOW = Read(
    path="forecast show",
    title=say("Submitted forecast"),
    help="One submission: its deals as they were when it was made",
    columns=LINES,
    build=show,
    params=(Param("forecast", "F-3; last: one's own last", default=NEEDED, place=True, metavar="FORECAST"),),
    standing=ANY,
    narrows=False,
    examples=("opp forecast show F-3", "opp forecast show last -o json"),
)
READS = (LIST, SHOW)
