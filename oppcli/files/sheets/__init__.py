"""Kinds of files with rows. Each is a module here with `begins(head)` and `Sheet`; to add one is to write its module.

What begins like no other kind is text (CSV).
"""

from collections.abc import Collection, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, BinaryIO

from oppcli.files.sheets import text
from oppcli.files.sheets.opening import Unreadable
from oppcli.files.sheets.shape import UNKNOWN, Format, Row, Sheet
from oppcli.model.said import say

HEAD = 1 << 12
"""Bytes that tell the kinds apart."""
PAGES = (b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml")
"""How tables begin that some programs call `.xls`."""


def open_sheet(stream: BinaryIO, name: str, told: Format = UNKNOWN, wanted: Collection[str] = ()) -> Sheet:
    """The rows of an open file. `wanted` are columns the mapping names. Refused (`Unreadable`) where it cannot be
    read."""
    stream.seek(0)  # a copy of a handle stands where the other one reads
    head = stream.read(HEAD)
    stream.seek(0)
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begins.startswith(PAGES):
        again = say("open it in a spreadsheet program and save it as a workbook or CSV")
        raise Unreadable(say("{name} is a page of HTML or XML", name=name), hint=again)
    kind = next((kind for kind in _kinds() if kind.begins(head)), text)
    sheet: Sheet = kind.Sheet(stream, name, told, wanted)
    return sheet


def _kinds() -> Iterator[Any]:
    """The modules of this room that are a kind of file, text left out."""
    for found in iter_modules(__path__):
        if found.name not in ("text", "shape", "opening", "heading", "footer"):
            yield import_module(f"{__name__}.{found.name}")


__all__ = ["Format", "Row", "Sheet", "Unreadable", "open_sheet"]
