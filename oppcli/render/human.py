"""For people on a screen: `table`, fitted to a terminal, and `plain`, its bare brother for pipes and screen readers."""

from collections.abc import Iterator

from oppcli.reads.table import Column, Kind, Row
from oppcli.render import cells
from oppcli.render.output import Output
from oppcli.render.screen import pad, shorten, width
from oppcli.render.view import Shown, View
from oppcli.tuples import NamedTuple

GAP = "  "
OUTPUT = Output()
NARROWEST = 6
"""Text is not shortened below this, however narrow the terminal is."""
BAR = 12
"""Cells of the longest bar."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Lines(NamedTuple):
    """A table as text: one tuple of cells per row, the cells each column takes, and what ends each line."""

    titles: list[str]
    texts: list[tuple[str, ...]]
    widths: list[int]
    right: list[bool]
    tails: list[str]


def table(view: View, out: Output) -> Iterator[str]:
    """Heading, dashes, one row per line. On a terminal the widest texts are shortened until a line fits."""
    if view.single:
        yield from _fields(view, out)
        return
    lines = _lines(view, out)
    if not lines.texts:
        return
    if out.width is not None:
        lines = _on_screen(lines, view, out, out.width)
    if out.header:
        yield _paint(_line(lines.titles, lines), _BOLD, out)
        yield _paint(GAP.join("-" * cells for cells in lines.widths), _DIM, out)
    yield from _body(lines)


def _on_screen(lines: Lines, view: View, out: Output, screen: int) -> Lines:
    """The lines as a screen has room for them. What is too wide loses its bars, then its last columns, of which the
    person is told; columns that were asked for stay, and so do all where nothing could be told."""
    columns = [shown.column for shown in view.shown]
    tail = max((len(GAP) + width(tail) for tail in lines.tails if tail), default=0)
    if _narrowest(lines.widths, columns) + tail > screen:
        lines, tail = lines._replace(tails=[""] * len(lines.tails)), 0
    if out.columns is None and not out.quiet:
        lines = _first(lines, _fitting(lines.widths, columns, screen))
        view.unshown[:] = [column.name for column in columns[len(lines.widths) :]]
    return lines._replace(widths=fitted(lines.widths, columns[: len(lines.widths)], screen - tail, out))


def _first(lines: Lines, kept: int) -> Lines:
    texts = [texts[:kept] for texts in lines.texts]
    return Lines(lines.titles[:kept], texts, lines.widths[:kept], lines.right[:kept], lines.tails)


def _fitting(widths: list[int], columns: list[Column], screen: int) -> int:
    """How many columns, from the left, fit on the screen; two at least."""
    kept = len(columns)
    while kept > 2 and _narrowest(widths[:kept], columns) > screen:
        kept -= 1
    return kept


def _narrowest(widths: list[int], columns: list[Column]) -> int:
    """Cells of a line whose texts are as short as they get."""
    both = zip(widths, columns, strict=False)
    least = [min(cells, NARROWEST) if _is_soft(column) else cells for cells, column in both]
    return sum(least) + len(GAP) * (len(least) - 1)


def _is_soft(column: Column) -> bool:
    return column.kind in (Kind.TEXT, Kind.OBJECT)


def plain(view: View, out: Output) -> Iterator[str]:
    """As `table`, without dashes, bars, colour or shortening."""
    out = out._replace(width=None, color=False)
    if view.single:
        yield from _fields(view, out)
        return
    lines = _lines(view, out)
    if lines.texts and out.header:
        yield _line(lines.titles, lines) + "\n"
    yield from _body(lines)


def title(column: Column, out: Output = OUTPUT) -> str:
    """The heading of a column: `expected_close` is `EXPECTED CLOSE`."""
    return out.told(column.heading)


def _lines(view: View, out: Output) -> Lines:
    rows = list(view.rows)
    texts = cells.lines(view, rows, out)
    titles = [title(shown.column, out) for shown in view.shown]
    widths = [max(map(width, column)) for column in zip(titles, *texts, strict=True)]
    right = [shown.column.kind in cells.RIGHT for shown in view.shown]
    return Lines(titles, texts, widths, right, _bars(view.shown, rows, out))


def _body(lines: Lines) -> Iterator[str]:
    whole = sum(lines.widths) + len(GAP) * (len(lines.widths) - 1)
    for texts, tail in zip(lines.texts, lines.tails, strict=True):
        line = _line(texts, lines)
        yield (f"{pad(line, whole)}{GAP}{tail}" if tail else line) + "\n"


def _line(texts: "tuple[str, ...] | list[str]", lines: Lines) -> str:
    parts = [
        pad(shorten(text, cells), cells, right=right)
        for text, cells, right in zip(texts, lines.widths, lines.right, strict=True)
    ]
    return GAP.join(parts).rstrip()


def _paint(line: str, code: str, out: Output) -> str:
    return f"{code}{line}{_RESET}\n" if out.color else f"{line}\n"


def fitted(widths: list[int], columns: list[Column], room: int, out: Output = OUTPUT) -> list[int]:
    """Column widths that fit into `room` cells: the widest texts give way first, then the next widest with them.

    A text keeps the width of its heading if that suffices. Ids, people, dates, money and numbers always keep their
    width; when those alone are too wide, the line stays too long (`_on_screen` has taken columns away before that).
    """
    soft = [place for place, column in enumerate(columns) if _is_soft(column)]
    headings = [max(NARROWEST, width(title(column, out))) for column in columns]
    capped = [min(cells, max(room, NARROWEST)) if place in soft else cells for place, cells in enumerate(widths)]
    excess = sum(capped) + len(GAP) * (len(widths) - 1) - room
    for floors in (headings, [NARROWEST] * len(columns)):
        found = list(capped)
        if _narrowed(found, soft, floors, excess):
            break
    return found


def _narrowed(widths: list[int], soft: list[int], floors: list[int], excess: int) -> bool:
    """Take `excess` cells from the soft columns, one from the widest at a time; False when they do not have as many."""
    for _ in range(excess):
        able = [place for place in soft if widths[place] > floors[place]]
        if not able:
            return False
        widths[max(able, key=widths.__getitem__)] -= 1
    return True


def _bars(shown: tuple[Shown, ...], rows: list[Row], out: Output) -> list[str]:
    """The bar behind each row, drawn for the first column that has bars; at the end of the line, so that a terminal
    that draws blocks two cells wide cannot push a column out of place."""
    barred = next((one for one in shown if one.column.bar), None) if out.terminal else None
    if barred is None:
        return [""] * len(rows)
    values = [row[barred.at] or 0 for row in rows]
    largest = max(values, default=0)
    return [bar(value / largest * BAR) if largest else "" for value in values]


def bar(cells: float) -> str:
    """A bar of so many cells, to the eighth: `bar(2.5)` is `██▌`."""
    eighths = round(cells * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _fields(view: View, out: Output) -> Iterator[str]:
    """One thing: a line per field that has a value, names aligned, long values as they are; a list of things has a
    line for each."""
    names = [out.named(shown.column.name, shown.column.title) for shown in view.shown]
    rows = list(view.rows)
    for row, texts in zip(rows, cells.lines(view, rows, out), strict=True):
        found = []
        for shown, name, text in zip(view.shown, names, texts, strict=True):
            things = cells.things(row[shown.at], out) if shown.column.kind is Kind.OBJECT else []
            found += [("" if place else name, said) for place, said in enumerate(things or [text]) if said]
        indent = max((width(name) for name, _ in found), default=0)
        for name, text in found:
            yield f"{pad(name, indent)}{GAP}{text}\n"
