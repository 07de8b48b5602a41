"""For documents: `md`, GitHub's Markdown, and every other text format that tabulate writes. Its one user; see
DECISIONS.md."""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape as entities

from tabulate import tabulate, tabulate_formats

from oppcli.model.said import say
from oppcli.render import cells
from oppcli.render.human import title
from oppcli.render.output import Output
from oppcli.render.view import View

DOCUMENTS = tuple(name for name in tabulate_formats if name not in ("html", "plain", "tsv"))
"""tabulate's formats by its names, but those that are ours."""
_MARKS = str.maketrans({mark: "\\" + mark for mark in "\\|*_`[]~"} | {"<": "&lt;", "&": "&amp;"})
_BAR = {"jira": "\\|", "youtrack": "\\|", "asciidoc": "\\|", "orgtbl": "\\vert{}"} | dict.fromkeys(
    ("mediawiki", "moinmoin", "textile"), "&#124;"
)
"""How a bar is written that ends no cell."""


def escape(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return text.translate(_MARKS)


def md(view: View, out: Output) -> Iterator[str]:
    """A pipe table; one thing is a table of field and value."""
    return _tabulated(view, out, "pipe")


def document(name: str) -> Callable[[View, Output], Iterator[str]]:
    """The format of this name."""
    return partial(_tabulated, name=name)


def _tabulated(view: View, out: Output, name: str) -> Iterator[str]:
    told = _escape(name)
    texts = [[told(text) for text in line] for line in cells.lines(view, list(view.rows), out)]
    titles = [told(title(shown.column, out)) for shown in view.shown]
    sides = ["right" if shown.column.kind in cells.RIGHT else "left" for shown in view.shown]
    if view.single:
        texts = [list(pair) for pair in zip(titles, texts[0] if texts else [], strict=False)]
        titles, sides = [out.told(say("FIELD")), out.told(say("VALUE"))], ["left", "left"]
    if not texts and name == "pipe":
        # tabulate wants a row to align by.
        yield f"| {' | '.join(titles)} |\n|{'|'.join('---' for _ in titles)}|\n"
        return
    align = {"colalign": sides} if texts else {}
    yield tabulate(texts, headers=titles, tablefmt=name, disable_numparse=True, **align) + "\n"  # type: ignore[arg-type]


def _escape(name: str) -> Callable[[str], str]:
    """What makes a text stand in a cell of this format as it is; most draw lines and need none."""
    if name in ("pipe", "github"):
        return escape
    if name == "unsafehtml":
        return entities
    return lambda text: text.replace("|", _BAR.get(name, "|"))
