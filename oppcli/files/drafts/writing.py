"""The text of a drafted mapping: TOML, each line with its reason as a comment."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import east_asian_width

CODE = 44
"""Columns before a comment."""
WIDE = 112
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def value(found: Any) -> str:
    """A value as TOML has it, a table on one line."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {value(each)}" for name, each in found.items()) + " }"
    if isinstance(found, list | tuple):
        return "[" + ", ".join(map(value, found)) + "]"
    return str(found) if isinstance(found, int) else text(str(found))


def text(found: str) -> str:
    """A text in quotes."""
    return '"' + "".join(_ESCAPES.get(each) or (each if each.isprintable() else _code(each)) for each in found) + '"'


def _code(letter: str) -> str:
    return f"\\U{ord(letter):08X}"


def _one_line(said: str) -> str:
    """A comment ends with its line, and cells that it tells may have several."""
    return "".join(each if each.isprintable() else " " for each in said)


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else text(name)


def line(name: str, found: Any, why: str = "") -> str:
    """`name = value    # why`."""
    code = f"{key(name)} = {value(found)}"
    return f"{code}{' ' * (CODE - _width(code))}  # {_one_line(why)}" if why else code


def _width(text: str) -> int:
    """Columns of a screen."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def comment(parts: Iterable[str], first: str) -> list[str]:
    """`# not placed: a, b` in lines of bounded length, broken between the parts."""
    lines, now = list[str](), f"# {first}"
    for number, part in enumerate(map(_one_line, parts)):
        joined = f"{now}{', ' if number else '' if first.endswith('：') else ' '}{part}"
        if len(joined) > WIDE and number:
            lines.append(f"{now},")
            joined = f"#   {part}"
        now = joined
    return [*lines, now]
