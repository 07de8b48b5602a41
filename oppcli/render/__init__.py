"""A table in any format: `write` is the one place that picks, sorts, limits and dispatches; a format is a function."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from oppcli.errors import UsageError
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.reads.table import Table
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
}
"""Each format is the function of its name in this module, imported when it is asked for."""


def write(table: "Table", out: "Output", stream: TextIO) -> tuple[str, ...]:
    """Write the table as `out` asks for. Returns the notes that belong on stderr: populations, rows not shown.

    Raises `UsageError` for an unknown format or column, before anything is written.
    """
    from oppcli.render.view import view

    make = _format(out.format)
    picked = view(table, out)
    if table.prose and out.format == "table" and not out.columns:
        from oppcli.render.screen import harmless

        stream.write(harmless(table.prose, newlines=True).rstrip("\n") + "\n")
        return table.notes
    made = make(picked, out)
    if (table.above or table.below) and out.format == "table" and not out.columns:
        made = _around(table, made)
    stream.writelines(made)
    rows = picked.rows
    cut = (say("{limit:,} of {total:,}, -L 0 for all", limit=out.limit, total=rows.total),) if rows.cut else ()
    narrow = (say("no room for {unshown}: -c shows them", unshown=listed(picked.unshown)),) if picked.unshown else ()
    return (*table.notes, *cut, *narrow)


def _around(table: "Table", made: Iterator[str]) -> Iterator[str]:
    """What a format made, between the lines above and below it."""
    from oppcli.render.screen import harmless

    yield from (harmless(line) + "\n" for line in table.above)
    blank = "\n" if table.above else ""
    for text in made:
        yield blank + text
        blank = ""
    if table.below:
        yield "\n"
    yield from (harmless(line) + "\n" for line in table.below)


def text(table: "Table", out: "Output") -> str:
    """The same as one string."""
    from oppcli.render.view import view

    return "".join(_format(out.format)(view(table, out), out))


def _format(name: str) -> "Callable[[View, Output], Iterator[str]]":
    if name not in FORMATS:
        raise UsageError(
            say("no such format: {name}", name=name), hint=say("one of {formats}", formats=" ".join(FORMATS))
        )
    found: Callable[[View, Output], Iterator[str]] = getattr(import_module(f"oppcli.render.{FORMATS[name]}"), name)
    return found
