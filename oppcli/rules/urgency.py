"""How urgent something is that waits for a person: what it is, how late it is, what is at stake."""

from collections.abc import Mapping
from decimal import Decimal

from oppcli.model.said import Said, Word, listed, say
from oppcli.tuples import NamedTuple

DECISION, FIRST_CONTACT, RETURNED, HANDOVER, CONFLICT = "decision", "first contact", "returned", "handover", "conflict"
MUST, WARNED, FOLLOW, DEADLINE, ROTTING = "must task", "return", "follow-up", "deadline", "rotting"
TASK, PROPOSAL, NOSTEP, CLOSE = "task", "proposal", "no next step", "close passed"
BLOCKED, ASKED = "blocked", "asked"
"""A request that only an admin can move on: as a decision, for it keeps others from theirs. A question of somebody who
is to decide."""
BASE: Mapping[str, int] = {
    DECISION: 50,
    BLOCKED: 50,
    ASKED: 45,
    FIRST_CONTACT: 45,
    RETURNED: 45,
    HANDOVER: 40,
    CONFLICT: 40,
    MUST: 35,
    WARNED: 35,
    FOLLOW: 30,
    DEADLINE: 30,
    ROTTING: 25,
    TASK: 20,
    PROPOSAL: 20,
    NOSTEP: 15,
    CLOSE: 15,
}
"""What waits → where it begins."""
PER_DATE, MOST_LATE = 2, 30
PER_DIGIT, SMALL_DIGITS, MOST_VALUE = 4, 3, 20


class Urgency(NamedTuple):
    """The sum, and what it is of."""

    kind: str
    base: int
    lateness: int
    value: int

    @property
    def total(self) -> int:
        return self.base + self.lateness + self.value

    @property
    def reason(self) -> Said:
        """`follow-up 30, late 6, value 12`: the parts that are not nothing."""
        parts = [say("{kind} {points}", kind=Word("urgency", self.kind), points=self.base)]
        if self.lateness > 0:
            parts.append(say("late {points}", points=self.lateness))
        if self.lateness < 0:
            parts.append(say("not due {points}", points=self.lateness))
        if self.value:
            parts.append(say("value {points}", points=self.value))
        return say("{parts}", parts=listed(parts))


def urgency(kind: str, *, late: int = 0, ahead: int = 0, value: Decimal | None = None) -> Urgency:
    """Of one of `BASE`: `late` business dates after due, up to today; `ahead` business dates before it; the expected
    value of its deal, in units of the currency."""
    lateness = min(PER_DATE * late, MOST_LATE) if late else -PER_DATE * ahead
    return Urgency(kind, BASE[kind], lateness, at_stake(value))


def at_stake(value: Decimal | None) -> int:
    """4 points for each digit of the whole value beyond the third, 0 to 20; 0 for what is unknown, or a loss."""
    digits = len(str(int(value))) if value is not None and value >= 1 else 0
    return max(0, min(PER_DIGIT * (digits - SMALL_DIGITS), MOST_VALUE))
