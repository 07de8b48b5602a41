"""For a manager's browser: `html`, one self-contained page; nothing is fetched, nothing runs."""

from collections.abc import Iterator

from oppcli.model.said import say
from oppcli.reads.table import Row
from oppcli.render import cells
from oppcli.render.human import title
from oppcli.render.output import Output
from oppcli.render.view import Shown, View
from oppcli.words.shown import iso, show_instant

STYLE = """\
:root { color-scheme: light dark; --line: #8884; --bar: #2f6fb0; --quiet: #767676; }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
p { color: var(--quiet); margin: .2rem 0; }
table { border-collapse: collapse; margin: 1.2rem 0; }
th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-size: .8rem; letter-spacing: .03em; border-bottom-width: 2px; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { min-width: 8rem; width: 40%; }
@media (max-width: 48rem) { body { margin: 1rem; } td.bar { display: none; } th:empty { display: none; } }
.bar svg { display: block; width: 100%; height: 1.1rem; fill: var(--bar); }
td { white-space: pre-line; overflow-wrap: break-word; }
@media print { body { margin: 0; } tr { break-inside: avoid; } }
"""
END = "</body>\n</html>\n"
LANGUAGES = {"zh": "zh-CN"}
SAFETY = "default-src 'none'; style-src 'unsafe-inline'"


def html(view: View, out: Output) -> Iterator[str]:
    """A whole page: title, table with a bar beside each row where a column asks for one, notes below."""
    style = STYLE
    if view.chart is not None:
        from oppcli.render.charts import STYLE as OF_CHARTS

        style += OF_CHARTS
    yield from opening(view, out, style)
    yield from drawn(view, list(view.rows), out)
    yield from closing(view, out)


def drawn(view: View, rows: list[Row], out: Output) -> Iterator[str]:
    """One thing, a list, or a list and its figure."""
    if view.single:
        return _thing(view, rows, out)
    return _list(view, rows, out) if view.chart is None else _beside(view, rows, out)


def _beside(view: View, rows: list[Row], out: Output) -> Iterator[str]:
    """The table, and what it looks like drawn."""
    from oppcli.render.bars import parts
    from oppcli.render.charts import charts

    yield '<div class="beside">\n<div>\n'
    yield from _list(view, rows, out)
    yield "</div>\n"
    yield from charts(view, parts(view, rows), out)
    yield "</div>\n"


def opening(view: View, out: Output, style: str, more: str = "") -> Iterator[str]:
    """The page to its heading and the time; `more` stands in its head."""
    yield from head(out.told(view.title) or "opp", out.voice.lang, style, more)
    if out.now is not None:
        moment = escape(f"{out.told(show_instant(out.now, out.tz))} {out.tz}")
        yield f'<p><time datetime="{iso(out.now)}">{moment}</time></p>\n'


def head(title: str, lang: str, style: str, more: str = "") -> Iterator[str]:
    """The page to its heading."""
    heading = escape(title)
    yield f'<!DOCTYPE html>\n<html lang="{LANGUAGES.get(lang, "en")}">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{SAFETY}">\n'
    yield f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{more}'
    yield f"<title>{heading}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n"


def closing(view: View, out: Output) -> Iterator[str]:
    """What was counted, what it comes to, what is left out; the end of the page."""
    yield from told(view, out)
    yield END


def told(view: View, out: Output) -> Iterator[str]:
    """What was counted, what it comes to, what is left out."""
    counted = [note.text for note in view.notes if not note.omission]
    left_out = [note.text for note in view.notes if note.omission]
    yield from (f"<p>{escape(out.told(text))}</p>\n" for text in (*counted, *view.summed, *left_out))


def escape(text: str) -> str:
    """`text` as characters of a page, never as markup."""
    from html import escape as entities

    return entities(text, quote=True)


def _list(view: View, rows: list[Row], out: Output) -> Iterator[str]:
    from oppcli.render.bars import barred as drawn_beside
    from oppcli.render.bars import lengths

    barred = drawn_beside(view) if view.chart is None else None
    left = iter(lengths(view, rows))
    yield "<table>\n<thead><tr>"
    for shown in view.shown:
        yield f'<th scope="col"{_side(shown)}>{escape(title(shown.column, out))}</th>'
        if shown is barred:
            yield "<th></th>"
    yield "</tr></thead>\n<tbody>\n"
    for texts in cells.lines(view, rows, out):
        yield "<tr>"
        for shown, text in zip(view.shown, texts, strict=True):
            yield f"<td{_side(shown)}{_direction(shown)}>{escape(text)}</td>"
            if shown is barred:
                yield _bar(next(left))
        yield "</tr>\n"
    yield "</tbody>\n</table>\n"
    if not rows:
        yield f"<p>{escape(out.told(say('Nothing to show.')))}</p>\n"


def _side(shown: Shown) -> str:
    return ' class="n"' if shown.column.kind in cells.RIGHT else ""


def _direction(shown: Shown) -> str:
    """Text decides itself whether it runs from right to left."""
    return ' dir="auto"' if shown.column.kind in cells.WORDS else ""


def _bar(length: float) -> str:
    return (
        '<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * length:.2f}" height="10" rx="1"/></svg></td>'
    )


def _thing(view: View, rows: list[Row], out: Output) -> Iterator[str]:
    yield "<table>\n<tbody>\n"
    for texts in cells.lines(view, rows, out):
        for shown, text in zip(view.shown, texts, strict=True):
            name = escape(title(shown.column, out))
            yield f'<tr><th scope="row">{name}</th><td{_direction(shown)}>{escape(text)}</td></tr>\n'
    yield "</tbody>\n</table>\n"
