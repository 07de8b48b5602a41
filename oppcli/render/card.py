"""Things as people read them one by one: their head, their fields in groups, and blocks of what belongs to them."""

from collections.abc import Iterator, Sequence

from oppcli.model.command import Command
from oppcli.reads.cards import Block, Card
from oppcli.reads.table import Row
from oppcli.render import cells
from oppcli.render.output import Output
from oppcli.render.screen import GAP, harmless, pad, width
from oppcli.render.view import Shown, View
from oppcli.render.wrap import BETWEEN, joined, wrapped
from oppcli.speech import spoken

NARROW = 16
"""Cells that a text behind its name takes at least."""
_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def table(view: View, out: Output) -> Iterator[str]:
    """The cards below one another, in lines of so many cells as there are."""
    assert view.picture is not None
    for place, (row, card) in enumerate(zip(view.rows, view.picture.asked["cards"], strict=False)):
        yield "\n---\n\n" if place else ""
        yield from _card(row, card, view, out)


def plain(view: View, out: Output) -> Iterator[str]:
    """The same in lines of any length, without colour."""
    yield from table(view, out._replace(width=None, color=False))


def _card(row: Row, card: Card, view: View, out: Output) -> Iterator[str]:
    for line in _lines(spoken(card.head, out.voice), out.width):
        yield f"{_BOLD}{line}{_RESET}\n" if out.color else f"{line}\n"
    blank = bool(card.groups)
    for block in (*_groups(row, card, view, out), *card.blocks):
        if blank or block.title:
            yield "\n"
        blank = True
        yield from (f"{line}\n" for line in block_lines(block, out))


def _groups(row: Row, card: Card, view: View, out: Output) -> Iterator[Block]:
    """The fields with a value: those of each group, then the others."""
    shown = {each.column.name: each for each in view.shown}
    said = dict(card.said)
    named = {name for group in card.groups for name in group}
    rest = tuple(name for name in shown if name not in named and name not in card.left_out)
    for group in (*card.groups, rest) if card.groups else ():
        texts = [(name, _text(shown[name], row, said, out)) for name in group if name in shown]
        pairs = tuple((out.named(name, shown[name].column.title), text) for name, text in texts if text)
        if pairs:
            yield Block("", pairs)


def _text(shown: Shown, row: Row, said: dict[str, str], out: Output) -> str:
    """What people read of a field; nothing for one that is not set."""
    value = row[shown.at]
    if value in (None, "", [], (), {}):
        return ""
    told = said.get(shown.column.name)
    return spoken(told, out.voice) if told else cells.people(shown._replace(names_currency=True), out)([row])[0]


def _lines(text: str, room: int | None, indent: str = "") -> list[str]:
    """What people broke into lines goes on behind a bar, or a title could tell amounts of its own."""
    first, *more = map(harmless, text.split("\n"))
    told = [first, *(f"| {line}" for line in more)]
    if room is None:
        return [f"{indent}{line}" for line in told]
    return [f"{indent}{part}" for line in told for part in (wrapped(line, room - len(indent)) or [""])]


def block_lines(block: Block, out: Output) -> Iterator[str]:
    """A block in lines of so many cells as there are."""
    indent = GAP if block.title else ""
    if block.title:
        yield from _lines(spoken(block.title, out.voice), out.width)
    if block.texts:
        for row in block.rows:
            yield from _lines(spoken(row[0], out.voice), out.width, indent)
        return
    rows = [tuple(harmless(spoken(cell, out.voice)) for cell in row) for row in block.rows]
    widths = _widths(rows)
    lines = [_line(row, widths, indent) for row in rows]
    if out.width is None or max(map(width, lines), default=0) <= out.width:
        yield from lines
    elif len(widths) == 2 and not any(isinstance(cell, Command) for row in block.rows for cell in row):
        yield from _pairs(rows, widths[0], indent, out.width)
    else:
        for row, texts in zip(block.rows, rows, strict=True):
            yield from _record(row, texts, indent, out.width)


def _widths(rows: Sequence[tuple[str, ...]]) -> list[int]:
    columns = max(map(len, rows), default=0)
    return [max((width(row[place]) for row in rows if place < len(row)), default=0) for place in range(columns)]


def _line(row: tuple[str, ...], widths: Sequence[int], indent: str) -> str:
    """The cells below those of the other rows; columns that are empty in all of them take no room."""
    parts = [pad(cell, cells) for cell, cells in zip(row, widths, strict=False) if cells]
    return (indent + GAP.join(parts)).rstrip()


def _pairs(rows: Sequence[tuple[str, ...]], first: int, indent: str, room: int) -> Iterator[str]:
    """Names and values, the longer of which go on below."""
    left = room - len(indent) - first - len(GAP)
    for name, value in rows:
        if left < NARROW:
            yield from _lines(name, room, indent)
            yield from _lines(value, room, indent + GAP)
            continue
        for place, part in enumerate(wrapped(value, left) or [""]):
            yield f"{indent}{pad('' if place else name, first)}{GAP}{part}".rstrip()


def _record(row: tuple[str, ...], texts: tuple[str, ...], indent: str, room: int) -> Iterator[str]:
    """One row in as many lines as it takes, a dot between its cells; a command has a line of its own."""
    below = indent + GAP
    left = room - len(below)
    told = [text for cell, text in zip(row, texts, strict=True) if text and not isinstance(cell, Command)]
    for place, line in enumerate(joined(((text, width(text) > left // 2) for text in told), left)):
        yield f"{below if place else indent}{line.removesuffix(f' {BETWEEN}')}"
    for cell, text in zip(row, texts, strict=True):
        if isinstance(cell, Command):
            yield f"{below}{text}"
