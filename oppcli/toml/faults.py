"""What is wrong with a file, all at once: each fault with its line and the table it stands in."""

from typing import NamedTuple

from oppcli.errors import Reason
from oppcli.model.said import say
from oppcli.toml.lines import Lines, Path


class Fault(NamedTuple):
    """One thing that is wrong at a path of the document."""

    path: Path
    message: str
    near: str | None = None
    """A text to look for in the lines of a long value."""


class Faults:
    """Collects what is wrong with the file of this name."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self._text = name, text
        self.found: list[Fault] = []

    def add(self, code: str, path: Path, message: str, *, near: str | None = None) -> None:
        """Note a fault. The code is the policy's, and told there only."""
        self.found.append(Fault(path, message, near))

    def within(self, path: Path) -> bool:
        """Whether something is wrong there already."""
        return any(fault.path[: len(path)] == path for fault in self.found)

    def reasons(self) -> tuple[Reason, ...]:
        """A reason per fault, in the order of the file: `team.toml:3  [read]: unknown key 'blanc', …`."""
        if not self.found:
            return ()
        lines = Lines(self._text)
        placed = sorted(
            ((lines.of(fault.path, fault.near) or 0, fault) for fault in self.found), key=lambda one: one[0]
        )
        return tuple(_reason(self.name, line, fault) for line, fault in placed)


def _reason(name: str, line: int, fault: Fault) -> Reason:
    table = ".".join(map(str, fault.path[:-1]))
    message = say("[{table}]: {message}", table=table, message=fault.message) if table else fault.message
    return Reason(say("{name}:{line}", name=name, line=line) if line else name, message)
