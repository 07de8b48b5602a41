"""Several tables one below the other, each with its heading and what it leaves out."""

from collections.abc import Iterable, Iterator

from oppcli import render
from oppcli.model.said import say
from oppcli.reads.table import Table
from oppcli.render.output import Output
from oppcli.render.screen import harmless
from oppcli.render.view import View
from oppcli.tuples import NamedTuple

WIDTH = 100
"""Cells of a line where nobody says how many there are."""


class Sheet(NamedTuple):
    """One table of several."""

    name: str
    title: str
    table: Table
    """With the rows that are shown; its notes are what it leaves out."""
    columns: str
    total: int
    """How many rows there are."""


def table(view: View, out: Output) -> Iterator[str]:
    """For a screen or a pipe; a row that does not fit takes several lines."""
    return _below(view, out, "table", "")


def plain(view: View, out: Output) -> Iterator[str]:
    """The same without dashes."""
    return _below(view, out, "plain", "")


def md(view: View, out: Output) -> Iterator[str]:
    """A document with a heading for each."""
    return _below(view, out, "md", "#")


def _below(view: View, out: Output, format_: str, mark: str) -> Iterator[str]:
    assert view.picture is not None
    title = f"{mark} {out.told(view.title)}".strip()
    yield f"{title} · {harmless(out.told(view.picture.asked['period']))}\n"
    for sheet in view.picture.asked["sheets"]:
        yield f"\n{f'{mark}{mark} ' if mark else ''}{harmless(heading(sheet, out))}\n"
        if sheet.table.rows:
            yield "\n" * bool(mark) + rows(sheet, out, format_)
        yield from (f"{'- ' if mark else '* '}{line}\n" for line in left_out(sheet, out))


def heading(sheet: Sheet, out: Output) -> str:
    """Its title, and how much there is of it."""
    title, shown = out.told(sheet.title), len(list(sheet.table.rows))
    if not sheet.total:
        return out.told(say("{title}: none", title=title))
    if shown < sheet.total:
        return out.told(say("{title} ({shown:,} of {total:,})", title=title, shown=shown, total=sheet.total))
    return title


def rows(sheet: Sheet, out: Output, format_: str) -> str:
    """Its rows in a format."""
    width = out.width or (WIDTH if format_ == "table" else None)
    asked = out._replace(format=format_, columns=sheet.columns, sort=None, limit=None, width=width)
    return render.written(sheet.table, asked._replace(terminal=False, showing=None))[0]


def left_out(sheet: Sheet, out: Output) -> Iterable[str]:
    """What it leaves out."""
    return (harmless(out.told(note.text)) for note in sheet.table.notes)
