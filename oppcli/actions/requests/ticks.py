"""What time does to requests whose time has come (see `oppcli.actions.due`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from oppcli.actions.act import Act
from oppcli.actions.requests.keeping import keep
from oppcli.actions.requests.surroundings import around
from oppcli.model.approver import user_in
from oppcli.model.calling import called as whose
from oppcli.model.deals import Deal
from oppcli.model.journal import BLOCKED, NOBODY
from oppcli.model.noun import replace
from oppcli.model.requests import Request
from oppcli.model.said import Said, Word, coded, listed, say
from oppcli.rules.approvals import ticking, time
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.transition import Event
from oppcli.rules.approvals.world import World
from oppcli.store.doors import WriteDoor


def wake(act: Act, numbers: Sequence[int]) -> Iterator[Said]:
    """Do what is due for each of these requests; `R-31 quote: 销售主管: overdue` for each that changed."""
    door = act.door
    requests = door.find(Request, id=list(numbers))
    deals = {deal.id: deal for deal in door.find(Deal, id=sorted({request.deal_id for request in requests}))}
    world: World | None = None
    for request in requests:
        world = around(act, deals[request.deal_id], requests=(request,), like=world)
        events = _woken(door, request, world)
        if events:
            done = listed((_said(event, world.rules(request).role_titles) for event in events), "; ")
            yield say("{request} {type}: {done}", request=called(request), type=request.named_type, done=done)


def _woken(door: WriteDoor, request: Request, world: World) -> tuple[Event, ...]:
    done = ticking.tick(request, world)
    saved = keep(door, request, done, world, "tick")
    if saved != request:
        return done.events
    # Woken for something that no longer is, because a calendar or a person changed: it sleeps until the next time.
    door.save(request, replace(request, wake_at=time.wake_at(request, world)), action="tick")
    return ()


def _escalated(event: Event, titles: Mapping[str, str]) -> Said:
    """Who is told, or may decide now, and as whom the policy means them, or in whose place; or that nobody is."""
    do, _, whom = (event.reason or "").partition(" ")
    login = user_in(whom)
    if event.now in (None, NOBODY):
        said = say("{step}: escalated to {whom}, but nobody there can take it")
        return said.filled(step=event.step, whom=login or whose(whom, titles))
    done = _ESCALATED[do].filled(step=event.step, now=event.now)
    if login is None:
        return say("{what}, as {whom}", what=done, whom=whose(whom, titles))
    return done if event.now == login else say("{what}, in place of {login}", what=done, login=login)


_ESCALATED: Mapping[str, Said] = {
    "notify": say("{step}: {now} told"),
    "add": say("{step}: {now} may decide too"),
    "reassign": say("{step}: handed to {now}"),
}
"""What an escalation does."""
_TOLD: Mapping[str, Callable[[Event], Said]] = {
    "remind": lambda event: say("{step}: reminded ({reason})", step=event.step, reason=event.reason),
    "overdue": lambda event: say("{step}: overdue", step=event.step),
    "timeout": lambda event: say("{step}: timed out, {now}", step=event.step, now=Word("state", event.now or "")),
    "seat": lambda event: say(
        "{step}: {was} → {now}",
        step=event.step,
        was=event.was or say("nobody"),
        now=say("blocked") if event.now == BLOCKED else event.now,
    ),
    "due": lambda event: say("{step}: due {was} → {now}", step=event.step, was=event.was, now=event.now),
}


def _said(event: Event, titles: Mapping[str, str]) -> Said:
    if event.verb == "escalate":
        return _escalated(event, titles)
    if event.verb in _TOLD:
        return _TOLD[event.verb](event)
    was, now = (Word("state", state) if state else state for state in (event.was, event.now))
    if event.reason:
        return say("{was} → {now} ({reason})", was=was, now=now, reason=coded("end", event.reason))
    return say("{was} → {now}", was=was, now=now)
