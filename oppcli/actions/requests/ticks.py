"""What time does to requests: one run over those that have something to do, a transaction each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import NamedTuple

from oppcli.actions.requests.surroundings import around, keep
from oppcli.model.deals import Deal
from oppcli.model.policy import Policy
from oppcli.model.requests import Request
from oppcli.rules.approvals import ticking
from oppcli.rules.approvals.people import called
from oppcli.rules.approvals.transition import Event
from oppcli.store.doors import ReadDoor, WriteDoor


class Ticked(NamedTuple):
    """What a run did to one request."""

    request: Request
    events: tuple[Event, ...]

    @property
    def line(self) -> str:
        """`R-31 quote: 销售主管 overdue, escalated to zhou`."""
        return f"{called(self.request)} {self.request.type}: " + "; ".join(_said(event) for event in self.events)


def _said(event: Event) -> str:
    words = {
        "remind": f"{event.step}: reminded ({event.reason})",
        "overdue": f"{event.step}: overdue",
        "escalate": f"{event.step}: {event.reason}, now {event.now}",
        "timeout": f"{event.step}: timed out, {event.now}",
        "seat": f"{event.step}: {event.was or 'nobody'} → {event.now}",
        "due": f"{event.step}: due {event.was} → {event.now}",
    }
    return words.get(event.verb, f"{event.was} → {event.now}" + (f" ({event.reason})" if event.reason else ""))


def awake(door: ReadDoor, now: int) -> list[int]:
    """Ids of the requests whose time has come: a reminder, a breach, an escalation, the end of an approval."""
    rows = door.rows("SELECT id FROM request WHERE wake_at <= :now ORDER BY wake_at, id", now=now)
    return [row[0] for row in rows]


def tick(
    numbers: list[int], policy: Callable[[ReadDoor], Policy], write: Callable[[], AbstractContextManager[WriteDoor]]
) -> list[Ticked]:
    """Do what is due for each, in a transaction of its own, so that no other writer waits for the whole run. What
    another run did in the meantime is not done twice."""
    done = []
    for number in numbers:
        with write() as door:
            found = one(door, policy(door), number)
        if found is not None:
            done.append(found)
    return done


def one(door: WriteDoor, policy: Policy, number: int) -> Ticked | None:
    """What time does to one request now; None for nothing."""
    request = door.get(Request, number)
    world = around(door, policy, door.get(Deal, request.deal_id), door.at, requests=(request,))
    done = ticking.tick(request, world)
    saved = keep(door, request, done, world, "tick")
    if saved == request:
        # Woken for something that no longer is: a calendar or a person changed. It sleeps until the next time.
        later = ticking.wake_at(request, world)
        door.save(request, replace(request, wake_at=later), action="tick")
        return None
    return Ticked(saved, done.events)
