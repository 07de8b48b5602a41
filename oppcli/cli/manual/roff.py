"""Text as a manual page writes it: man(7) macros, and escapes for what roff would take for something else."""

import re
from collections.abc import Iterator

ESCAPES = str.maketrans({"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"})
"""A bare `-` would be a hyphen, which nobody can paste behind `opp`; quotes and carets would be typographic."""

_CLOSING, _OPENING = "，。：；、！？）】》」…", "（【《「"
_BREAK = re.compile(
    rf"(?<=[\u4e00-\u9fff{_CLOSING}])(?=[\u4e00-\u9fff{_OPENING}])|(?<=[{_CLOSING}])(?=[^\s{_CLOSING}])"
)


def escaped(text: str) -> str:
    """Text that stands in a line, or begins one: a dot there would be a macro."""
    told = text.translate(ESCAPES)
    return rf"\&{told}" if told.startswith(".") else told


def running(text: str) -> str:
    """Text that is filled: roff does not know by itself that a line of Chinese may end behind any character."""
    return _BREAK.sub(r"\\:", escaped(text))


def heading(text: str) -> str:
    """The beginning of a section."""
    return f'.SH "{escaped(text)}"'


def below(text: str) -> str:
    """The beginning of a part of a section."""
    return f'.SS "{escaped(text)}"'


def bold(text: str) -> str:
    return rf"\fB{escaped(text)}\fR"


def title(name: str) -> str:
    """The first lines of a page, which has neither hyphens nor stretched lines. It has no date and no version, so that
    it changes with its texts alone."""
    return f'.TH "{escaped(name.upper())}" "1" "" "opp" ""\n.nh\n.ad l'


def typed(words: str) -> str:
    """A flag, an argument, a command: bold what is typed so, slanted what stands for something."""
    return " ".join(rf"\fI{escaped(word)}\fR" if _stands_for(word) else bold(word) for word in words.split())


def _stands_for(word: str) -> bool:
    bare = word.strip("[]().,…")
    return bare.isupper() and not word.startswith("-")


def item(name: str, text: str) -> Iterator[str]:
    """A thing, and below it, indented, what it is."""
    yield from (".TP", typed(name), running(text) if text else r"\&")


def verbatim(lines: list[str]) -> Iterator[str]:
    """Lines that stay as they are, indented."""
    yield from (".PP", ".RS 4", ".nf", *map(escaped, lines), ".fi", ".RE")
