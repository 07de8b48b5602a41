"""What an import of everything did, and how that is told; what cannot be taken in, by kind for the screen, one by one
in a file of rejects."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from oppcli.actions.outcome import Outcome
from oppcli.errors import PartlyDone
from oppcli.files.rejects import Rejects
from oppcli.files.wrong import Kinds, Wrong
from oppcli.model.command import command
from oppcli.model.said import Said, Speak, label, listed, say
from oppcli.tuples import NamedTuple

COLUMNS = ("deal", "title", "stage", "customer", "file", "request", "type")
"""What is told of a thing; `_error` and `_line` follow."""
NAMED = 10
"""Deals that a refusal names."""


class _Listing:
    """How the file of rejects is written."""

    header: tuple[str, ...] = COLUMNS
    header_line: int | None = 1
    header_cells, width, encoding, delimiter, crlf = list(COLUMNS), len(COLUMNS), "utf-8", ",", False


class LeftOut:
    """Things that are left out, each with the line of the file it stands on."""

    def __init__(self, path: Path | None, speak: Speak = str) -> None:
        """`path` None: they go nowhere. `speak` tells in the file why."""
        self.path, self.count = path, 0
        self._rejects = Rejects(path, _Listing(), speak)
        self._kinds = Kinds(COLUMNS, {name: label(name) for name in COLUMNS})
        self.sample: list[tuple[int, Wrong]] = []
        """The first of them."""

    def add(self, line: int, told: Mapping[str, str], where: str, said: Said) -> None:
        """Leave a thing out. `where`: the column that says why not. Refused where there is no room for the file."""
        row, wrong = [told.get(name, "") for name in COLUMNS], Wrong(where, said)
        self._rejects.write(line, row, [wrong.told])
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


class Came(NamedTuple):
    """How many things there were, were made, were here, and are otherwise here than in the file."""

    things: int
    made: int
    same: int
    differ: int
    """They stay as they are."""
    behind: Mapping[str, int]
    """What is never taken from another database, by what it is."""
    restored: bool = False
    """Whether this database is now the other one."""
    out: LeftOut | None = None
    """What could not be taken in."""


def told(came: Came, name: str, *, dry_run: bool) -> Outcome:
    """The counts, and what to do next. Code 9 where something was left out that could not be taken in."""
    made, would = came.made, say("would be ") if dry_run else ""
    counts = (
        say("{made:,} to make, {same:,} unchanged", made=made, same=came.same)
        if dry_run
        else say("{made:,} made, {same:,} unchanged", made=made, same=came.same)
    )
    lines = [say("{n:,} {n:thing|things} from {name}: {counts}", n=came.things, name=name, counts=counts)]
    if came.restored:
        lines.append(say("this database {would}filled as by a restore: ids and approvals stay", would=would))
    if came.differ:
        lines.append(say("{n:,} {n:thing is|things are} otherwise here, and {n:stays|stay} so", n=came.differ))
    if came.out is not None and came.out.count:
        lines.append(say("{n:,} {n:thing|things} {would}left out", n=came.out.count, would=would))
    if came.behind:
        kinds = listed(say("{kind} ({n:,})", n=n, kind=kind) for kind, n in came.behind.items())
        lines.append(say("not taken from another database: {kinds}", kinds=kinds))
    following = command("db", "check") if came.restored else command("report", "funnel")
    return Outcome(
        done=() if dry_run else tuple(lines),
        details=tuple(lines) if dry_run else (),  # they say themselves what would be
        next=(following,) if made and not dry_run else (),
        code=PartlyDone.code if came.out is not None and came.out.count else 0,
    )
