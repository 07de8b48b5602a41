"""What was forecast of months that are over: what was submitted before each began, else the weighted amount of what was
to close in it, as it was known at its first instant; and by how much that was wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from oppcli.model.bridge import WEIGHTED
from oppcli.model.forecasts import Forecast
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.reads import submissions
from oppcli.reads.changes import converters
from oppcli.reads.deals_then import Then
from oppcli.reads.deals_within import Within
from oppcli.reads.forecast_months import PAST_DUE
from oppcli.reads.forecast_targets import OWNER, PARTED
from oppcli.reads.table import Column, Frame, Kind, Row, Table
from oppcli.reads.where import Where
from oppcli.rules.forecasting import COUNTED, weighted
from oppcli.rules.submitted import sums
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import MONTH, label
from oppcli.words.zones import midnight, today

COLUMNS = (
    Column("forecast", Kind.MONEY, title=say("FORECAST"), rank=2),
    Column("error", Kind.MONEY, title=say("OFF BY"), rank=2),
    Column("error_share", Kind.FRACTION, title=say("OF WON"), rank=3),
    Column("source", title=say("KNOWN"), rank=4),
)
NOTHING: Row = (None,) * len(COLUMNS)


def with_past(table: Table, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The table with these columns, where months that are over are among its rows; else as it is."""
    month, rows = label(today(frame.now, frame.tz), MONTH), list(table.rows)
    over = [row[0] for row in rows if row[0] not in (None, PAST_DUE) and row[0] < month]
    if not over:
        return table
    places = {column.name: place for place, column in enumerate(table.columns)}
    begun = {each: midnight(date.fromisoformat(f"{each}-01"), frame.tz) for each in over}
    said = _submitted(door, args, begun)
    left = {each: at for each, at in begun.items() if each not in said}
    known = dict(_known(door, args, frame, left)) if left else {}
    told = [
        (*row, *(_said(row, places, said[row[0]]) if row[0] in said else _told(row, places, known.get(row[0]), row[0])))
        for row in rows
    ]
    last = None if table.last is None else (*table.last, *NOTHING)
    return table._replace(columns=(*table.columns, *COLUMNS), rows=told, last=last)


def _known(
    door: ReadDoor, args: Mapping[str, Any], frame: Frame, begun: Mapping[str, int]
) -> Iterator[tuple[str, Counter[str]]]:
    """Of each month what was forecast, by currency; nothing of one that began before anything was known."""
    _, first, _ = door.ends
    begun = {each: at for each, at in begun.items() if first is not None and first < at}
    then = Then(door, tuple(begun.values()), rates=bool(args.get("in")))
    within = Within(door, args, frame, then)
    by = converters(args, frame, then) if args.get("in") else None
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for deal in then.by_id.values():
        for at, (month, state) in enumerate(zip(begun, then.states(deal, within.of(deal)), strict=True)):
            if state is None or not state.open or (state.close or "")[: len(month)] != month:
                continue
            minor = state.amount if by is None else by[at].minor(state.amount, state.currency)
            sums[month][state.currency if by is None else args["in"]] += state.worth(minor, WEIGHTED)
    yield from ((month, sums[month]) for month in begun)


def _submitted(door: ReadDoor, args: Mapping[str, Any], begun: Mapping[str, int]) -> dict[str, Forecast]:
    """The last submission before each month began (`begun`: month → that instant): of the team that is asked for, else
    of everybody. None where deals are chosen by anything else, or by their pipeline."""
    if any(map(args.get, (OWNER, *PARTED))) or door.several:
        return {}
    where, team = Where(), (args.get("team") or ((), ()))[0]
    where.among("f.month", list(begun))
    if team:
        where.equals("f.team", team[0])
    else:
        where.clauses.append("f.team IS NULL")
    last = {each.month: each for each in submissions.heads(door, where) if each.submitted_at < begun[each.month]}
    return {each.month: each for each in submissions.whole(door, tuple(last.values()))}


def _forecast(of: Forecast, currency: str) -> int | None:
    """What it said the month would bring: what was committed to, where somebody said so, else the weighted amount of
    its deals. None in another currency than its own or that of all its deals."""
    if currency == of.currency:
        return sums(of.lines, currency).weighted if of.committed is None else of.committed
    if of.committed is not None or any(line.currency != currency for line in of.lines):
        return None
    return sum(weighted(line.amount or 0, line.probability) for line in of.lines if line.category in COUNTED)


def _told(row: Row, places: Mapping[str, int], known: Counter[str] | None, month: Any) -> Row:
    """Of a row: what was forecast, what that is more than was won, as a share of that, and since when it was known. No
    money in several currencies."""
    if known is None:
        return NOTHING
    source: Said = say("as of {day}", day=f"{month}-01")
    closed, currency = row[places["closed"]], row[places["currency"]]
    if closed is None or any(code != currency for code in +known):
        return (None, None, None, source)
    return _figures(known[currency], closed, source)


def _said(row: Row, places: Mapping[str, int], of: Forecast) -> Row:
    """The same of what was submitted."""
    closed, found = row[places["closed"]], _forecast(of, row[places["currency"]])
    source = ref("forecast", of.id)
    return (None, None, None, source) if closed is None or found is None else _figures(found, closed, source)


def _figures(found: int, closed: int, source: str) -> Row:
    return (found, found - closed, (found - closed) / closed if closed else None, source)
