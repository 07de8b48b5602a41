"""What a packed workbook (xlsx) says before it is opened: how far its sheets reach, and which cells hold errors.

The library makes room for every cell up to the last one, which cannot be stopped once it began, and reads errors as
blank.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from typing import IO, BinaryIO

from oppcli.files.sheets.opening import MOST, Unreadable, damaged, in_parts
from oppcli.model.said import say

CELLS = 30_000_000
"""Cells of a sheet at most, blank ones between others counted: each takes memory."""
ERRORS = 100_000
"""Cells with errors that are told apart in a sheet; in one with more they are blank."""
SWOLLEN = 100
"""From how many times its size on a part is looked at that unpacks to so much: sheets take ten times theirs."""
Errors = dict[int, dict[int, str]]
"""By row, by column, from 1 on: what the cell says, `#N/A`."""
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)""")
_WIDE = re.compile(rb"""\br=["']([A-Z]{2,3})\d""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]+)(\d+)["'][^>]*>(.*?)</(?:\w+:)?c>""", re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)=(?:"([^"]*)"|'([^']*)')""")
_PIECE = 1 << 20
_TAIL = 1 << 12
"""Bytes of a piece that are read again with the next one: more than a cell with an error takes."""


def errors(stream: BinaryIO, name: str) -> dict[str, Errors]:
    """By sheet its cells that hold errors. Refused (`Unreadable`) for what unpacks to more than `MOST`, a sheet that
    reaches so far out that it takes more than `CELLS`, and what is no such file."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST:
                raise in_parts(name)
            found = {}
            for part in packed.infolist():
                if part.file_size > SWOLLEN * part.compress_size:
                    _require_cells(packed, part, name)
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    with packed.open(part) as xml:
                        found[part.filename] = _of_sheet(xml, name)
            return dict(_by_title(packed, found)) if any(found.values()) else {}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, KeyError, zlib.error) as error:
        raise damaged(name, error) from None


def _require_cells(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Refuse a part in which one text goes on and on: the library would hold it several times."""
    with packed.open(part) as xml:
        while piece := xml.read(_PIECE):
            if len(piece) == _PIECE and b"<" not in piece:
                raise Unreadable(say("{name}: a cell is longer than {most:,} characters", name=name, most=_PIECE))


def _of_sheet(xml: IO[bytes], name: str) -> Errors:
    height, width, rest, count = 1, 26, b"", 0
    found: Errors = {}
    while piece := xml.read(_PIECE):
        piece = rest + piece
        last = _ROW.findall(piece, max(piece.rfind(b"<row"), 0))
        height = max([height, *map(int, last[-1:])])
        width = max([width, *map(_column, set(_WIDE.findall(piece)))])
        if b't="e"' in piece and count < ERRORS:
            for letters, row, cell in _ERROR.findall(piece):
                value = _VALUE.search(cell)
                count += 1
                found.setdefault(int(row), {})[_column(letters)] = value[1].decode() if value else "#N/A"
        rest = piece[-_TAIL:]
    if height * width > CELLS:
        raise Unreadable(
            say("{name} has a sheet of {height:,} rows and {width:,} columns", name=name, height=height, width=width),
            hint=say("delete what stands far out and save it again, or save the sheet as CSV"),
        )
    return found if count < ERRORS else {}


def _by_title(packed: zipfile.ZipFile, found: dict[str, Errors]) -> Iterator[tuple[str, Errors]]:
    links = {
        link["Id"]: link["Target"].lstrip("/").removeprefix("xl/")
        for link in _tags(_LINK, packed.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in _tags(_SHEET, packed.read("xl/workbook.xml")):
        place = links.get(next((value for key, value in sheet.items() if key.endswith(":id")), ""), "")
        yield sheet["name"], found.get(f"xl/{place}", {})


def _tags(pattern: re.Pattern[str], xml: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each such tag."""
    for tag in pattern.findall(xml.decode("utf-8", "replace")):
        yield {key: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(tag)}


def _column(letters: bytes) -> int:
    """`AB` is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
