"""What a write tells the person: what changed, what follows, how to undo it."""

from oppcli.model.command import Command
from oppcli.model.said import say
from oppcli.tuples import NamedTuple


class Outcome(NamedTuple):
    """The result of one or more verbs."""

    done: tuple[str, ...]
    """One line per thing: `D-142 advanced to 谈判`."""
    ids: tuple[str, ...] = ()
    """What `-q` prints."""
    details: tuple[str, ...] = ()
    """Lines below, shown as they are."""
    next: tuple[Command, ...] = ()
    """Commands that may follow."""
    undo: str | None = None
    code: int = 0

    def lines(self, *, dry_run: bool = False) -> list[str]:
        """The text for a person."""
        found = [*self.done, *self.details]
        if dry_run:
            return found
        found += [
            say("Next: {command}   # {why}", command=each, why=each.why)
            if each.why
            else say("Next: {command}", command=each)
            for each in self.next
        ]
        return [*found, say("Undo: {command}", command=self.undo)] if self.undo else found
