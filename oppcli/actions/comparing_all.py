"""What time does about duplicates: once something new was written, all records are compared with all."""

from collections.abc import Iterator, Sequence

from oppcli.actions.act import Act
from oppcli.actions.duplicates import opened
from oppcli.actions.resemblance import every
from oppcli.actions.waking import Kind
from oppcli.model.command import command
from oppcli.model.duplicates import ALLOW, CLI
from oppcli.model.said import say
from oppcli.store import alike
from oppcli.store.matching import compared, stale


def kind() -> Kind:
    """Hangs in where things are due: one look, whatever was written."""
    return Kind("match", lambda look: [1] if stale(look.door) else [], wake)


def wake(act: Act, _: Sequence[int]) -> Iterator[str]:
    """Open a match for every pair that nobody was told of; a line for each noun that has some. Names that are alike and
    begin otherwise are found here alone."""
    table = act.policy.duplicates
    compared(act.door)
    for noun in dict.fromkeys(rule.of for rule in table.rules) if table else ():
        rules = [rule for rule in table.of(noun) if table.answer(rule, CLI) != ALLOW]
        known = alike.known(act.door, noun)
        found = [pair for pair in every(act, noun, rules) if (pair.first, pair.second) not in known]
        opened(act, found)
        if found:
            dupes = command("dupes", "list", noun)
            yield say("{n:,} {n:pair|pairs} may be one: {dupes}", n=len(found), dupes=dupes)
