"""The board as a page for a screen on a wall: a grid of columns, loaded anew each minute; nothing runs, nothing else is
fetched."""

from collections.abc import Iterator

from oppcli.render.board import Card, Pile, gathered, piles
from oppcli.render.html import closing, escape, opening
from oppcli.render.output import Output
from oppcli.render.view import View

SECONDS = 60
"""After so many the page is loaded anew."""
_STYLE = """\
:root { color-scheme: light dark; --line: #8884; --late: #b3261e; --quiet: #767676; }
body { font: 15px/1.4 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 1.2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
p { color: var(--quiet); margin: .2rem 0; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1rem 0; }
h2 { font-size: 1rem; margin: 0; padding-bottom: .2rem; border-bottom: 2px solid var(--line); }
h2 b { font-weight: 400; color: var(--quiet); }
ol { list-style: none; margin: 0; padding: 0; }
li { border: 1px solid var(--line); border-radius: .3rem; padding: .3rem .5rem; margin: .5rem 0; }
li { overflow-wrap: anywhere; }
li.late { border-left: .35rem solid var(--late); }
li div { display: flex; justify-content: space-between; color: var(--quiet); }
strong { color: var(--late); }
"""


def html(view: View, out: Output) -> Iterator[str]:
    """The whole page, with all cards unless so many were asked for."""
    assert view.picture is not None
    yield from opening(view, out, _STYLE, f'<meta http-equiv="refresh" content="{SECONDS}">\n')
    yield "<main>\n"
    for pile in piles(gathered(view), out, view.picture.asked["cards"]):
        yield from _section(pile)
    yield "</main>\n"
    yield from closing(view, out)


def _section(pile: Pile) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(pile.name)} <b>{pile.number:,}</b></h2>\n"
    yield from (f"<p>{escape(text)}</p>\n" for text in pile.sums)
    yield "<ol>\n"
    for card in pile.cards:
        yield _card(card)
    yield "</ol>\n"
    if len(pile.cards) < pile.number:
        yield f"<p>+{pile.number - len(pile.cards):,}</p>\n"
    yield "</section>\n"


def _card(card: Card) -> str:
    late = f" <strong>{escape(card.late)}</strong>" if card.late else ""
    head = f"<div><span>{escape(card.deal)}</span><span>{escape(card.waited)}</span></div>"
    name = ' class="late"' if card.late else ""
    return f'<li{name}>{head}<span dir="auto">{escape(card.what)}</span><br>{escape(card.who)}{late}</li>\n'
