"""Text in several lines, broken between words; Chinese, which has no blanks, between its letters."""

import re
from collections.abc import Iterable, Iterator

from oppcli.render.screen import clusters, width

COMMAND = "opp "
"""How every command begins that is printed."""
BETWEEN = "·"
"""Stands between the parts of a record."""
_STAY = frozenset("，。、；：！？）》】〉」』”’％…,.;:!?)]}%")
"""What never begins a line."""
_OPENING = frozenset("（《【〈「『“‘([{")
"""What never ends one."""
Piece = tuple[str, bool]
"""A text that is not broken, and whether a blank stands before it on the same line."""


def wrapped(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` cells; a word that is longer has a line of its own, as it is."""
    return filled(words(text), room)


def sentences(text: str, room: int) -> str:
    """Lines of sentences, those that are too long going on below, two cells further in. A line with a command stays
    as it is: it is there to be pasted."""
    return "\n".join(part for line in text.split("\n") for part in _going_on(line, room))


def _going_on(line: str, room: int) -> list[str]:
    if width(line) <= room or f" {COMMAND}" in f" {line}":
        return [line]
    bare = line.lstrip(" ")
    indent = " " * min(len(line) - len(bare), room // 2)
    first, *rest = wrapped(bare, room - len(indent) - 2)
    return [indent + first, *(f"{indent}  {more}" for more in rest)]


def joined(parts: Iterable[tuple[str, bool]], room: int) -> list[str]:
    """Parts with a dot between them in lines of at most `room` cells. A part that may be broken is, between words."""
    pieces: list[Piece] = []
    for text, breaks in parts:
        if pieces:
            last, blank = pieces[-1]
            pieces[-1] = (f"{last} {BETWEEN}", blank)
        pieces += words(text) if breaks else [(text, True)]
    return filled(pieces, room)


def filled(pieces: Iterable[Piece], room: int) -> list[str]:
    """Lines as full as they get."""
    lines: list[str] = []
    taken = room
    for text, blank in pieces:
        cells = width(text) + blank
        if lines and taken + cells <= room:
            lines[-1] += f" {text}" if blank else text
            taken += cells
        else:
            lines.append(text)
            taken = width(text)
    return lines


def words(text: str) -> Iterator[Piece]:
    """Between which a line may end: words, and each wide letter with the marks that stay behind it. An amount is one
    word with its currency."""
    for word in re.split(r"(?<!\b[A-Z]{3}) | (?![-\d])", " ".join(text.split())):
        blank = True
        for piece in [word] if word.isascii() and word else _letters(word):
            yield piece, blank
            blank = False


def _letters(word: str) -> list[str]:
    found: list[str] = []
    wide = True
    for letter, cells in clusters(word):
        if found and (letter in _STAY or found[-1][-1] in _OPENING or (cells < 2 and not wide)):
            found[-1] += letter
        else:
            found.append(letter)
        wide = cells == 2
    return found
