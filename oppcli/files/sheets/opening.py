"""A file, a pipe or standard input as bytes that can be read twice: unpacked, bounded, named for messages."""

import os
import stat
import tempfile
from collections.abc import Iterator
from io import BufferedReader, FileIO
from typing import Any, BinaryIO

from oppcli.errors import Unchosen, UsageError
from oppcli.model.command import command
from oppcli.model.said import Said, Word, of_system, say

GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a gzip file begins, and the two kinds of workbooks; no text does."""
DATABASE = b"SQLite format 3\0"
"""How a database begins. It is no sheet in any encoding: what is in it is told by who may tell it."""
LINE = 1 << 20
"""Bytes of a line at most, and characters of a row."""
MOST = 2 << 30
"""Bytes that are copied from a pipe or out of a gzip file; some of these have no end."""
TOO_LONG = say("a line is longer than {most:,} characters", most=LINE)


class Unreadable(UsageError):
    """A file that cannot be read as a sheet; names the file and the line."""

    kind = "unreadable"


def again() -> Said:
    """What helps with a file that is damaged or of another kind than its name says."""
    return say("save it again as CSV; what is read: {help}", help=command("help", "import"))


def with_rows() -> Said:
    """What helps with a file that has no rows."""
    return say("export it again with its rows; what is read: {help}", help=command("help", "import"))


def empty(name: str) -> Unreadable:
    """What is said of a file in which nothing stands."""
    return Unreadable(say("{name} is empty", name=name), hint=with_rows())


def in_parts(name: str) -> Unreadable:
    """What is said of a file that takes too much room."""
    said = say("{name} is larger than {most} GB; import it in parts", name=name, most=MOST >> 30)
    return Unreadable(said, hint=say("each part begins with the header; rows that came before do not come twice"))


class WhichSheet(Unreadable, Unchosen):
    """A workbook several of whose sheets could be meant."""

    param = "sheet"


class _Named(FileIO):
    """A file that is named where reading it fails halfway, whoever reads it."""

    def readinto(self, room: Any) -> int | None:
        """Into that room. Refused (`Unreadable`) with what the operating system says."""
        try:
            return super().readinto(room)
        except OSError as error:
            raise Unreadable(say("{place}: {fault}", place=str(self.name), fault=of_system(error))) from None


def open_file(place: str, stdin: BinaryIO | None = None) -> tuple[BinaryIO, str]:
    """A seekable stream of the file's bytes and its name for messages; `-` is standard input. What cannot be read
    twice (a pipe) is copied to a temporary file, so that memory stays constant.

    Refused (`Unreadable`) for what is no file, has no line end within `LINE`, or more than `MOST` to be copied."""
    if place == "-":
        if stdin is None:
            raise Unreadable(say("standard input is closed"))
        return _text_of(_copied(stdin, name := str(say("standard input"))), name), name
    try:
        stream: BinaryIO = BufferedReader(_Named(place), 1 << 17)
        regular = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except IsADirectoryError:
        raise Unreadable(say("{place} is a directory; give a file", place=place)) from None
    except FileNotFoundError:
        raise Unreadable(say("there is no file {place}", place=place)) from None
    except (OSError, ValueError) as error:
        raise Unreadable(say("{place}: {fault}", place=place, fault=of_system(error))) from None
    if not regular:
        with stream as source:
            stream = _copied(source, place)
    return _text_of(stream, place), place


def _copied(source: BinaryIO, name: str) -> BinaryIO:
    spool = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        for piece in _pieces(source, name):
            _put(spool, piece, name)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return spool


def _put(spool: BinaryIO, piece: bytes, name: str) -> None:
    try:
        spool.write(piece)
    except OSError as error:
        where = tempfile.gettempdir()
        raise Unreadable(
            say("{name} cannot be copied to {where}: {fault}", name=name, where=where, fault=of_system(error)),
            hint=say("TMPDIR=FOLDER names a place with room"),
        ) from None


def _pieces(source: BinaryIO, name: str) -> Iterator[bytes]:
    """All of a source, refused as soon as it can be told that it is no sheet."""
    total = since = 0
    binary = None
    while piece := source.read(LINE):
        if binary is None:
            binary = piece.startswith((GZIP, ZIP, OLE))
        total += len(piece)
        if total > MOST:
            raise in_parts(name)
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        since = since + len(piece) if end < 0 else len(piece) - end - 1
        if since > LINE and not binary:
            raise _long(name)
        yield piece


def _long(name: str) -> Unreadable:
    return Unreadable(say("{name}: {what}", name=name, what=TOO_LONG), hint=again())


def _text_of(stream: BinaryIO, name: str) -> BinaryIO:
    """What a gzip file holds, in a temporary file since it is read more than once; any other stream as it is."""
    try:
        head = stream.read(LINE + 1)
    except Unreadable:
        stream.close()
        raise
    stream.seek(0)
    if head.startswith(DATABASE):
        stream.close()
        raise Unreadable(say("{name} is a database, and no file of rows", name=name), hint=again())
    if not head.startswith(GZIP):
        if len(head) > LINE and not head.startswith((ZIP, OLE)) and b"\n" not in head and b"\r" not in head:
            stream.close()
            raise _long(name)
        return stream
    import gzip
    import zlib

    with stream:
        try:
            return _copied(gzip.GzipFile(fileobj=stream), name)  # type: ignore[arg-type]
        except (OSError, EOFError, zlib.error) as error:
            said = say("{name} cannot be unpacked: {fault}", name=name, fault=of_system(error))
            raise Unreadable(said, hint=again()) from None


def damaged(name: str, error: object) -> Unreadable:
    """What is said of a workbook that cannot be read."""
    told = Word("workbook", str(error).strip().lower())
    said = say("{name} is no workbook that can be read: {fault}", name=name, fault=told)
    return Unreadable(said, hint=say("save it again, or the sheet as CSV"))
