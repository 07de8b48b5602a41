"""What the history of a step tells of it: whether it ever says no, looks, says anything of its own, from which amount
on."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from oppcli.model.requests import APPROVE
from oppcli.model.risks import FAST_MS
from oppcli.rules.statistics import most
from oppcli.tuples import NamedTuple

NEVER, STAMP, ECHO, FEW = "never says no", "rubber stamp", "echo", "few"
JUDGED = (NEVER, STAMP, ECHO, FEW)
ENOUGH = 59
"""So many decisions without a no, and less than 5 % of all are one (0.0495, with a confidence of 95 %)."""
RARE = 0.05
ONE_IN = 10
"""No more than one in ten took longer, or was thought of by itself, where a step only stamps."""

StepKey = tuple[str, str]
"""Type and name of a step."""
Asked = tuple[int, int]
"""Request and revision."""


class Ended(NamedTuple):
    """A step that people decided once."""

    asked: Asked
    verdict: str
    """approve; reject where anybody said no, return where it was given back."""
    at: int
    """When the decision was given that ended it."""
    looked: int | None
    """Milliseconds to that from when it opened or went on; None where nobody knows."""
    waited: int
    """Business milliseconds from its opening, without the time in which the request was returned."""
    amount: int | None
    """Minor units of one currency."""


class Refusals(NamedTuple):
    """How often a step says no."""

    no: int
    returned: int
    upper: float
    """The largest share of no and returned that is credible: Clopper and Pearson's bound."""


def refusals(ends: Sequence[Ended], no: str, back: str) -> Refusals:
    """How many ended with `no` and with `back`, and how many may."""
    counts = [sum(end.verdict == verdict for end in ends) for verdict in (no, back)]
    return Refusals(counts[0], counts[1], most(sum(counts), len(ends)))


def verdict(ends: Sequence[Ended], upper: float, repeats: bool, bulk: Callable[[Ended], bool]) -> str | None:
    """What is said of a step in a word; None where there is nothing to say. `repeats`: another says the same; `bulk`:
    was this given for several requests at once?"""
    if len(ends) < ENOUGH:
        return FEW
    if upper <= RARE:
        return STAMP if stamped(ends, bulk) else NEVER
    return ECHO if repeats else None


def stamped(ends: Sequence[Ended], bulk: Callable[[Ended], bool]) -> bool:
    """Whether nine of ten were given within a minute of opening, or in bulk."""
    slow = [end for end in ends if end.looked is None or not 0 <= end.looked < FAST_MS]
    allowed = len(ends) // ONE_IN
    return len(slow) <= allowed or sum(not bulk(end) for end in slow) <= allowed


def spared(ends: Iterable[Ended]) -> tuple[int, int] | None:
    """The amount below which there was no refusal or return, two digits of it, rounded down; and how many decisions are
    below that. None where nothing was refused, or nobody knows how much that was."""
    known = list(ends)
    refused = [end.amount for end in known if end.verdict != APPROVE]
    least = min((amount for amount in refused if amount is not None), default=None)
    if least is None or None in refused:
        return None
    above = two_digits(least)
    return above, sum(end.amount is not None and end.amount < above for end in known)


def two_digits(amount: int) -> int:
    """A whole number, what follows its first two digits made 0."""
    unit: int = 10 ** max(0, len(str(abs(amount))) - 2)
    return amount // unit * unit


def echoes(steps: Mapping[StepKey, Sequence[Ended]]) -> dict[StepKey, str]:
    """By step the name of another of its type that decided whenever this one did, and the same each time, at least
    `ENOUGH` times. A no that keeps the other from being asked is one that the other did not say."""
    said = {key: {end.asked: end.verdict for end in ends} for key, ends in steps.items()}
    found: dict[StepKey, str] = {}
    for key, mine in said.items():
        if len(mine) < ENOUGH:
            continue
        for other, theirs in said.items():
            if other != key and other[0] == key[0] and mine.items() <= theirs.items():
                found.setdefault(key, other[1])
    return found
