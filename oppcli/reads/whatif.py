"""What the forecast would be if deals or stages were otherwise: by month before, after and the difference."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.bridge import COUNT, MEASURES, WEIGHTED
from oppcli.model.deals import OMITTED
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.reads.breakdown import CHOSEN
from oppcli.reads.changes import columns_of, measured
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.deals_then import Then
from oppcli.reads.deals_within import Within
from oppcli.reads.forecast_months import PAST_DUE
from oppcli.reads.supposed import Supposed
from oppcli.reads.table import IN, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.bridge import State
from oppcli.rules.forecasting import category
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import MONTH, label
from oppcli.words.zones import today

SET = Param("set", "suppose this: D-1.amount=500k, D-2.close=2026-12-20, stage:NAME.probability=60", many=True)
DROP = Param("drop", "suppose that this deal is gone", many=True, metavar="DEAL")
MEASURE = Param("measure", "what is counted; default weighted", "choice", choices=MEASURES)
COLUMNS = ranked(
    (
        Column("month", words="forecast", blank=say("(none)")),
        Column("before", Kind.MONEY),
        Column("after", Kind.MONEY),
        Column("delta", Kind.MONEY, title=say("CHANGE")),
        Column("currency", wide=False),
    ),
    "month 1, before after delta 1",
)
TOTAL = "(total)"


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each month in which there is something, before or after, and currency; the whole behind them. Refused
    where nothing is supposed, and for what cannot be."""
    if not args.get("set") and not args.get("drop"):
        raise UsageError(say("suppose something: what if?"), hint=say("--set D-1.amount=500k, --drop D-3"))
    measure, then = measured(args, frame, WEIGHTED), Then(door, (None,))
    within = Within(door, args, frame, then)
    what = Supposed(door, frame, then).read(args.get("set") or (), args.get("drop") or ())
    sums: dict[tuple[str, str | None], Counter[str]] = defaultdict(Counter)
    worth, idle = _Worth(door, args, frame, measure), {*what.deals, *what.dropped}
    for deal in then.by_id.values():
        (before,) = then.states(deal, within.of(deal))
        if before is not None:
            for side, state in (("before", before), ("after", what.state(deal, before))):
                if state is not None and (found := worth.of(state)) is not None:
                    sums[found[0], found[1]][side] += found[2]
                    idle.discard(deal.id)
    last = _last(sums)
    notes = (Footnote("state", None, say("nothing was written")), *_idle(idle), *within.notes, *worth.notes())
    return Table(columns_of(COLUMNS, measure), list(_rows(sums)), READ.title, notes, last=last)


def _idle(deals: set[int]) -> Iterator[Footnote]:
    """Who supposes something of a deal that is in no forecast, before or after, is told so."""
    if deals:
        named = listed(ref("deal", number) for number in sorted(deals))
        said = say(
            "what is supposed of {deals} changes nothing: closed, omitted, or not among those chosen", deals=named
        )
        yield Footnote("left_out", len(deals), said)


class _Worth:
    """What a deal counts for, by currency and month."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any], frame: Frame, measure: str) -> None:
        self._by = None if measure == COUNT else counting(door, frame, args.get("in"))
        self._measure, self._day = measure, today(frame.now, frame.tz).isoformat()

    def of(self, state: State) -> tuple[str, str | None, int] | None:
        """Nothing of what is not open, or omitted."""
        omitted = category(state.place.kind, state.category, state.place.category) == OMITTED
        if not state.open or omitted:
            return None
        code = "" if self._measure == COUNT else self._by.to if self._by else state.currency
        minor = state.amount if self._by is None else self._by.minor(state.amount, state.currency)
        return code, self._month(state.close), state.worth(minor, self._measure)

    def _month(self, close: str | None) -> str | None:
        from datetime import date

        if not close:
            return None
        return PAST_DUE if close < self._day else label(date.fromisoformat(close), MONTH)

    def notes(self) -> tuple[Footnote, ...]:
        return tuple(uncounted(self._by))


Sums = Mapping[tuple[str, str | None], Counter[str]]


def _rows(sums: Sums) -> Iterator[Row]:
    """What is past due first, what has no date last."""
    for code, month in sorted(sums, key=lambda key: (key[0], key[1] is None, key[1] != PAST_DUE, key[1] or "")):
        found = sums[code, month]
        yield (month, found["before"], found["after"], found["after"] - found["before"], code or None)


def _last(sums: Sums) -> Row | None:
    """The whole, where all is in one currency."""
    codes = {code for code, _ in sums}
    if len(codes) != 1:
        return None
    before, after = (sum(each[side] for each in sums.values()) for side in ("before", "after"))
    return (TOTAL, before, after, after - before, codes.pop() or None)


READ = Read(
    path="forecast whatif",
    title=say("What if"),
    help="the forecast if deals or stages were otherwise: by month before, after, difference; nothing is written",
    standing=COUNTED,
    columns=COLUMNS,
    params=(SET, DROP, MEASURE, IN, *CHOSEN),
    build=build,
    examples=(
        "opp forecast whatif --set D-1.amount=500k --set D-2.close=2026-12-20",
        "opp forecast whatif --set stage:Quote.probability=60 --drop D-3 --json",
    ),
)
READS = (READ,)
