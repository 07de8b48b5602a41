"""A TOML text → its document, in bounded time whatever the text is, or one fault that says where and what to write."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from oppcli.model.said import Said, of_system, say

MOST_BYTES = 1_000_000
MOST_LEVELS = 32
STDIN = "-"
LONGEST_NUMBER = 30
"""Digits before or behind the decimal mark."""
Document = dict[str, Any]
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*"""
_LONG_KEY = rf"""(?<![\w"'-])(?:{_PART}){{{MOST_LEVELS}}}"""


class NotToml(ValueError):
    """A text that cannot be read; `line` is where, 1 first, or None."""

    def __init__(self, message: Said, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def text_of(file: Path | BinaryIO) -> str:
    """The text of a file, a byte order mark left out. Refuses (`NotToml`) more than `MOST_BYTES`; of an endless file no
    more is read than that. Raises OSError, and UnicodeDecodeError for what is not UTF-8."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return text_of(opened)
    found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise _too_large()
    return found.decode("utf-8-sig")


def called(file: Path) -> str:
    """What to call a file that somebody named; `-` is standard input."""
    return "stdin" if str(file) == STDIN else str(file)


def typed(file: Path | BinaryIO, name: str = "") -> str:
    """The text of a file that somebody named, of standard input for `-`. Refuses one that is not there or not UTF-8
    (`UsageError`), and one that is too large (`PolicyError`)."""
    import sys

    from oppcli.errors import PolicyError, UsageError

    if isinstance(file, Path):
        name = name or called(file)
        if str(file) == STDIN:
            if sys.stdin is None:
                raise UsageError(say("{file}: there is none", file=name))
            file = sys.stdin.buffer
    try:
        return text_of(file)
    except UnicodeDecodeError as wrong:
        raise UsageError(say("{file}: not UTF-8 at byte {byte}", file=name, byte=wrong.start)) from None
    except OSError as wrong:
        why = of_system(wrong)
        raise UsageError(say("{file}: {why}", file=name, why=why)) from None
    except NotToml as wrong:
        raise PolicyError(say("{file} cannot be read: {why}", file=name, why=wrong.message)) from None


def parsed(text: str, *, quoting: bool = True) -> Document:
    """The document of a text; decimals stay exact, a byte order mark is left out. `quoting`: a refusal shows the line
    that is wrong, which may hold no secret. Refuses (`NotToml`) what is no TOML,
    larger than `MOST_BYTES`, nested deeper than `MOST_LEVELS`, or holds a number too long to be meant."""
    import tomllib

    text = text.removeprefix("\ufeff")
    if len(text) > MOST_BYTES:
        raise _too_large()
    # `tomllib` takes quadratic time for a key of many parts.
    if match := re.search(_LONG_KEY, text):
        raise _too_deep(text.count("\n", 0, match.start()) + 1)
    try:
        found = known(text)
    except RecursionError:
        raise _too_deep() from None
    except tomllib.TOMLDecodeError as wrong:
        raise _fault(wrong, text, quoting=quoting) from None
    except ValueError:
        raise NotToml(say("a number has too many digits")) from None
    _bounded(found)
    return found


def known(text: str) -> Document:
    """The same of a text that was checked before: this is what every command pays for."""
    import tomllib

    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        named = _with_quoted_names(text)
        if named == text:
            raise
        return tomllib.loads(named.removeprefix("\ufeff"), parse_float=Decimal)


_NAME = r"""[^\s=.\[\]{}"',#]+"""
_BARE_HEADER = r"""\s*\[\[?[^\[\]"'#=,{}]+\]\]?"""
_BARE_KEY = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*(?=[ \t]*=)"


def _with_quoted_names(text: str) -> str:
    """`[fields.竞品价]` as TOML wants it, `[fields."竞品价"]`, and `总监 = []` as `"总监" = []`: what a table or a line
    is called needs no quotes here."""
    rows, within = text.split("\n"), False
    for number, row in enumerate(rows):
        if not within and not row.isascii() and (bare := re.match(rf"{_BARE_HEADER}|\s*{_BARE_KEY}", row)):
            rows[number] = re.sub(_NAME, _in_quotes, bare[0]) + row[bare.end() :]
        # A long text may hold what looks like a header.
        within ^= (row.count('"""') + row.count("'''")) % 2 == 1
    return "\n".join(rows)


def _in_quotes(name: re.Match[str]) -> str:
    return name[0] if name[0].isascii() else f'"{name[0]}"'


def _fault(wrong: Exception, text: str, *, quoting: bool) -> NotToml:
    from oppcli.toml.wrong import place, told

    line, column = place(wrong, text)
    row = text.split("\n")[line - 1]
    return NotToml(told(wrong, row, column, quoting=quoting), line)


def _bounded(found: Document) -> None:
    """Refuses what is nested too deep, and numbers that no one means and that would take ages to write."""
    for level, value in _walk(found):
        if level > MOST_LEVELS:
            raise _too_deep()
        if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
            raise NotToml(say("a number has too many digits"))
        if isinstance(value, Decimal) and value.is_finite() and value and abs(value.adjusted()) >= LONGEST_NUMBER:
            raise NotToml(say("a number has too many digits"))


def _walk(found: Any) -> Iterator[tuple[int, Any]]:
    """Every value with how deep it lies; of what lies too deep no more than that."""
    left: list[tuple[int, Any]] = [(0, found)]
    while left:
        level, value = left.pop()
        yield level, value
        if isinstance(value, (dict, list)):
            left += [(level + 1, each) for each in (value.values() if isinstance(value, dict) else value)]


def _too_large() -> NotToml:
    return NotToml(say("it is larger than {most} MB, which no such file is", most=MOST_BYTES // 1_000_000))


def _too_deep(line: int | None = None) -> NotToml:
    return NotToml(say("it is nested deeper than {most} levels", most=MOST_LEVELS), line)
