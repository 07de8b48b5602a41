"""`-O FILE`: the answer of a read in a file, whose suffix says the format. Written beside and renamed over: whoever
opens the file finds the old one or the new one, whole."""

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.cli.context import Context
from oppcli.cli.row_nouns import noun_of
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import of_system, say
from oppcli.render import FILES
from oppcli.store import modes

if TYPE_CHECKING:
    from oppcli.reads.table import Row, Table

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "csv": ("csv",),
    "tsv": ("tsv",),
    "json": ("json", "full"),
    "jsonl": ("jsonl",),
    "md": ("md", "github"),
    "html": ("html",),
    "xlsx": ("xlsx",),
    "txt": ("table", "plain", "ids"),
    "ics": ("table",),
}
"""What a file that is called so may hold; the first unless -o names another."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What keeps a file from being written to its end; the error itself does not name it."""
_NUMBERS = Path("/proc/self/fd")
"""Where Linux has the open files of a process."""
COUNTED: Mapping[str, Callable[[int], str]] = {
    "deal": lambda n: say("{n:,} {n:deal|deals}", n=n),
    "request": lambda n: say("{n:,} {n:request|requests}", n=n),
    "customer": lambda n: say("{n:,} {n:customer|customers}", n=n),
    "user": lambda n: say("{n:,} {n:person|people}", n=n),
    "visit": lambda n: say("{n:,} {n:stay|stays}", n=n),
    "file": lambda n: say("{n:,} {n:file|files}", n=n),
    "entry": lambda n: say("{n:,} {n:entry|entries}", n=n),
    "notice": lambda n: say("{n:,} {n:notice|notices}", n=n),
    "": lambda n: say("{n:,} {n:row|rows}", n=n),
}
"""How many of a noun; of all else, rows."""


def format_of(path: str, named: str | None, *, excel: bool) -> str:
    """The format of a file: what its suffix says, or what -o `named` where that may stand in such a file. Refused for
    any other suffix, for a format that is another's, and where the library that writes it is missing."""
    suffix = Path(path).suffix.removeprefix(".").lower()
    held = SUFFIXES.get(suffix)
    if held is None:
        said = say("{file}: the suffix says the format, and this one says none", file=path)
        raise UsageError(said, hint=say("one of {suffixes}", suffixes=" ".join(f".{each}" for each in SUFFIXES)))
    elsewhere = {name for names in SUFFIXES.values() for name in names} - set(held)
    if (named and (named in elsewhere or (suffix != "txt" and named not in held))) or (
        excel and suffix in ("json", "jsonl")
    ):
        raise UsageError(say("{file} is {suffix}, not {named}", file=path, suffix=suffix, named=named or "--excel"))
    if held[0] in FILES:
        from oppcli.render.xlsx import require_writer

        require_writer(Path(path).name)
    return named or held[0]


def require_no_screen(chosen: str) -> None:
    """Refuse to write what is for a spreadsheet on a terminal; and a workbook where the library is missing."""
    if sys.stdout.isatty():
        said = say("what is for a spreadsheet is not for a terminal")
        raise UsageError(said, hint=say("-O FILE.{suffix} writes a file", suffix="xlsx" if chosen in FILES else chosen))
    if chosen in FILES:
        from oppcli.render.xlsx import require_writer

        require_writer(f"-o {chosen}")


class Filed:
    """An answer on its way into a file."""

    def __init__(self, path: str, read: str, limit: int | None) -> None:
        self._path, self._limit = path, limit
        self._noun = noun_of(read)
        self._rows: int | None = None

    def counting(self, table: "Table") -> "Table":
        """The table, whose rows are counted while they are written."""

        def counted() -> "Iterator[Row]":
            self._rows = 0
            for row in table.rows:
                self._rows += 1
                yield row

        return table._replace(rows=counted())

    @property
    def told(self) -> str:
        """`38 deals in deals.xlsx`."""
        if self._rows is None:  # an answer in sentences
            return say("{file} is written", file=self._path)
        n = min(self._rows, self._limit or self._rows)
        return say("{what} in {file}", what=COUNTED.get(self._noun, COUNTED[""])(n), file=self._path)


@contextmanager
def into(context: Context, path: str, read: str, limit: int | None) -> "Iterator[Callable[[Table], Table]]":
    """Whatever is printed goes into the file, which is put in place at the end; then it is said what is in it: of a
    table that is handed to what this gives. Refused where no file can be made; on any failure what was there stays."""
    filed = Filed(path, read, limit)
    if path.lower().endswith(".ics") and read != "export ics":
        raise UsageError(say("{file}: only {export} makes a calendar", file=path, export=command("export", "ics")))
    with _beside(path, context.db) as file:
        stdout, sys.stdout = sys.stdout, file
        try:
            yield filed.counting
        finally:
            sys.stdout = stdout
    context.say(filed.told)


@contextmanager
def beside(path: str, db: str, *, private: bool = False) -> Iterator[Any]:
    """Bytes that are put in place of a file once they are whole. It is for no more people than this database is, a
    `private` one for nobody else. Refused where no file can be made."""
    with _beside(path, db) as file:
        if private:
            os.fchmod(file.fileno(), 0o600)
        yield file.buffer


@contextmanager
def _beside(path: str, db: str) -> Iterator[io.TextIOWrapper]:
    """A file that is put in place of the one of this name once what is written into it is whole."""
    target = Path(path).resolve()  # what a link leads to
    _require_place(path, target)
    spare = target.with_name(f".opp-{os.urandom(6).hex()}.new")
    try:
        with _made(path, spare, target, db) as file:
            yield file
            _put(file, spare, target)
    except OSError as error:
        raise _named(error, path) from None
    finally:
        spare.unlink(missing_ok=True)


def _named(error: OSError, path: str) -> OSError:
    """A full disk says of no file that it is the one."""
    return OSError(error.errno, error.strerror, path) if error.errno in _FULL else error


def _require_place(path: str, target: Path) -> None:
    """Refuse a folder that is not there, something else in the place of the file, and one that may not be written."""
    if not target.parent.is_dir():
        raise UsageError(say("{file}: there is no folder {folder}", file=path, folder=str(target.parent)))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise UsageError(say("{file}: the folder {folder} may not be written", file=path, folder=str(target.parent)))
    if target.is_dir():
        raise UsageError(say("{file} is a folder", file=path))
    if target.exists() and not target.is_file():
        raise UsageError(say("{file} is no ordinary file", file=path))
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(say("{file} may not be written", file=path))


def _made(path: str, spare: Path, target: Path, db: str) -> io.TextIOWrapper:
    """A new file beside, with the mode of the one it will replace, or what the umask and the database's own leave."""
    try:
        number = _unnamed(target.parent)
        if number is None:
            number = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError as error:
        what = of_system(error)
        raise UsageError(say("{file}: {what}", file=path, what=what)) from None
    if target.exists():
        os.fchmod(number, target.stat().st_mode & 0o777)
    else:
        modes.narrow(number, db, os.fstat(number).st_mode & 0o777)
    return io.TextIOWrapper(os.fdopen(number, "wb"), "utf-8", "surrogateescape", newline="")


def _unnamed(folder: Path) -> int | None:
    """A file that has no name yet, of which nothing is left where the program is killed; None where there are none."""
    if not hasattr(os, "O_TMPFILE") or not _NUMBERS.is_dir():
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, 0o666)
    except OSError:
        return None


def _put(file: io.TextIOWrapper, spare: Path, target: Path) -> None:
    """On the disk, and then in place of what was there."""
    file.flush()
    os.fsync(file.fileno())
    if not spare.exists():
        here = f"{_NUMBERS}/{file.fileno()}"  # a link to the file: with a folder named, it is followed
        try:
            os.link(here, target, src_dir_fd=0)
            return
        except FileExistsError:
            os.link(here, spare, src_dir_fd=0)
    spare.replace(target)
