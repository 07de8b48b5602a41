"""The board as people see it: a column for each stage or person, in it what is late, then what waited longest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from oppcli.model.said import listed, say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads.board import keys
from oppcli.render.output import Output
from oppcli.render.screen import harmless, pad, shorten, width
from oppcli.render.view import View
from oppcli.render.wrap import wrapped
from oppcli.tuples import NamedTuple
from oppcli.words import short

NARROWEST, WIDEST = 12, 28
"""Cells of a column."""
GAPS = (2, 1)
"""Cells between columns: as many as there is room for."""
CARD = 4
"""Lines of a card, with the empty one above it."""
BESIDE = 4
"""Lines of the screen for what stands beside the board: when it was looked at, notes, the prompt."""
DIGITS = 3
"""Of a sum."""
_BOLD, _RED, _RESET = "\x1b[1m", "\x1b[31m", "\x1b[0m"


class Card(NamedTuple):
    """What one deal says on the board."""

    deal: str
    waited: str
    what: str
    """The customer, or the title of a deal without one."""
    who: str
    late: str
    """The word for it where it is late."""


class Pile(NamedTuple):
    """One column: what it is called, how many deals it has, what they come to, and those deals."""

    name: str
    number: int
    sums: tuple[str, ...]
    cards: tuple[Card, ...]


class Line(NamedTuple):
    """One line of a column, which a code paints where there is colour."""

    text: str
    code: str = ""


NOTHING = Line("")


class Gathered(NamedTuple):
    """The rows of each column, each by the names of what it holds: who asks may not have every field."""

    rows: dict[str, list[Mapping[str, Any]]]
    by: str
    names: tuple[str, ...]
    priced: bool
    """Whether amounts are told at all."""
    several: bool
    """Whether amounts are in several currencies, which the sums then name."""


def gathered(view: View) -> Gathered:
    """The deals of the board by column; one that several people hold stands with each."""
    assert view.picture is not None
    asked, names = view.picture.asked, [column.name for column in view.columns]
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    currencies = set()
    for row in view.rows:
        deal = dict(zip(names, row, strict=True))
        if deal.get("amount") is not None:
            currencies.add(deal.get("currency"))
        for key in keys(deal.get(asked["by"])):
            found[key].append(deal)
    priced = "amount" in names and "currency" in names
    return Gathered(found, asked["by"], asked["groups"], priced, len(currencies) > 1)


def piles(board: Gathered, out: Output, most: int | None = None) -> list[Pile]:
    """The columns in their order, each with at most so many cards; those without a deal, too."""
    made = []
    for name in board.names:
        rows = board.rows[name]
        cards = tuple(_card(deal, board.by, out) for deal in rows[:most])
        sums = _sums(rows, out, named=board.several) if board.priced else ()
        made.append(Pile(harmless(out.told(name)), len(rows), sums, cards))
    return made


def _sums(deals: Iterable[Mapping[str, Any]], out: Output, *, named: bool) -> tuple[str, ...]:
    """`Σ 32.6万`; with the currency where the board has several."""
    totals: dict[str, int] = defaultdict(int)
    for deal in deals:
        if deal["amount"] is not None:
            totals[deal["currency"] or ""] += deal["amount"]
    if not totals:
        return ("Σ 0",)
    return tuple(
        f"Σ {f'{currency} ' if named else ''}{short.bare(total, currency, out.voice.lang, digits=DIGITS).lstrip('≈')}"
        for currency, total in sorted(totals.items())
    )


def _card(deal: Mapping[str, Any], by: str, out: Output) -> Card:
    holders = deal["holder"]
    who = deal.get("stage") if by == "holder" else out.told(listed(holders)) if holders else out.told(say("nobody"))
    what = deal.get("customer") or deal.get("title")
    late = "" if deal["overdue_business_hours"] is None else out.told(say("late"))
    return Card(deal["deal"], _waited(deal["since"], out), harmless(what or ""), harmless(who or ""), late)


def _waited(since: int | None, out: Output) -> str:
    """`5 d`, `3 h`; nothing where it is not known."""
    if since is None or out.now is None:
        return ""
    passed = max(out.now - since, 0)
    if passed < DAY_MS:
        return out.told(say("{n} h", n=passed // HOUR_MS))
    return out.told(say("{n:,} d", n=passed // DAY_MS))


def table(view: View, out: Output) -> Iterator[str]:
    """Columns side by side, further ones in a band below where a line has no room; in each as many cards as the screen
    has lines, or as were asked for, then how many more there are."""
    assert view.picture is not None
    board = gathered(view)
    across, cells, gap = _across(len(board.names), out.width)
    most = view.picture.asked["cards"]
    if most is None and out.height is not None:
        most = _room(piles(board, out, 0), -(-len(board.names) // across) or 1, out.height, cells)
    found = piles(board, out, most)
    if out.width is None:
        cells = max(map(_widest, found), default=NARROWEST)
    for first in range(0, len(found), across):
        yield from ("\n",) if first else ()
        band = found[first : first + across]
        yield from _band(band, _widths(band, cells, gap, out.width), gap, out)


def _across(names: int, screen: int | None) -> tuple[int, int, int]:
    """How many columns stand side by side, the cells of each, and between them."""
    if screen is None:
        return max(names, 1), WIDEST, GAPS[0]
    most = max((screen + GAPS[-1]) // (NARROWEST + GAPS[-1]), 1)
    bands = -(-names // most) or 1
    across = -(-names // bands) or 1
    gap = next((gap for gap in GAPS if across * (NARROWEST + gap) - gap <= screen), GAPS[-1])
    return across, max(min((screen + gap) // across - gap, WIDEST), NARROWEST), gap


def _widest(pile: Pile) -> int:
    """Cells that a column takes where nothing is cut."""
    texts = [f"{pile.name} {pile.number:,}", *pile.sums]
    texts += [
        text for card in pile.cards for text in (f"{card.deal} {card.waited}", card.what, f"{card.who} {card.late}")
    ]
    return max(map(width, texts))


def _widths(band: Sequence[Pile], cells: int, gap: int, screen: int | None) -> list[int]:
    """The cells of each column: what is left of the line goes to the first whose name needs it."""
    spare = 0 if screen is None else max(screen - len(band) * (cells + gap) + gap, 0)
    found = []
    for pile in band:
        more = min(max(width(f"{pile.name} {pile.number:,}") - cells, 0), spare)
        if cells + more < width(pile.name):
            more = 0
        spare -= more
        found.append(cells + more)
    return found


def _room(found: Sequence[Pile], bands: int, height: int, cells: int) -> int:
    """Cards that a column has lines for, one at least."""
    names = max((len(_heading(pile, cells)) for pile in found), default=1)
    heading = names + max((len(pile.sums) for pile in found), default=0)
    lines = (height - BESIDE) // bands - heading - 2  # the last two say how many more there are
    return max(lines // CARD, 1)


def _band(found: Sequence[Pile], cells: Sequence[int], gap: int, out: Output) -> Iterator[str]:
    sums = max(len(pile.sums) for pile in found)
    names = max(len(_heading(pile, room)) for pile, room in zip(found, cells, strict=True))
    columns = [_column(pile, names, sums, room) for pile, room in zip(found, cells, strict=True)]
    for lines in zip_longest(*columns, fillvalue=NOTHING):
        last = max((place for place, line in enumerate(lines) if line.text), default=0)
        parts = (
            _painted(line, cells[place] if place < last else 0, out) for place, line in enumerate(lines[: last + 1])
        )
        yield (" " * gap).join(parts) + "\n"


def _painted(line: Line, cells: int, out: Output) -> str:
    padding = " " * max(cells - width(line.text), 0)
    return f"{line.code}{line.text}{_RESET}{padding}" if line.code and out.color and line.text else line.text + padding


def _heading(pile: Pile, cells: int) -> list[str]:
    """Name and number; on two lines where one has no room for them, and only then, for want of room, cut."""
    number = f"{pile.number:,}"
    if width(f"{pile.name} {number}") <= cells:
        return [f"{pile.name} {number}"]
    first, *rest = wrapped(pile.name, cells)
    below = f"{shorten(' '.join(rest), cells - len(number) - 1)} {number}" if rest else number
    return [shorten(first, cells), below]


def _column(pile: Pile, names: int, sums: int, cells: int) -> Iterator[Line]:
    """Name and number, sums, then the cards."""
    for text, _ in zip_longest(_heading(pile, cells), range(names), fillvalue=""):
        yield Line(str(text), _BOLD)
    for text, _ in zip_longest(pile.sums, range(sums), fillvalue=""):
        yield Line(shorten(str(text), cells))
    for card in pile.cards:
        yield NOTHING
        yield from _card_lines(card, cells)
    if len(pile.cards) < pile.number:
        yield NOTHING
        yield Line(f"+{pile.number - len(pile.cards):,}")


def _card_lines(card: Card, cells: int) -> Iterator[Line]:
    room = cells - width(card.deal)
    fits = card.waited and width(card.waited) < room
    yield Line(card.deal + pad(card.waited, room, right=True) if fits else shorten(card.deal, cells))
    yield Line(shorten(card.what, cells))
    late = f" {card.late}" if card.late else ""
    yield Line(shorten(card.who, cells - width(late)) + late, _RED if card.late else "")
