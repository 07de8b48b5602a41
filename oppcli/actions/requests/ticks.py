"""What time does to requests: one run over those whose time has come."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import NamedTuple

from oppcli.actions.act import Act
from oppcli.actions.requests.surroundings import around, keep
from oppcli.model.deals import Deal
from oppcli.model.requests import Request
from oppcli.rules.approvals import ticking, waking
from oppcli.rules.approvals.people import called
from oppcli.rules.approvals.transition import Event
from oppcli.rules.approvals.world import World
from oppcli.store.doors import WriteDoor

AT_ONCE = 100
"""Requests per transaction: few enough that nobody waits for a long run, many enough that commits cost little."""


class Ticked(NamedTuple):
    """What a run did to one request."""

    request: Request
    events: tuple[Event, ...]

    @property
    def line(self) -> str:
        """`R-31 quote: 销售主管: overdue; 销售主管: notify manager, now zhou`."""
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


def tick(numbers: Sequence[int], acts: Callable[[], AbstractContextManager[Act]]) -> list[Ticked]:
    """Do what is due for each. What another run did in the meantime is not done twice: each is read under the lock."""
    done: list[Ticked] = []
    for start in range(0, len(numbers), AT_ONCE):
        with acts() as act:
            done += _some(act, numbers[start : start + AT_ONCE])
    return done


def _some(act: Act, numbers: Sequence[int]) -> Iterator[Ticked]:
    door = act.door
    requests = door.find(Request, id=list(numbers))
    deals = {deal.id: deal for deal in door.find(Deal, id=sorted({request.deal_id for request in requests}))}
    world: World | None = None
    for request in requests:
        world = around(act, deals[request.deal_id], requests=(request,), like=world)
        found = _one(door, request, world)
        if found is not None:
            yield found


def _one(door: WriteDoor, request: Request, world: World) -> Ticked | None:
    done = ticking.tick(request, world)
    saved = keep(door, request, done, world, "tick")
    if saved != request:
        return Ticked(saved, done.events)
    # Woken for something that no longer is, because a calendar or a person changed: it sleeps until the next time.
    door.save(request, replace(request, wake_at=waking.wake_at(request, world)), action="tick")
    return None
