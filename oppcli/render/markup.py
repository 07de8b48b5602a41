"""For documents: `md`, a table in GitHub's Markdown. The one user of tabulate; see DECISIONS.md."""

from collections.abc import Iterator

from oppcli.model.said import say
from oppcli.render import cells
from oppcli.render.human import title
from oppcli.render.output import Output
from oppcli.render.view import View

_MARKS = str.maketrans({mark: "\\" + mark for mark in "\\|*_`[]~"} | {"<": "&lt;", "&": "&amp;"})


def escape(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return text.translate(_MARKS)


def md(view: View, out: Output) -> Iterator[str]:
    """A pipe table; one thing is a table of field and value."""
    from tabulate import tabulate

    texts = [[escape(text) for text in line] for line in cells.lines(view, list(view.rows), out)]
    titles = [escape(title(shown.column, out)) for shown in view.shown]
    sides = ["right" if shown.column.kind in cells.RIGHT else "left" for shown in view.shown]
    if view.single:
        texts = [list(pair) for pair in zip(titles, texts[0] if texts else [], strict=False)]
        titles, sides = [out.told(say("FIELD")), out.told(say("VALUE"))], ["left", "left"]
    if not texts:
        # tabulate wants a row to align by.
        yield f"| {' | '.join(titles)} |\n|{'|'.join('---' for _ in titles)}|\n"
        return
    yield tabulate(texts, headers=titles, tablefmt="pipe", disable_numparse=True, colalign=sides) + "\n"
