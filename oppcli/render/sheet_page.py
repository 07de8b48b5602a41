"""A table as a part of a page, and the page that holds several; nothing is fetched, nothing runs."""

from collections.abc import Iterable, Iterator

from oppcli.render import charts
from oppcli.render.html import END, STYLE, drawn, escape, head, told
from oppcli.render.output import Output
from oppcli.render.view import View

_STYLE = "h2 { font-size: 1.1rem; margin: 2rem 0 0; } section { break-inside: avoid-page; }\n"
OF_PARTS = STYLE + charts.STYLE + _STYLE


def html(view: View, out: Output) -> Iterator[str]:
    """The part: its heading, its rows, what is said of them."""
    assert view.picture is not None
    asked = view.picture.asked
    yield f"<section>\n<h2>{escape(asked['heading'])}</h2>\n"
    yield from drawn(view, list(view.rows)[: asked["most"]], out)
    yield from told(view, out)
    yield "</section>\n"


def bound(title: str, parts: Iterable[str], lang: str) -> str:
    """A whole page of such parts."""
    return "".join([*head(title, lang, OF_PARTS), *parts, END])
