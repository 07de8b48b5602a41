"""What of another database cannot be taken in: by kind for the screen, one by one in a file of rejects."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from oppcli.files.rejects import Rejects
from oppcli.files.wrong import Kinds, Wrong
from oppcli.model.said import Said, label, say

COLUMNS = ("deal", "title", "stage", "customer", "file", "request", "type")
"""What is told of a thing; `_error` and `_line` follow."""
NAMED = 10
"""Deals that a refusal names."""


class _Listing:
    """How the file of rejects is written."""

    header, header_cells, header_line = COLUMNS, list(COLUMNS), 1
    width, encoding, delimiter, crlf = len(COLUMNS), "utf-8", ",", False


class LeftOut:
    """Things that are left out, each with the line of the file it stands on."""

    def __init__(self, path: Path | None) -> None:
        """`path` None: they go nowhere."""
        self.path, self.count = path, 0
        self._rejects = Rejects(path, _Listing())
        self._kinds = Kinds(COLUMNS, {name: label(name) for name in COLUMNS})
        self.sample: list[tuple[int, Wrong]] = []
        """The first of them."""

    def add(self, line: int, told: Mapping[str, str], where: str, said: Said) -> None:
        """Leave a thing out. `where`: the column that says why not. Refused where there is no room for the file."""
        row, wrong = [told.get(name, "") for name in COLUMNS], Wrong(where, said)
        self._rejects.write(line, row, [str(wrong)])
        self._kinds.add(line, row, [wrong])
        self.count += 1
        if len(self.sample) < NAMED:
            self.sample.append((line, wrong))

    def lines(self) -> Iterator[str]:
        """How many, why, which; and where all of them are."""
        yield from self._kinds.lines()
        if self.count and self.path is not None:
            yield say("what is left out is listed in {path}: mend the policy, and import the same file", path=self.path)

    def put_in_place(self) -> None:
        """Give the file its name."""
        self._rejects.put_in_place()

    def drop(self) -> None:
        """Forget what was written: the import did not come to an end."""
        self._rejects.drop()
