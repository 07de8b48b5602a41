"""A command line to be typed, as a value: undo, hints, what mends a refusal, letters, the demo print nothing else.

It is written in one place (`written`), which quotes for the shell; the edge writes it again with the flags of the very
line that was typed (`oppcli.speech`). A word of `…` is still to be filled in.
"""

from collections.abc import Callable, Iterable
from typing import Self

BLANK = "…"
"""Stands in a word where a person has to fill something in: `--set discount=…`."""
_PLAIN = frozenset("@%+=:,./-_" + BLANK)
JOINERS = "\u200c\u200d"
"""Format characters that scripts and emoji need."""
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Unicode categories that move the cursor, hide or reorder text, or cannot be encoded."""


class Command(str):
    """A command line after `opp`, written without the flags of the line at hand; `words` are what a shell would give.

    `ready` is False where something is still to be filled in: a blank, or a NAME in capitals that is no value."""

    __slots__ = ("another", "ready", "why", "words")

    words: tuple[str, ...]
    ready: bool
    why: str
    """What it is for, told behind it; or nothing."""
    another: bool
    """Whether somebody else is to type it: then it does not say again who acts."""

    def __new__(cls, words: Iterable[str], *, ready: bool | None = None, why: str = "", another: bool = False) -> Self:
        kept = tuple(words)
        self = super().__new__(cls, written(kept))
        self.words, self.why, self.another = kept, why, another
        self.ready = not any(BLANK in word for word in kept) if ready is None else ready
        return self


def command(*words: str, ready: bool | None = None, why: str = "", another: bool = False) -> Command:
    """`command("deal", "edit", "D-1", "--set", "discount=…")` is `opp deal edit D-1 --set discount=…`."""
    return Command(words, ready=ready, why=why, another=another)


def written(words: Iterable[str], flags: Iterable[str] = ()) -> str:
    """The line as one may paste it: `opp`, the flags of the line at hand, the words, each quoted where a shell needs
    it."""
    return " ".join(("opp", *map(quoted, flags), *map(quoted, words)))


def quoted(word: str) -> str:
    """One word as a shell reads it back. Letters of any script and the blank stay bare; what no screen shows as it is,
    such as the end of a line, stands as bash, zsh and ksh have it: `$'one\\ntwo'`."""
    if word and all(letter.isalnum() or letter in _PLAIN for letter in word):
        return word
    from shlex import quote

    return quote(word) if word.isprintable() else _escaped(word, quote)


def _escaped(word: str, quote: Callable[[str], str]) -> str:
    from unicodedata import category

    unseen = {letter for letter in word if category(letter) in UNSEEN and letter not in JOINERS}
    if not unseen:
        return quote(word)
    told = {"'": "\\'", "\\": "\\\\", "\n": "\\n", "\t": "\\t"} | {
        each: _code(ord(each)) for each in unseen - {"\n", "\t"}
    }
    return f"$'{''.join(told.get(letter, letter) for letter in word)}'"


def _code(letter: int) -> str:
    """In hexadecimal; a byte that was no text, as that byte."""
    if letter < 0x80 or 0xDC80 <= letter <= 0xDCFF:
        return f"\\x{letter & 0xFF:02x}"
    return f"\\u{letter:04x}" if letter < 0x10000 else f"\\U{letter:08x}"
