"""What is wrong with a file, all at once: each fault with its line and the table it stands in."""

from oppcli.errors import Reason
from oppcli.model.said import say
from oppcli.toml.lines import Lines, Path
from oppcli.tuples import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong at a path of the document."""

    path: Path
    message: str
    near: str | None = None
    """A text to look for in the lines of a long value."""


class Faults:
    """Collects what is wrong with a file of this text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.found: list[Fault] = []

    def add(self, code: str, path: Path, message: str, *, near: str | None = None) -> None:
        """Note a fault. Its code is one of the policy's, and told there only."""
        self.found.append(Fault(path, message, near))

    def within(self, path: Path) -> bool:
        """Whether something is wrong there already."""
        return any(fault.path[: len(path)] == path for fault in self.found)

    def reasons(self) -> tuple[Reason, ...]:
        """A reason per fault, in the order of the file: `read.blanc  line 3: unknown key 'blanc', did you mean …`."""
        if not self.found:
            return ()
        lines = Lines(self._text)
        placed = [(lines.of(fault.path, fault.near) or 0, fault) for fault in self.found]
        return tuple(_reason(line, fault) for line, fault in sorted(placed, key=lambda one: one[0]))


def _reason(line: int, fault: Fault) -> Reason:
    place = say("line {line}: ", line=line) if line else ""
    return Reason(".".join(map(str, fault.path)), say("{place}{message}", place=place, message=fault.message))
