"""Text on a screen: what it takes to show it harmlessly, how many cells it is wide, how it is shortened and padded.

Cell widths are worked out here and not by `wcwidth`, whose import costs 17 ms of an everyday command; a test compares
the two. See DECISIONS.md.
"""

from functools import cache

from oppcli.model.command import JOINERS, UNSEEN

ELLIPSIS = "…"
GAP = "  "
"""Between two columns."""
_ZWJ, _EMOJI_LOOK = JOINERS[-1], "\ufe0f"
_JOINED = "\U0001f1e6"
"""From here on there are halves of flags and tones of skin, which one letter alone says nothing of."""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}


def size(wide: int = 100) -> tuple[int, int]:
    """Cells in a line and lines of the terminal, as `COLUMNS` and `LINES` or itself say; of what is none, so `wide` and
    24 lines."""
    from shutil import get_terminal_size

    return get_terminal_size((wide, 24))


def room(*, terminal: bool) -> int | None:
    """Cells in a line: `COLUMNS` where it is exported, else those of the terminal; a pipe takes lines of any length."""
    import os

    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated)
    if not terminal:
        return None
    return size()[0]


def harmless(text: str, *, newlines: bool = False) -> str:
    """`text` with control characters, terminal escapes and bidirectional overrides written visibly (`\\e`, `\\u202e`).

    With `newlines`, line feeds and tabs stay as they are.
    """
    if text.isprintable():
        return text
    from unicodedata import category

    shown = []
    for letter in text:
        kept = letter in JOINERS or (newlines and letter in "\n\t")
        shown.append(letter if kept or category(letter) not in UNSEEN else _visible(letter))
    return "".join(shown)


def _visible(letter: str) -> str:
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """Cells that `text` takes in a terminal: 2 for wide letters and emoji, 0 for marks that join the letter before."""
    if text.isascii():
        return len(text)
    if _ZWJ in text or _EMOJI_LOOK in text or max(text) >= _JOINED:
        return sum(cells for _, cells in clusters(text))
    return sum(map(_cells, text))


def clusters(text: str) -> list[tuple[str, int]]:
    """What a reader sees as letters, each with its cells: a base with its marks; emoji joined into one; a flag."""
    found: list[tuple[str, int]] = []
    joining = False
    for letter in text:
        cells = _cells(letter)
        if found and (joining or cells == 0 or _completes(found[-1][0], letter)):
            base, taken = found[-1]
            found[-1] = (base + letter, 2 if letter == _EMOJI_LOOK and taken == 1 else taken)
        else:
            found.append((letter, cells))
        joining = letter == _ZWJ
    return found


@cache
def _cells(letter: str) -> int:
    if letter.isascii():
        return 1
    from unicodedata import category, east_asian_width

    code = ord(letter)
    # Vowels and finals of decomposed Hangul are drawn into the syllable before them; flags are made of two letters.
    if category(letter) in ("Mn", "Me", "Cf") or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF:
        return 0
    return 2 if east_asian_width(letter) in "WF" or 0x1F1E6 <= code <= 0x1F1FF else 1


def _completes(cluster: str, letter: str) -> bool:
    """A skin tone after an emoji, or the second half of a flag."""
    code = ord(letter)
    if 0x1F3FB <= code <= 0x1F3FF:
        return ord(cluster[-1]) > 0x2600
    return 0x1F1E6 <= code <= 0x1F1FF and len(cluster) == 1 and 0x1F1E6 <= ord(cluster) <= 0x1F1FF


def shorten(text: str, cells: int) -> str:
    """The longest beginning of `text` that fits into `cells` with `…` after it; `text` itself when it fits."""
    if width(text) <= cells:
        return text
    kept, room = [], cells - 1
    for cluster, taken in clusters(text):
        room -= taken
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + ELLIPSIS


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """`text` filled with spaces up to `cells`; on its left side when it is to stand at the right."""
    spaces = " " * (cells - width(text))
    return spaces + text if right else text + spaces
