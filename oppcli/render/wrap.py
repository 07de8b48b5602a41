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
_PAUSES = "；;，,、 "
"""What stands between a sentence and a command, for which the end of the line is enough."""
_OPENING = frozenset("（《【〈「『“‘([{")
"""What never ends one."""
_CLOSE = frozenset("，。、；：！？（）“”《》")
"""Marks that have a blank of their own."""
_VARIABLES = r"(?:[A-Z_]+=\S+ )+$"
"""What stands before a command and is typed with it."""
_CHINESE_WORD = 24
"""How many cells of Chinese an English sentence does not break, with the marks around them."""
Piece = tuple[str, bool]
"""A text that is not broken, and whether a blank stands before it on the same line."""


def wrapped(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` cells; a word that is longer has a line of its own, as it is."""
    return filled(words(text), room)


def going_on(text: str, line: str) -> str:
    """A text that goes on with another line: without a blank between two Chinese letters, or beside a Chinese mark."""
    close = text[-1:] in _CLOSE or line[:1] in _CLOSE or width(text[-1:]) == width(line[:1]) == 2  # cells
    return f"{text}{'' if close else ' '}{line}"


def sentences(text: str, room: int, commands: Iterable[str] = ()) -> str:
    """Lines of sentences, those that are too long going on below, two cells further in. A command in such a line
    (`commands` are those of the text, in their order) has a line of its own and is never broken: it is there to be
    pasted. So is a line that begins like one."""
    left = list(commands)
    return "\n".join(part for line in text.split("\n") for part in _going_on(line, room, left))


def _going_on(line: str, room: int, commands: list[str]) -> list[str]:
    """The lines that a line becomes; the commands in it are taken off the list."""
    bare = line.lstrip(" ")
    found = _cut_out(bare, commands)
    if width(line) <= room:
        return [line]
    indent = " " * min(len(line) - len(bare), room // 2)
    parts: list[str] = []
    for place, text in enumerate(found):
        if place % 2:  # a command
            parts.append(text)
        elif said := text.strip(_PAUSES if place else " "):
            parts += wrapped(said.rstrip(_PAUSES), room - len(indent) - 2)
    first, *rest = parts or [bare]
    return [indent + first, *(f"{indent}  {more}" for more in rest)]


def _cut_out(line: str, commands: list[str]) -> list[str]:
    """What is said, a command with the variables before it, what is said, and so on."""
    if line.startswith(COMMAND) and not (commands and line.startswith(commands[0])):
        return ["", line]
    found: list[str] = []
    while commands and commands[0] in line:
        command = commands.pop(0)
        said, _, line = line.partition(command)
        typed = re.search(_VARIABLES, said)
        found += [said[: typed.start()], typed[0] + command] if typed else [said, command]
    return [*found, line]


def hanging(head: str, text: str, room: int) -> list[str]:
    """What something is called and what is said of it, which goes on below its own beginning; four cells in, where
    what is before it takes half of the room."""
    taken = width(head)
    if taken + width(text) <= room:
        return [(head + text).rstrip()]
    if taken > room // 2:
        return [head.rstrip(), *(f"    {line}" for line in wrapped(text, room - 4))]
    first, *rest = wrapped(text, room - taken)
    return [head + first, *(" " * taken + line for line in rest)]


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
    word with its currency, and so is a Chinese word in an English sentence."""
    whole = _CHINESE_WORD if _is_latin(text) else 0
    for word in re.split(r"(?<!\b[A-Z]{3}) | (?![-\d])", " ".join(text.split())):
        blank = True
        for piece in [word] if word and (word.isascii() or width(word) <= whole) else _letters(word):
            yield piece, blank
            blank = False


def _is_latin(text: str) -> bool:
    """Whether a text is in a language with blanks: at most every fourth letter is a Chinese one."""
    return sum(letter > "\u2e80" for letter in text) * 4 <= sum(letter.isalpha() for letter in text)


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
