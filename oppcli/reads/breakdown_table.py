"""The rows of a break-down and what is said of them: each measure of each combination of values, and of the whole."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model import money
from oppcli.model.said import say
from oppcli.reads.breakdown_cells import Cell, Whole, compared
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import PEOPLE, Key
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.breakdown_rows import among_others, folding, ordered, places, ranked, spread, told_apart, top
from oppcli.reads.breakdown_times import Compared
from oppcli.reads.crossing import Cross
from oppcli.reads.population import not_added_up
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Row, Table

NONE, TOTAL = say("(none)"), "(total)"


class Split:
    """One answer: the deals of now, and of before where they are compared, by the same values."""

    def __init__(
        self,
        report: Breakdown,
        keys: Sequence[Key],
        now: Found,
        before: Found | None,
        other: Compared | None,
        args: Mapping[str, Any],
        frame: Frame,
    ) -> None:
        self.measures = [each for each in report.measures if not set(each.field.split()) & set(frame.hidden)]
        taken = {each.name for each in self.measures} - ({"currency"} if not args.get("in") else set())
        keys = [_renamed(key) if key.name in taken else key for key in keys]
        self.report, self.keys, self.args = report, keys, args
        founds = told_apart([now] if before is None else [now, before], keys)
        now, before = founds[0], None if before is None else founds[1]
        self.folded = folding(founds, keys)
        renames = [dict(each) for each in self.folded.renames]
        then = [dict(each) for each in renames]
        for at, key in enumerate(keys):
            if other is not None and key.unit:
                then[at] |= other.aligned(key.unit)
        self.now = spread(now, keys, renames)
        self.whole = self._whole(self.now.total)
        if args.get("top") and keys:
            renames[0] |= top(self.now.margins[0], self._worth, args["top"])
            kept = ranked(self.now.margins[0], self._worth)[: args["top"]]
            if before is not None:
                other_time = spread(before, keys, then).margins[0]
                fresh = [label for label in ranked(other_time, self._worth) if label not in kept]
                kept += fresh[: args["top"] - len(kept)]
                then[0] = among_others(then[0], other_time, kept)
            self.now = spread(now, keys, renames)
            self.whole = self._whole(self.now.total)
        self.before = None if before is None else spread(before, keys, then)
        self.was = self.whole if self.before is None else self._whole(self.before.total)

    def _whole(self, total: Cell) -> Whole:
        """All money in the currency that is asked for, else in its only one."""
        return Whole(total, self.args.get("in"))

    def _worth(self, cell: Cell) -> Any:
        first = next((each for each in self.measures if each.name == self.report.ordered), self.measures[0])
        return first.of(cell, self.whole)

    def table(self, notes: Sequence[Footnote]) -> Table:
        margins = [self._margin(at) for at in range(len(self.keys))]
        labels = [ordered(key, margin, self._worth) for key, margin in zip(self.keys, margins, strict=True)]
        columns = (*(key.column._replace(blank=NONE) for key in self.keys), *self._columns())
        rows = list(self._rows(labels))
        if self._ranks:
            columns = (*columns, Column("rank", Kind.COUNT, wide=False))
            rank = places(labels[0], margins[0], self._worth)
            rows = [(*row, rank.get(row[0])) for row in rows]
        last = self._last(len(columns))
        chart = Chart("bars", (self.keys[0].name,), (self._drawn,)) if len(self.keys) == 1 else None
        return Table(
            columns,
            rows,
            self.report.title,
            tuple(notes),
            total=self._total(),
            chart=chart,
            last=last,
            lasts=bool(self.args.get("total")),
            cross=self._cross(labels) if len(self.keys) == 2 and self.report.crossed else None,
        )

    @property
    def _drawn(self) -> str:
        """The measure of the figure: the first that has bars, else the first."""
        return next((each for each in self.measures if each.column.bar), self.measures[0]).name

    @property
    def _ranks(self) -> bool:
        return len(self.keys) == 1 and self.keys[0].name in PEOPLE

    def _margin(self, at: int) -> Mapping[Any, Cell]:
        """The cells of one key alone, of what was there before, too."""
        now = self.now.margins[at]
        gone = self.before.margins[at] if self.before is not None else {}
        return {**dict.fromkeys(gone, Cell()), **now}

    def _columns(self) -> Iterator[Column]:
        several = sum(bool(measure.change) for measure in self.measures) > 1
        for measure in self.measures:
            yield measure.column
            if self.before is not None and measure.change:
                called = measure.column.heading
                before = say("{measure} BEFORE", measure=called) if several else say("BEFORE")
                yield measure.column._replace(name=f"before_{measure.name}", title=before, bar=False)
                changed = say("{measure} CHANGE", measure=called) if several else say("CHANGE")
                change = Column(f"change_{measure.name}", Kind.FRACTION, title=changed)
                yield change._replace(rank=measure.column.rank, wide=measure.column.wide, place=measure.column.place)

    def _rows(self, labels: Sequence[Sequence[Any]]) -> Iterator[Row]:
        """One row without keys; gaps of a single key of periods are rows of nothing."""
        if not self.keys:
            yield self._figures(self.now.total, self.before and self.before.total)
        elif len(self.keys) == 1:
            for label in labels[0]:
                yield (label, *self._of((label,)))
        else:
            order = [{label: place for place, label in enumerate(each)} for each in labels]
            occur = {**(self.before.cells if self.before else {}), **self.now.cells}
            for each in sorted(occur, key=lambda found: [at[label] for at, label in zip(order, found, strict=True)]):
                yield (*each, *self._of(each))

    def _of(self, labels: tuple[Any, ...]) -> Row:
        was = self.before.cells.get(labels, Cell()) if self.before is not None else None
        return self._figures(self.now.cells.get(labels, Cell()), was)

    def _figures(self, cell: Cell, was: Cell | None) -> Row:
        return tuple(self._values(cell, was))

    def _values(self, cell: Cell, was: Cell | None) -> Iterator[Any]:
        """Each measure, behind it what it was and how it changed; money that was in another currency is not
        compared."""
        kind = self.report.kind
        same = was is None or self.whole.currency_of(cell, kind) == self.was.currency_of(was, kind)
        for measure in self.measures:
            value = measure.of(cell, self.whole)
            yield value
            if was is not None and measure.change:
                before = measure.of(was, self.was) if same or measure.column.kind is not Kind.MONEY else None
                yield before
                yield compared(value, before, measure.change)

    def _last(self, width: int) -> Row | None:
        """The row of the whole."""
        if not self.keys or not self.now.cells:
            return None
        row = (TOTAL, *[""] * (len(self.keys) - 1), *self._figures(self.now.total, self._was_total))
        return (*row, *[None] * (width - len(row)))

    @property
    def _was_total(self) -> Cell | None:
        return None if self.before is None else self.before.total

    def _total(self) -> dict[str, Any]:
        """The whole for `-o full`; money as text with its decimals."""
        currency = self.whole.currency_of(self.now.total, self.report.kind)
        values = self._figures(self.now.total, self._was_total)

        def plain(column: Column, value: Any) -> Any:
            told = column.kind is Kind.MONEY and value is not None
            return money.plain(value, currency or "") if told else value

        return {column.name: plain(column, value) for column, value in zip(self._columns(), values, strict=True)}

    def _cross(self, labels: Sequence[Sequence[Any]]) -> Cross:
        """What people see of two keys: one measure, crossed, with the sums of both sides."""
        nothing = self._figures(Cell(), None if self.before is None else Cell())
        return Cross(tuple(labels[0]), tuple(labels[1]), self._side(0), self._side(1), nothing)

    def _side(self, at: int) -> Mapping[Any, Row]:
        """The figures of each value of one key."""
        return {label: self._figures(cell, self._was(at, label)) for label, cell in self._margin(at).items()}

    def _was(self, at: int, label: Any) -> Cell | None:
        """What was before of one value of one key."""
        return None if self.before is None else self.before.margins[at].get(label, Cell())


def _renamed(key: Key) -> Key:
    """A key that is called like a measure of its report, under a name of its own: each column is found by its name."""
    return key._replace(column=key.column._replace(name=f"by_{key.name}", title=key.column.heading))


def notes_of(report: Breakdown, found: Split, now: Found, times: Times) -> Iterator[Footnote]:
    """The population, and everything that could not be counted, or counts more than once."""
    total = found.now.total
    yield Footnote("population", total.population, report.noun(total.population))
    if now.undated:
        said = say("{what} whose date nobody knows left out", what=report.noun(now.undated))
        yield Footnote("unknown_date", now.undated, said)
    if found.folded.deals:
        said = say("{what} counted under another spelling of the same", what=report.noun(found.folded.deals))
        yield Footnote("folded", found.folded.deals, said)
    if found.now.several:
        said = say("{what} in several rows, once in the total", what=report.noun(found.now.several))
        yield Footnote("several_rows", found.now.several, said)
    yield from _currencies(report, found)
    yield from report.told(total)


def _currencies(report: Breakdown, found: Split) -> Iterator[Footnote]:
    kind, keyed = report.kind, any(key.name == "currency" for key in found.keys)
    codes = sorted({code for of, code in found.now.total.priced if of == kind})
    priced = any(measure.column.kind is Kind.MONEY for measure in found.measures)
    if priced and not found.args.get("in") and not keyed:
        yield from not_added_up(codes)
