"""For people on a screen: `table`, fitted to a terminal, and `plain`, its bare brother for pipes and screen readers."""

from collections.abc import Iterator, Sequence
from typing import Any

from oppcli.model.said import label
from oppcli.reads.table import Column, Kind, Row
from oppcli.render import cells
from oppcli.render.output import Output
from oppcli.render.screen import GAP, pad, shorten, width
from oppcli.render.view import Shown, View
from oppcli.tuples import NamedTuple

OUTPUT = Output()
BAR = 4
"""Cells that a bar is worth drawing in."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Lines(NamedTuple):
    """A table as text: of each column its heading and its side, of each row the texts and their colours."""

    columns: list[Column]
    titles: list[str]
    texts: list[tuple[str, ...]]
    widths: list[int]
    right: list[bool]
    tones: list[tuple[str, ...]]
    """Escapes that begin a colour; empty where there is none."""


def table(view: View, out: Output) -> Iterator[str]:
    """Heading, dashes, one row per line; on a screen, or in a pipe of stated width, as it has room for them."""
    if view.single:
        yield from _fields(view, out)
        return
    rows = list(view.rows)
    if not rows:
        return
    lines = _lines(view.shown, rows, out)
    if out.width is not None:
        yield from _on_screen(lines, view, rows, out, out.width)
        return
    yield from _heading(lines, out)
    yield from _body(lines)


def _heading(lines: Lines, out: Output) -> Iterator[str]:
    if out.header:
        yield _paint(_line(lines.titles, lines), _BOLD, out)
        yield _paint(GAP.join("-" * cells for cells in lines.widths), _DIM, out)


def _on_screen(lines: Lines, view: View, rows: list[Row], out: Output, room: int) -> Iterator[str]:
    """The rows as there is room for them: with columns left out, of which the person is told, with texts shortened, or
    as records. In a pipe nothing is left out and nothing shortened."""
    from oppcli.render.layout import planned, telling

    if out.terminal and not out.columns:
        lines = _these(lines, telling(lines.columns, lines.texts, out.asked))
    headings = [width(title) for title in lines.titles]
    drops = out.terminal and not view.records
    plan = planned(lines.columns, headings, lines.widths, room, cuts=out.terminal, drops=drops)
    kept = _these(lines, plan.kept)._replace(widths=plan.widths)
    if plan.records:
        yield from _heading(kept, out)
        yield from _records(lines, plan.kept, kept, room)
        return
    left_out = (place for place in range(len(lines.columns)) if place not in plan.kept)
    view.unshown[:] = [label(lines.columns[place].name, lines.titles[place]) for place in left_out]
    yield from _heading(kept, out)
    left = room - sum(plan.widths) - len(GAP) * len(plan.widths)
    yield from _body(kept, _bars(view, rows, left) if out.terminal and left >= BAR else [])


def _these(lines: Lines, kept: list[int]) -> Lines:
    """The lines with these columns alone."""
    if len(kept) == len(lines.columns):
        return lines

    def these(each: Sequence[Any]) -> list[Any]:
        return [each[place] for place in kept]

    texts, tones = ([tuple(these(row)) for row in rows] for rows in (lines.texts, lines.tones))
    columns, titles = these(lines.columns), these(lines.titles)
    return Lines(columns, titles, texts, these(lines.widths), these(lines.right), tones)


def _records(lines: Lines, first: list[int], above: Lines, room: int) -> Iterator[str]:
    """Each row as its first line and the lines below."""
    from oppcli.render.records import below, indented

    rest = _these(lines, [place for place in range(len(lines.columns)) if place not in first])
    indent = indented(above.widths[0], room)
    for line, texts in zip(_body(above), rest.texts, strict=True):
        yield line
        yield from (f"{more}\n" for more in below(rest.columns, rest.titles, texts, room, indent))


def plain(view: View, out: Output) -> Iterator[str]:
    """As `table`, without dashes, bars, colour or shortening."""
    out = out._replace(width=None, color=False)
    if view.single:
        yield from _fields(view, out)
        return
    lines = _lines(view.shown, list(view.rows), out)
    if lines.texts and out.header:
        yield _line(lines.titles, lines) + "\n"
    yield from _body(lines)


def title(column: Column, out: Output = OUTPUT) -> str:
    """The heading of a column: `expected_close` is `EXPECTED CLOSE`."""
    return out.told(column.heading)


def _lines(shown: Sequence[Shown], rows: list[Row], out: Output) -> Lines:
    columns = [each.column for each in shown]
    texts = [cells.people(each, out)(rows) for each in shown]
    titles = [title(column, out) for column in columns]
    widths = [max(map(width, (heading, *column))) for heading, column in zip(titles, texts, strict=True)]
    right = [column.kind in cells.RIGHT for column in columns]
    return Lines(columns, titles, list(zip(*texts, strict=True)), widths, right, _tones(shown, rows, out))


def _tones(shown: Sequence[Shown], rows: list[Row], out: Output) -> list[tuple[str, ...]]:
    if not out.color:
        return [("",) * len(shown)] * len(rows)
    from oppcli.render.tones import tones

    return list(zip(*[tones(each, rows, out) for each in shown], strict=True))


def _body(lines: Lines, bars: Sequence[str] = ()) -> Iterator[str]:
    whole = sum(lines.widths) + len(GAP) * (len(lines.widths) - 1)
    for place, (texts, tones) in enumerate(zip(lines.texts, lines.tones, strict=True)):
        line = _line(texts, lines, tones)
        bar = bars[place] if bars else ""
        if bar:
            line += " " * (whole - width(_line(texts, lines))) + GAP + bar
        yield line + "\n"


def _line(texts: Sequence[str], lines: Lines, tones: Sequence[str] = ()) -> str:
    parts = [
        pad(shorten(text, cells), cells, right=right)
        for text, cells, right in zip(texts, lines.widths, lines.right, strict=True)
    ]
    if any(tones):
        parts = [f"{tone}{part}{_RESET}" if tone else part for part, tone in zip(parts, tones, strict=True)]
    return GAP.join(parts).rstrip()


def _paint(line: str, code: str, out: Output) -> str:
    return f"{code}{line}{_RESET}\n" if out.color else f"{line}\n"


def _bars(view: View, rows: list[Row], room: int) -> list[str]:
    """The bar behind each row, the longest as long as there is room; at the end of the line, so that a terminal
    that draws blocks two cells wide cannot push a column out of place."""
    from oppcli.render.bars import lengths

    return [bar(length * room) for length in lengths(view, rows)]


def bar(cells: float) -> str:
    """A bar of so many cells, to the eighth: `bar(2.5)` is `██▌`."""
    eighths = round(cells * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _fields(view: View, out: Output) -> Iterator[str]:
    """One thing: a line per field that has a value, names aligned, a list of things a line for each; where a line has
    no room for a long text it goes on below."""
    names = [out.named(shown.column.name, shown.column.title) for shown in view.shown]
    rows = list(view.rows)
    for row, texts in zip(rows, cells.lines(view, rows, out), strict=True):
        found = []
        for shown, name, text in zip(view.shown, names, texts, strict=True):
            things = cells.things(row[shown.at], out) if shown.column.kind is Kind.OBJECT else []
            found += [("" if place else name, said) for place, said in enumerate(things or [text]) if said]
        indent = max((width(name) for name, _ in found), default=0)
        for name, text in found:
            for place, line in enumerate(_broken(text, indent + len(GAP), out)):
                yield f"{pad('' if place else name, indent)}{GAP}{line}\n"


def _broken(text: str, taken: int, out: Output) -> list[str]:
    """The text in lines that fit behind so many cells."""
    if out.width is None or taken + width(text) <= out.width:
        return [text]
    from oppcli.render.wrap import wrapped

    return wrapped(text, max(out.width - taken, out.width // 2))
