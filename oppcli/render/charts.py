"""Figures of a page: bars, stacked bars, a funnel, lines, as inline SVG. Every figure has its text beside it; patterns
tell series apart, so that nothing depends on colour; nothing runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from oppcli.reads.table import Chart, Column, Row
from oppcli.render import cells
from oppcli.render.human import title
from oppcli.render.output import Output
from oppcli.render.screen import shorten
from oppcli.render.view import Shown, View
from oppcli.tuples import NamedTuple

WIDE, LABELS, FIGURES = 560, 170, 90
"""Units across; of these for the labels on the left and the figures on the right."""
LINE = 26
"""Units of a row."""
MOST = 25
"""Bars of a chart: the table has them all."""
LETTERS = 22
"""Cells of a label."""
PLOT = 220
"""Units of height in which lines are drawn."""
STROKES = ("none", "6 3", "2 3", "10 3 2 3", "1 4", "12 4")
"""Dashes of lines, one kind for each series."""
_PATTERNS = """\
<defs>
<pattern id="p1" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6L6 0" class="k"/></pattern>
<pattern id="p2" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="3" cy="3" r="1.4" class="d"/></pattern>
<pattern id="p3" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 3H6" class="k"/></pattern>
</defs>
"""
FILLS = ("var(--bar)", "url(#p1)", "url(#p2)", "url(#p3)")
STYLE = """\
.beside { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: flex-start; }
figure { margin: 1.2rem 0; max-width: 36rem; flex: 1 1 22rem; }
figure svg { display: block; width: 100%; height: auto; font-size: 13px; }
figure text { fill: currentColor; } .e { text-anchor: end; } .m { text-anchor: middle; } .b { fill: var(--bar); }
.s { stroke: var(--bar); } .k { stroke: var(--bar); stroke-width: 1.6; fill: none; } .d { fill: var(--bar); }
.l { stroke: currentColor; stroke-width: 1.6; fill: none; } .a { stroke: var(--line); }
"""


class Part(NamedTuple):
    """One row of a chart: its label, its figures as numbers and as people read them."""

    label: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


def charts(view: View, rows: Sequence[Row], out: Output) -> Iterator[str]:
    """The figure of a table; nothing where it has none, no amounts (as of several currencies),
    or a column of it was left out."""
    chart = view.chart
    known = {column.name: place for place, column in enumerate(view.columns)}
    if chart is None or (out.columns and not {*chart.values} <= {shown.column.name for shown in view.shown}):
        return
    if any(row[known[name]] is not None for row in rows for name in chart.values):
        yield "<figure>\n"
        yield from _KINDS[chart.kind](chart, rows, known, view, out)
        yield "</figure>\n"


def _parts(chart: Chart, rows: Sequence[Row], known: Mapping[str, int], view: View, out: Output) -> list[Part]:
    labels = [_texts(name, rows, known, view, out) for name in chart.label]
    texts = [_texts(name, rows, known, view, out) for name in chart.values]
    return [
        Part(
            " · ".join(filter(None, (column[i] for column in labels))),
            tuple(float(row[known[name]] or 0) for name in chart.values),
            tuple(column[i] for column in texts),
        )
        for i, row in enumerate(rows)
    ]


def _texts(name: str, rows: Sequence[Row], known: Mapping[str, int], view: View, out: Output) -> list[str]:
    column = view.columns[known[name]]
    return cells.people(Shown(column, known[name], None, False), out)(rows)


def _heading(name: str, view: View, out: Output) -> str:
    column: Column = next(each for each in view.columns if each.name == name)
    return title(column, out)


def _svg(height: float, about: str, inner: Sequence[str]) -> Iterator[str]:
    yield f'<svg viewBox="0 0 {WIDE} {height:g}" role="img" aria-label="{escape(about)}">\n'
    yield from (line + "\n" for line in inner)
    yield "</svg>\n"


def _text(x: float, y: float, text: str, name: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{f" class={name!r}" if name else ""}>{escape(text)}</text>'


def _bars(chart: Chart, rows: Sequence[Row], known: Mapping[str, int], view: View, out: Output) -> Iterator[str]:
    """A bar per row; with several values the parts of it, told apart by pattern, below a key."""
    parts = _parts(chart, rows[:MOST], known, view, out)
    headings = [_heading(name, view, out) for name in chart.values]
    largest = max((sum(part.values) for part in parts), default=0) or 1
    room, top = WIDE - LABELS - FIGURES, LINE if len(headings) > 1 else 0
    drawn = _key(headings) if top else []
    for place, part in enumerate(parts):
        y, x = top + place * LINE, float(LABELS)
        drawn.append(_text(0, y + 17, shorten(part.label, LETTERS)))
        for fill, heading, value, text in zip(FILLS, headings, part.values, part.texts, strict=False):
            wide = max(value, 0) / largest * room
            drawn.append(_rect(x, y + 4, wide, fill, f"{heading}: {text}"))
            x += wide
        drawn.append(_text(x + 6, y + 17, part.texts[0] if len(headings) == 1 else ""))
    if top:
        yield _PATTERNS.join(("<svg width='0' height='0' aria-hidden='true'>", "</svg>\n"))
    yield from _svg(top + len(parts) * LINE, ", ".join(headings), drawn)


def _rect(x: float, y: float, wide: float, fill: str, about: str) -> str:
    box = f'x="{x:.2f}" y="{y:g}" width="{wide:.2f}" height="{LINE - 8}" fill="{fill}" class="s"'
    return f"<rect {box}><title>{escape(about)}</title></rect>"


def _key(headings: Sequence[str]) -> list[str]:
    each = WIDE / len(headings)
    return [
        f'<rect x="{place * each:g}" y="5" width="12" height="12" fill="{fill}" class="s"/>'
        + _text(place * each + 17, 16, shorten(heading, int(each / 9)))
        for place, (fill, heading) in enumerate(zip(FILLS, headings, strict=False))
    ]


def _funnel(chart: Chart, rows: Sequence[Row], known: Mapping[str, int], view: View, out: Output) -> Iterator[str]:
    """Centred bars one below the other, each as wide as what came so far; one funnel for each of a series."""
    for key, group in _series(chart, rows, known):
        parts = _parts(chart, group, known, view, out)
        largest = max(part.values[0] for part in parts) or 1
        room, middle = WIDE - LABELS - FIGURES, LABELS + (WIDE - LABELS - FIGURES) / 2
        drawn = []
        for place, part in enumerate(parts):
            wide, y = part.values[0] / largest * room, place * LINE
            drawn += [
                _text(0, y + 17, shorten(part.label, LETTERS)),
                f'<rect x="{middle - wide / 2:.2f}" y="{y + 2}" width="{wide:.2f}" height="{LINE - 4}" class="b"/>',
                _text(WIDE, y + 17, part.texts[0], "e"),
            ]
        if key:
            yield f"<figcaption>{escape(key)}</figcaption>\n"
        yield from _svg(len(parts) * LINE, _heading(chart.values[0], view, out), drawn)


def _series(chart: Chart, rows: Sequence[Row], known: Mapping[str, int]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each of a series, in order; without one all of them."""
    if not chart.series:
        yield "", list(rows)
        return
    at = known[chart.series]
    for key in dict.fromkeys(row[at] for row in rows):
        yield str(key or ""), [row for row in rows if row[at] == key]


def _lines(chart: Chart, rows: Sequence[Row], known: Mapping[str, int], view: View, out: Output) -> Iterator[str]:
    """A line for each of a series along the labels, named where it ends."""
    steps = list(dict.fromkeys(row[known[chart.label[0]]] for row in rows))
    largest = max((float(row[known[chart.values[0]]] or 0) for row in rows), default=0) or 1
    apart = (WIDE - 2 * FIGURES) / max(len(steps) - 1, 1)
    base = PLOT + 10
    drawn = [f'<path d="M{FIGURES} {base}H{WIDE - FIGURES}" class="a"/>', _text(FIGURES - 8, 16, f"{largest:,g}", "e")]
    for place in {0, len(steps) - 1}:
        drawn.append(_text(FIGURES + place * apart, base + 18, str(steps[place]), "m"))
    ends = []
    for number, (key, group) in enumerate(_series(chart, rows, known)):
        points = [
            (FIGURES + steps.index(row[known[chart.label[0]]]) * apart, _height(row[known[chart.values[0]]], largest))
            for row in group
        ]
        drawn += _line(points, STROKES[number % len(STROKES)])
        ends.append((*points[-1], key))
    yield from _svg(base + 26, _heading(chart.values[0], view, out), [*drawn, *_names(ends)])


def _height(value: Any, largest: float) -> float:
    return 10 + PLOT - float(value or 0) / largest * PLOT


def _line(points: Sequence[tuple[float, float]], stroke: str) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [
        f'<polyline points="{path}" stroke-dasharray="{stroke}" class="l"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" class="b"/>' for x, y in points),
    ]


def _names(ends: Sequence[tuple[float, float, str]]) -> Iterator[str]:
    """The name of each line where it ends, none upon another: those that end lowest first."""
    free = float("inf")
    for x, y, name in sorted(ends, key=lambda end: -end[1]):
        free = min(y + 4, free - 14)
        yield _text(x + 6, free, shorten(name, 10))


_KINDS: Mapping[str, Callable[..., Iterator[str]]] = {"bars": _bars, "funnel": _funnel, "lines": _lines}
