"""What a card says of a deal that does not move as it should: a line for each of its signals."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from oppcli.model.deals import (
    ATTENDED_DAYS,
    NO_AMOUNT,
    NOSTEP,
    OVER_TARGET,
    PAST_CLOSE,
    PUSHED,
    ROTTING,
    SINGLE_THREAD,
    UNATTENDED,
    Deal,
)
from oppcli.model.records import LIVE
from oppcli.model.said import Said, say

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.reads.lying import Idle, Lying
    from oppcli.reads.table import Table
    from oppcli.store.doors import ReadDoor


def lying(look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[Said]:
    """A line for each signal. Asked of a live deal."""
    for rules, idle in _known(look, door, deal):
        yield from map(_told(rules, idle).__getitem__, rules.signals(idle))


def with_signals(look: "Look", door: "ReadDoor", deal: Deal, table: "Table") -> "Table":
    """The deal with its signals, for programs; of one that is no live one none."""
    from oppcli.reads.deal_row import SIGNALS

    found = [name for rules, idle in _known(look, door, deal) for name in rules.signals(idle)]
    rows = [(*row, tuple(found)) for row in table.rows]
    return table._replace(columns=(*table.columns, SIGNALS), rows=rows)


def _known(look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[tuple["Lying", "Idle"]]:
    """The deal with the rules, where it is under way."""
    from oppcli.reads.lying import Lying, beside, found
    from oppcli.reads.where import Where

    where = Where()
    where.equals("d.id", deal.id)
    for idle in (deals := found(door, look.policy, where, look.now)) if deal.standing == LIVE else ():
        yield Lying(look.policy, look.now, look.local, hidden=door.hidden, known=beside(door, deals)), idle


def _told(rules: "Lying", idle: "Idle") -> Mapping[str, Said]:
    """Signal → what is said of it."""
    hours, rotting = rules.idle_hours(idle), say("rotting: nobody knows since when")
    if hours is not None:
        rotting = say("rotting: nobody has had to do with it for {hours:,.1f} bh", hours=hours)
    return {
        OVER_TARGET: say("over the target of its stage by {over:,.1f} bh", over=rules.over_hours(idle) or 0.0),
        ROTTING: rotting,
        UNATTENDED: say("neither owner nor team was in touch for {days} {days:day|days}", days=ATTENDED_DAYS),
        NOSTEP: say("no next step, or one too far off"),
        PAST_CLOSE: say("expected close {close} has passed", close=idle.close),
        PUSHED: say("the expected close was moved later {n} {n:time|times}", n=rules.pushes(idle)),
        SINGLE_THREAD: say("all hangs on one contact, and the amount is not below the median of open deals"),
        NO_AMOUNT: say("no amount"),
    }
