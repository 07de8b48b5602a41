"""What hangs into the loop of what is due (`oppcli.actions.due`): a watch."""

from collections.abc import Callable, Iterable, Sequence

from oppcli.actions.act import Act, Look
from oppcli.tuples import NamedTuple


class Kind(NamedTuple):
    """One watch: something that time does to things of one noun."""

    noun: str
    due: Callable[[Look], Sequence[int]]
    """What is due: the ids of those whose time has come by now, what is longest due first. One statement, by an index,
    where nothing is due."""
    wake: Callable[[Act, Sequence[int]], Iterable[str]]
    """What then: does all that is due for them, also what earlier runs missed, and moves their time on; a line for each
    that changed. Each is read anew: what another run did in the meantime is not done twice."""
    table: str = ""
    """The table of the policy that asks for it; without that nothing is asked."""
