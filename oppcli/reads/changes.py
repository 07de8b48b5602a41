"""What became of what was open since an instant: from the opening to the closing figure, a row for each reason, which
add up to the minor unit.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.bridge import AMOUNT, CLOSING, COUNT, MEASURES, MOVES, OPENING, WEIGHTED, reasons
from oppcli.model.records import ANY
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads.breakdown import CHOSEN
from oppcli.reads.converting import unconverted
from oppcli.reads.deals_then import Past, Then
from oppcli.reads.deals_within import Within
from oppcli.reads.table import IN, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.bridge import State, Sum, moves, ordered, reason
from oppcli.rules.exchange import Converter
from oppcli.rules.scopes import require_had
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

SINCE = Param(
    "since", "since this day, or F-3: that submission; last: one's own last; default: 7 days ago", "told", metavar="D"
)
UNTIL = Param("until", "until the end of this day; default: now", "until", metavar="D")
MEASURE = Param("measure", "what is counted", "choice", choices=MEASURES, default=None)
DEALS = Param("deals", "the deals of each row, instead of their sums", "flag")
WEEK_MS = 7 * DAY_MS
NEEDED = {AMOUNT: ("amount",), WEIGHTED: ("amount", "probability", "category"), COUNT: ()}
"""Fields of a deal that a measure is made of."""
_FIGURES = (Column("before", Kind.MONEY), Column("after", Kind.MONEY), Column("delta", Kind.MONEY, title=say("CHANGE")))
COLUMNS = ranked(
    (Column("what", words="bridge"), Column("deals", Kind.COUNT), *_FIGURES, Column("currency", wide=False)),
    "what deals 1, before after 2, delta 1",
)
EACH = (
    *(Column("what", words="bridge", rank=1), Column("deal", Kind.REF, rank=1), Column("title", cut=True)),
    *(*_FIGURES, Column("currency", wide=False)),
)


class Change(NamedTuple):
    """A deal in a row."""

    what: str
    deal: str
    title: str
    before: int
    after: int


class Bridge:
    """The rows of one currency, or of all where one is asked for or deals are counted."""

    def __init__(self) -> None:
        self.sums: dict[str, Sum] = defaultdict(Sum)
        self.each: list[Change] = []

    def put(self, what: str, deal: str, title: str, before: int, after: int) -> None:
        self.sums[what] = self.sums[what].and_(before, after)
        if what not in (OPENING, CLOSING):
            self.each.append(Change(what, deal, title, before, after))


class Worths:
    """What deals counted for at both instants, by currency."""

    def __init__(self, measure: str, to: str | None, by: Sequence[Converter] | None) -> None:
        self._measure, self._to, self._by = measure, to, by

    def of(self, states: Sequence[State | None]) -> dict[str, tuple[int, int]]:
        """Currency → before and after; nothing for what is in neither figure."""
        found: dict[str, list[int]] = {}
        for at, state in enumerate(states):
            if state is None or not state.open:
                continue
            minor = state.amount if self._by is None else self._by[at].minor(state.amount, state.currency)
            found.setdefault(self.code(state), [0, 0])[at] = state.worth(minor, self._measure)
        return {code: (pair[0], pair[1]) for code, pair in found.items()}

    def code(self, state: State) -> str:
        """The currency that a deal is counted in; none where deals are."""
        return "" if self._measure == COUNT else self._to or state.currency


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Opening, what came and went, closing; below, how many deals moved. Refused for a time that ends before it begins
    or is ahead, and for a measure of a field that who asks does not have."""
    measure, instants = measured(args, frame, AMOUNT), _instants(args, frame)
    then = Then(door, instants, rates=bool(args.get("in")), closed=False)
    within = Within(door, args, frame, then)
    by = converters(args, frame, then) if args.get("in") and measure != COUNT else None
    worths = Worths(measure, args.get("in"), by)
    bridges: dict[str, Bridge] = defaultdict(Bridge)
    for deal in then.by_id.values():
        states = then.states(deal, within.of(deal))
        _put(bridges, states, worths, measure, ref("deal", deal.id), deal.title)
    if not bridges:
        bridges["" if measure == COUNT else args.get("in") or frame.policy().currency] = Bridge()
    codes = sorted(bridges, key=lambda code: (-bridges[code].sums[CLOSING].deals, code))
    columns = columns_of(EACH if args.get("deals") else COLUMNS, measure)
    told = _each if args.get("deals") else _rows
    tells = None if args.get("deals") else _tells
    rows = [row for code in codes for row in told(bridges[code], measure, code or None)]
    notes = (_period(instants, frame), *within.notes, *_unconverted(by))
    return Table(columns, rows, READ.title, notes, tells=tells)


def _tells(row: Row) -> bool:
    """Whether a row of sums says anything: both ends, and what any deal is in."""
    return row[0] in (OPENING, CLOSING) or bool(row[1])


def _put(
    bridges: dict[str, Bridge], states: Sequence[State | None], worths: Worths, measure: str, deal: str, title: str
) -> None:
    """The deal into the figures that it is in, and into the one row that tells what became of it."""
    before, after = states
    found = worths.of(states)
    for code, (was, now) in found.items():
        bridge = bridges[code]
        for what, state, worth in ((OPENING, before, was), (CLOSING, after, now)):
            if state is not None and state.open and worths.code(state) == code:
                bridge.put(what, deal, title, worth, worth)
        if why := reason(before, after, (was, now), measure):
            bridge.put(why, deal, title, was, now)
    if after is None:
        return
    for move in moves(before, after):
        bridges[worths.code(after)].put(move, deal, title, 0, 0)
    if not found and (why := reason(before, after, (0, 0), measure)):
        bridges[worths.code(after)].put(why, deal, title, 0, 0)


def measured(args: Mapping[str, Any], frame: Frame, usual: str) -> str:
    """What is asked for; the usual one, or the number to who does not have what that is made of. Refused for a measure
    of a field that they do not have."""
    asked = args.get("measure")
    needed = NEEDED[asked or usual]
    if asked:
        require_had(frame.actor, needed, frame.hidden)
    return str(asked or (COUNT if set(needed) & set(frame.hidden) else usual))


def _instants(args: Mapping[str, Any], frame: Frame) -> tuple[int, int | None]:
    since, until = args.get("since"), args.get("until")
    since = frame.now - WEEK_MS if since is None else since
    # Since a submission of this moment nothing has changed yet.
    if since >= (frame.now + 2 if until is None else min(frame.now, until)):
        said = say(
            "nothing lies between {since} and {until}", since=frame.show(since), until=frame.show(until or frame.now)
        )
        raise UsageError(said, hint="--since 2026-11-01 --until 2026-11-30")
    return since, None if until is None or until > frame.now else until


def converters(args: Mapping[str, Any], frame: Frame, then: Then) -> list[Converter]:
    """Each counts by the rates that were known at its instant, and by that day's."""

    def made(past: Past) -> Converter:
        rates = then.rates(past)
        return Converter(
            args["in"],
            frame.now if past.at is None else past.at - 1,
            lambda: frame.policy().hours().timezone,
            lambda code: rates,
        )

    return [made(past) for past in then.pasts]


def _unconverted(by: Sequence[Converter] | None) -> Iterator[Footnote]:
    if by:
        yield from unconverted(by[-1])


def _period(instants: tuple[int, int | None], frame: Frame) -> Footnote:
    since, until = (frame.show(frame.now if at is None else at) for at in instants)
    return Footnote("period", None, say("from {since} to {until}", since=since, until=until))


def columns_of(columns: tuple[Column, ...], measure: str) -> tuple[Column, ...]:
    """Numbers of deals are no money."""
    if measure != COUNT:
        return columns
    return tuple(each._replace(kind=Kind.COUNT) if each.kind is Kind.MONEY else each for each in columns)


def _rows(bridge: Bridge, measure: str, code: str | None) -> Iterator[Row]:
    """The bridge from one figure to the other, and the moves, of which no money is told."""
    for what in (OPENING, *reasons(measure), CLOSING):
        found = bridge.sums[what]
        delta = None if what in (OPENING, CLOSING) else found.after - found.before
        yield (what, found.deals, found.before, found.after, delta, code)
    for what in MOVES:
        yield (what, bridge.sums[what].deals, None, None, None, None)


def _each(bridge: Bridge, measure: str, code: str | None) -> Iterator[Row]:
    """The deals of each row, by their numbers."""
    for what in ordered([what for what in bridge.sums if what not in (OPENING, CLOSING)], measure):
        for change in bridge.each:
            if change.what == what:
                money = (change.before, change.after, change.after - change.before, code)
                told = (None,) * 4 if what in MOVES else money
                yield (what, change.deal, change.title, *told)


READ = Read(
    path="report changes",
    title=say("What changed"),
    help="what became of what was open: won, lost, new, larger, smaller: from one figure to the other, to the cent",
    standing=ANY,
    columns=COLUMNS,
    params=(SINCE, UNTIL, MEASURE, DEALS, IN, *CHOSEN),
    build=build,
    examples=(
        "opp report changes",
        "opp report changes --since 2026-11-01 --measure weighted --owner me",
        "opp report changes --since last-monday --deals",
        "opp report changes --since F-3 --team me",
    ),
)
READS = (READ,)
