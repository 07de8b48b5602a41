"""Which columns and rows of a table an output shows: picking, sorting, limiting. Nothing here makes text."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.nouns import BY_WORD
from oppcli.model.said import listed, say
from oppcli.reads.table import Chart, Column, Footnote, Kind, Picture, Row, Table
from oppcli.render.output import Output
from oppcli.tuples import NamedTuple

UNTOLD = frozenset(("csv", "tsv", "json", "jsonl", "ids", "full"))
"""Formats that are no language's."""
FOR_PROGRAMS = UNTOLD | {"xlsx"}
"""Formats that hold every column, raw. All others show dates, money and durations as people read them, and by default
not every column."""


class Shown(NamedTuple):
    """A column that is shown, and where its values stand in a row."""

    column: Column
    at: int
    currency_at: int | None
    """For money: where its currency stands."""
    names_currency: bool
    """For money: no column shown names the currency, or it stands on a line of its own, so the amount has to."""
    behalf_at: int | None = None
    """For who acts: where it stands for whom, as long as no column shown says so."""
    until_at: int | None = None
    """For hours that are left: where the instant stands."""
    toned: tuple[str, int] | None = None
    """The group of codes that gives it its colour, and where the code stands."""


class Rows:
    """The rows to show, once. When `counting`, the ones beyond the limit are counted too."""

    def __init__(
        self,
        rows: Iterable[Row],
        limit: int | None,
        *,
        counting: bool,
        last: Row | None = None,
        showing: Callable[[Row], None] | None = None,
    ) -> None:
        self.total = 0
        self._showing = showing
        self._limit, self.last = limit, last
        self._rows = rows if counting else islice(rows, limit)

    def __iter__(self) -> Iterator[Row]:
        limit = self._limit
        for row in self._rows:
            self.total += 1
            if limit is None or self.total <= limit:
                if self._showing is not None:
                    self._showing(row)
                yield row
        if self.last is not None:
            yield self.last

    @property
    def cut(self) -> bool:
        """Were rows left out? Known when all have been iterated over."""
        return self._limit is not None and self.total > self._limit


class View(NamedTuple):
    """A table as one output wants it."""

    shown: tuple[Shown, ...]
    rows: Rows
    title: str
    notes: tuple[Footnote, ...]
    single: bool
    unshown: list[str]
    """Columns that a format found no room for."""
    cut: list[str]
    """Columns with texts that a format had to cut."""
    records: bool
    total: Mapping[str, Any] | None
    summed: tuple[str, ...]
    columns: tuple[Column, ...]
    """Of the table: a picture finds in a row what it draws."""
    picture: Picture | None
    chart: Chart | None


def view(table: Table, out: Output) -> View:
    """Raises `UsageError` naming every column that does not exist."""
    people = out.format not in FOR_PROGRAMS
    out = out._replace(columns=named(out.columns, table.columns), sort=named(out.sort, table.columns))
    _check(table.columns, out)
    columns = [_id_column(table.columns)] if out.format == "ids" else _pick(table, out.columns, people=people)
    order = out.sort or (table.order if people and out.terminal else "")
    if people and table.tells is not None:
        table = table._replace(rows=filter(table.tells, table.rows))
    rows, notes = _sorted(table, order, out) if order else (table.rows, ())
    return View(
        shown=tuple(_shown(column, table, columns) for column in columns),
        rows=Rows(
            rows, out.limit, counting=people and out.terminal, last=_last(table, out, columns), showing=out.showing
        ),
        title=table.title,
        notes=(*table.notes, *notes),
        single=table.single,
        unshown=[],
        cut=[],
        records=table.records or bool(out.columns),
        total=table.total,
        summed=table.summed,
        columns=table.columns,
        picture=table.picture,
        chart=table.chart,
    )


def _last(table: Table, out: Output, shown: Sequence[Column]) -> Row | None:
    """The row of the whole, where it is shown; people read TOTAL where programs have `(total)`, in the first text that
    is shown where that key is not: a figure without a name looks like one of the rows above."""
    last = table.last
    if last is None or out.format in FOR_PROGRAMS:
        return last if table.lasts else None
    places = [at for at, column in enumerate(table.columns) if column in shown]
    texts = (at for at in places if table.columns[at].kind in (Kind.TEXT, Kind.REF) and not last[at])
    place = 0 if 0 in places else next(texts, 0)
    return (*last[:place], out.told(say("TOTAL")), *last[place + 1 :])


def words(spec: str | None) -> list[tuple[str, str]]:
    """`a,+b,-c` as pairs of sign and name."""
    parts = [part.strip() for part in (spec or "").replace("，", ",").split(",")]
    return [(part[0] if part[0] in "+-" else "", part.lstrip("+-").strip()) for part in parts if part]


def named(spec: str | None, columns: Iterable[Column]) -> str | None:
    """The same with columns by their names, where they were typed by what stands above them in some language. Refused
    (`Ambiguous`) where it stands above several."""
    known = {column.name: column for column in columns}
    asked = words(spec)
    if all(name in known for _, name in asked):
        return spec
    from oppcli.model.fields import SYNONYMS
    from oppcli.speech.titles import in_every_language
    from oppcli.words.named import understood

    def titles(name: str) -> tuple[str, ...]:
        return (*in_every_language(known[name].heading), *(other for other, of in SYNONYMS.items() if of == name))

    return ",".join(f"{sign}{understood(name, known, titles) or name}" for sign, name in asked)


def _check(columns: tuple[Column, ...], out: Output) -> None:
    known = [column.name for column in columns]
    asked = [name for spec in (out.columns, out.sort) for _, name in words(spec)]
    unknown = list(dict.fromkeys(name for name in asked if name not in known))
    if not unknown:
        return
    raise _unknown(unknown, known, out)


def _unknown(unknown: Iterable[str], known: list[str], out: Output) -> UsageError:
    """What there is instead, near ones first, and the command that tells more of it."""
    from oppcli.words.spelling import near_words

    near = {name: near_words(name, known) for name in unknown}
    reasons = [
        Reason(name, say("did you mean {near}?", near=found[0]) if found else say("no such column"))
        for name, found in near.items()
    ]
    first = dict.fromkeys(name for found in near.values() for name in found)
    listing = " ".join([*first, *(name for name in known if name not in first)])
    hint = say("columns: {known}", known=listing)
    if words := out.asked.get("command", "").split():
        fields = command("fields", words[0]) if words[0] in BY_WORD else command(*words, "--help")
        hint = say("columns: {known}; {more}", known=listing, more=fields)
    return UsageError(say("no such column: {unknown}", unknown=listed(unknown)), hint=hint, reasons=tuple(reasons))


def _pick(table: Table, spec: str | None, *, people: bool) -> list[Column]:
    """The first word says what is meant. With a sign: the default columns, changed (`+a,b` adds both). A plain name:
    the ones named, in that order, each once."""
    known = {column.name: column for column in table.columns}
    asked = words(spec)
    start = not asked or bool(asked[0][0])
    picked = _default(table.columns, people=people) if start else []
    for sign, name in asked:
        column = known[name]
        if sign == "-":
            picked = [other for other in picked if other is not column]
        elif column not in picked:
            picked.append(column)
    if not picked:
        raise UsageError(say("no column is left to show"), hint=say("columns: {known}", known=" ".join(known)))
    return picked


def _default(columns: tuple[Column, ...], *, people: bool) -> list[Column]:
    """What is shown where nothing was asked for: programs get every column, people the wide ones in their order."""
    if not people:
        return list(columns)
    return sorted((column for column in columns if column.wide), key=lambda column: column.place)


def _id_column(columns: tuple[Column, ...]) -> Column:
    named = [column for column in columns if column.name == "id"]
    return (named or [column for column in columns if column.kind is Kind.REF] or list(columns))[0]


def _shown(column: Column, table: Table, picked: list[Column]) -> Shown:
    names = [other.name for other in table.columns]
    at = names.index(column.name)
    if column.behalf and column.behalf in names and all(other.name != column.behalf for other in picked):
        return Shown(column, at, None, False, names.index(column.behalf))
    if column.until and column.until in names:
        return Shown(column, at, None, False, None, names.index(column.until))
    if column.toned in names or column.words:
        of = column.toned or column.name
        return Shown(column, at, None, False, toned=(table.columns[names.index(of)].words, names.index(of)))
    if column.kind is not Kind.MONEY or column.currency not in names:
        return Shown(column, at, None, False)
    named = not table.single and any(other.name == column.currency for other in picked)
    return Shown(column, at, names.index(column.currency), not named)


def _sorted(table: Table, order: str, out: Output) -> tuple[list[Row], tuple[Footnote, ...]]:
    """Stable, so that rows that are equal stay in the order of the table, which ends with the id; of the same instant
    the later first, where the latest are and nothing else is asked for. Amounts of several
    currencies cannot be compared: the policy's come first, then those of the others from A to Z, as a note says."""
    at = {column.name: place for place, column in enumerate(table.columns)}
    rows, notes = list(table.rows), {}
    for place, (sign, name) in enumerate(reversed(words(order))):
        column = table.columns[at[name]]
        key = _order(column.kind, itemgetter(at[name]))
        valued = [row for row in rows if row[at[name]] is not None]
        empty = [row for row in rows if row[at[name]] is None]
        lately = sign == "-" and column.kind is Kind.INSTANT and place == 0
        rows = sorted(reversed(valued) if lately else valued, key=key, reverse=sign == "-")
        if column.kind is Kind.MONEY and column.currency in at:
            currency = itemgetter(at[column.currency])
            known = _currencies({currency(row) or "" for row in rows}, out)
            rows.sort(key=lambda row, place=known.index, of=currency: place(of(row) or ""))  # type: ignore[misc]
            if len(known) > 1:
                said = say("amounts of several currencies are sorted by currency first: {order}", order=listed(known))
                notes[name] = Footnote("currencies", len(known), said)
        rows += empty
    return rows, tuple(notes.values())


def _currencies(found: set[str], out: Output) -> list[str]:
    """The policy's first, where there are several to be put in order."""
    first = out.currency() if len(found) > 1 and out.currency else None
    return sorted(found, key=lambda currency: (currency != first, currency))


def _order(kind: Kind, value: Callable[[Row], Any]) -> Callable[[Row], Any]:
    if kind is Kind.REF:
        return lambda row: natural(str(value(row)))
    if kind is Kind.NUMBER:
        return lambda row: float(value(row))
    if kind in (Kind.LIST, Kind.OBJECT):
        return lambda row: str(value(row))
    return value


def natural(text: str) -> tuple[str, int]:
    """`D-9` before `D-10`."""
    head = text.rstrip("0123456789")
    return head, int(text[len(head) :] or 0)
