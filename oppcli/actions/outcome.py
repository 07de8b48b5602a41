"""What a write tells the person: what changed, what follows, how to undo it."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """The result of one or more verbs."""

    done: tuple[str, ...]
    """One line per thing: `D-142 advanced to 谈判`."""
    ids: tuple[str, ...] = ()
    """What `-q` prints."""
    details: tuple[str, ...] = ()
    """Lines below, shown as they are."""
    next: tuple[str, ...] = ()
    """Commands that may follow."""
    undo: str | None = None
    code: int = 0

    def lines(self, *, dry_run: bool = False) -> list[str]:
        """The text for a person."""
        found = [*self.done, *self.details]
        if dry_run:
            return found
        found += [f"Next: {command}" for command in self.next]
        return [*found, f"Undo: {self.undo}"] if self.undo else found
