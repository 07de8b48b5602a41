"""What a write tells the person: what changed, what follows, how to undo it."""

from typing import Any

from oppcli.errors import OppError
from oppcli.model.command import Command
from oppcli.model.journal import Entry
from oppcli.model.said import say
from oppcli.tuples import NamedTuple


class Result(NamedTuple):
    """What came of one of several things: an outcome or a refusal, and what was written."""

    one: str
    """As it was named."""
    outcome: "Outcome | None"
    error: OppError | None
    entries: tuple[Entry, ...] = ()
    written: tuple[Any, ...] = ()
    """The records after the change."""
    notes: tuple[str, ...] = ()
    """What was said beside it, and before it of the whole line."""


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
    several: "tuple[Result, ...]" = ()
    """Where a line was about several things: what came of each, in order."""

    def lines(self, *, dry_run: bool = False) -> list[str]:
        """The text for a person."""
        if dry_run:
            return [*(say("would be: {done}", done=line) for line in self.done), *self.details]
        found = [*self.done, *self.details]
        found += [
            say("Next: {command}   # {why}", command=each, why=each.why)
            if each.why
            else say("Next: {command}", command=each)
            for each in self.next
        ]
        return [*found, say("Undo: {command}", command=self.undo)] if self.undo else found
