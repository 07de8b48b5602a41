"""Rows that were refused, as a file that can be corrected and imported again: the original cells, why, and the line."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from oppcli.errors import UsageError
from oppcli.files.sheets import Row
from oppcli.files.sheets.shape import Written
from oppcli.model.said import Speak, listed, of_system, say

ERROR, LINE = "_error", "_line"
"""Columns added to the original ones; the next import leaves them alone."""


class Rejects:
    """Written beside its final name and put in place at the end. Nothing is made while no row is rejected."""

    def __init__(self, path: Path | None, sheet: Written, speak: Speak = str) -> None:
        """`path` None: rejected rows go nowhere. `speak` tells why, in the language of who corrects them."""
        self.path, self.sheet, self._speak = path, sheet, speak
        self._special = path is not None and path.exists() and not path.is_file()
        """A device or pipe such as /dev/stderr: written to, never replaced."""
        own = sheet.header[: sheet.width]
        self._keep = [place for place, name in enumerate(own) if name not in (ERROR, LINE)]
        self._stream: TextIO | None = None

    def write(self, line: int, row: Row, problems: Sequence[str]) -> None:
        """Refused where there is no room for it."""
        if self.path is None:
            return
        with self._possible(self.path):
            if self._stream is None:
                self._begin(self.path)
            self._writer.writerow([*(row[place] for place in self._keep), self._told(listed(problems, "; ")), line])

    def _told(self, why: str) -> str:
        """In English where the encoding of the file lacks the letters of another language."""
        told = self._speak(why)
        try:
            told.encode(self.sheet.encoding)
        except UnicodeEncodeError:
            return str(why)
        return told

    @contextmanager
    def _possible(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = say("rejected rows cannot go to {path}: {fault}", path=path, fault=of_system(error))
            raise UsageError(said, hint="--rejects FILE") from None

    def _begin(self, path: Path) -> None:
        # Same encoding, delimiter and line end as the file, so that the same mapping reads it. The reason may quote
        # characters that the encoding does not have.
        encoding = {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(self.sheet.encoding, self.sheet.encoding)
        place = path if self._special else self._draft(path)
        if not self._special:  # what is in it is no more for others than what is in the database
            place.unlink(missing_ok=True)
            place.touch(mode=0o600)
        self._stream = place.open("w", encoding=encoding, errors="backslashreplace", newline="")
        end = "\r\n" if self.sheet.crlf else "\n"
        self._writer = csv.writer(
            self._stream, delimiter=self.sheet.delimiter, lineterminator=end, quoting=csv.QUOTE_ALL
        )
        if self.sheet.header_line is None:
            return
        for _ in range(self.sheet.header_line - 1):
            self._stream.write(end)
        cells = self.sheet.header_cells
        self._writer.writerow([*(cells[place] if place < len(cells) else "" for place in self._keep), ERROR, LINE])

    @staticmethod
    def _draft(path: Path) -> Path:
        return path.with_name(f"{path.name}.part")

    def put_in_place(self) -> None:
        """Give the file its name; one of that name is kept with a `~`, since somebody may have corrected it."""
        if self._stream is None or self.path is None:
            return
        with self._possible(self.path):
            self._stream.close()
            if self._special:
                return
            if self.path.is_file():
                self.path.replace(self.path.with_name(f"{self.path.name}~"))
            self._draft(self.path).replace(self.path)

    def drop(self) -> None:
        """Forget what was written: the import did not come to an end."""
        if self._stream is not None and self.path is not None:
            with suppress(OSError):  # what cannot be written any more is not wanted any more
                self._stream.close()
            if not self._special:
                self._draft(self.path).unlink(missing_ok=True)
