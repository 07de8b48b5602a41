"""A table in any format: `write` is the one place that picks, sorts, limits and dispatches; a format is a function."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO

from oppcli.errors import UsageError
from oppcli.model.said import listed, say
from oppcli.speech import commands, spoken

if TYPE_CHECKING:
    from oppcli.reads.table import Footnote, Table
    from oppcli.render.output import Output
    from oppcli.render.view import View

FORMATS = {
    "table": "human",
    "plain": "human",
    "csv": "machine",
    "tsv": "machine",
    "json": "machine",
    "jsonl": "machine",
    "md": "markup",
    "html": "html",
    "ids": "machine",
    "full": "machine",
}
"""Each format is the function of its name in this module, imported when it is asked for."""
FILES = {"xlsx": "xlsx"}
"""Formats that are bytes and no text: for a file or a pipe."""
ALL = (*FORMATS, *FILES)


def write(table: "Table", out: "Output", stream: TextIO) -> "tuple[Footnote, ...]":
    """Write the table as `out` asks for. Returns the notes that belong on stderr: populations, rows not shown.

    Raises `UsageError` for an unknown format or column, before anything is written.
    """
    from oppcli.render.view import view

    make = _format(out.format)
    if table.picture is not None and not out.columns and out.format in table.picture.formats:
        make, out = _drawn(table.picture.name, out.format), out._replace(limit=None)
    table, out = _crossed(table, out)
    table = _told(table, out)
    picked = view(table, out)
    if table.prose and out.format == "table" and not out.columns:
        stream.write(_prose(table, out))
        return picked.notes
    made = make(picked, out)
    if out.format in FILES:
        stream.flush()
        stream.buffer.writelines(made)  # type: ignore[arg-type]  # its format makes bytes
        return (*picked.notes, *_not_shown(picked, out))
    if out.format == "table" and not out.columns:
        below = (*map(out.told, table.below), *(map(out.summed, table.summed) if out.terminal else ()))
        made = _around(_fitted(map(out.told, table.above), out), made, _fitted(below, out))
    stream.writelines(made)
    return (*picked.notes, *_not_shown(picked, out))


def _crossed(table: "Table", out: "Output") -> "tuple[Table, Output]":
    """Rows of two keys as people read them."""
    if table.cross is None:
        return table, out
    from oppcli.render.cross import crossed

    return crossed(table, out)


def _prose(table: "Table", out: "Output") -> str:
    """The sentences of a table in lines that fit; a text that is read back as it is, on a screen harmless."""
    if table.verbatim and not out.terminal:
        return table.prose
    from oppcli.render.screen import harmless

    if table.verbatim:
        return harmless(table.prose.replace("\r\n", "\n"), newlines=True).rstrip("\n") + "\n"
    return _within(out.told(table.prose), out.width, newlines=True).rstrip("\n") + "\n"


def _told(table: "Table", out: "Output") -> "Table":
    """The table with what was said in its cells as this reader is told it. What stands around them, the format
    tells."""
    # Instants inside texts are ISO as they were said, which is for programs.
    if out.voice.plain and (FORMATS.get(out.format) == "machine" or not any(each.timed for each in table.columns)):
        return table

    def told(cell: Any) -> Any:
        if type(cell) is str:  # as most are: what somebody typed
            return cell
        if isinstance(cell, tuple):
            return tuple(map(told, cell))
        return spoken(cell, out.voice) if isinstance(cell, str) else cell

    last = table.last and tuple(map(told, table.last))
    return table._replace(rows=(tuple(map(told, row)) for row in table.rows), last=last)


def fitted(text: str, *, terminal: bool, newlines: bool = False) -> str:
    """Sentences harmless, on a terminal in lines that fit, a command on a line of its own; in a pipe a line is a
    line."""
    from oppcli.render.screen import room

    return _within(text, room(terminal=True) if terminal else None, newlines=newlines)


def _fitted(lines: Iterable[str], out: "Output") -> Iterator[str]:
    """Lines around a table, harmless, in lines that fit."""
    return (_within(line, out.width) for line in lines)


def _within(text: str, cells: int | None, *, newlines: bool = False) -> str:
    """Sentences as they were told, harmless, in lines that fit."""
    from oppcli.render.screen import harmless, width

    shown = harmless(text, newlines=newlines)
    if cells is None or (not newlines and width(shown) <= cells):
        return shown
    from oppcli.render.wrap import sentences

    return sentences(shown, cells, map(harmless, commands(text)))


def _not_shown(view: "View", out: "Output") -> "Iterator[Footnote]":
    """Rows and columns that the screen had no room for."""
    from oppcli.reads.table import Footnote

    total, limit = view.rows.total, out.limit or 0
    if view.rows.cut:
        said = say("{limit:,} of {total:,}, -L 0 for all", limit=limit, total=total)
        yield Footnote("limit", total - limit, said)
    if view.unshown:
        said = say("no room for {columns}: -c shows them", columns=listed(view.unshown))
        yield Footnote("limit", len(view.unshown), said)
    if view.cut:
        said = say("a cell of a workbook is full: longer texts are cut in {columns}", columns=listed(view.cut))
        yield Footnote("cut", len(view.cut), said)


def _around(above: Iterable[str], made: Iterator[str], below: Iterable[str]) -> Iterator[str]:
    """What a format made, between the lines above and below it."""
    blank = ""
    for line in above:
        yield line + "\n"
        blank = "\n"
    for text in made:
        yield blank + text
        blank = ""
    blank = "\n"
    for line in below:
        yield f"{blank}{line}\n"
        blank = ""


def written(table: "Table", out: "Output") -> "tuple[str, tuple[Footnote, ...]]":
    """What `write` writes as one string, and the notes."""
    from io import StringIO

    stream = StringIO()
    notes = write(table, out, stream)
    return stream.getvalue(), notes


def text(table: "Table", out: "Output") -> str:
    """Its rows alone as one string, without what people read around them."""
    from oppcli.render.view import view

    if table.picture is not None and not out.columns and out.format in table.picture.formats:
        return "".join(_drawn(table.picture.name, out.format)(view(table, out), out))
    table, out = _crossed(table, out)
    return "".join(_format(out.format)(view(table, out), out))


def _drawn(picture: str, name: str) -> "Callable[[View, Output], Iterator[str]]":
    """What draws it: `board.table` on a screen, `board_page.html` on a page."""
    module = f"{picture}_page" if name == "html" else picture
    found: Callable[[View, Output], Iterator[str]] = getattr(import_module(f"oppcli.render.{module}"), name)
    return found


def known(name: str) -> str:
    """The name of a format, here or among tabulate's. Refused where there is none of this name."""
    if name in ALL:
        return name
    from oppcli.render.markup import DOCUMENTS

    if name in DOCUMENTS:
        return name
    formats = " ".join((*ALL, *DOCUMENTS))
    raise UsageError(say("no such format: {name}", name=name), hint=say("one of {formats}", formats=formats))


def _format(name: str) -> "Callable[[View, Output], Iterator[str]]":
    if known(name) not in ALL:
        from oppcli.render.markup import document

        return document(name)
    module = FORMATS.get(name) or FILES[name]
    found: Callable[[View, Output], Iterator[str]] = getattr(import_module(f"oppcli.render.{module}"), name)
    return found
