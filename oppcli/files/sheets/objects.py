"""JSON as rows: an object a line, a list of objects, or a single one, as web forms and programs send them.

Columns are the names of the objects in the order in which they are met, those of an object inside behind a dot
(`contact.phone`); what an object leaves out is blank. Lists are told with commas. Numbers keep their digits.
"""

import io
import json
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, BinaryIO

from oppcli.files.sheets.opening import LINE, TOO_LONG, Unreadable, empty
from oppcli.files.sheets.shape import UNKNOWN, Format, Row
from oppcli.model.command import command
from oppcli.model.said import say

MOST = 1 << 26
"""Bytes of JSON that is not an object a line."""
_parsed = partial(json.loads, parse_float=str, parse_int=str, parse_constant=str)


def begins(head: bytes) -> bool:
    """Whether a file that begins so is JSON: an object, or a list of objects."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    inner = start[1:].lstrip()[:1]
    return (start[:1], inner) in ((b"{", b'"'), (b"[", b"{")) or start.startswith(b"{}")


class Sheet:
    """An open file of objects, read twice: once for its columns."""

    delimiter, encoding, crlf, excel, typed, repeated, described = ",", "utf-8", False, False, False, 0, None
    footer = ()

    def __init__(self, stream: BinaryIO, name: str, told: Format = UNKNOWN, wanted: Collection[str] = ()) -> None:
        """Refused (`Unreadable`) for what is no JSON, and for objects that nothing stands in."""
        if told.asked:
            raise Unreadable(say("{name} is no workbook: it has no sheets", name=name), hint=say("leave --sheet out"))
        self.stream, self.name = stream, name
        self.taken: float | None = None
        self.header_line: int | None = 0
        self.size = stream.seek(0, io.SEEK_END) or 1
        self._whole = self._list()
        names = dict.fromkeys(name for line, found in self._objects() for name in self._told(found, line))
        if not names:
            raise empty(name)
        self.header = tuple(names | dict.fromkeys(sorted(wanted)))
        self.header_cells, self.width = list(self.header), len(self.header)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every object with the line it stands on, or its place in the list."""
        header = self.header
        for line, found in self._objects():
            flat = self._told(found, line)
            if flat:
                yield line, [flat.get(name, "") for name in header]

    @property
    def share(self) -> float:
        """How much of the import is done, 0 to 1."""
        read = min(self.stream.tell() / self.size, 1.0)
        return read if self.taken is None else (read + self.taken) / 2

    def _list(self) -> list[Any] | None:
        """All objects of what is one piece of JSON; None of an object a line."""
        self.stream.seek(0)
        first = self.stream.readline(LINE + 1)
        try:
            if first.strip() and isinstance(_parsed(first.decode("utf-8-sig")), dict):
                return None
        except (ValueError, RecursionError):
            pass
        self.stream.seek(0)
        text = self.stream.read(MOST + 1)
        if len(text) > MOST:
            hint = say("write an object a line: jq -c '.[]'")
            raise Unreadable(say("{name} is too much JSON in one piece", name=self.name), hint=hint)
        found = self._read(text, 1)
        return found if isinstance(found, list) else [found]

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        if self._whole is not None:
            for place, found in enumerate(self._whole, 1):
                yield place, self._object(found, place)
            return
        self.stream.seek(0)
        for line, text in enumerate(iter(partial(self.stream.readline, LINE + 1), b""), 1):
            if len(text) > LINE:
                raise Unreadable(say("{name}:{line}: {what}", name=self.name, line=line, what=TOO_LONG))
            if text.strip():
                yield line, self._object(self._read(text, line), line)

    def _read(self, text: bytes, line: int) -> Any:
        try:
            return _parsed(text.rstrip().decode("utf-8-sig"))
        except (UnicodeDecodeError, RecursionError):
            raise self._broken(line) from None
        except ValueError as error:
            raise self._broken(getattr(error, "lineno", 1) + line - 1) from None

    def _told(self, found: dict[str, Any], line: int) -> dict[str, str]:
        try:
            return _flat(found)
        except RecursionError:
            raise self._broken(line) from None

    def _object(self, found: Any, line: int) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise Unreadable(say("{name}:{line}: is no object", name=self.name, line=line))
        return found

    def _broken(self, line: int) -> Unreadable:
        export = command("export", "all")
        hint = say("an object a line, or a list of objects; a whole database is what {export} wrote", export=export)
        return Unreadable(say("{name}:{line}: is no JSON", name=self.name, line=line), hint=hint)


def _flat(found: dict[str, Any], before: str = "") -> dict[str, str]:
    """Column → text; what says nothing is left out."""
    flat: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        elif (text := _text(value)) or before + name not in flat:
            flat[before + name] = text
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        simple = not any(isinstance(each, dict | list) for each in value)
        return ", ".join(map(_text, value)) if simple else json.dumps(value, ensure_ascii=False)
    return str(value)
