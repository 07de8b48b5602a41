"""For programs: `csv`, `tsv`, `json`, `jsonl`, `ids`. Raw values, every row, in constant memory."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from oppcli.reads.table import Column, Kind, Row
from oppcli.render import cells
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.render.view import Shown, View
from oppcli.rules.cells import guard

BOM = "\ufeff"
BATCH = 500
"""Rows handed to the stream at once."""
_TAB_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What JSON allows raw but a terminal or an editor may act upon; written as `\\uXXXX` it reads back the same."""


def csv(view: View, out: Output) -> Iterator[str]:
    """RFC 4180 with LF; with `excel` a BOM, CRLF and guarded formulas."""
    from csv import writer

    lines = _Lines("\r\n" if out.excel else "\n")
    # The writer quotes a lone CR or LF only when the end of line holds both.
    write = writer(lines, lineterminator="\r\n").writerows
    readers = _readers(view, out)
    if out.excel:
        yield BOM
    if out.header:
        write([[shown.column.name for shown in view.shown]])
    for batch in _batches(view):
        write(zip(*[read(batch) for read in readers], strict=True))
        yield lines.taken()
    yield lines.taken()


def _batches(view: View) -> Iterator[list[Row]]:
    rows = iter(view.rows)
    return iter(lambda: list(islice(rows, BATCH)), [])


class _Lines:
    """What the csv writer writes to: keeps each line with the end it is to have."""

    def __init__(self, end: str) -> None:
        self._end = end
        self._kept: list[str] = []

    def write(self, line: str) -> None:
        self._kept.append(line[:-2] + self._end)

    def taken(self) -> str:
        text = "".join(self._kept)
        self._kept.clear()
        return text


def tsv(view: View, out: Output) -> Iterator[str]:
    """One line per row whatever the cells hold: tab, line ends and backslash are written `\\t \\n \\r \\\\`."""
    end = "\r\n" if out.excel else "\n"
    readers = _readers(view, out)
    if out.excel:
        yield BOM
    if out.header:
        yield "\t".join(shown.column.name for shown in view.shown) + end
    for batch in _batches(view):
        columns = [[text.translate(_TAB_ESCAPES) for text in read(batch)] for read in readers]
        yield "".join(["\t".join(cells) + end for cells in zip(*columns, strict=True)])


def _readers(view: View, out: Output) -> list[cells.Texts]:
    return [_reader(shown, out) for shown in view.shown]


def _reader(shown: Shown, out: Output) -> cells.Texts:
    """The flat texts of a column; words are made harmless where a person looks on, and guarded for a spreadsheet."""
    read = cells.flat(shown)
    if shown.column.kind not in cells.WORDS or not (out.excel or out.terminal):
        return read

    def safe(rows: Sequence[Row]) -> list[str]:
        texts = read(rows)
        shown = [harmless(text, newlines=True) for text in texts] if out.terminal else texts
        return [guard(text) for text in shown] if out.excel else shown

    return safe


def json(view: View, out: Output) -> Iterator[str]:
    """An array with an object per line, `[]` when there are no rows; for one thing an indented object."""
    if view.single:
        yield from (text + "\n" for text in _objects(view, indent=2))
        return
    before = "[\n"
    for text in _objects(view):
        yield before + text
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def jsonl(view: View, out: Output) -> Iterator[str]:
    """An object per line."""
    return (text + "\n" for text in _objects(view))


def full(view: View, out: Output) -> Iterator[str]:
    """One object with everything that is known of the answer: `title asked columns rows total notes`."""
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False).encode
    asked = {**out.asked, "now": None if out.now is None else cells.iso()(out.now), "tz": out.tz}
    columns = [_column(shown.column) for shown in view.shown]
    head = {"title": view.title, "asked": asked, "columns": columns}
    for name, value in head.items():
        yield ("{\n" if name == "title" else "") + _seen(f"{encode(name)}: {encode(value)},\n")
    before = '"rows": ['
    for text in _objects(view):
        yield f"{before}\n{text}"
        before = ","
    yield (before if before != "," else "\n") + "],\n"
    notes = [note._asdict() for note in view.notes]
    total = view.total and {name: cells.rounded(value) for name, value in view.total.items()}
    yield _seen(f'"total": {encode(total)},\n"notes": {encode(notes)}\n}}\n')


def _column(column: Column) -> dict[str, str]:
    """Name, kind, and the unit or the column of its currency where it has one."""
    more = {"currency": column.currency} if column.kind is Kind.MONEY else {}
    return {"name": column.name, "kind": column.kind.value} | ({"unit": column.unit} if column.unit else more)


def _objects(view: View, indent: int | None = None) -> Iterator[str]:
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False, indent=indent).encode
    names = [shown.column.name for shown in view.shown]
    readers = [cells.data(shown) for shown in view.shown]
    for batch in _batches(view):
        for values in zip(*[read(batch) for read in readers], strict=True):
            text = encode(dict(zip(names, values, strict=True)) if names != [""] else values[0])
            yield _seen(text)


def _seen(text: str) -> str:
    """JSON in which nothing hides from a terminal or an editor."""
    return text if text.isprintable() else _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def ids(view: View, out: Output) -> Iterator[str]:
    """The id of each row on a line of its own: ready for `xargs` and `while read`. A row without one has no line."""
    read = cells.flat(view.shown[0])
    for batch in _batches(view):
        yield from ((harmless(text) if out.terminal else text) + "\n" for text in read(batch) if text)
